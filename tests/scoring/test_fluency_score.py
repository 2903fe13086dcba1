"""Fluency from log-probabilities."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.errors import InputError
from mtqa.scoring.fluency import FLOOR, fluency, mean_logprob, sentence_fluency
from mtqa.scoring.metrics import compare
from mtqa.stats import FluencyScale

MODEST = settings(max_examples=80, deadline=None)
SCALE = FluencyScale(midpoint=-1.0, width=0.5, source="test")
SCALES = st.none() | st.builds(FluencyScale, st.floats(-5, 0), st.floats(0.01, 3), st.just("test"))
SENTENCES = st.lists(st.floats(max_value=0, allow_nan=False), min_size=1, max_size=20)


@MODEST
@given(SENTENCES, SCALES)
def test_it_is_between_0_and_100(logprobs: list[float], scale: FluencyScale | None) -> None:
    assert 0 <= sentence_fluency(logprobs, scale) <= 100


@MODEST
@given(SENTENCES, SCALES)
def test_a_likelier_token_never_lowers_it(
    logprobs: list[float], scale: FluencyScale | None
) -> None:
    likelier = [0.0, *logprobs[1:]]
    assert sentence_fluency(likelier, scale) >= sentence_fluency(logprobs, scale)


@MODEST
@given(SENTENCES, SCALES)
def test_length_alone_changes_nothing(logprobs: list[float], scale: FluencyScale | None) -> None:
    assert sentence_fluency(logprobs * 30, scale) == pytest.approx(
        sentence_fluency(logprobs, scale)
    )


def test_the_formula() -> None:
    x = (-0.2 - 0.6 - 1.0) / 3
    expected = 100 / (1 + math.exp(-(x - SCALE.midpoint) / SCALE.width))
    assert sentence_fluency([-0.2, -0.6, -1.0], SCALE) == pytest.approx(expected)
    assert sentence_fluency([SCALE.midpoint], SCALE) == 50
    assert sentence_fluency([math.log(0.5), math.log(0.125)], None) == pytest.approx(25)


def test_one_rare_name_does_not_sink_a_sentence() -> None:
    assert mean_logprob([-math.inf]) == FLOOR
    good = [-0.05] * 20
    assert sentence_fluency([*good, -40.0], SCALE) == sentence_fluency([*good, FLOOR], SCALE) > 70


def test_an_article_is_the_mean_of_its_sentences_by_tokens() -> None:
    one, other = [-0.1] * 3, [-2.0] * 9
    expected = (3 * sentence_fluency(one, SCALE) + 9 * sentence_fluency(other, SCALE)) / 12
    score = fluency([one, other], SCALE, editor="e")
    assert score.value == pytest.approx(expected)
    assert (score.higher_is_better, score.unit, len(score.stats)) == (True, "0-100", 2)


@MODEST
@given(st.lists(SENTENCES, min_size=1, max_size=6))
def test_an_article_lies_between_its_sentences(sentences: list[list[float]]) -> None:
    each = [sentence_fluency(logprobs, SCALE) for logprobs in sentences]
    got = fluency(sentences, SCALE, editor="e").value
    assert min(each) - 1e-9 <= got <= max(each) + 1e-9
    blank = fluency([*sentences, []], SCALE, editor="e")
    assert blank.value == pytest.approx(got)
    assert len(blank.stats) == len(sentences) + 1


def test_another_editor_or_scale_is_another_signature() -> None:
    scores = [
        fluency([[-1.0], [-2.0]], scale, editor=editor)
        for scale in (SCALE, None)
        for editor in ("a", "b")
    ]
    assert len({score.signature for score in scores}) == 4
    assert compare(scores[0], scores[0]).p_value == 1


def test_what_has_no_fluency_is_refused() -> None:
    with pytest.raises(InputError, match="no text"):
        fluency([], SCALE, editor="e")
    with pytest.raises(InputError, match="no text"):
        fluency([[], []], SCALE, editor="e")
    with pytest.raises(ValueError, match="without tokens"):
        sentence_fluency([], SCALE)
    with pytest.raises(ValueError, match="NaN"):
        sentence_fluency([-1.0, math.nan], None)
