"""Cutting text at marks: nothing is lost, and every mark covers what it says."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.edits import apply, diff
from mtqa.render.marks import cut, side_by_side
from mtqa.text import Span


@st.composite
def spans(draw: Any, least: int = 0, most: int = 30) -> Span:
    start = draw(st.integers(least, most))
    return Span(start, draw(st.integers(start, most)))


@settings(max_examples=150, deadline=None)
@given(spans(), st.lists(spans(), max_size=6), st.lists(st.integers(0, 30), max_size=3))
def test_the_pieces_are_the_whole_and_know_their_marks(
    whole: Span, marks: list[Span], at: list[int]
) -> None:
    pieces = cut(whole, marks, at)
    place = whole.start
    for piece in pieces:
        assert piece.span.start == place
        place = piece.span.end
    assert place == whole.end
    for n, mark in enumerate(marks):
        covered = {i for p in pieces if n in p.marks for i in range(p.span.start, p.span.end)}
        assert covered == set(range(mark.start, mark.end)) & set(range(whole.start, whole.end))
        touched = [p for p in pieces if n in p.marks]
        if touched:
            assert n in touched[0].first
            assert n in touched[-1].last
    for mark in marks:
        if not mark and whole.start <= mark.start <= whole.end:
            assert any(p.span == mark and marks.index(mark) in p.marks for p in pieces)


@settings(max_examples=100, deadline=None)
@given(st.text(), st.text())
def test_the_two_sides_are_the_two_texts(a: str, b: str) -> None:
    edits = diff(a, b)
    stretches = side_by_side(a, Span(0, len(a)), edits)
    assert "".join(s.old for s in stretches) == a
    assert "".join(s.new for s in stretches) == b == apply(a, edits)
    assert [s.edit for s in stretches if s.edit is not None] == list(range(len(edits)))
