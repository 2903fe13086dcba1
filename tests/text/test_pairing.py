"""Where parallel texts drift apart: whatever is taken out of one side is found."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.text.document import document
from mtqa.text.pairing import excerpt, first_drift

CARNEY = Path(__file__).parents[2] / "references" / "carney"


def paragraphs(name: str) -> list[str]:
    doc = document((CARNEY / name).read_bytes().decode())
    return [paragraph.text for paragraph in doc.paragraphs]


MT, REFERENCE = paragraphs("mt.txt"), paragraphs("reference.txt")
places = st.integers(0, len(MT) - 1)


@settings(max_examples=60, deadline=None)
@given(place=places, lost=st.integers(1, 3), from_mt=st.booleans())
def test_paragraphs_lost_in_one_place(place: int, lost: int, from_mt: bool) -> None:
    ours, theirs = list(MT), list(REFERENCE)
    del (ours if from_mt else theirs)[place : place + lost]
    assert first_drift(ours, theirs) == place
    assert first_drift(theirs, ours) == place


@settings(max_examples=60, deadline=None)
@given(st.sets(places, min_size=1, max_size=4))
def test_the_first_of_several_losses_is_named(lost: set[int]) -> None:
    theirs = [text for i, text in enumerate(REFERENCE) if i not in lost]
    assert first_drift(MT, theirs) == min(lost)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(MT) - 2))
def test_two_paragraphs_run_into_one(place: int) -> None:
    theirs = list(REFERENCE)
    theirs[place : place + 2] = [f"{theirs[place]} {theirs[place + 1]}"]
    assert first_drift(MT, theirs) in (place, place + 1)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=5), max_size=8), st.lists(st.text(max_size=5), max_size=8))
def test_any_two_lists_drift_somewhere_within_both(ours: list[str], theirs: list[str]) -> None:
    assert 0 <= first_drift(ours, theirs) <= min(len(ours), len(theirs))


def test_something_more_at_the_end() -> None:
    assert first_drift(MT, [*REFERENCE, "Read more on this subject"]) == len(MT)
    assert first_drift([], ["a"]) == 0


def test_thousands_of_lines_too_many_are_compared_in_bounded_time() -> None:
    """Too many offsets to try them all: only none and the whole difference are."""
    theirs = [f"sentence number {i} of the corpus, unlike {i * i}" for i in range(6000)]
    assert first_drift(theirs[:1000] + theirs[4000:], theirs) == 1000


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_an_excerpt_is_short_and_on_one_line(text: str) -> None:
    shown = excerpt(text)
    assert len(shown) <= 43
    assert shown.isprintable()
