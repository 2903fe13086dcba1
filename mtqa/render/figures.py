"""How the figures of a gate are written, the same in every format for people."""

from __future__ import annotations

from mtqa.gate.types import Result, Verdict
from mtqa.report import Report

ABSENT = "–"


def digits(verdict: Verdict) -> int:
    """Decimals that a metric's scale deserves."""
    return 2 if verdict.unit.startswith("0-100") else 3


def figure(verdict: Verdict, value: float | None) -> str:
    """A value of the metric."""
    return ABSENT if value is None else f"{value:.{digits(verdict)}f}"


def difference(verdict: Verdict) -> str:
    """After minus before, with its interval.

    A metric that is better when lower says so beside its name, not here.
    """
    if verdict.difference is None:
        return ABSENT
    form = f"+.{digits(verdict)}f"
    shown = f"{verdict.difference:{form}}"
    if verdict.low is None or verdict.high is None:
        return shown
    return f"{shown} [{verdict.low:{form}}, {verdict.high:{form}}]"


def p_value(verdict: Verdict) -> str:
    """The p-value, with a star on the primary metric's, which is not corrected."""
    if verdict.p_value is None:
        return ABSENT
    shown = "<0.001" if verdict.p_value < 0.001 else f"{verdict.p_value:.3f}"
    return f"{shown}*" if verdict.primary else shown


def detectable(verdict: Verdict) -> str:
    """The smallest drop that would have been found four times in five."""
    return figure(verdict, verdict.detectable)


def name(verdict: Verdict) -> str:
    """The metric, with the direction where lower is better."""
    return verdict.metric if verdict.higher_is_better else f"{verdict.metric} (lower is better)"


def headline(result: Result) -> str:
    """The result in one line."""
    said = {0: "passed", 1: "failed", 2: "could not judge"}[result.exit_code]
    if not result.documents:
        return f"gate: {said}"
    documents = "document" if result.documents == 1 else "documents"
    paragraphs = "paragraph" if result.paragraphs == 1 else "paragraphs"
    size = f"{result.documents} {documents}, {result.paragraphs} {paragraphs}"
    return f"gate: {said} ({size}; {result.unit}s are resampled)"


def document_name(report: Report) -> str:
    """What to call a document."""
    return report.document.path or "<text>"
