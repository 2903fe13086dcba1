"""Two sets of reports and a policy to a result.  Pure: no disk, no clock, no chance but the seed.

A metric has REGRESSED when it got worse by more than ``min_difference`` and a one-sided
paired test says that chance does not explain it.  It is INCONCLUSIVE when it has not, but a
drop that matters cannot be ruled out either: the 95 % interval of the difference reaches it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtqa import __version__
from mtqa.errors import InputError
from mtqa.gate.fingerprints import fingerprints, new_findings
from mtqa.gate.metrics import METRICS, amount, check_name, score_of
from mtqa.gate.pairing import Pair, Pairing, editor_obstacle, pair, reference_obstacle
from mtqa.gate.rows import Incomparable, PairedRows, paired_rows
from mtqa.gate.thresholds import breaches, pooled, unmet
from mtqa.gate.types import DEFAULT_POLICY, SCHEMA, Located, Outcome, Policy, Result, Verdict
from mtqa.report import Report
from mtqa.stats import Alternative, PairedResult, holm, paired_test
from mtqa.stats import value as value_of

# With fewer, swapping whole documents cannot give a p-value of 0.01: 2^-7 < 0.01 < 2^-6.
# One more, because the other metrics are corrected for being several.
MIN_DOCUMENTS = 8


def gate(
    before: Sequence[Report] | None,
    after: Sequence[Report],
    *,
    policy: Policy = DEFAULT_POLICY,
) -> Result:
    """Say whether today's reports are good enough.

    Args:
        before: the baseline; None where only thresholds are asked about.
        after: today's reports.
        policy: what counts as a regression.

    Raises:
        InputError: there is nothing to judge, or the policy names no metric.
    """
    _check(after, policy)
    pairing = Pairing((), ()) if before is None else pair(before, after)
    unit = _unit(pairing.pairs, policy)
    tested, unknown = _tests(pairing.pairs, policy, unit)
    verdicts = _verdicts(tested, pairing.pairs, policy)
    findings = _findings(pairing.pairs, after)
    found = breaches(after, findings, policy)
    problems = (*pairing.problems, *_failures(after), *unmet(after, policy), *unknown)
    return Result(
        schema=SCHEMA,
        tool=f"mtqa {__version__}",
        exit_code=_exit_code(verdicts, problems, below=bool(found), strict=policy.strict),
        documents=len(pairing.pairs),
        paragraphs=sum(len(couple.paragraphs) for couple in pairing.pairs),
        unit=unit,
        verdicts=verdicts,
        findings=findings,
        breaches=found,
        problems=problems,
        strict=policy.strict,
        notices=_notices(pairing.pairs, tested, verdicts, policy, unit=unit),
    )


def _check(after: Sequence[Report], policy: Policy) -> None:
    if not after:
        raise InputError("there is nothing to judge", hint="give at least one article")
    amounts = (*policy.min_difference, *policy.matters, *policy.minimum, *policy.maximum)
    primary = () if policy.primary is None else (policy.primary,)
    for name in (*(policy.metrics or ()), *primary, *(item.metric for item in amounts)):
        check_name(name)
    if primary and policy.metrics is not None and policy.primary not in policy.metrics:
        raise InputError(
            f"the primary metric {policy.primary!r} is not among the metrics",
            hint="add it to the metrics",
        )


def _exit_code(
    verdicts: Sequence[Verdict], problems: Sequence[str], *, below: bool, strict: bool
) -> int:
    outcomes = {verdict.outcome for verdict in verdicts}
    if problems or "INCOMPARABLE" in outcomes or (strict and "INCONCLUSIVE" in outcomes):
        return 2
    return 1 if below or "REGRESSED" in outcomes else 0


def _unit(pairs: Sequence[Pair], policy: Policy) -> str:
    if policy.unit == "auto":
        return "document" if len(pairs) >= MIN_DOCUMENTS else "paragraph"
    return policy.unit


def _failures(reports: Sequence[Report]) -> tuple[str, ...]:
    return tuple(
        f"{report.document.path or '<text>'}: {failure.what}"
        for report in reports
        for failure in report.failures
    )


def _findings(pairs: Sequence[Pair], after: Sequence[Report]) -> tuple[Located, ...]:
    comparable = pairs if editor_obstacle(pairs) is None else ()
    before = {id(couple.after): couple.before for couple in comparable}
    found = []
    for index, report in enumerate(after):
        old = before.get(id(report))
        news = [None] * len(report.findings) if old is None else new_findings(old, report)
        prints = fingerprints(report)
        for finding, print_, new in zip(report.findings, prints, news, strict=True):
            found.append(Located(index, finding, print_, new))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Tested:
    """A metric with its rows, and the test where there is one."""

    name: str
    rows: PairedRows | Incomparable
    result: PairedResult | None


def _tests(
    pairs: Sequence[Pair], policy: Policy, unit: str
) -> tuple[tuple[_Tested, ...], tuple[str, ...]]:
    """Every metric tested, and a problem for each that was asked for and is nowhere."""
    if not pairs:
        return (), ()
    tested, unknown = [], []
    editor, references = editor_obstacle(pairs), reference_obstacle(pairs)
    for name in policy.metrics or _held(pairs):
        obstacle = editor if METRICS[name].from_editor else None
        if METRICS[name].from_references:
            obstacle = obstacle or references
        rows = Incomparable(obstacle) if obstacle else paired_rows(pairs, name)
        if rows is None:
            unknown.append(f"no document has {name}, which was asked for")
        else:
            tested.append(_Tested(name, rows, _test(rows, policy, unit)))
    return tuple(tested), tuple(unknown)


def _verdicts(
    tested: Sequence[_Tested], pairs: Sequence[Pair], policy: Policy
) -> tuple[Verdict, ...]:
    primary = _primary([each.name for each in tested], policy)
    others = [each for each in tested if each.name != primary and each.result is not None]
    corrected = holm([each.result.p_value for each in others if each.result is not None])
    p_values = {each.name: p for each, p in zip(others, corrected, strict=True)}
    return tuple(
        _incomparable(
            each.name, pairs, policy, reason=each.rows.reason, primary=each.name == primary
        )
        if isinstance(each.rows, Incomparable)
        else _verdict(
            each, each.rows, policy, primary=each.name == primary, p_value=p_values.get(each.name)
        )
        for each in tested
    )


def _held(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """The metrics that a report on either side has."""
    sides = [report for couple in pairs for report in (couple.before, couple.after)]
    return tuple(name for name in METRICS if any(score_of(report, name) for report in sides))


def _primary(names: Sequence[str], policy: Policy) -> str | None:
    preferred = (policy.primary, "chrf", "fluency", *names)
    return next((name for name in preferred if name in names), None)


def _worse(rows: PairedRows) -> Alternative:
    return "less" if rows.metric.higher_is_better else "greater"


def _test(rows: PairedRows | Incomparable, policy: Policy, unit: str) -> PairedResult | None:
    if isinstance(rows, Incomparable):
        return None
    statistic = rows.metric.statistic
    if value_of(rows.before, statistic) is None or value_of(rows.after, statistic) is None:
        return None
    return paired_test(
        rows.before,
        rows.after,
        statistic,
        n=policy.resamples,
        seed=policy.seed,
        clusters=rows.documents if unit == "document" else None,
        alternative=_worse(rows),
        level=policy.alpha,
    )


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a drop is held to, in the metric's unit but for the first."""

    alpha: float  # 0-1
    margin: float  # a smaller drop is no regression
    matters: float  # a drop that must be ruled out


def _limits(name: str, policy: Policy) -> _Limits:
    metric = METRICS[name]
    return _Limits(
        policy.alpha,
        amount(name, policy.min_difference, default=metric.min_difference),
        amount(name, policy.matters, default=metric.matters),
    )


def _verdict(
    tested: _Tested, rows: PairedRows, policy: Policy, *, primary: bool, p_value: float | None
) -> Verdict:
    """The verdict on one metric; ``p_value`` is the corrected one, None for the primary."""
    result = tested.result
    limits = _limits(tested.name, policy)
    if result is not None and p_value is None:
        p_value = result.p_value
    outcome, reason = _outcome(rows, result, p_value, limits)
    return Verdict(
        metric=rows.metric.name,
        unit=rows.metric.unit,
        higher_is_better=rows.metric.higher_is_better,
        before=value_of(rows.before, rows.metric.statistic),
        after=value_of(rows.after, rows.metric.statistic),
        difference=result.difference if result else None,
        low=result.low if result else None,
        high=result.high if result else None,
        p_value=p_value,
        margin=limits.margin,
        detectable=result.detectable if result else None,
        primary=primary,
        outcome=outcome,
        reason=reason,
    )


def _outcome(
    rows: PairedRows, result: PairedResult | None, p_value: float | None, limits: _Limits
) -> tuple[Outcome, str]:
    if result is None or p_value is None:
        if value_of(rows.after, rows.metric.statistic) is None:
            return "PASS", "there is nothing that it could be measured on"
        return "INCONCLUSIVE", "there was nothing in the baseline that it could be measured on"
    if rows.before == rows.after:
        return "PASS", "nothing changed"
    up = rows.metric.higher_is_better
    drop = -result.difference if up else result.difference
    bound = result.low if up else result.high
    if p_value <= limits.alpha and drop > limits.margin:
        return "REGRESSED", f"worse by {drop:.3g}, p = {p_value:.2g}"
    if bound is None:
        return "INCONCLUSIVE", "there is too little to resample for an interval"
    worst = -bound if up else bound
    if worst >= limits.matters:
        return "INCONCLUSIVE", (
            f"worse by up to {worst:.3g} cannot be ruled out, and {limits.matters:g} matters"
        )
    return "PASS", "better" if drop < 0 else f"not worse by more than {max(worst, 0):.3g}"


def _incomparable(
    name: str, pairs: Sequence[Pair], policy: Policy, *, reason: str, primary: bool
) -> Verdict:
    """Both figures are shown, and nothing is said of their difference."""
    before = pooled([couple.before for couple in pairs], name)
    after = pooled([couple.after for couple in pairs], name)
    known = after or before
    return Verdict(
        metric=known.metric if known else METRICS[name].score.rstrip(" ("),
        unit=known.unit if known else "",
        higher_is_better=known.higher_is_better if known else name not in ("ter", "harm"),
        before=before.value if before else None,
        after=after.value if after else None,
        difference=None,
        low=None,
        high=None,
        p_value=None,
        margin=_limits(name, policy).margin,
        detectable=None,
        primary=primary,
        outcome="INCOMPARABLE",
        reason=reason,
    )


def _notices(
    pairs: Sequence[Pair],
    tested: Sequence[_Tested],
    verdicts: Sequence[Verdict],
    policy: Policy,
    *,
    unit: str,
) -> tuple[str, ...]:
    notices = []
    if unit == "paragraph" and 1 < len(pairs) < MIN_DOCUMENTS:
        notices.append(
            f"{len(pairs)} documents are too few to resample whole documents "
            f"({MIN_DOCUMENTS} are enough), so paragraphs are resampled"
        )
    units = len(pairs) if unit == "document" else sum(len(couple.paragraphs) for couple in pairs)
    blind = []
    for each, verdict in zip(tested, verdicts, strict=True):
        matters = _limits(each.name, policy).matters
        seen = verdict.detectable is None or verdict.detectable <= matters
        if not seen and verdict.outcome != "REGRESSED":
            blind.append(f"{verdict.metric} {verdict.detectable:.3g} ({matters:g} matters)")
    if blind:
        notices.append(
            f"{units} {unit}{'' if units == 1 else 's'} are too few to see every drop that "
            f"matters; the smallest found four times in five: {', '.join(blind)}"
        )
    obstacle = editor_obstacle(pairs)
    if obstacle and any(couple.after.findings for couple in pairs):
        notices.append(f"findings were not compared: {obstacle}")
    versions = {report.tool for couple in pairs for report in (couple.before, couple.after)}
    if len(versions) > 1:
        notices.append(f"made by different versions: {', '.join(sorted(versions))}")
    return tuple(notices)
