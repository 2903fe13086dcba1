"""``mtqa.json``: what a model folder says about itself to mtqa.  Every part is optional.

    {
      "name": "mtqa/shipped",
      "version": "1",
      "min_confidence": 0.5,                 0-1: edits below it are refused by default
      "fluency": {"midpoint": -0.5,          nats per token: scores 50
                  "width": 0.2,              nats per token, > 0
                  "source": "what it was fitted on"},
      "calibration": {"features": ["log_p_new", ...],   names from mtqa.editor.calibration
                      "mean": [...], "scale": [...],    of each feature, scale > 0
                      "weight": [...], "bias": 0.1,     of the standardised features
                      "source": "what it was fitted on"},
      "truecase": "truecase.json"            {"monday": "Monday", "the": "the", ...}
    }

A key that is not in this list is an error: it was meant to have an effect.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from mtqa.editor.calibration import FEATURES, Calibration
from mtqa.errors import ModelError
from mtqa.stats import FluencyScale

CARD = "mtqa.json"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The parts of ``mtqa.json``; absent parts are None."""

    name: str | None = None
    version: str | None = None
    min_confidence: float | None = None  # 0-1
    fluency: FluencyScale | None = None
    calibration: Calibration | None = None
    truecase: Mapping[str, str] | None = None  # lower case -> as it is written mid-sentence


def read_card(folder: Path) -> ModelCard:
    """Read ``mtqa.json`` of a model folder; an empty card where there is none.

    Raises:
        ModelError: naming the file and the key, for anything that is not as described above.
    """
    path = folder / CARD
    if not path.is_file():
        return ModelCard()
    keys = {"name", "version", "min_confidence", "fluency", "calibration", "truecase"}
    card = _Object(_read_json(path), path, "", keys)
    min_confidence = card.number("min_confidence") if "min_confidence" in card else None
    if min_confidence is not None and not 0 <= min_confidence <= 1:
        raise card.error("min_confidence", "a number from 0 to 1")
    return ModelCard(
        name=card.string("name") if "name" in card else None,
        version=card.string("version") if "version" in card else None,
        min_confidence=min_confidence,
        fluency=_fluency(card) if "fluency" in card else None,
        calibration=_calibration(card) if "calibration" in card else None,
        truecase=_truecase(folder, card) if "truecase" in card else None,
    )


def _fluency(card: _Object) -> FluencyScale:
    part = card.object("fluency", {"midpoint", "width", "source"})
    width = part.number("width")
    if width <= 0:
        raise part.error("width", "a number above 0")
    return FluencyScale(part.number("midpoint"), width, part.string("source"))


def _calibration(card: _Object) -> Calibration:
    part = card.object("calibration", {"features", "mean", "scale", "weight", "bias", "source"})
    names = part.strings("features")
    unknown = set(names) - set(FEATURES)
    if unknown or len(set(names)) != len(names):
        raise part.error("features", f"different names out of {', '.join(FEATURES)}")
    columns = {key: part.numbers(key) for key in ("mean", "scale", "weight")}
    for key, column in columns.items():
        if len(column) != len(names):
            raise part.error(key, f"{len(names)} numbers, one per feature")
    if min(columns["scale"], default=1.0) <= 0:
        raise part.error("scale", "numbers above 0")
    return Calibration(
        features=names,
        mean=columns["mean"],
        scale=columns["scale"],
        weight=columns["weight"],
        bias=part.number("bias"),
        source=part.string("source"),
    )


def _truecase(folder: Path, card: _Object) -> dict[str, str]:
    path = folder / card.string("truecase")
    if path.parent != folder or not path.is_file():
        raise card.error("truecase", "the name of a file beside it")
    table = _read_json(path)
    if not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
        raise ModelError("not a table of strings", where=str(path))
    return table


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot be read as JSON: {error}", where=str(path)) from None


class _Object:
    """A JSON object whose values are asked for by type."""

    def __init__(self, value: object, path: Path, at: str, keys: Collection[str]) -> None:
        self._path, self._at = path, at
        if not isinstance(value, dict):
            raise ModelError(f"{at or 'the file'} is not an object", where=str(path))
        unknown = sorted(set(value) - set(keys))
        if unknown:
            hint = f"known here are {', '.join(sorted(keys))}"
            raise ModelError(f"unknown key {at}{unknown[0]!r}", where=str(path), hint=hint)
        self._value: dict[str, object] = value

    def __contains__(self, key: str) -> bool:
        return key in self._value

    def error(self, key: str, wanted: str) -> ModelError:
        return ModelError(f"{self._at}{key!r} is not {wanted}", where=str(self._path))

    def _get(self, key: str) -> object:
        if key not in self._value:
            raise ModelError(f"{self._at}{key!r} is missing", where=str(self._path))
        return self._value[key]

    def string(self, key: str) -> str:
        value = self._get(key)
        if not isinstance(value, str):
            raise self.error(key, "a string")
        return value

    def number(self, key: str) -> float:
        value = self._get(key)
        if not _is_number(value):
            raise self.error(key, "a finite number")
        return float(value)  # type: ignore[arg-type]

    def strings(self, key: str) -> tuple[str, ...]:
        value = self._get(key)
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.error(key, "a list of strings")
        return tuple(value)

    def numbers(self, key: str) -> tuple[float, ...]:
        value = self._get(key)
        if not isinstance(value, list) or not all(map(_is_number, value)):
            raise self.error(key, "a list of finite numbers")
        return tuple(map(float, value))

    def object(self, key: str, keys: Collection[str]) -> _Object:
        return _Object(self._get(key), self._path, f"{key}.", keys)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
