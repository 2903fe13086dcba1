"""How the scores of a report are written, the same in every form for people."""

from __future__ import annotations

from mtqa.report import Comparison
from mtqa.stats import Score


def figure(score: Score) -> str:
    """The value, with its 95 % interval if it has one: "69.4 [53.5, 79.0]"."""
    form = f".{_digits(score)}f"
    return f"{_shown(score.value, form)}{_interval(score.low, score.high, form)}"


def difference(comparison: Comparison) -> str:
    """After minus before, with its interval: "+22.5 [+0.0, +36.6]"."""
    paired = comparison.paired
    form = f"+.{_digits(comparison.before)}f"
    return f"{_shown(paired.difference, form)}{_interval(paired.low, paired.high, form)}"


def gain(comparison: Comparison) -> float:
    """How much better it became: above 0 is better, whichever way the metric counts."""
    by = comparison.paired.difference
    return by if comparison.before.higher_is_better else -by


def p_value(comparison: Comparison) -> str:
    """The p-value to three decimals."""
    p = comparison.paired.p_value
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def unit(score: Score) -> str:
    """The scale and its direction."""
    better = "higher" if score.higher_is_better else "lower"
    return f"{score.unit}, {better} is better"


def _digits(score: Score) -> int:
    """Decimals: as many as a scale of that length deserves."""
    return 3 if score.unit == "0-1" else 1


def _interval(low: float | None, high: float | None, form: str) -> str:
    if low is None or high is None:
        return ""
    return f" [{_shown(low, form)}, {_shown(high, form)}]"


def _shown(value: float, form: str) -> str:
    """A number that rounds to nothing has no minus."""
    rounded = float(f"{value:{form}}")
    return f"{rounded + 0.0:{form}}"
