"""Fluency: how likely an editor is to leave a text as it is.

The editor reads a sentence and is asked to write the same sentence.  The mean of its
log-probabilities is high where the words are those it would have written, and a scale,
fitted once on English that people wrote and English that machines wrote, takes that mean
to 0-100.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mtqa.errors import InputError
from mtqa.scoring.metrics import METRICS, make_score, signature
from mtqa.stats import FluencyScale, Score

# One rare name can cost twenty nats and sink a sentence that is otherwise perfect; past
# this point a token is simply not what the editor would write, and more says nothing.
FLOOR = -8.0  # nats per token


def sentence_fluency(logprobs: Sequence[float], scale: FluencyScale | None) -> float:
    """The fluency of one sentence, 0-100, higher is better.

    With a scale it is ``100 * logistic((x - midpoint) / width)`` for x the mean of the
    log-probabilities, none counted below ``FLOOR``.  Without one it is ``100 * exp(x)``,
    the geometric mean of the tokens' probabilities in per cent: it ranks sentences, but
    means something else for every editor.

    Args:
        logprobs: nats, one per token: log P(token | sentence, tokens before it).
        scale: the editor's calibration, or None.

    Raises:
        ValueError: for a sentence without tokens, or a log-probability that is NaN.

    >>> sentence_fluency([-0.1, -0.3], FluencyScale(midpoint=-0.2, width=0.1, source="example"))
    50.0
    >>> round(sentence_fluency([-0.1, -0.3], None), 1)
    81.9
    """
    x = mean_logprob(logprobs)
    if scale is None:
        return 100 * math.exp(x)
    # tanh does not overflow where exp would.
    return 50 * (1 + math.tanh((x - scale.midpoint) / scale.width / 2))


def mean_logprob(logprobs: Sequence[float]) -> float:
    """The mean of a sentence's log-probabilities, none counted below ``FLOOR``, in nats.

    It is what a ``FluencyScale`` is fitted on.

    Raises:
        ValueError: for a sentence without tokens, or a log-probability that is NaN.

    >>> mean_logprob([0.0, -20.0])
    -4.0
    """
    if not logprobs:
        raise ValueError("a sentence without tokens has no fluency")
    if any(map(math.isnan, logprobs)):
        raise ValueError("a log-probability is NaN")
    # A model's log-probability of a certain token can come out a rounding error above 0.
    return math.fsum(min(0.0, max(FLOOR, value)) for value in logprobs) / len(logprobs)


def fluency(
    logprobs: Sequence[Sequence[float]], scale: FluencyScale | None, *, editor: str
) -> Score:
    """The fluency of a text: the mean of its sentences', weighed by their tokens.

    So a headline counts for less than a paragraph-long sentence, the figure lies between
    its sentences' figures, and mending one sentence moves it by that sentence's share.
    A sentence without tokens keeps its row and counts for nothing.

    Args:
        logprobs: for each segment, nats, one per token.
        scale: the editor's calibration, or None.
        editor: what tells two editors apart (name, digest, dtype), for the signature.

    Raises:
        InputError: if no segment has a token.

    >>> fluency([[-0.1, -0.3], [0.0]], None, editor="example").value < 100
    True
    """
    rows = [
        (sentence_fluency(tokens, scale) * len(tokens), float(len(tokens)))
        if tokens
        else (0.0, 0.0)
        for tokens in logprobs
    ]
    form = "probability" if scale is None else f"logistic({scale.midpoint:g},{scale.width:g})"
    label = signature(editor=editor, scale=form, floor=FLOOR)
    made = make_score(METRICS["fluency"], rows, signature=label) if rows else None
    if made is None:
        raise InputError("there is no text to score for fluency", hint="give at least one word")
    return made
