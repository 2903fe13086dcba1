"""MQM penalties, scheme by scheme."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.errors import InputError, PairingError
from mtqa.scoring.mqm import SCHEMES, MqmError, SchemeName, Severity, mqm_score

MODEST = settings(max_examples=60, deadline=None)
ERRORS = st.builds(
    MqmError,
    st.sampled_from(["Fluency/Grammar", "Fluency/Punctuation", "Accuracy/Omission", "Style"]),
    st.sampled_from(["neutral", "minor", "major", "critical"]),
)
TEXTS = st.lists(
    st.tuples(st.lists(ERRORS, max_size=6), st.integers(1, 40)), min_size=1, max_size=5
)


@pytest.mark.parametrize(
    ("scheme", "category", "severity", "points"),
    [
        # Freitag et al. 2021, table of weights.
        ("google", "Accuracy/Mistranslation", "major", 5),
        ("google", "Accuracy/Mistranslation", "minor", 1),
        ("google", "Accuracy/Mistranslation", "neutral", 0),
        ("google", "Accuracy/Mistranslation", "critical", 5),
        ("google", "Fluency/Punctuation", "minor", 0.1),
        ("google", "Fluency/Punctuation", "major", 5),
        ("google", "Non-translation!", "major", 25),
        ("google", "non-translation", "minor", 25),
        # Guerreiro et al. 2024, section on error spans.
        ("xcomet", "Fluency/Punctuation", "minor", 1),
        ("xcomet", "Accuracy", "major", 5),
        ("xcomet", "Accuracy", "critical", 10),
        # themqm.org, severity multipliers.
        ("per-1000-words", "Accuracy", "critical", 25),
    ],
)
def test_points(scheme: SchemeName, category: str, severity: Severity, points: float) -> None:
    assert SCHEMES[scheme].penalty(MqmError(category, severity)) == points


MAJOR = MqmError("Accuracy/Mistranslation", "major")


def test_the_same_errors_under_each_scheme() -> None:
    errors, lengths = [[MAJOR, MAJOR], []], [20, 180]
    assert mqm_score(errors, lengths, "google").value == 5  # ten points in two segments
    assert mqm_score(errors, lengths, "xcomet").value == 0.8  # mean of 1 - 10/25 and 1
    assert mqm_score(errors, lengths, "per-1000-words").value == 50  # ten points in 200 words


def test_limits() -> None:
    assert mqm_score([[MAJOR] * 9], [10], "xcomet").value == 0
    assert mqm_score([[MAJOR] * 9], [10], "per-1000-words").value == 0
    assert mqm_score([[MAJOR] * 9], [10], "google").value == 45


@pytest.mark.parametrize("scheme", SCHEMES)
@MODEST
@given(TEXTS)
def test_more_errors_never_improve_a_score(
    scheme: SchemeName, text: list[tuple[list[MqmError], int]]
) -> None:
    errors, lengths = [found for found, _ in text], [count for _, count in text]
    before = mqm_score(errors, lengths, scheme)
    after = mqm_score([[*errors[0], MAJOR], *errors[1:]], lengths, scheme)
    assert after.value <= before.value if before.higher_is_better else after.value > before.value
    clean = mqm_score([[] for _ in errors], lengths, scheme)
    assert clean.value == {"google": 0, "xcomet": 1, "per-1000-words": 100}[scheme]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_scheme_is_in_the_name_and_the_signature(scheme: SchemeName) -> None:
    score = mqm_score([[MAJOR], []], [10, 10], scheme)
    assert scheme in score.metric
    assert f"scheme:{scheme}" in score.signature


def test_what_cannot_be_scored_is_refused() -> None:
    with pytest.raises(InputError, match="no segment"):
        mqm_score([], [], "google")
    with pytest.raises(InputError, match="no words"):
        mqm_score([[MAJOR]], [0], "per-1000-words")
    with pytest.raises(PairingError, match="2 segments and word counts of 1"):
        mqm_score([[], []], [3], "google")
