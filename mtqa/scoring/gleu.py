"""GLEU, the metric of fluency rewrites: n-gram precision that charges for errors left standing.

Napoles et al. 2015, "Ground truth for grammatical error correction metrics", in the revised
form of 2016 without a tuned weight, as JFLEG is scored with.  Where a sentence has several
references one is drawn for each sentence, many times over, and the corpus scores are averaged.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence

from mtqa.errors import PairingError

ORDER = 4  # longest n-gram, in tokens
_Row = tuple[int, ...]  # hypothesis tokens, reference tokens, then matches and n-grams per order


def gleu(
    sources: Sequence[str],
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str]],
    *,
    draws: int = 500,
    seed: int = 12345,
) -> float:
    """Corpus GLEU, 0-100, higher is better.

    Args:
        sources: the sentences as they were, tokens separated by spaces.
        hypotheses: the corrected sentences, tokenised alike.
        references: for each sentence its rewrites, at least one.
        draws: how often a reference is drawn for every sentence.
        seed: of the draws.

    Raises:
        PairingError: if the three have unlike lengths, or a sentence has no reference.

    >>> gleu(["he go"], ["he goes home now"], [["he goes home now"]])
    100.0
    """
    if not len(sources) == len(hypotheses) == len(references) or not all(references):
        raise PairingError(
            f"{len(sources)} sources, {len(hypotheses)} hypotheses, {len(references)} references",
            hint="give one of each per sentence, and at least one rewrite",
        )
    rows = [
        [_row(source.split(), hypothesis.split(), reference.split()) for reference in rewrites]
        for source, hypothesis, rewrites in zip(sources, hypotheses, references, strict=True)
    ]
    rng = random.Random(seed)
    total = 0.0
    for _ in range(draws):
        drawn = [rng.choice(alternatives) for alternatives in rows]
        total += _score([sum(column) for column in zip(*drawn, strict=True)])
    return 100 * total / draws


def _ngrams(tokens: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def _row(source: Sequence[str], hypothesis: Sequence[str], reference: Sequence[str]) -> _Row:
    row = [len(hypothesis), len(reference)]
    for n in range(1, ORDER + 1):
        made, wanted = _ngrams(hypothesis, n), _ngrams(reference, n)
        old = _ngrams(source, n)
        left_standing = Counter({gram: k for gram, k in old.items() if gram not in wanted})
        matches = (made & wanted).total() - (made & left_standing).total()
        row += [max(0, matches), max(0, len(hypothesis) + 1 - n)]
    return tuple(row)


def _score(sums: Sequence[int]) -> float:
    made, wanted, *counts = sums
    if not all(sums):
        return 0.0
    logs = (math.log(counts[i] / counts[i + 1]) for i in range(0, 2 * ORDER, 2))
    return math.exp(min(0.0, 1 - wanted / made) + sum(logs) / ORDER)
