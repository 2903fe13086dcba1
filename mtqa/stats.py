"""Scores as sums over segments, resampled together.

Every metric in mtqa is a function of rows of sufficient statistics, one row per
segment, added up: BLEU's n-gram counts, the edits found and missed, the words and
penalty points.  So one bootstrap and one paired test serve them all.

A ``Statistic`` takes an array ``[n, k]`` (n sums of k columns) to ``[n]`` values.  It
answers NaN where the metric is not defined (a share of nothing); NaN never leaves this
module: what cannot be given is ``None``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = Sequence[Sequence[float]]  # [segments, k]
Statistic: TypeAlias = Callable[[Floats], Floats]  # [n, k] sums -> [n] values
# What a test looks for: any difference, or only "after" being the lesser or the greater.
Alternative: TypeAlias = Literal["two-sided", "less", "greater"]

SEED = 12345  # sacrebleu's, so that the habit of quoting it carries over
_CELLS = 4_000_000  # weights held at once while resampling: 32 MB, whatever the corpus
_UNDEFINED = 0.05  # share of resamples that may be undefined before an interval is refused
_FOUND = 0.8  # share of true differences that a detectable one stands for


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


@dataclass(frozen=True, slots=True)
class FluencyScale:
    """How a mean token log-probability becomes a score: 100 * logistic((x - midpoint) / width)."""

    midpoint: float  # nats per token; a sentence at this value scores 50
    width: float  # nats per token, > 0
    source: str  # what it was calibrated on, for the report

    def __post_init__(self) -> None:
        if not self.width > 0:
            raise ValueError(f"the width of a fluency scale must be positive, not {self.width}")


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval, in the unit of the score."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairedResult:
    """How two versions of the same segments differ: after minus before."""

    difference: float  # in the unit of the score
    low: float | None  # 95 % interval of the difference; None where it cannot be given
    high: float | None
    p_value: float  # 0-1; 1 for versions that do not differ
    detectable: float | None  # smallest true difference found 4 times in 5 at the level, > 0


def value(rows: Rows, statistic: Statistic) -> float | None:
    """The statistic over all rows, or None where it is not defined.

    >>> value([(1, 2), (2, 2)], lambda s: s[:, 0] / s[:, 1])
    0.75
    """
    result = float(statistic(_matrix(rows).sum(axis=0, keepdims=True))[0])
    return None if np.isnan(result) else result


def bootstrap(
    rows: Rows,
    statistic: Statistic,
    *,
    n: int = 1000,
    seed: int = SEED,
    confidence: float = 0.95,
    clusters: Sequence[Hashable] | None = None,
) -> Interval | None:
    """The percentile bootstrap interval of a statistic (Efron 1979; Koehn 2004 for MT).

    Args:
        rows: sufficient statistics, ``[segments, k]``.
        statistic: ``[n, k]`` sums to ``[n]`` values.
        n: resamples.
        seed: of the resampling; equal seeds give equal intervals.
        confidence: 0-1, the share of resamples inside.
        clusters: one label per row (a document id); whole clusters are then resampled,
            because sentences of one article are not independent.

    Returns:
        None where the data cannot say: fewer than two rows (or clusters), rows that are
        all zero, or a statistic undefined in more than one resample of twenty.

    >>> interval = bootstrap([(1, 2)] * 30 + [(0, 2)] * 30, lambda s: s[:, 0] / s[:, 1])
    >>> round(interval.low, 1), round(interval.high, 1)
    (0.2, 0.3)
    """
    units = _units(_matrix(rows), clusters)
    if len(units) < 2 or not units.any():
        return None
    values = np.concatenate([statistic(w @ units) for w in _resamples(len(units), n, seed)])
    return _percentiles(values, confidence)


def paired_test(
    rows_a: Rows,
    rows_b: Rows,
    statistic: Statistic,
    *,
    n: int = 1000,
    seed: int = SEED,
    clusters: Sequence[Hashable] | None = None,
    alternative: Alternative = "two-sided",
    level: float = 0.05,
) -> PairedResult:
    """Is b different from a?  Both are versions of the same segments, in the same order.

    The interval is a paired bootstrap: both sides are summed over the same resamples
    (Koehn 2004).  The p-value is from approximate randomisation (Noreen 1989; Riezler
    and Maxwell 2005; ``sacrebleu --paired-ar``): each segment's two rows are swapped with
    probability one half, and ``p = (c + 1) / (n + 1)``, where c counts the swappings whose
    absolute difference is at least the one observed.  It keeps its level with the ten or
    twenty paragraphs of one article, where a bootstrap p-value calls chance a difference
    too often, and it is 1 for versions that do not differ.  A one-sided test counts the
    swappings whose difference is at least as far to that side.

    Args:
        rows_a: before, ``[segments, k]``.
        rows_b: after, the same segments.
        statistic: ``[n, k]`` sums to ``[n]`` values.
        n: resamples, and swappings.
        seed: of both.
        clusters: one label per row (a document id); whole clusters are then resampled
            and swapped.
        alternative: what is looked for: b "less" than a, "greater", or either.
        level: 0-1, the significance level that ``detectable`` is about.

    Raises:
        ValueError: if the two sides have unlike numbers of rows or columns, no rows, or a
            statistic that is not defined over all of them.

    >>> share = lambda s: s[:, 0] / s[:, 1]
    >>> paired_test([(1, 2)] * 20, [(2, 2)] * 20, share).difference
    0.5
    """
    if len(rows_a) != len(rows_b) or not len(rows_a):
        raise ValueError(f"cannot pair {len(rows_a)} rows with {len(rows_b)}")
    matrix_a, matrix_b = _matrix(rows_a), _matrix(rows_b)
    if matrix_a.shape != matrix_b.shape:
        raise ValueError(f"unlike rows: {matrix_a.shape[1]} columns and {matrix_b.shape[1]}")
    a, b = _units(matrix_a, clusters), _units(matrix_b, clusters)
    whole = np.ones((1, len(a)))
    observed = float(_difference(statistic, whole @ a, whole @ b)[0])
    if np.isnan(observed):
        raise ValueError("the statistic is not defined over all rows")
    interval, error = None, None
    if len(a) > 1 and (a.any() or b.any()):
        draws = [_difference(statistic, w @ a, w @ b) for w in _resamples(len(a), n, seed)]
        interval, error = _percentiles(np.concatenate(draws), 0.95), _spread(draws)
    return PairedResult(
        difference=observed,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        p_value=_randomisation(a, b, statistic, _Observed(observed, alternative), n=n, seed=seed),
        detectable=_power(alternative, level) * error if interval and error else None,
    )


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """P-values corrected for being several (Holm 1979), in the order given.

    At most ``level`` of all families hold a corrected p-value of at most ``level`` by
    chance, whatever the p-values have to do with each other.

    >>> holm([0.01, 0.04, 0.03])
    (0.03, 0.06, 0.06)
    """
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = highest
    return tuple(corrected)


@dataclass(frozen=True, slots=True)
class _Observed:
    """A difference, and which others count as being as extreme."""

    difference: float
    alternative: Alternative

    def reached_by(self, values: Floats) -> NDArray[np.bool_]:
        """Which values are at least as extreme; undefined ones are."""
        # Sums differ in their last bits when the order of addition does.
        slack = abs(self.difference) * 1e-9 + 1e-12
        if self.alternative == "less":
            short = values > self.difference + slack
        elif self.alternative == "greater":
            short = values < self.difference - slack
        else:
            short = np.abs(values) < abs(self.difference) - slack
        return np.logical_not(short)


def _power(alternative: Alternative, level: float) -> float:
    """Standard errors that a true difference must have to be found four times in five."""
    normal = NormalDist()
    tail = level / 2 if alternative == "two-sided" else level
    return round(normal.inv_cdf(1 - tail), 6) + round(normal.inv_cdf(_FOUND), 6)


def _difference(statistic: Statistic, a: Floats, b: Floats) -> Floats:
    return statistic(b) - statistic(a)


def _randomisation(
    a: Floats, b: Floats, statistic: Statistic, observed: _Observed, *, n: int, seed: int
) -> float:
    """The p-value of ``observed`` under swapping of rows; see ``paired_test``."""
    rng = np.random.default_rng(seed)
    total, as_extreme = a + b, 0
    for size in _chunks(n, len(a)):
        swap = rng.integers(0, 2, size=(size, len(a))).astype(np.float64)
        first = swap @ a + (1 - swap) @ b
        values = _difference(statistic, first, total.sum(axis=0) - first)
        # An undefined difference counts as extreme: against finding one.
        as_extreme += int(observed.reached_by(values).sum())
    return (as_extreme + 1) / (n + 1)


def _matrix(rows: Rows) -> Floats:
    matrix = np.array(rows, dtype=np.float64)
    if matrix.ndim != 2:
        raise ValueError("rows must be a non-empty table: one row of equal length per segment")
    return matrix


def _units(matrix: Floats, clusters: Sequence[Hashable] | None) -> Floats:
    """What is resampled: the rows, or their sums by cluster, ``[units, k]``."""
    if clusters is None:
        return matrix
    if len(clusters) != len(matrix):
        raise ValueError(f"{len(clusters)} cluster labels for {len(matrix)} rows")
    numbers: dict[Hashable, int] = {}
    index = [numbers.setdefault(label, len(numbers)) for label in clusters]
    sums = np.zeros((len(numbers), matrix.shape[1]))
    np.add.at(sums, index, matrix)
    return sums


def _chunks(n: int, units: int) -> Iterator[int]:
    """Sizes that add up to ``n``, each small enough to hold its weights in memory."""
    step = max(1, _CELLS // units)
    for start in range(0, n, step):
        yield min(step, n - start)


def _resamples(units: int, n: int, seed: int) -> Iterator[Floats]:
    """How often each unit is drawn in each resample: arrays ``[<= n, units]``, n rows in all."""
    rng = np.random.default_rng(seed)
    for size in _chunks(n, units):
        drawn = rng.integers(units, size=(size, units)) + units * np.arange(size)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=size * units)
        yield counts.reshape(size, units).astype(np.float64)


def _percentiles(values: Floats, confidence: float) -> Interval | None:
    defined = values[~np.isnan(values)]
    if len(values) - len(defined) > _UNDEFINED * len(values):
        return None
    tail = 100 * (1 - confidence) / 2
    low, high = np.percentile(defined, [tail, 100 - tail])
    return Interval(float(low), float(high))


def _spread(draws: Sequence[Floats]) -> float | None:
    """The standard error of the resampled differences; None where they do not vary."""
    error = float(np.nanstd(np.concatenate(draws)))
    return error if error > 0 else None
