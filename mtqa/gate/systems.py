"""Several translations of the same text, each against each: which is better, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from mtqa.errors import InputError
from mtqa.scoring.metrics import compare, metric_named
from mtqa.scoring.overlap import OverlapMetric, score
from mtqa.stats import SEED, PairedResult, Score, holm
from mtqa.stats import value as value_of

SCHEMA = "mtqa.compare/1"


@dataclass(frozen=True, slots=True)
class System:
    """A translation, segment by segment."""

    name: str
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duel:
    """Two systems under one metric."""

    metric: str
    first: str  # name of a system
    second: str
    result: PairedResult  # second - first; its p-value as it is, two-sided
    p_corrected: float  # 0-1, by Holm over all pairs of systems under this metric


@dataclass(frozen=True, slots=True)
class Difference:
    """A segment that two systems translate with unlike success."""

    number: int  # of the segment, from 1
    first: float  # score of the first system's segment, in the metric's unit
    second: float
    texts: tuple[str, str]
    reference: str


@dataclass(frozen=True, slots=True)
class Contest:
    """What came out."""

    schema: str  # SCHEMA
    systems: tuple[str, ...]
    segments: int
    scores: tuple[tuple[Score, ...], ...]  # by metric, then by system
    duels: tuple[Duel, ...]  # by metric, then by pair
    most_different: tuple[Difference, ...]  # of the first two systems, under the first metric


def contest(
    systems: Sequence[System],
    references: Sequence[Sequence[str]],
    metrics: Sequence[OverlapMetric],
    *,
    n: int = 1000,
    seed: int = SEED,
    show: int = 5,
) -> Contest:
    """Score every system, and test every pair under every metric.

    Args:
        systems: at least two, of the same segments in the same order.
        references: streams, as in ``mtqa.scoring.overlap.score``.
        metrics: at least one; the first one ranks the segments.
        n: resamples of each test.
        seed: of all of them.
        show: how many segments that differ to name.

    Raises:
        InputError: fewer than two systems, or two of one name.
        PairingError: unlike numbers of segments.
    """
    names = [system.name for system in systems]
    if len(systems) < 2 or len(set(names)) < len(names):
        raise InputError(
            "two or more systems of different names are needed to compare",
            hint="give at least two files",
        )
    scores = tuple(
        tuple(score(system.segments, references, metric) for system in systems)
        for metric in metrics
    )
    duels = tuple(duel for row in scores for duel in _duels(names, row, n=n, seed=seed))
    return Contest(
        schema=SCHEMA,
        systems=tuple(names),
        segments=len(systems[0].segments),
        scores=scores,
        duels=duels,
        most_different=_most_different(systems, scores[0], references[0], show),
    )


def _duels(names: Sequence[str], row: Sequence[Score], *, n: int, seed: int) -> tuple[Duel, ...]:
    pairs = list(combinations(range(len(row)), 2))
    results = [compare(row[i], row[j], n=n, seed=seed) for i, j in pairs]
    corrected = holm([result.p_value for result in results])
    return tuple(
        Duel(row[i].metric, names[i], names[j], result, p)
        for (i, j), result, p in zip(pairs, results, corrected, strict=True)
    )


def _most_different(
    systems: Sequence[System], row: Sequence[Score], reference: Sequence[str], show: int
) -> tuple[Difference, ...]:
    """Of the segments that the first two systems translate differently."""
    statistic = metric_named(row[0].metric).statistic
    found = []
    for index, (one, two) in enumerate(zip(row[0].stats, row[1].stats, strict=True)):
        values = [value_of([stats], statistic) for stats in (one, two)]
        if one == two or values[0] is None or values[1] is None:
            continue
        texts = (systems[0].segments[index], systems[1].segments[index])
        found.append(Difference(index + 1, values[0], values[1], texts, reference[index]))
    found.sort(key=lambda each: (-abs(each.second - each.first), each.number))
    return tuple(found[:show])
