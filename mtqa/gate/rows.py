"""The rows of one metric over all documents, before and after, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtqa.errors import InputError
from mtqa.gate.metrics import METRICS, score_of
from mtqa.gate.pairing import Pair
from mtqa.report import Report
from mtqa.scoring.metrics import Metric, metric_named
from mtqa.stats import Floats, Score


@dataclass(frozen=True, slots=True)
class PairedRows:
    """Two versions of the same paragraphs, as sufficient statistics."""

    metric: Metric
    before: tuple[tuple[float, ...], ...]
    after: tuple[tuple[float, ...], ...]
    documents: tuple[int, ...]  # for each row, which pair it is of


@dataclass(frozen=True, slots=True)
class Incomparable:
    """Why there are no rows: what differs, naming both sides."""

    reason: str


def paired_rows(pairs: Sequence[Pair], name: str) -> PairedRows | Incomparable | None:
    """The rows of a metric; None where no document has it on either side.

    A document that has it on neither side is left out: it has no reference.

    Args:
        pairs: the documents.
        name: a key of ``METRICS``.
    """
    before: list[tuple[float, ...]] = []
    after: list[tuple[float, ...]] = []
    documents: list[int] = []
    metric: Metric | None = None
    for index, couple in enumerate(pairs):
        one, other = score_of(couple.before, name), score_of(couple.after, name)
        if one is None and other is None:
            continue
        known = one or other
        assert known is not None
        obstacle = _obstacle(one, other, couple, name)
        if metric is not None and metric.name != known.metric:
            obstacle = f"{metric.name} in one document, {known.metric} in another"
        if obstacle:
            return Incomparable(obstacle)
        metric = metric_named(known.metric)
        width = len(known.stats[0])
        ours, theirs = (
            _by_paragraph(couple.before, one, name, width),
            _by_paragraph(couple.after, other, name, width),
        )
        before += [tuple(ours[i].tolist()) for i, _ in couple.paragraphs]
        after += [tuple(theirs[j].tolist()) for _, j in couple.paragraphs]
        documents += [index] * len(couple.paragraphs)
    if metric is None:
        return None
    if not _same_gold(before, after, name):
        return Incomparable("other gold spans than in the baseline")
    return PairedRows(metric, tuple(before), tuple(after), tuple(documents))


def _obstacle(one: Score | None, other: Score | None, couple: Pair, name: str) -> str | None:
    if one is None or other is None:
        if name == "harm":  # not defined where no edit was made: nothing was harmed there
            return None
        side = "the baseline" if one is None else "this run"
        where = couple.after.document.path or "<text>"
        return f"{side} has no {METRICS[name].score.rstrip(' (')} for {where}"
    for what, was, now in (
        ("metric", one.metric, other.metric),
        ("signature", one.signature, other.signature),
    ):
        if was != now:
            return f"another {what}: {was} in the baseline, {now} now"
    return None


def _by_paragraph(report: Report, score: Score | None, name: str, width: int) -> Floats:
    """One row per paragraph: sentences may be split otherwise in another version."""
    document = report.document
    sums: Floats = np.zeros((len(document.paragraphs), width))
    if score is None:
        return sums
    if METRICS[name].per_sentence:
        index = [segment.paragraph for segment in document.segments]
    else:
        index = list(range(len(document.paragraphs)))
    if len(score.stats) != len(index) or any(len(row) != width for row in score.stats):
        raise InputError(
            f"the rows of {score.metric} do not fit the text",
            where=document.path,
            hint="make the report again",
        )
    np.add.at(sums, index, np.array(score.stats, dtype=np.float64))
    return sums


def _same_gold(
    before: Sequence[tuple[float, ...]], after: Sequence[tuple[float, ...]], name: str
) -> bool:
    column = METRICS[name].gold
    if column is None:
        return True
    pairs = zip(before, after, strict=True)
    return all(one[column] == other[column] for one, other in pairs)
