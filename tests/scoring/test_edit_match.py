"""Edits that match a reference's, and what each edit does alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.errors import InputError, PairingError
from mtqa.scoring.edit_match import Correction, match_edits
from mtqa.scoring.metrics import compare

MODEST = settings(max_examples=40, deadline=None)
TEXTS = st.lists(
    st.sampled_from(["the", "The", "wolf", "is", "are", ",", ".", "🐺", "e\u0301", "\r\n"]),
    max_size=8,
).map(" ".join)
CORRECTIONS = st.lists(
    st.builds(Correction, TEXTS, TEXTS, st.lists(TEXTS, min_size=1, max_size=2).map(tuple)),
    min_size=1,
    max_size=4,
)

RAW = "Anna say that she see a wolfs ."
REFERENCE = "Anna says that she sees a wolf."


@MODEST
@given(CORRECTIONS)
def test_a_cleaned_text_that_is_the_reference_is_perfect(corrections: list[Correction]) -> None:
    perfect = [Correction(c.raw, c.references[-1], c.references) for c in corrections]
    match = match_edits(perfect)
    assert (match.precision.value, match.recall.value, match.f05.value) == (100, 100, 100)
    assert match.harm is None or match.harm.value <= 100


@MODEST
@given(CORRECTIONS)
def test_a_text_left_alone_is_precise_and_finds_nothing(corrections: list[Correction]) -> None:
    match = match_edits([Correction(c.raw, c.raw, c.references) for c in corrections])
    assert match.precision.value == 100
    assert match.recall.value in (0, 100)
    assert match.harm is None
    assert match.helpful is None
    assert match.edits == ((),) * len(corrections)


@MODEST
@given(CORRECTIONS)
def test_order_and_another_reference(corrections: list[Correction]) -> None:
    match = match_edits(corrections)
    assert match_edits(corrections[::-1]).f05.value == match.f05.value
    assert len(match.f05.stats) == len(match.edits) == len(corrections)
    for row, alternatives in zip(match.f05.stats, corrections, strict=True):
        for reference in alternatives.references:
            alone = match_edits([Correction(alternatives.raw, alternatives.cleaned, (reference,))])
            assert alone.f05.value <= match_edits([alternatives]).f05.value + 1e-9
        assert row[0] <= min(row[1:])


def test_counts_of_an_example() -> None:
    # Three edits lead to the reference: say -> says, see -> sees, "wolfs " -> "wolf".
    # Two of them are made, one without the space it takes along; "saw" is another edit.
    match = match_edits([Correction(RAW, "Anna says that she saw a wolf .", (REFERENCE,))])
    assert match.f05.stats == ((2.0, 3.0, 3.0),)
    assert [edit.outcome for edit in match.edits[0]] == ["helped", "neutral", "helped"]
    assert match.harm is not None
    assert match.harm.value == 0


def test_harm_is_what_an_edit_does_alone() -> None:
    # "good" instead of "well" is not the reference's edit but no further from it;
    # the other edit breaks a word that was right.
    match = match_edits(
        [
            Correction(
                "He sings fine and loud .",
                "He sings good and laud .",
                ("He sings well and loud .",),
            )
        ]
    )
    assert [(e.before, e.after, e.outcome) for e in match.edits[0]] == [
        (1, 1, "neutral"),
        (1, 2, "harmed"),
    ]
    assert match.helpful is not None
    assert match.harm is not None
    assert (match.helpful.value, match.harm.value) == (0, 50)
    assert match.f05.value == 0


def test_an_edit_is_held_to_the_nearest_reference() -> None:
    either = ("He sings well.", "He sings beautifully.")
    match = match_edits([Correction("He sings good.", "He sings beautifully.", either)])
    assert match.f05.value == 100
    assert match.edits[0][0].outcome == "helped"
    assert "nrefs:2" in match.f05.signature


def test_case_counts_and_white_space_does_not() -> None:
    match = match_edits([Correction("the end  now", "The end now", ("The end now",))])
    assert [edit.outcome for edit in match.edits[0]] == ["helped", "neutral"]


def test_scores_can_be_compared() -> None:
    before = match_edits([Correction(RAW, RAW, (REFERENCE,))] * 12)
    after = match_edits([Correction(RAW, REFERENCE, (REFERENCE,))] * 12)
    result = compare(before.f05, after.f05)
    assert result.difference == 100
    assert result.p_value < 0.05


def test_what_cannot_be_scored_is_refused() -> None:
    with pytest.raises(InputError, match="no paragraph"):
        match_edits([])
    with pytest.raises(PairingError, match="paragraph 2 has no reference"):
        match_edits([Correction("a", "a", ("a",)), Correction("a", "a", ())])
