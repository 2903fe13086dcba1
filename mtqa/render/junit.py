"""A gate's result as JUnit XML: what Jenkins, GitLab and most CI systems show as tests.

Each metric is a test case, each document's findings are one, each threshold that is not met
is one.  ``failure`` is quality below what was asked, ``error`` what could not be judged.
The form is that of Ant's JUnit task, which has no formal standard; no time is given, so
that the same result gives the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from xml.etree import ElementTree as ET

from mtqa.gate.types import Result, Verdict
from mtqa.render.figures import difference, document_name, figure, headline, p_value
from mtqa.render.visible import visible
from mtqa.report import Report
from mtqa.text.document import line_column

_Kind: TypeAlias = Literal["failure", "error"]


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case."""

    suite: str
    name: str
    file: str | None
    kind: _Kind | None  # None: passed
    message: str  # "" for one that passed
    text: str  # the details; system-out of one that passed


def render(reports: Sequence[Report], result: Result) -> str:
    """The result as JUnit XML."""
    cases = [*_metrics(result), *_thresholds(result), *_findings(reports, result)]
    cases += [_Case("mtqa.problems", p, None, "error", p, p) for p in result.problems]
    root = ET.Element("testsuites", {"name": "mtqa gate", **_counts(cases)})
    for suite in dict.fromkeys(case.suite for case in cases):
        own = [case for case in cases if case.suite == suite]
        element = ET.SubElement(root, "testsuite", {"name": suite, **_counts(own)})
        for case in own:
            _add(element, case)
        if suite == "mtqa.metrics":
            out = ET.SubElement(element, "system-out")
            out.text = _safe("\n".join([headline(result), *result.notices]))
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _counts(cases: Sequence[_Case]) -> dict[str, str]:
    return {
        "tests": str(len(cases)),
        "failures": str(sum(case.kind == "failure" for case in cases)),
        "errors": str(sum(case.kind == "error" for case in cases)),
        "skipped": "0",
    }


def _add(suite: ET.Element, case: _Case) -> None:
    element = ET.SubElement(suite, "testcase", classname=case.suite, name=_safe(case.name))
    if case.file is not None:
        element.set("file", _safe(case.file))
    if case.kind is not None:
        found = ET.SubElement(element, case.kind, message=_safe(case.message), type=case.suite)
        found.text = _safe(case.text)
    elif case.text:
        ET.SubElement(element, "system-out").text = _safe(case.text)


def _metrics(result: Result) -> Iterator[_Case]:
    kinds: dict[str, _Kind] = {"REGRESSED": "failure", "INCOMPARABLE": "error"}
    for verdict in result.verdicts:
        kind = kinds.get(verdict.outcome)
        if verdict.outcome == "INCONCLUSIVE" and result.strict:
            kind = "error"
        message = f"{verdict.outcome}: {verdict.reason}"
        yield _Case("mtqa.metrics", verdict.metric, None, kind, message, _details(verdict))


def _details(verdict: Verdict) -> str:
    return "\n".join(
        (
            f"{verdict.outcome}: {verdict.reason}",
            f"before {figure(verdict, verdict.before)}, after {figure(verdict, verdict.after)}",
            f"difference {difference(verdict)}, p {p_value(verdict)}",
        )
    )


def _thresholds(result: Result) -> Iterator[_Case]:
    for breach in result.breaches:
        if breach.finding is None:
            yield _Case("mtqa.thresholds", breach.what, None, "failure", breach.what, breach.what)


def _findings(reports: Sequence[Report], result: Result) -> Iterator[_Case]:
    lines: list[list[str]] = [[] for _ in reports]
    for breach in result.breaches:
        if breach.finding is not None:
            located = result.findings[breach.finding]
            report = reports[located.document]
            place = line_column(report.document.text, located.finding.span.start)
            where = f"{document_name(report)}:{place.line}:{place.column}"
            lines[located.document].append(f"{where}: {breach.what}")
    for report, found in zip(reports, lines, strict=True):
        name = document_name(report)
        noun = "finding" if len(found) == 1 else "findings"
        message = f"{len(found)} {noun} that should not be there" if found else ""
        kind: _Kind | None = "failure" if found else None
        yield _Case("mtqa.findings", name, name, kind, message, "\n".join(found))


def _safe(text: str) -> str:
    """What XML 1.0 has no character for, as an escape: most controls, U+FFFE and U+FFFF."""
    return "".join(ch if ch in "\n\t" else _shown(ch) for ch in text)


def _shown(ch: str) -> str:
    return f"\\u{ord(ch):04x}" if ch in "\ufffe\uffff" else visible(ch)
