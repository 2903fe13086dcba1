"""What was asked for in absolute terms: figures, and findings of some severity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtqa.gate.metrics import score_of
from mtqa.gate.types import Amount, Breach, Located, Policy
from mtqa.report import SEVERITIES, Report, Severity
from mtqa.scoring.metrics import metric_named
from mtqa.stats import Score
from mtqa.stats import value as value_of


def pooled(reports: Sequence[Report], name: str) -> Score | None:
    """The score of all documents together; None where no document has it.

    The rows of all documents are added up: it is not the mean of their scores.  Nothing is
    resampled, so there is no interval.
    """
    scores = [score for report in reports if (score := score_of(report, name)) is not None]
    if not scores or len({score.metric for score in scores}) > 1:
        return None
    if len(scores) == 1:
        return scores[0]
    rows = tuple(row for score in scores for row in score.stats)
    value = value_of(rows, metric_named(scores[0].metric).statistic)
    first = scores[0]
    if value is None:
        return None
    return Score(
        metric=first.metric,
        value=value,
        unit=first.unit,
        higher_is_better=first.higher_is_better,
        low=None,
        high=None,
        signature=first.signature,
        stats=rows,
    )


def unmet(reports: Sequence[Report], policy: Policy) -> tuple[str, ...]:
    """Thresholds on metrics that the reports do not have: they cannot be judged."""
    wanted = dict.fromkeys(item.metric for item in (*policy.minimum, *policy.maximum))
    return tuple(
        f"there is a threshold for {name}, and no document has that score"
        for name in wanted
        if pooled(reports, name) is None
    )


def breaches(
    reports: Sequence[Report], findings: Sequence[Located], policy: Policy
) -> tuple[Breach, ...]:
    """Everything that is below what was asked for, except regressions."""
    return (
        *_figures(reports, policy.minimum, least=True),
        *_figures(reports, policy.maximum, least=False),
        *_grave(findings, policy),
    )


def _figures(
    reports: Sequence[Report], amounts: Sequence[Amount], *, least: bool
) -> Iterator[Breach]:
    for limit in amounts:
        score = pooled(reports, limit.metric)
        if score is None:
            continue
        short = limit.value - score.value if least else score.value - limit.value
        if short > 0:
            side = "below" if least else "above"
            what = f"{score.metric} {score.value:.4g} is {side} {limit.value:g}"
            yield Breach("threshold", what, None)


def _grave(findings: Sequence[Located], policy: Policy) -> Iterator[Breach]:
    for index, located in enumerate(findings):
        severity = located.finding.severity
        if located.new and _at_least(severity, policy.fail_on_new):
            yield Breach("new finding", _said(located), index)
        elif _at_least(severity, policy.fail_on):
            yield Breach("finding", _said(located), index)


def _at_least(severity: Severity, limit: Severity | None) -> bool:
    return limit is not None and SEVERITIES.index(severity) >= SEVERITIES.index(limit)


def _said(located: Located) -> str:
    finding = located.finding
    kind = "new finding" if located.new else "finding"
    return f"{kind}, {finding.severity}, {finding.category}: {finding.message}"
