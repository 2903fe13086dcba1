"""Predicted spans against gold ones, held to the rules of WMT 2023."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.errors import InputError
from mtqa.scoring.metrics import compare
from mtqa.scoring.spans import Marked, MarkedText, floors, match_spans, touched
from mtqa.text import Span

MODEST = settings(max_examples=60, deadline=None)
LENGTH = 12


@st.composite
def marks(draw: st.DrawFn) -> tuple[Marked, ...]:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        start, end = sorted((draw(st.integers(0, LENGTH)), draw(st.integers(0, LENGTH))))
        found.append(Marked(Span(start, end), draw(st.sampled_from(["minor", "major"]))))
    return tuple(found)


SEGMENTS = st.lists(
    st.builds(MarkedText, st.just(Span(0, LENGTH)), marks(), marks()), min_size=1, max_size=4
)


def wmt_counts(segments: list[MarkedText]) -> tuple[float, int, int]:
    """Credit, predicted and gold characters, by the rules of the task's own script.

    Oracle: github.com/WMT-QE-Task/qe-eval-scripts, wmt23/task2_evaluate.py, restated
    character by character (empty spans apart, which it takes for one character).
    """
    credit, predicted, gold = 0.0, 0, 0
    for segment in segments:
        for at in range(len(segment.span)):
            want = {m.severity for m in segment.gold if m.span.start <= at < m.span.end}
            have = {m.severity for m in segment.predicted if m.span.start <= at < m.span.end}
            gold += bool(want)
            predicted += bool(have)
            if want and have:
                credit += 1.0 if want & have or len(want) == 2 else 0.5
    return credit, predicted, gold


@MODEST
@given(SEGMENTS)
def test_the_f1_is_that_of_wmt23(segments: list[MarkedText]) -> None:
    credit, predicted, gold = wmt_counts(segments)
    got = match_spans(segments).wmt_f1.value
    if not predicted and not gold:
        assert got == 100
    elif not predicted or not gold or not credit:
        assert got == 0
    else:
        p, r = credit / predicted, credit / gold
        assert got == pytest.approx(100 * 2 * p * r / (p + r))


@MODEST
@given(SEGMENTS)
def test_severity_only_ever_costs(segments: list[MarkedText]) -> None:
    match = match_spans(segments)
    assert match.wmt_f1.value <= match.f1.value + 1e-9
    assert match.f1.value <= 2 * match.wmt_f1.value + 1e-9
    assert len(match.f1.stats) == len(segments)


@MODEST
@given(SEGMENTS)
def test_the_gold_spans_themselves_are_perfect(segments: list[MarkedText]) -> None:
    match = match_spans([MarkedText(s.span, s.gold, s.gold) for s in segments])
    assert match.precision.value == match.recall.value == match.wmt_f1.value == 100
    for share in (match.touched, match.omissions):
        assert share is None or share.value == 100


@MODEST
@given(SEGMENTS, st.integers(0, 1000))
def test_offsets_may_be_those_of_a_document(segments: list[MarkedText], by: int) -> None:
    def moved(found: tuple[Marked, ...]) -> tuple[Marked, ...]:
        return tuple(Marked(m.span.shift(by), m.severity) for m in found)

    shifted = [MarkedText(s.span.shift(by), moved(s.gold), moved(s.predicted)) for s in segments]
    assert match_spans(shifted) == match_spans(segments)


@MODEST
@given(SEGMENTS)
def test_floors_are_what_blind_predictions_earn(segments: list[MarkedText]) -> None:
    found = floors(segments)
    assert found.all_minor.recall.value == found.all_major.recall.value == 100
    assert found.nothing.precision.value == 100
    has_gold = any(len(mark.span) for segment in segments for mark in segment.gold)
    assert found.nothing.wmt_f1.value == (0 if has_gold else 100)


def test_a_span_that_leaves_its_segment_counts_inside_it() -> None:
    wide = Marked(Span(5, 100), "major")
    match = match_spans([MarkedText(Span(10, 20), (wide,), (Marked(Span(0, 15), "critical"),))])
    assert match.wmt_f1.stats == ((5.0, 5.0, 5.0, 10.0),)


def test_an_omission_has_no_characters_and_is_counted_apart() -> None:
    omissions = Marked(Span(3, 3), "major"), Marked(Span(8, 8), "minor")
    match = match_spans([MarkedText(Span(0, 10), omissions, (Marked(Span(3, 5), "minor"),))])
    assert match.touched is None
    assert match.recall.value == 100
    assert match.omissions is not None
    assert match.omissions.value == 50
    assert match.omissions.stats == ((1.0, 2.0),)


def test_touching_needs_a_shared_character() -> None:
    gold = Marked(Span(0, 4), "major"), Marked(Span(4, 8), "minor")
    assert touched(gold, [Marked(Span(4, 5), "minor")]) == (False, True)
    assert touched(gold, []) == (False, False)
    assert touched([], gold) == ()


def test_scores_can_be_compared() -> None:
    gold = (Marked(Span(0, 4), "major"),)
    nothing = match_spans([MarkedText(Span(0, 10), gold, ())] * 10)
    all_found = match_spans([MarkedText(Span(0, 10), gold, gold)] * 10)
    assert compare(nothing.wmt_f1, all_found.wmt_f1).difference == 100


def test_no_segment_is_refused() -> None:
    with pytest.raises(InputError, match="no segment"):
        match_spans([])
