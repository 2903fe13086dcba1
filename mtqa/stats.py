"""Scores as sums over segments, resampled together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """A figure with its interval, and the per-segment rows it was summed from."""

    metric: str  # "BLEU", "chrF2++", "TER", "fluency", ...
    value: float
    unit: str  # "0-100", "per 1,000 words", ...
    higher_is_better: bool
    low: float | None  # 95 % interval; None where it cannot be given
    high: float | None
    signature: str  # metric, version, options: unlike signatures are not compared
    stats: tuple[tuple[float, ...], ...]  # one row of sufficient statistics per segment
