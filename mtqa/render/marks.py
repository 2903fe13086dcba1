"""A text cut where marks begin and end, so that marks that overlap can be shown."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mtqa.edits import Edit
from mtqa.text import Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and the marks on it; an empty piece is a mark between two letters."""

    span: Span
    marks: tuple[int, ...]  # indexes of the spans that cover it
    first: tuple[int, ...]  # those of them that begin with this piece
    last: tuple[int, ...]  # those of them that end with this piece


def cut(whole: Span, spans: Sequence[Span], at: Iterable[int] = ()) -> tuple[Piece, ...]:
    """Cut a range wherever a span begins or ends; the pieces together are the range.

    Args:
        whole: what to cut.
        spans: the marks, which may overlap, be empty, or reach out of the range.
        at: other places to cut.

    >>> [(p.span.start, p.span.end, p.marks) for p in cut(Span(0, 9), [Span(2, 6), Span(4, 9)])]
    [(0, 2, ()), (2, 4, (0,)), (4, 6, (0, 1)), (6, 9, (1,))]
    >>> [(p.span.start, p.span.end, p.marks) for p in cut(Span(0, 4), [Span(2, 2)])]
    [(0, 2, ()), (2, 2, (0,)), (2, 4, ())]
    """
    inside = {n: _clip(s, whole) for n, s in enumerate(spans) if _touches(s, whole)}
    places = {whole.start, whole.end, *(place for place in at if whole.start < place < whole.end)}
    places.update(place for span in inside.values() for place in (span.start, span.end))
    empty = {span.start for span in inside.values() if not span}
    pieces = []
    for span in _ranges(sorted(places), empty):
        marks = tuple(n for n, mark in inside.items() if _covers(mark, span))
        first = tuple(n for n in marks if inside[n].start == span.start)
        last = tuple(n for n in marks if inside[n].end == span.end)
        pieces.append(Piece(span, marks, first, last))
    return tuple(pieces)


def _touches(span: Span, whole: Span) -> bool:
    if not span:
        return whole.start <= span.start <= whole.end
    return span.start < whole.end and whole.start < span.end


def _clip(span: Span, whole: Span) -> Span:
    return Span(max(span.start, whole.start), min(span.end, whole.end))


def _covers(mark: Span, piece: Span) -> bool:
    """An empty mark covers only the empty piece at its place."""
    if not piece or not mark:
        return mark == piece
    return mark.start <= piece.start and piece.end <= mark.end


def _ranges(places: Sequence[int], empty: set[int]) -> Iterator[Span]:
    """The ranges between the places, with an empty one at each of the empty places."""
    if places[0] in empty:
        yield Span(places[0], places[0])
    for start, end in pairwise(places):
        yield Span(start, end)
        if end in empty:
            yield Span(end, end)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text before and after editing."""

    old: str
    new: str
    edit: int | None  # index of the edit; None where the two are the same


def side_by_side(text: str, span: Span, edits: Sequence[Edit]) -> tuple[Stretch, ...]:
    """A range of a text before and after the edits that lie in it.

    Args:
        text: the whole text.
        span: the range of it to show.
        edits: of the whole text, by position, not overlapping.

    >>> [(s.old, s.new) for s in side_by_side("He go.", Span(0, 6), [Edit(Span(3, 5), "went")])]
    [('He ', 'He '), ('go', 'went'), ('.', '.')]
    """
    stretches: list[Stretch] = []
    done = span.start
    begin = bisect_left(edits, span.start, key=lambda edit: edit.span.start)
    for index, edit in enumerate(edits[begin:], start=begin):
        if edit.span.end > span.end:
            break
        kept = text[done : edit.span.start]
        if kept:
            stretches.append(Stretch(kept, kept, None))
        stretches.append(Stretch(edit.span.of(text), edit.text, index))
        done = edit.span.end
    rest = text[done : span.end]
    return (*stretches, Stretch(rest, rest, None)) if rest else tuple(stretches)
