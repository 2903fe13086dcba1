"""The metrics that a gate can test: their names in policies, and what difference matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mtqa.errors import InputError
from mtqa.gate.types import Amount
from mtqa.report import Report
from mtqa.scoring.overlap import OverlapMetric
from mtqa.stats import Score

STRINGS: Final[tuple[OverlapMetric, ...]] = ("bleu", "chrf", "ter")  # need no editor


@dataclass(frozen=True, slots=True)
class GateMetric:
    """A metric as policies name it."""

    score: str  # the metric of the scores it reads; a prefix of it where options end the name
    from_editor: bool  # depends on what the editor read
    from_references: bool
    per_sentence: bool  # one row per sentence, not per paragraph
    gold: int | None  # column of its rows that comes from gold spans alone
    min_difference: float  # in the metric's unit: a smaller drop is no regression
    matters: float  # in the metric's unit: a drop that readers would notice


# A drop that is certain but less than a tenth of what matters is not worth stopping for.
# What matters is a convention (a point of BLEU or chrF, ...); a policy can set its own.
METRICS: Final[dict[str, GateMetric]] = {
    "bleu": GateMetric("BLEU", False, True, False, None, 0.1, 1.0),
    "chrf": GateMetric("chrF", False, True, False, None, 0.1, 1.0),
    "ter": GateMetric("TER", False, True, False, None, 0.1, 1.0),
    "fluency": GateMetric("fluency", True, False, True, None, 0.2, 2.0),
    "mqm": GateMetric("MQM (", True, False, True, None, 0.02, 0.2),
    "span-f1": GateMetric("span F1", True, False, False, 3, 0.5, 5.0),
    "edit-f0.5": GateMetric("edit F0.5", True, True, False, None, 0.5, 5.0),
    "harm": GateMetric("harm rate", True, True, False, None, 0.5, 5.0),
}


def score_of(report: Report, name: str) -> Score | None:
    """The score that a gate metric reads, or None if the report does not have it.

    BLEU, chrF and TER are those of the text as it came: the gate guards the translation.
    """
    prefix = METRICS[name].score
    before = (comparison.before for comparison in report.comparisons)
    return next((s for s in (*before, *report.scores) if s.metric.startswith(prefix)), None)


def amount(name: str, given: Sequence[Amount], *, default: float) -> float:
    """The figure given for a metric, else the default."""
    return next((item.value for item in given if item.metric == name), default)


def check_name(name: str) -> str:
    """The name, if there is such a metric.

    Raises:
        InputError: there is none; the message names the nearest one.
    """
    if name in METRICS:
        return name
    from rapidfuzz import process  # imported here: needed only to explain an error

    nearest, *_ = process.extractOne(name, list(METRICS))
    raise InputError(
        f"no metric is called {name!r}",
        hint=f"did you mean {nearest!r}? There are {', '.join(METRICS)}",
    )
