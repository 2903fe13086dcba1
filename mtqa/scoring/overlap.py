"""BLEU, chrF and TER against reference corrections, computed by sacrebleu.

The figures and the signatures are sacrebleu's own (Post 2018), so they can be quoted
next to anyone's; the rows are its per-segment statistics.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from rapidfuzz import fuzz

from mtqa.errors import InputError, PairingError
from mtqa.scoring.metrics import make_score, metric_named
from mtqa.stats import Score

if TYPE_CHECKING:
    from sacrebleu.metrics.base import Metric as SacreMetric

OverlapMetric: TypeAlias = Literal["bleu", "chrf", "ter"]


@dataclass(frozen=True, slots=True)
class OverlapOptions:
    """What sacrebleu's command line offers, under the names of its flags; chrF is chrF2++."""

    tokenize: str = "13a"  # BLEU: "13a", "intl", "char", "none", ...
    lowercase: bool = False  # BLEU and chrF
    force: bool = False  # BLEU: no warning about text that looks tokenised
    chrf_char_order: int = 6  # characters
    chrf_word_order: int = 2  # words; 0 is plain chrF
    chrf_beta: int = 2  # how much more recall counts than precision
    chrf_whitespace: bool = False
    ter_case_sensitive: bool = False
    ter_asian_support: bool = False
    ter_no_punct: bool = False
    ter_normalized: bool = False


def score(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str | None]],
    metric: OverlapMetric,
    *,
    options: OverlapOptions = OverlapOptions(),
) -> Score:
    """One figure for all segments, with its interval and one row per segment.

    Args:
        hypotheses: one per segment.  A blank one stays in and counts.
        references: streams, as in sacrebleu: ``references[k][i]`` is the k-th reference of
            the i-th segment, None where it has fewer.
        metric: "bleu", "chrf" or "ter".
        options: sacrebleu's options.

    Raises:
        InputError: if there is nothing to score, no reference, or no such tokenizer.
        PairingError: if a stream has another length, or a segment has no reference.

    >>> score(["The wolf is here."], [["The wolf is here."]], "chrf").value
    100.0
    """
    _check(hypotheses, references)
    sacre = _METRICS[metric](options)
    # sacrebleu gives its rows to no public function, and its own significance tests take
    # them from this one; the tests hold our figures to its corpus_score.
    rows = sacre._extract_corpus_statistics(hypotheses, references)
    result = sacre._aggregate_and_compute(rows)
    made = make_score(
        metric_named(result.name),
        rows,
        signature=sacre.get_signature().format(),
        value=float(result.score),
    )
    assert made is not None
    return made


def _bleu(options: OverlapOptions) -> SacreMetric:
    from sacrebleu.metrics import BLEU

    if options.tokenize not in BLEU.TOKENIZERS:
        known = ", ".join(sorted(BLEU.TOKENIZERS))
        raise InputError(f"unknown tokenizer {options.tokenize!r}", hint=f"choose from {known}")
    return BLEU(lowercase=options.lowercase, force=options.force, tokenize=options.tokenize)


def _chrf(options: OverlapOptions) -> SacreMetric:
    from sacrebleu.metrics import CHRF

    return CHRF(
        char_order=options.chrf_char_order,
        word_order=options.chrf_word_order,
        beta=options.chrf_beta,
        lowercase=options.lowercase,
        whitespace=options.chrf_whitespace,
    )


def _ter(options: OverlapOptions) -> SacreMetric:
    from sacrebleu.metrics import TER

    return TER(
        normalized=options.ter_normalized,
        no_punct=options.ter_no_punct,
        asian_support=options.ter_asian_support,
        case_sensitive=options.ter_case_sensitive,
    )


_METRICS: dict[OverlapMetric, Callable[[OverlapOptions], SacreMetric]] = {
    "bleu": _bleu,
    "chrf": _chrf,
    "ter": _ter,
}


def _check(hypotheses: Sequence[str], references: Sequence[Sequence[str | None]]) -> None:
    if not hypotheses:
        raise InputError("there is nothing to score", hint="give at least one segment")
    if not references:
        raise InputError("there is no reference", hint="give at least one set of references")
    for number, stream in enumerate(references, 1):
        if len(stream) != len(hypotheses):
            drift = _drift(hypotheses, stream)
            raise PairingError(
                f"{len(hypotheses)} segments to score and {len(stream)} references"
                + (f"; they drift apart at segment {drift}" if drift else ""),
                where=f"reference set {number}",
                hint="give one reference per segment, an empty one where there is none to say",
            )
    for number, alternatives in enumerate(zip(*references, strict=True), 1):
        if all(reference is None for reference in alternatives):
            raise PairingError(
                f"segment {number} has no reference", hint="give one, or leave the segment out"
            )


def _drift(hypotheses: Sequence[str], stream: Sequence[str | None]) -> int | None:
    """The first segment, from 1, that is more like its reference's neighbour."""
    lines = [reference or "" for reference in stream]
    for i in range(min(len(hypotheses), len(lines)) - 1):
        here = fuzz.ratio(hypotheses[i], lines[i])
        neighbours = (
            fuzz.ratio(hypotheses[i], lines[i + 1]),
            fuzz.ratio(hypotheses[i + 1], lines[i]),
        )
        if max(neighbours) > here:
            return i + 1
    return None
