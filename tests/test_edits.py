"""``diff`` and ``apply``: exact for every text, and as a person would mark it for English."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa import edits
from mtqa.edits import Edit, apply, diff, shift
from mtqa.text import Span
from mtqa.text.words import words

# Few words, so that texts share some; and what breaks offsets elsewhere.
WORDS = ["a", "the", "The", "wolf", "wolves", "is", ".", ",", "“", "1,000.50", "U.S.", "don't"]
SPACES = [" ", "  ", "\t", "\n", "\r\n", "\u2028", "\u00a0"]
ODD = ["\x00", "\ufeff", "🐺", "👩‍💻", "e\u0301", "\u0301", "שלום", "\u202e", "狼"]
PIECES = st.sampled_from([*WORDS, *SPACES, *ODD])
TEXTS = st.lists(PIECES, max_size=16).map("".join) | st.text(max_size=20)
MODEST = settings(max_examples=150, deadline=None)


def marked(a: str, b: str) -> list[tuple[str, str]]:
    return [(edit.span.of(a), edit.text) for edit in diff(a, b)]


@MODEST
@given(TEXTS, TEXTS)
def test_applying_the_difference_gives_the_other_text(a: str, b: str) -> None:
    assert apply(a, diff(a, b)) == b


@MODEST
@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert diff(text, text) == ()


@MODEST
@given(TEXTS, TEXTS)
def test_edits_are_in_order_apart_and_each_changes_something(a: str, b: str) -> None:
    found = diff(a, b)
    assert all(edit.span.of(a) != edit.text for edit in found)
    assert all(first.span.end < second.span.start for first, second in pairwise(found))


@MODEST
@given(TEXTS, TEXTS)
def test_no_edit_cuts_a_word(a: str, b: str) -> None:
    cuts = {edge for edit in diff(a, b) for edge in (edit.span.start, edit.span.end)}
    assert not [span for span in words(a) for cut in cuts if span.start < cut < span.end]


@MODEST
@given(TEXTS, TEXTS, st.data())
def test_edits_are_independent_and_come_in_any_order(a: str, b: str, data: st.DataObject) -> None:
    found = diff(a, b)
    assert apply(a, data.draw(st.permutations(found))) == b
    some = data.draw(st.lists(st.sampled_from(found), unique=True)) if found else []
    rest = [edit for edit in found if edit not in some]
    # Making the later edits first leaves the offsets of the earlier ones true.
    later = [edit for edit in rest if all(edit.span.start > other.span.end for other in some)]
    assert apply(apply(a, later), some) == apply(a, [*later, *some])


@MODEST
@given(TEXTS, TEXTS, TEXTS)
def test_shifted_edits_work_inside_a_longer_text(before: str, a: str, b: str) -> None:
    assert apply(before + a, shift(diff(a, b), len(before))) == before + b


@MODEST
@given(st.lists(st.sampled_from(WORDS), min_size=1), st.data())
def test_changes_of_white_space_leave_words_alone(tokens: list[str], data: st.DataObject) -> None:
    gaps = st.sampled_from([" ", "  ", "\n", "\r\n", "\u2028"])
    a, b = ("".join(token + data.draw(gaps) for token in tokens) for _ in range(2))
    assert apply(a, diff(a, b)) == b
    assert all(not (edit.span.of(a) + edit.text).strip() for edit in diff(a, b))


@MODEST
@given(TEXTS, TEXTS)
def test_texts_too_long_for_the_best_alignment_are_still_exact(a: str, b: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edits, "_MOST_PAIRS", 0)
        assert apply(a, diff(a, b)) == b


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        # Whole words, not letters.
        ("The wolf howl.", "The wolf howls.", [("howl", "howls")]),
        ("It cost 1,000 crowns.", "It cost 1,500 crowns.", [("1,000", "1,500")]),
        # A word goes with one of its spaces, and brings one.
        ("We know very well.", "We know well.", [("very ", "")]),
        ("Very good.", "good.", [("Very ", "")]),
        ("Good day sir.", "Good day.", [(" sir", "")]),
        ("We know well.", "We know very well.", [("", "very ")]),
        ("Good day.", "Good day, sir.", [("", ", sir")]),
        # Neighbours are one edit, a replaced phrase too; others stay apart.
        (
            "He take into account it.",
            "He accounts for it.",
            [("take into account", "accounts for")],
        ),
        ("A wolf are hungry .", "The wolf is hungry.", [("A", "The"), ("are", "is"), (" ", "")]),
        ("Anna say he see it.", "Anna says he sees it.", [("say", "says"), ("see", "sees")]),
        # A phrase that moves over a few words is one edit.
        ("What you are doing?", "What are you doing?", [("you are", "are you")]),
        ("Today he left.", "He left today.", [("Today he left", "He left today")]),
        # A word kept by coincidence does not split a rewritten phrase.
        (
            "one two three the four five six",
            "a b c the d e f",
            [("one two three the four five six", "a b c the d e f")],
        ),
        # Where a change could stand in several places, it stands where it reads best.
        ("It rained. It snowed.", "It rained. It hailed. It snowed.", [("", "It hailed. ")]),
        ("red, green", "red, blue, green", [("", "blue, ")]),
        # ... but not where it would run into another change.
        (". b b a a b", "c c a x b a", [(".", "c c a x"), ("b ", ""), (" a b", "")]),
        # Layout.
        ("one\ntwo", "one\r\ntwo", [("", "\r")]),
        ("one two", "one two\n", [("", "\n")]),
        ("🐺 howl\x00s", "🐺 howl\x00", [("s", "")]),
    ],
)
def test_edits_are_what_a_person_would_mark(
    a: str, b: str, expected: list[tuple[str, str]]
) -> None:
    assert marked(a, b) == expected


def test_the_same_change_is_always_the_same_edit() -> None:
    assert [edit.span for edit in diff("to to go home", "to go home")] == [Span(0, 3)]
    assert [edit.span for edit in diff("He had had had it", "He had it")] == [Span(3, 11)]


@pytest.mark.parametrize(
    ("spans", "named"),
    [
        ([(0, 2), (1, 3)], "overlap: .*start=0, end=2.*start=1, end=3"),
        ([(2, 2), (2, 2)], "overlap"),
        ([(0, 4), (2, 2)], "overlap"),
        ([(3, 6)], "start=3, end=6.* past the end of a text of 5"),
    ],
)
def test_edits_that_cannot_be_made_are_refused(spans: list[tuple[int, int]], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        apply("abcde", [Edit(Span(*span), "x") for span in spans])


def test_edits_may_touch() -> None:
    touching = [Edit(Span(0, 2), "x"), Edit(Span(2, 2), "y"), Edit(Span(2, 3), "z")]
    assert apply("abcde", touching) == "xyzde"
