"""How sure the editor is of an edit: features of the edit, and a logistic regression over them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mtqa.editor.base import Proposal, Reading
from mtqa.text import Span
from mtqa.text.words import words

# In the order in which ``features`` gives them.
FEATURES = (
    "log_p_new",  # nats, mean over the new tokens and the one after them
    "log_p_keep",  # nats, the lowest from the edit's first token to where the texts part, at least
    "error_logit",  # log odds of the highest P(token is wrong) there; 0 without that head
    "insertion",  # 1 when nothing is replaced, else 0
    "deletion",  # 1 when nothing is written, else 0
    "words",  # log of the number of words changed, the old or the new ones if there are more
    "sentence_keep",  # nats, mean over the sentence without the edit's tokens
    "doc_keep",  # nats, mean over the document: how broken all of it is
)

_LOWEST = -20.0  # nats: below it one token says no more than "impossible"


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression over standardised features: P(the edit improves the text)."""

    features: tuple[str, ...]  # some of FEATURES
    mean: tuple[float, ...]  # per feature, in its unit
    scale: tuple[float, ...]  # per feature, in its unit, > 0
    weight: tuple[float, ...]  # per standardised feature
    bias: float  # log odds
    source: str  # what it was fitted on

    def probability(self, values: Sequence[float]) -> float:
        """P(the edit improves the text), 0-1, from the values of all ``FEATURES``."""
        named = dict(zip(FEATURES, values, strict=True))
        rows = zip(self.features, self.mean, self.scale, self.weight, strict=True)
        return logistic(
            self.bias + sum(w * (named[name] - mean) / scale for name, mean, scale, w in rows)
        )


def logistic(x: float) -> float:
    """``1 / (1 + exp(-x))`` without overflow."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def mean_keep(readings: Sequence[Reading]) -> float:
    """The mean log-probability (nats) of all tokens of some readings; 0 when there are none."""
    total = sum(len(reading.logprobs) for reading in readings)
    return math.fsum(p for r in readings for p in r.logprobs) / total if total else 0.0


def features(
    proposal: Proposal, *, reading: Reading, text: str, doc_keep: float
) -> tuple[float, ...]:
    """The evidence for an edit, in the order of ``FEATURES``.

    Args:
        proposal: its ``log_p_new``, ``log_p_keep``, ``error_prob`` and ``edit`` are read.
        reading: of its segment; only tokens and log-probabilities are read.
        text: of its segment.
        doc_keep: ``mean_keep`` of all readings of the document, nats.
    """
    edit = proposal.edit
    inside = set(edit_tokens(edit.span, reading.tokens))
    outside = [max(_LOWEST, p) for i, p in enumerate(reading.logprobs) if i not in inside]
    old, new = len(words(edit.span.of(text))), len(words(edit.text))
    return (
        max(_LOWEST, proposal.log_p_new),
        max(_LOWEST, proposal.log_p_keep),
        0.0 if proposal.error_prob is None else _logit(proposal.error_prob),
        float(old == 0),
        float(new == 0),
        math.log(max(old, new, 1)),
        math.fsum(outside) / len(outside) if outside else 0.0,
        max(_LOWEST, doc_keep),
    )


def confidence(
    proposal: Proposal, calibration: Calibration | None, values: Sequence[float]
) -> float:
    """P(the edit improves the text), 0-1.

    Without a calibration this is P(new) * (1 - P(old)), which ranks edits but is no
    probability of anything.
    """
    if calibration is not None:
        return calibration.probability(values)
    return math.exp(min(0.0, proposal.log_p_new)) * -math.expm1(min(0.0, proposal.log_p_keep))


def edit_tokens(span: Span, tokens: Sequence[Span]) -> tuple[int, ...]:
    """Indices of the tokens that an edit of ``span`` replaces, or the next one if there are none.

    The last token is the empty one that ends the sentence, so there is always a next one,
    unless there are no tokens at all.

    >>> edit_tokens(Span(3, 8), (Span(0, 3), Span(4, 8), Span(8, 9), Span(9, 9)))
    (1,)
    >>> edit_tokens(Span(3, 3), (Span(0, 3), Span(4, 8), Span(8, 9), Span(9, 9)))
    (1,)
    """
    inside = tuple(i for i, t in enumerate(tokens) if t.start < span.end and span.start < t.end)
    return inside or next_token(span, tokens)


def next_token(span: Span, tokens: Sequence[Span]) -> tuple[int, ...]:
    """The index of the first token at or after the end of ``span``; none if there are no tokens."""
    for index, token in enumerate(tokens):
        if token.start >= span.end:
            return (index,)
    return (len(tokens) - 1,) if tokens else ()


def _logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
