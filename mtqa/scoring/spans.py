"""Predicted error spans against gold ones, character by character.

The primary figure of the WMT 2023 task on error spans (Blain et al. 2023) is an F1 over
characters pooled from all segments, where a character found with the wrong severity
earns half.  It is given next to the plain figures, and next to what marking everything
or nothing would earn: on text with long spans that is not little.

One difference: the task's script takes an empty span, an omission, for the character
after it.  Here it has no characters, and omissions are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mtqa.errors import InputError
from mtqa.scoring.metrics import METRICS, make_score, signature
from mtqa.stats import Score
from mtqa.text import Span

Severity: TypeAlias = Literal["minor", "major", "critical"]

# WMT's data has two severities, one bit each; critical errors are its major ones.
_BITS: dict[Severity, int] = {"minor": 1, "major": 2, "critical": 2}


@dataclass(frozen=True, slots=True)
class Marked:
    """A span that somebody marked as wrong; an empty one marks an omission."""

    span: Span  # in whatever text the whole comparison is about
    severity: Severity


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A segment with the spans an annotator marked in it, and those that were predicted."""

    span: Span  # where the segment is; characters of spans outside it are not counted
    gold: tuple[Marked, ...]
    predicted: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class SpanMatch:
    """How predicted spans compare with gold ones."""

    precision: Score  # predicted characters that are gold, whatever their severity
    recall: Score  # gold characters that are predicted, whatever their severity
    f1: Score
    wmt_f1: Score  # half credit for a wrong severity
    touched: Score | None  # gold spans with a predicted character; None where there is none
    omissions: Score | None  # gold omissions inside or beside a predicted span; None if none


@dataclass(frozen=True, slots=True)
class Floors:
    """What predictions that need no model would earn on the same gold spans."""

    all_minor: SpanMatch  # every character marked as a minor error
    all_major: SpanMatch
    nothing: SpanMatch


def match_spans(segments: Sequence[MarkedText]) -> SpanMatch:
    """Compare predicted spans with gold ones.  All figures are 0-100, characters pooled.

    With nothing predicted precision is 100, and with nothing to find recall is 100, so
    that silence about a clean text earns 100 and silence about errors earns 0.

    Raises:
        InputError: if there is no segment.

    >>> gold, predicted = Marked(Span(0, 4), "major"), Marked(Span(2, 4), "minor")
    >>> match = match_spans([MarkedText(Span(0, 10), (gold,), (predicted,))])
    >>> match.precision.value, match.recall.value, round(match.wmt_f1.value, 1)
    (100.0, 50.0, 33.3)
    """
    if not segments:
        raise InputError("there is no segment to score", hint="give at least one")
    rows = [_row(segment) for segment in segments]

    def scored(name: str) -> Score:
        made = make_score(METRICS[name], rows, signature=signature(unit="characters"))
        assert made is not None
        return made

    return SpanMatch(
        precision=scored("span precision"),
        recall=scored("span recall"),
        f1=scored("span F1"),
        wmt_f1=scored("WMT23 span F1"),
        touched=_share_touched("errors touched", segments, empty=False),
        omissions=_share_touched("omissions touched", segments, empty=True),
    )


def floors(segments: Sequence[MarkedText]) -> Floors:
    """What marking every character, or none, would earn.

    >>> gold = Marked(Span(0, 4), "major")
    >>> floors([MarkedText(Span(0, 16), (gold,), ())]).all_major.wmt_f1.value
    40.0
    """

    def everything(severity: Severity) -> SpanMatch:
        return match_spans(
            [MarkedText(s.span, s.gold, (Marked(s.span, severity),)) for s in segments]
        )

    nothing = match_spans([MarkedText(s.span, s.gold, ()) for s in segments])
    return Floors(everything("minor"), everything("major"), nothing)


def touched(gold: Iterable[Marked], predicted: Iterable[Marked]) -> tuple[bool, ...]:
    """For each gold span, whether any predicted span overlaps it.

    An empty span, an omission, is touched by a span around it or right beside it.

    >>> gold = Marked(Span(0, 4), "major"), Marked(Span(9, 9), "minor")
    >>> touched(gold, [Marked(Span(4, 9), "minor")])
    (False, True)
    """
    marks = tuple(predicted)
    return tuple(any(error.span.overlaps(mark.span) for mark in marks) for error in gold)


def _share_touched(name: str, segments: Sequence[MarkedText], *, empty: bool) -> Score | None:
    rows = []
    for segment in segments:
        gold = [mark for mark in segment.gold if (len(mark.span) == 0) == empty]
        rows.append((sum(touched(gold, segment.predicted)), len(gold)))
    return make_score(METRICS[name], rows, signature=signature(unit="spans"))


def _row(segment: MarkedText) -> tuple[float, float, float, float]:
    """Right characters, the same with half credit, predicted characters, gold characters."""
    gold, predicted = _paint(segment, segment.gold), _paint(segment, segment.predicted)
    both = (gold > 0) & (predicted > 0)
    # A character marked both minor and major takes either for an answer, as in WMT's script.
    agreed = (gold & predicted) > 0
    right = float(both.sum())
    credit = float(agreed.sum()) + 0.5 * float((both & ~agreed).sum())
    return right, credit, float((predicted > 0).sum()), float((gold > 0).sum())


def _paint(segment: MarkedText, marks: Iterable[Marked]) -> NDArray[np.uint8]:
    """The severities marked on each character of the segment, as bits."""
    bits = np.zeros(len(segment.span), dtype=np.uint8)
    for mark in marks:
        start = max(0, mark.span.start - segment.span.start)
        end = max(0, mark.span.end - segment.span.start)
        bits[start:end] |= _BITS[mark.severity]
    return bits
