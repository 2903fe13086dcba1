"""A gate's result as GitHub workflow commands, which become annotations on a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mtqa.gate.types import Outcome, Result
from mtqa.render.figures import document_name, headline
from mtqa.render.visible import visible
from mtqa.report import Report
from mtqa.text.document import line_column

PER_LEVEL = 10  # GitHub shows no more of each kind from one step

_Level: TypeAlias = Literal["error", "warning", "notice"]
_OUTCOMES: dict[Outcome, _Level] = {
    "REGRESSED": "error",
    "INCOMPARABLE": "error",
    "INCONCLUSIVE": "warning",
}


@dataclass(frozen=True, slots=True)
class _Annotation:
    level: _Level
    title: str
    message: str
    place: str  # "file=...,line=...", or ""


def render(reports: Sequence[Report], result: Result) -> str:
    """One command a line; what would not be shown is counted in a last one of its kind."""
    annotations = [*_verdicts(result), *_findings(reports, result)]
    totals = Counter(annotation.level for annotation in annotations)
    shown: Counter[_Level] = Counter()
    lines = []
    for annotation in annotations:
        level = annotation.level
        shown[level] += 1
        if totals[level] <= PER_LEVEL or shown[level] < PER_LEVEL:
            lines.append(_command(annotation))
        elif shown[level] == PER_LEVEL:
            left = totals[level] - PER_LEVEL + 1
            more = f"{left} more of this kind are in the log and in the other outputs"
            lines.append(_command(_Annotation(level, "mtqa", more, "")))
    lines.append(_message(headline(result)))
    return "\n".join(lines) + "\n"


def _verdicts(result: Result) -> Iterator[_Annotation]:
    for verdict in result.verdicts:
        level = _OUTCOMES.get(verdict.outcome)
        if level is not None:
            title = f"mtqa: {verdict.metric} {verdict.outcome}"
            yield _Annotation(level, title, verdict.reason, "")
    for problem in result.problems:
        yield _Annotation("error", "mtqa: not judged", problem, "")
    for breach in result.breaches:
        if breach.finding is None:
            yield _Annotation("error", "mtqa: threshold", breach.what, "")
    for notice in result.notices:
        yield _Annotation("notice", "mtqa", notice, "")


def _findings(reports: Sequence[Report], result: Result) -> Iterator[_Annotation]:
    """Those that made the gate fail, then the other new ones."""
    failed = {breach.finding for breach in result.breaches if breach.finding is not None}
    order = sorted(range(len(result.findings)), key=lambda index: index not in failed)
    for index in order:
        located = result.findings[index]
        finding = located.finding
        if index not in failed and not located.new:
            continue
        level: _Level = "error" if index in failed else "warning"
        title = f"{finding.category} ({finding.severity})"
        place = _place(reports[located.document], finding.span.start, finding.span.end)
        yield _Annotation(level, title, finding.message, place)


def _place(report: Report, start: int, end: int) -> str:
    """Columns are left out where a span crosses lines: GitHub refuses them there."""
    first = line_column(report.document.text, start)
    last = line_column(report.document.text, end)
    place = f"file={_property(document_name(report))},line={first.line},endLine={last.line}"
    if first.line == last.line:
        place += f",col={first.column},endColumn={last.column}"
    return place


def _command(annotation: _Annotation) -> str:
    place = f"{annotation.place}," if annotation.place else ""
    title = _property(annotation.title)
    return f"::{annotation.level} {place}title={title}::{_message(annotation.message)}"


def _message(text: str) -> str:
    """The data of a command: ``%`` and line ends escaped, and nothing that moves a cursor."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(escaped)


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
