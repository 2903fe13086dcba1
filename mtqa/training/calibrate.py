"""Confidence and fluency, fitted on held-out data and written into ``mtqa.json``.

Confidence: every edit that the editor proposes on the tuning documents is judged alone
(does the text come closer to its reference?), and a logistic regression from the edit's
evidence to that answer is fitted.  Round trips, real post-edits and clean prose weigh the
same.  Fluency: the median clean sentence shall score 90 and the median round trip 50.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from mtqa.editor import Editor, Reading, load_editor
from mtqa.editor.calibration import FEATURES, Calibration, features, mean_keep
from mtqa.editor.card import read_card
from mtqa.editor.guard import GuardPolicy, apply_guard
from mtqa.editor.view import known_words
from mtqa.edits import apply, diff
from mtqa.errors import InputError
from mtqa.scoring.fluency import mean_logprob
from mtqa.text.words import words
from mtqa.training import devsets
from mtqa.training.config import Recipe
from mtqa.training.devsets import DevSet, Sample

MEDIAN_CLEAN, MEDIAN_ROUND_TRIP = 90.0, 50.0  # fluency, 0-100
RIDGE = 1.0
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Read:
    """A set and the unguarded readings of its documents."""

    devset: DevSet
    readings: tuple[tuple[Reading, ...], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A proposed edit with its evidence, and whether it helped."""

    values: tuple[float, ...]  # one per FEATURES
    gain: int  # words by which the text came closer to its reference; negative is harm


def judge(sample: Sample, reading: Reading, doc_keep: float) -> list[Judged]:
    """Judge each proposal alone by word edit distance to the reference."""
    before = _distance(sample.text, sample.reference)
    return [
        Judged(
            features(p, reading=reading, text=sample.text, doc_keep=doc_keep),
            before - _distance(apply(sample.text, [p.edit]), sample.reference),
        )
        for p in reading.proposals
    ]


def _words(text: str) -> list[str]:
    return [span.of(text) for span in words(text)]


def read_set(editor: Editor, devset: DevSet) -> list[tuple[Reading, ...]]:
    """The unguarded readings of each document."""
    return [editor.read(devsets.segments(document)) for document in devset.documents]


def judged_edits(read: Read) -> list[Judged]:
    """All proposals of a set."""
    found = []
    for document, readings in zip(read.devset.documents, read.readings, strict=True):
        keep = mean_keep(readings)
        for sample, reading in zip(document, readings, strict=True):
            found += judge(sample, reading, keep)
    return found


def fit_logistic(x: Floats, y: Floats, weights: Floats) -> tuple[Floats, float]:
    """Weights and bias of a ridge logistic regression, by Newton's method.

    Args:
        x: [n, k], standardised.
        y: [n], 0 or 1.
        weights: [n], importance of each row.
    """
    design = np.hstack([x, np.ones((len(x), 1))])
    beta = np.zeros(design.shape[1])
    penalty = np.full(len(beta), RIDGE)
    penalty[-1] = 1e-6  # keeps the bias finite where all answers are the same
    for _ in range(50):
        p = (1 + np.tanh(design @ beta / 2)) / 2  # logistic, without overflow
        gradient = design.T @ (weights * (p - y)) + penalty * beta
        hessian = (design * (weights * p * (1 - p))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        beta -= step
        if np.abs(step).max() < 1e-8:
            break
    return beta[:-1], float(beta[-1])


def fit_confidence(groups: Sequence[Sequence[Judged]]) -> dict[str, object]:
    """The ``calibration`` part of ``mtqa.json``; each group weighs the same."""
    rows = [j for group in groups for j in group]
    if not rows:
        raise InputError("the editor proposes no edit", hint="train the editor for longer")
    x = np.array([j.values for j in rows])
    y = np.array([float(j.gain > 0) for j in rows])
    share = np.concatenate(
        [np.full(len(g), len(rows) / len(groups) / max(1, len(g))) for g in groups]
    )
    mean, scale = x.mean(0), x.std(0) + 1e-6
    weight, bias = fit_logistic((x - mean) / scale, y, share)
    return {
        "features": list(FEATURES),
        "mean": [round(float(v), 6) for v in mean],
        "scale": [round(float(v), 6) for v in scale],
        "weight": [round(float(v), 6) for v in weight],
        "bias": round(bias, 6),
        "source": "held-out round trips, post-edits and clean prose",
    }


def fit_fluency(clean: Sequence[float], round_trips: Sequence[float]) -> dict[str, object]:
    """The ``fluency`` part, from mean log-probabilities of sentences in nats."""
    high, low = float(np.median(clean)), float(np.median(round_trips))
    top, middle = (math.log(m / (100 - m)) for m in (MEDIAN_CLEAN, MEDIAN_ROUND_TRIP))
    width = (high - low) / (top - middle)
    if width <= 0:
        raise InputError(
            f"clean text ({high:.3f} nats) is no more fluent than round trips ({low:.3f} nats)",
            hint="train the editor for longer",
        )
    return {
        "midpoint": round(low - middle * width, 6),
        "width": round(width, 6),
        "source": "median held-out clean sentence 90, median round trip 50",
    }


def calibrate(recipe: Recipe, data: Path, folder: Path, run: Path, *, limit: int = 600) -> None:
    """Fit both on the tuning half of the held-out data and write ``mtqa.json``.

    The default threshold is chosen along the way; the whole curve goes to ``RUN/curve.json``.
    """
    card_file = folder / "mtqa.json"
    card = json.loads(card_file.read_text())
    for part in ("calibration", "fluency", "min_confidence"):
        card.pop(part, None)
    card_file.write_text(json.dumps(card, indent=1) + "\n")
    editor = load_editor(str(folder))
    trips = devsets.round_trips(data, recipe.data, "tune", limit)
    edits = devsets.post_edits(data, "tune", limit)
    prose = devsets.clean(data, recipe.data, "tune", 4 * limit)
    read = [Read(s, tuple(read_set(editor, s))) for s in (*trips, *edits, prose)]

    def group(prefix: str) -> list[Judged]:
        return [j for r in read if r.devset.name.startswith(prefix) for j in judged_edits(r)]

    def means(prefix: str) -> list[float]:
        some = [r for r in read if r.devset.name.startswith(prefix)]
        return [mean_logprob(x.logprobs) for r in some for d in r.readings for x in d]

    card["calibration"] = fit_confidence([group("roundtrip"), group("postedit"), group("clean")])
    card["fluency"] = fit_fluency(means("clean"), means("roundtrip"))
    card_file.write_text(json.dumps(card, indent=1) + "\n")
    calibration = read_card(folder).calibration
    assert calibration is not None
    points = curve([with_confidence(r, calibration) for r in read])
    (run / "curve.json").write_text(json.dumps([asdict(p) for p in points], indent=1) + "\n")
    card["min_confidence"] = choose(points)
    card_file.write_text(json.dumps(card, indent=1) + "\n")


@dataclass(frozen=True, slots=True)
class Point:
    """What one threshold does to the tuning sets, behind the guard."""

    threshold: float  # 0-1
    clean_changed: float  # per cent of the sentences
    precision: float  # 0-1, of edits on post-edited MT: share that moves towards the correction
    worst_postedit: float  # per cent, change of word error rate of the worst language
    postedit: float  # per cent, mean over languages; negative is better
    roundtrip: float  # per cent, mean over pivots; negative is better


THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
MOST_CLEAN_CHANGED = 0.8  # per cent of the sentences


def choose(points: Sequence[Point]) -> float:
    """The lowest threshold that makes no language of real MT worse and hardly touches clean text.

    The highest there is if none does.
    """
    for point in points:
        if point.clean_changed <= MOST_CLEAN_CHANGED and point.worst_postedit <= 1e-9:
            return point.threshold
    return points[-1].threshold


def with_confidence(read: Read, calibration: Calibration) -> Read:
    """The same readings with the confidence that a calibration gives their proposals."""
    documents = []
    for document, readings in zip(read.devset.documents, read.readings, strict=True):
        keep = mean_keep(readings)
        documents.append(
            tuple(
                replace(
                    reading,
                    proposals=tuple(
                        replace(
                            p,
                            confidence=calibration.probability(
                                features(p, reading=reading, text=sample.text, doc_keep=keep)
                            ),
                        )
                        for p in reading.proposals
                    ),
                )
                for sample, reading in zip(document, readings, strict=True)
            )
        )
    return Read(read.devset, tuple(documents))


def curve(read: Sequence[Read]) -> list[Point]:
    """One point per threshold."""
    return [_point(threshold, read) for threshold in THRESHOLDS]


def _point(threshold: float, read: Sequence[Read]) -> Point:
    policy = GuardPolicy(min_confidence=threshold)
    changes: dict[str, list[float]] = {"roundtrip": [], "postedit": []}
    helped = made = 0
    clean_changed = 0.0
    for r in read:
        kind = r.devset.name.split("-")[0]
        cleaned = guarded(r, policy)
        pairs = list(zip(r.devset.samples, cleaned, strict=True))
        if kind == "clean":
            clean_changed = 100 * sum(s.text != c for s, c in pairs) / len(pairs)
            continue
        before = sum(_distance(s.text, s.reference) for s, _ in pairs)
        after = sum(_distance(c, s.reference) for s, c in pairs)
        changes[kind].append(100 * (after / before - 1))
        if kind == "postedit":
            gains = [
                _distance(s.text, s.reference) - _distance(apply(s.text, [e]), s.reference)
                for s, c in pairs
                for e in diff(s.text, c)
            ]
            helped, made = helped + sum(g > 0 for g in gains), made + len(gains)
    return Point(
        threshold=threshold,
        clean_changed=clean_changed,
        precision=helped / made if made else 1.0,
        worst_postedit=max(changes["postedit"]),
        postedit=sum(changes["postedit"]) / len(changes["postedit"]),
        roundtrip=sum(changes["roundtrip"]) / len(changes["roundtrip"]),
    )


def guarded(read: Read, policy: GuardPolicy) -> list[str]:
    """The cleaned sentences of a set under a policy."""
    cleaned = []
    for document, readings in zip(read.devset.documents, read.readings, strict=True):
        segments = devsets.segments(document)
        known = known_words(segments)
        for segment, reading in zip(segments, readings, strict=True):
            cleaned.append(apply_guard(reading, segment, policy, known=known).cleaned)
    return cleaned


def _distance(text: str, reference: str) -> int:
    return Levenshtein.distance(_words(text), _words(reference))
