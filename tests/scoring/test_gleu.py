from __future__ import annotations

import pytest

from mtqa.errors import PairingError
from mtqa.scoring.gleu import gleu

SOURCE = "he go to the school every days by a bus ."
REWRITES = ["he goes to school every day by bus .", "every day he goes to school by bus ."]


def test_a_rewrite_scores_full_marks_against_itself() -> None:
    assert gleu([SOURCE], [REWRITES[0]], [REWRITES[:1]]) == pytest.approx(100)


def test_an_error_left_standing_costs_more_than_another_one() -> None:
    # Both differ from the rewrite in one word; only one of the words was in the source.
    left = gleu([SOURCE], ["he goes to school every days by bus ."], [REWRITES[:1]])
    other = gleu([SOURCE], ["he goes to school every week by bus ."], [REWRITES[:1]])
    assert 0 < left < other < 100


def test_it_lies_between_the_scores_of_its_references() -> None:
    hypothesis = "he goes to school every day by a bus ."
    both = gleu([SOURCE], [hypothesis], [REWRITES])
    alone = sorted(gleu([SOURCE], [hypothesis], [[r]]) for r in REWRITES)
    assert alone[0] < both < alone[1]


def test_the_formula_by_hand() -> None:
    # Tokens: made a b c d e, wanted a b c d f, source a b c d e.  Per order: matches minus
    # n-grams of the source that the reference lacks and that still stand.
    # n=1: 4-1=3 of 5; n=2: 3-1=2 of 4; n=3: 2-1=1 of 3; n=4: 1-1=0 of 2, so the score is 0.
    assert gleu(["a b c d e"], ["a b c d e"], [["a b c d f"]]) == 0
    # With another hypothesis: n=1: 5/6; n=2: 4/5; n=3: 3/4; n=4: 2/3; no brevity penalty.
    expected = 100 * (5 / 6 * 4 / 5 * 3 / 4 * 2 / 3) ** 0.25
    assert gleu(["x"], ["a b c d e g"], [["a b c d e f"]]) == pytest.approx(expected)


def test_unequal_lengths_and_missing_rewrites_are_refused() -> None:
    with pytest.raises(PairingError, match="2 sources, 1 hypotheses"):
        gleu(["a", "b"], ["a"], [["a"]])
    with pytest.raises(PairingError):
        gleu(["a"], ["a"], [[]])
