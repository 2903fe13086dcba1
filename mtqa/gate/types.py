"""What the gate is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mtqa.report import Finding, Severity
from mtqa.stats import SEED

Outcome: TypeAlias = Literal["PASS", "REGRESSED", "INCONCLUSIVE", "INCOMPARABLE"]
Unit: TypeAlias = Literal["auto", "document", "paragraph"]

SCHEMA = "mtqa.gate/1"


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure for one metric, by the metric's name in ``mtqa.gate.metrics.METRICS``."""

    metric: str
    value: float  # in the metric's unit


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts as a regression.

    The primary metric is tested at ``alpha``; the others are corrected by Holm to ``alpha``
    as one family.  So chance alone makes a gate fail at most twice ``alpha`` of the time.
    """

    metrics: tuple[str, ...] | None = None  # None: all that the reports hold
    primary: str | None = None  # None: chrf where there are references, else fluency
    alpha: float = 0.01  # 0-1, one-sided
    resamples: int = 1000  # of the bootstrap and of the randomisation test
    seed: int = SEED
    unit: Unit = "auto"  # what is resampled; auto: documents if there are MIN_DOCUMENTS
    min_difference: tuple[Amount, ...] = ()  # a smaller drop is no regression; else the default
    matters: tuple[Amount, ...] = ()  # a drop that one must be able to see; else the default
    minimum: tuple[Amount, ...] = ()  # thresholds
    maximum: tuple[Amount, ...] = ()
    fail_on: Severity | None = None  # any finding this severe or worse
    fail_on_new: Severity | None = "major"  # likewise, but only findings the baseline has not
    strict: bool = False  # INCONCLUSIVE is "could not judge"


DEFAULT_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One metric, before and after."""

    metric: str  # "BLEU", as scores call it
    unit: str  # "0-100", ...
    higher_is_better: bool
    before: float | None  # in unit; None where it cannot be given, as in the next four
    after: float | None
    difference: float | None  # after - before
    low: float | None  # 95 % interval of the difference
    high: float | None
    p_value: float | None  # 0-1, one-sided: that it got worse; corrected unless primary
    margin: float  # a drop must be larger to be a regression; in unit, >= 0
    detectable: float | None  # smallest drop found four times in five; in unit, > 0
    primary: bool
    outcome: Outcome
    reason: str  # one sentence, for a person


@dataclass(frozen=True, slots=True)
class Located:
    """A finding of today, and whether the baseline has it."""

    document: int  # index into the reports
    finding: Finding
    fingerprint: str  # the same wherever the error moves in the document
    new: bool | None  # None: there is no baseline, or it cannot be compared


BreachKind: TypeAlias = Literal["threshold", "finding", "new finding"]


@dataclass(frozen=True, slots=True)
class Breach:
    """Quality below what was asked, other than a regression of a metric."""

    kind: BreachKind
    what: str  # one sentence, for a person
    finding: int | None  # index into Result.findings; None: it is about a figure


@dataclass(frozen=True, slots=True)
class Result:
    """What the gate says.  The reports it is about are kept beside it, not in it."""

    schema: str  # SCHEMA
    tool: str  # "mtqa 0.1.0"
    exit_code: int  # 0 pass, 1 below what was asked, 2 could not judge
    documents: int  # compared
    paragraphs: int  # compared
    unit: str  # what was resampled: "document" or "paragraph"
    verdicts: tuple[Verdict, ...]
    findings: tuple[Located, ...]  # all of today's, by document and position
    breaches: tuple[Breach, ...]
    problems: tuple[str, ...]  # what could not be judged, besides INCOMPARABLE metrics
    strict: bool  # whether INCONCLUSIVE counts as not judged
    notices: tuple[str, ...]  # what to know when reading the verdicts
