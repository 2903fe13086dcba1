"""``mtqa.json``, features and calibration."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.editor.base import Proposal, Reading
from mtqa.editor.calibration import (
    FEATURES,
    Calibration,
    confidence,
    edit_tokens,
    features,
    logistic,
    mean_keep,
)
from mtqa.editor.card import ModelCard, read_card
from mtqa.edits import Edit
from mtqa.errors import ModelError
from mtqa.stats import FluencyScale
from mtqa.text import Span

CALIBRATION = {
    "features": ["log_p_new", "deletion"],
    "mean": [-1, 0.5],
    "scale": [2, 0.5],
    "weight": [1.5, -0.5],
    "bias": 0.25,
    "source": "made up",
}
FULL = {
    "name": "a",
    "version": "1",
    "min_confidence": 0.4,
    "fluency": {"midpoint": -1, "width": 0.5, "source": "made up"},
    "calibration": CALIBRATION,
    "truecase": "truecase.json",
}


def write(folder: Path, card: object) -> Path:
    (folder / "truecase.json").write_text('{"monday": "Monday"}', "utf-8")
    (folder / "mtqa.json").write_text(json.dumps(card), "utf-8")
    return folder


def test_every_part_is_read_and_none_is_needed(tmp_path: Path) -> None:
    assert read_card(tmp_path) == ModelCard()
    assert read_card(write(tmp_path, {})) == ModelCard()
    card = read_card(write(tmp_path, FULL))
    assert (card.name, card.version, card.min_confidence) == ("a", "1", 0.4)
    assert card.fluency == FluencyScale(-1.0, 0.5, "made up")
    assert card.truecase == {"monday": "Monday"}
    assert card.calibration == Calibration(
        ("log_p_new", "deletion"), (-1.0, 0.5), (2.0, 0.5), (1.5, -0.5), 0.25, "made up"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nmae": "a"}, "unknown key 'nmae'"),
        ({"name": 1}, "'name' is not a string"),
        ({"min_confidence": 1.5}, "min_confidence"),
        ({"min_confidence": True}, "min_confidence"),
        ({"fluency": {"midpoint": -1}}, "missing"),
        ({"fluency": {"midpoint": -1, "width": 0, "source": "x"}}, "width"),
        ({"fluency": []}, "not an object"),
        ({"calibration": {**CALIBRATION, "features": ["x", "y"]}}, "features"),
        ({"calibration": {**CALIBRATION, "features": ["words", "words"]}}, "features"),
        ({"calibration": {**CALIBRATION, "mean": [1]}}, "2 numbers"),
        ({"calibration": {**CALIBRATION, "scale": [1, 0]}}, "scale"),
        ({"calibration": {**CALIBRATION, "weight": [1, "2"]}}, "weight"),
        ({"calibration": {**CALIBRATION, "extra": 1}}, "unknown key calibration.'extra'"),
        ({"truecase": "../truecase.json"}, "truecase"),
        ({"truecase": "nowhere.json"}, "truecase"),
    ],
)
def test_what_is_not_as_described_is_refused(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    with pytest.raises(ModelError, match=said) as caught:
        read_card(write(tmp_path, {**FULL, **change}))
    assert "mtqa.json" in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "\xff", '{"min_confidence": NaN}'])
def test_what_is_not_json_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "mtqa.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError, match=r"mtqa\.json"):
        read_card(tmp_path)


TEXT = "the big wolf runs"
TOKENS = (Span(0, 3), Span(4, 7), Span(8, 12), Span(13, 17), Span(17, 17))
READING = Reading("s", (), TEXT, TOKENS, (-1.0, -2.0, -4.0, -8.0, -0.5), None, False)


def proposal(edit: Edit, error_prob: float | None = None) -> Proposal:
    return Proposal(edit, 0.0, log_p_new=-0.5, log_p_keep=-2.0, error_prob=error_prob)


def test_features_by_name() -> None:
    def named(edit: Edit, error_prob: float | None = None) -> dict[str, float]:
        values = features(proposal(edit, error_prob), reading=READING, text=TEXT, doc_keep=-1.5)
        return dict(zip(FEATURES, values, strict=True))

    swap = named(Edit(Span(4, 12), "small red fox"), 0.5)
    assert swap == {
        "log_p_new": -0.5,
        "log_p_keep": -2.0,
        "error_logit": 0.0,
        "insertion": 0.0,
        "deletion": 0.0,
        "words": pytest.approx(math.log(3)),
        "sentence_keep": pytest.approx((-1 - 8 - 0.5) / 3),
        "doc_keep": -1.5,
    }
    assert named(Edit(Span(3, 7), ""))["deletion"] == 1
    inserted = named(Edit(Span(12, 12), " now"), 0.9)
    assert inserted["insertion"] == 1
    assert inserted["error_logit"] == pytest.approx(math.log(9))
    assert inserted["sentence_keep"] == pytest.approx((-1 - 2 - 4 - 0.5) / 4)  # without "runs"


def test_the_mean_of_a_document_counts_every_token() -> None:
    assert mean_keep([READING, READING]) == pytest.approx(-15.5 / 5)
    assert mean_keep([]) == 0


def test_a_calibration_is_a_logistic_regression() -> None:
    """Oracle: the formula, by hand."""
    calibration = Calibration(("deletion", "words"), (0.5, 1.0), (0.5, 2.0), (1.0, -2.0), 0.1, "")
    values = features(proposal(Edit(Span(3, 7), "")), reading=READING, text=TEXT, doc_keep=0.0)
    z = 0.1 + 1.0 * (1 - 0.5) / 0.5 - 2.0 * (0.0 - 1.0) / 2.0
    assert confidence(proposal(Edit(Span(3, 7), "")), calibration, values) == pytest.approx(
        1 / (1 + math.exp(-z))
    )
    assert confidence(proposal(Edit(Span(3, 7), "")), None, values) == pytest.approx(
        math.exp(-0.5) * (1 - math.exp(-2.0))
    )


@settings(deadline=None)
@given(st.floats(allow_nan=False))
def test_logistic_is_a_probability(x: float) -> None:
    assert 0 <= logistic(x) <= 1
    assert logistic(x) + logistic(-x) == pytest.approx(1)


@settings(deadline=None)
@given(st.integers(0, 17), st.integers(0, 17))
def test_an_edit_always_has_tokens(a: int, b: int) -> None:
    found = edit_tokens(Span(min(a, b), max(a, b)), TOKENS)
    assert found
    assert all(0 <= i < len(TOKENS) for i in found)
