"""Calibration: the fits find what was put in, and the card they write reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mtqa.editor.base import Editor, Proposal, Reading
from mtqa.editor.calibration import FEATURES, Calibration
from mtqa.editor.card import read_card
from mtqa.edits import Edit
from mtqa.errors import InputError
from mtqa.scoring.fluency import sentence_fluency
from mtqa.stats import FluencyScale
from mtqa.text import Span
from mtqa.training import calibrate, devsets
from mtqa.training.calibrate import (
    THRESHOLDS,
    Judged,
    Point,
    Read,
    choose,
    curve,
    fit_confidence,
    fit_fluency,
    fit_logistic,
    judge,
    judged_edits,
    read_set,
    with_confidence,
)
from mtqa.training.config import Recipe
from mtqa.training.devsets import DevSet, Sample


def synthetic(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Answers drawn with known odds."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3))
    odds = x @ np.array([1.5, -2.0, 0.0]) + 0.3
    return x, (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(float)


def test_known_coefficients_are_recovered() -> None:
    x, y = synthetic(20_000)
    weight, bias = fit_logistic(x, y, np.ones(len(x)))
    # Standard errors are about 0.03.
    np.testing.assert_allclose(weight, [1.5, -2.0, 0.0], atol=0.1)
    assert bias == pytest.approx(0.3, abs=0.1)


def test_the_penalised_likelihood_is_at_its_highest() -> None:
    x, y = synthetic(60)
    weights = np.random.default_rng(1).random(60)

    def loss(parameters: np.ndarray) -> float:
        z = x @ parameters[:3] + parameters[3]
        likelihood = weights @ (np.logaddexp(0, z) - y * z)
        return float(likelihood + calibrate.RIDGE / 2 * (parameters[:3] ** 2).sum())

    weight, bias = fit_logistic(x, y, weights)
    best = np.array([*weight, bias])
    for direction in np.eye(4):
        assert loss(best) < loss(best + 1e-2 * direction)
        assert loss(best) < loss(best - 1e-2 * direction)


def test_a_row_that_weighs_two_is_two_rows() -> None:
    x, y = synthetic(50)
    weights = 1.0 + (np.arange(50) % 2)
    twice = np.repeat(np.arange(50), weights.astype(int))
    heavy = fit_logistic(x, y, weights)
    long = fit_logistic(x[twice], y[twice], np.ones(len(twice)))
    np.testing.assert_allclose([*heavy[0], heavy[1]], [*long[0], long[1]], atol=1e-7)


@pytest.mark.parametrize("answer", [0.0, 1.0])
def test_answers_that_are_all_the_same_give_finite_numbers(answer: float) -> None:
    x, _ = synthetic(30)
    weight, bias = fit_logistic(x, np.full(30, answer), np.ones(30))
    assert np.isfinite([*weight, bias]).all()
    assert (bias > 3) is bool(answer)


def test_answers_that_one_feature_decides_give_finite_numbers() -> None:
    x, _ = synthetic(200)
    weight, bias = fit_logistic(x, (x[:, 0] > 0).astype(float), np.ones(200))
    assert np.isfinite([*weight, bias]).all()
    assert weight[0] > 5 * np.abs(weight[1:]).max()


def judged(gain: int, **values: float) -> Judged:
    return Judged(tuple(values.get(name, 0.0) for name in FEATURES), gain)


def as_calibration(part: dict[str, Any]) -> Calibration:
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in part.items()}
    return Calibration(**values)


def test_groups_weigh_the_same_whatever_their_size() -> None:
    good, bad = [judged(1)] * 10, [judged(-1)] * 500 + [judged(0)] * 500
    calibration = as_calibration(fit_confidence([good, bad]))
    assert calibration.probability([0.0] * len(FEATURES)) == pytest.approx(0.5, abs=1e-3)


def test_confidence_follows_what_helped() -> None:
    rng = np.random.default_rng(2)
    rows = [judged(1 if keep < -2 else -1, log_p_keep=keep) for keep in rng.uniform(-4, 0, 400)]
    calibration = as_calibration(fit_confidence([rows[:100], rows[100:], []]))
    sure, unsure = (
        calibration.probability(judged(0, log_p_keep=keep).values) for keep in (-3.5, -0.5)
    )
    assert unsure < 0.1 < 0.9 < sure


def test_no_edits_at_all_cannot_be_fitted() -> None:
    with pytest.raises(InputError, match="proposes no edit"):
        fit_confidence([[], []])


nats = st.lists(st.floats(-7.9, -0.01), min_size=1, max_size=15)


@given(nats, nats)
@settings(max_examples=100, deadline=None)
def test_the_medians_score_what_they_should(clean: list[float], trips: list[float]) -> None:
    high, low = float(np.median(clean)), float(np.median(trips))
    if high <= low:
        with pytest.raises(InputError, match="no more fluent"):
            fit_fluency(clean, trips)
        return
    assume(high - low > 1e-2)
    part = fit_fluency(clean, trips)
    scale = FluencyScale(**part)  # type: ignore[arg-type]
    # The card has six digits.
    assert sentence_fluency([high], scale) == pytest.approx(90, abs=0.05)
    assert sentence_fluency([low], scale) == pytest.approx(50, abs=0.05)


def test_each_proposal_is_judged_alone() -> None:
    sample = Sample("He go to an house.", "He goes to a house.")
    spans = {"go": "goes", "an": "a", "house": "home", "to": "to"}
    proposals = []
    for old, new in spans.items():
        start = sample.text.index(f" {old}") + 1
        proposals.append(Proposal(Edit(Span(start, start + len(old)), new), 0.5, -0.1, -3, None))
    reading = Reading("p1.s1", tuple(proposals), "", (Span(0, 2), Span(18, 18)), (-1, -1), None,
                      truncated=False)  # fmt: skip
    found = judge(sample, reading, -1.0)
    assert [j.gain for j in found] == [1, 1, -1, 0]
    assert {len(j.values) for j in found} == {len(FEATURES)}


MakeEditor = Callable[..., Editor]


def read(editor: Editor, devset: DevSet) -> Read:
    return Read(devset, tuple(read_set(editor, devset)))


@pytest.fixture
def editor(make_editor: MakeEditor, answer: Any) -> Editor:
    """Mends what one round trip breaks, spoils what was good, and doubts round trips."""
    script = {"brink": answer("edge"), "house": answer("home")}
    return make_editor(script, doubted={"A": 0.9, "by": 0.9})


def test_the_card_is_written_and_reads(
    editor: Editor, recipe: Recipe, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devsets, "PIVOTS", ("es", "gl"))  # this data has no others
    asked: list[str] = []

    def load_editor(folder: str) -> Editor:
        asked.append(folder)
        # What is fitted does not depend on what was fitted before.
        assert json.loads(card.read_text()) == {"name": "test/one"}
        return editor

    monkeypatch.setattr(calibrate, "load_editor", load_editor)
    card = tmp_path / "mtqa.json"
    card.write_text('{"name": "test/one", "min_confidence": 0.5, "fluency": {}}')
    calibrate.calibrate(recipe, data, tmp_path, tmp_path)
    first = card.read_bytes()
    calibrate.calibrate(recipe, data, tmp_path, tmp_path)
    assert card.read_bytes() == first
    assert asked == [str(tmp_path)] * 2
    written = read_card(tmp_path)
    points = [Point(**point) for point in json.loads((tmp_path / "curve.json").read_text())]
    assert (written.name, written.min_confidence) == ("test/one", choose(points))
    assert written.fluency is not None
    assert written.calibration is not None
    clean = devsets.clean(data, recipe.data, "tune", 2400)
    scores = [
        sentence_fluency(reading.logprobs, written.fluency)
        for readings in read_set(editor, clean)
        for reading in readings
    ]
    assert np.median(scores) == pytest.approx(90, abs=0.1)


def test_edits_of_broken_text_become_surer_than_edits_of_good_text(
    editor: Editor, recipe: Recipe, data: Path
) -> None:
    trips = devsets.round_trips(data, recipe.data, "tune", 600)[0]
    clean = devsets.clean(data, recipe.data, "tune", 600)
    groups = [judged_edits(r) for r in (read(editor, trips), read(editor, clean))]
    assert {j.gain for j in groups[0]} == {1, -1}
    assert {j.gain for j in groups[1]} == {-1}
    calibration = as_calibration(fit_confidence(groups))
    broken, good = ([calibration.probability(j.values) for j in group] for group in groups)
    assert min(broken) > max(good) + 0.2


# --- the threshold


def point(threshold: float, **values: float) -> Point:
    harmless = {"clean_changed": 0.0, "precision": 1.0, "worst_postedit": 0.0}
    return Point(threshold, **{**harmless, "postedit": 0.0, "roundtrip": 0.0, **values})


@pytest.mark.parametrize("harm", [{"clean_changed": 0.9}, {"worst_postedit": 0.1}])
def test_the_lowest_harmless_threshold_is_chosen(harm: dict[str, float]) -> None:
    assert choose([point(0.1, **harm), point(0.5), point(0.9)]) == 0.5
    assert choose([point(0.1, **harm), point(0.5, **harm)]) == 0.5


def made_up(kind: str) -> DevSet:
    """Sentences that one edit mends and another spoils; clean ones are only spoiled."""
    good, bad = "He sat on the edge of it .", "He sat on the brink of it ."
    text = good if kind == "clean" else bad
    return DevSet(kind, tuple((Sample(text, good),) * 3 for _ in range(4)))


def test_a_higher_threshold_lets_less_through(make_editor: MakeEditor, answer: Any) -> None:
    editor = make_editor({"brink": answer("edge", 0.8), "sat": answer("sits", 0.32)})
    kinds = ("roundtrip-es", "postedit-et", "postedit-ne", "clean")
    points = curve([read(editor, made_up(kind)) for kind in kinds])
    assert tuple(p.threshold for p in points) == THRESHOLDS
    changed = [p.clean_changed for p in points]
    assert changed == sorted(changed, reverse=True)
    by_threshold = {p.threshold: p for p in points}
    # One word right and one wrong, then the right one alone, then nothing.
    assert by_threshold[0.3] == Point(0.3, 100.0, 0.5, 0.0, 0.0, 0.0)
    assert by_threshold[0.5] == Point(0.5, 0.0, 1.0, -100.0, -100.0, -100.0)
    assert by_threshold[0.9] == Point(0.9, 0.0, 1.0, 0.0, 0.0, 0.0)
    assert choose(points) == 0.4


def test_confidences_come_from_the_calibration(make_editor: MakeEditor, answer: Any) -> None:
    editor = make_editor({"brink": answer("edge", 0.8), "sat": answer("sits", 0.32)})
    before = read(editor, made_up("roundtrip-es"))
    calibration = as_calibration(fit_confidence([judged_edits(before), [judged(1)]]))
    after = with_confidence(before, calibration)
    expected = [calibration.probability(j.values) for j in judged_edits(before)]
    found = [p.confidence for d in after.readings for r in d for p in r.proposals]
    assert found == expected
    assert after.devset == before.devset
    edits = [[p.edit for d in x.readings for r in d for p in r.proposals] for x in (before, after)]
    assert edits[0] == edits[1]
