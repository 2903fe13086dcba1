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
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from mtqa.editor import Editor, Reading, load_editor
from mtqa.editor.calibration import FEATURES, features, mean_keep
from mtqa.edits import apply
from mtqa.scoring.fluency import mean_logprob
from mtqa.text.words import words
from mtqa.training import devsets
from mtqa.training.config import Recipe
from mtqa.training.devsets import DevSet, Sample

MEDIAN_CLEAN, MEDIAN_ROUND_TRIP = 90.0, 50.0  # fluency, 0-100
RIDGE = 1.0
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A proposed edit with its evidence, and whether it helped."""

    values: tuple[float, ...]  # one per FEATURES
    gain: int  # words by which the text came closer to its reference; negative is harm


def judge(sample: Sample, reading: Reading, doc_keep: float) -> list[Judged]:
    """Judge each proposal alone by word edit distance to the reference."""
    reference = _words(sample.reference)
    before = Levenshtein.distance(_words(sample.text), reference)
    return [
        Judged(
            features(p, reading=reading, text=sample.text, doc_keep=doc_keep),
            before - Levenshtein.distance(_words(apply(sample.text, [p.edit])), reference),
        )
        for p in reading.proposals
    ]


def _words(text: str) -> list[str]:
    return [span.of(text) for span in words(text)]


def read_set(editor: Editor, devset: DevSet) -> list[tuple[Reading, ...]]:
    """The unguarded readings of each document."""
    return [editor.read(devsets.segments(document)) for document in devset.documents]


def judged_edits(devset: DevSet, readings: Sequence[tuple[Reading, ...]]) -> list[Judged]:
    """All proposals of a set."""
    found = []
    for document, read in zip(devset.documents, readings, strict=True):
        keep = mean_keep(read)
        for sample, reading in zip(document, read, strict=True):
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
    penalty[-1] = 0.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ beta))
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
    return {
        "midpoint": round(low - middle * width, 6),
        "width": round(width, 6),
        "source": "median held-out clean sentence 90, median round trip 50",
    }


def calibrate(recipe: Recipe, data: Path, folder: Path, *, limit: int = 600) -> None:
    """Fit both on the tuning half of the held-out data and write ``mtqa.json``."""
    card_file = folder / "mtqa.json"
    card = json.loads(card_file.read_text())
    for part in ("calibration", "fluency"):
        card.pop(part, None)
    card_file.write_text(json.dumps(card, indent=1) + "\n")
    editor = load_editor(str(folder))
    trips = devsets.round_trips(data, recipe.data, "tune", limit)
    edits = devsets.post_edits(data, "tune", limit)
    prose = devsets.clean(data, recipe.data, "tune", 4 * limit)
    read = {s.name: (s, read_set(editor, s)) for s in (*trips, *edits, prose)}

    def group(prefix: str) -> list[Judged]:
        return [
            j
            for name, (s, r) in read.items()
            if name.startswith(prefix)
            for j in judged_edits(s, r)
        ]

    def means(prefix: str) -> list[float]:
        pairs = [r for name, (_, r) in read.items() if name.startswith(prefix)]
        return [mean_logprob(x.logprobs) for documents in pairs for d in documents for x in d]

    card["calibration"] = fit_confidence([group("roundtrip"), group("postedit"), group("clean")])
    card["fluency"] = fit_fluency(means("clean"), means("roundtrip"))
    card_file.write_text(json.dumps(card, indent=1) + "\n")
