"""A gate's result as SARIF 2.1.0: what code scanning shows beside the text.

Every finding of today is a result, with its fix, a fingerprint that survives moves, and
whether the baseline has it.  Columns and offsets count code points.

Specification: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final, TypeAlias
from urllib.parse import quote

from mtqa.gate.types import Located, Result, Verdict
from mtqa.render.figures import difference, figure
from mtqa.report import Report, Severity
from mtqa.text import Span
from mtqa.text.document import line_column

# JSON: SARIF's own types are many, and this is the only place that writes them.
_Object: TypeAlias = dict[str, object]

SCHEMA_URI: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS: Final[dict[Severity, str]] = {"minor": "warning", "major": "error", "critical": "error"}
_FAMILIES: Final = {
    "edit": "The editor is sure of something better.",
    "refused": "The editor is sure of an edit that could change the meaning: for a person.",
    "unlikely": "The editor does not expect these words and has nothing surer.",
    "gate": "A metric against its baseline.",
}
_ROOT: Final = "SRCROOT"  # what relative paths are relative to; left to the reader


def render(reports: Sequence[Report], result: Result) -> str:
    """The result as a SARIF log of one run."""
    results = [_finding(reports[each.document], each) for each in result.findings]
    results += [
        _metric(reports[0], verdict)
        for verdict in result.verdicts
        if verdict.outcome in ("REGRESSED", "INCOMPARABLE")
    ]
    name, _, version = result.tool.partition(" ")
    rules = sorted({str(each["ruleId"]) for each in results})
    run: _Object = {
        "tool": {
            "driver": {
                "name": name,
                "version": version,
                "semanticVersion": version,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "artifacts": [{"location": _location(report)} for report in reports],
        "invocations": [_invocation(result)],
        "results": results,
    }
    log: _Object = {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1) + "\n"


def _rule(rule: str) -> _Object:
    family, _, kind = rule.partition(".")
    text = f"{_FAMILIES.get(family, family)} ({kind})"
    return {"id": rule, "name": rule, "shortDescription": {"text": text}}


def _invocation(result: Result) -> _Object:
    told = [("error", text) for text in result.problems]
    told += [
        ("error", f"{verdict.metric}: {verdict.reason}")
        for verdict in result.verdicts
        if verdict.outcome == "INCOMPARABLE"
    ]
    told += [("note", text) for text in result.notices]
    return {
        "executionSuccessful": result.exit_code != 2,
        "exitCode": result.exit_code,
        "toolExecutionNotifications": [
            {"level": level, "message": {"text": text}} for level, text in told
        ],
    }


def _finding(report: Report, located: Located) -> _Object:
    finding = located.finding
    found: _Object = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _location(report),
                    "region": {
                        **_region(report, finding.span),
                        "snippet": {"text": finding.surface},
                    },
                }
            }
        ],
        # The second is the only one that GitHub reads.
        "partialFingerprints": {
            "mtqa/v1": located.fingerprint,
            "primaryLocationLineHash": located.fingerprint,
        },
        "properties": {
            "category": finding.category,
            "severity": finding.severity,
            "confidence": finding.confidence,
        },
    }
    if located.new is not None:
        found["baselineState"] = "new" if located.new else "unchanged"
    if finding.fix is not None:
        found["fixes"] = [
            {
                "description": {"text": finding.message},
                "artifactChanges": [
                    {
                        "artifactLocation": _location(report),
                        "replacements": [
                            {
                                "deletedRegion": _region(report, finding.fix.span),
                                "insertedContent": {"text": finding.fix.text},
                            }
                        ],
                    }
                ],
            }
        ]
    return found


def _metric(report: Report, verdict: Verdict) -> _Object:
    """A metric is about all documents; it is shown at the first one."""
    kind = verdict.metric.partition(" (")[0].replace(" ", "-")
    return {
        "ruleId": f"gate.{kind}",
        "level": "error",
        "message": {
            "text": f"{verdict.metric} {verdict.outcome}: {verdict.reason}; "
            f"before {figure(verdict, verdict.before)}, after {figure(verdict, verdict.after)}, "
            f"difference {difference(verdict)}"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _location(report),
                    "region": {"startLine": 1},
                }
            }
        ],
        "partialFingerprints": {"mtqa/v1": f"gate.{kind}"},
    }


def _region(report: Report, span: Span) -> _Object:
    start = line_column(report.document.text, span.start)
    end = line_column(report.document.text, span.end)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,  # exclusive
        "charOffset": span.start,
        "charLength": len(span),
    }


def _location(report: Report) -> _Object:
    path = report.document.path
    if path is None or path == "<stdin>":
        return {"uri": "stdin.txt", "description": {"text": "text from standard input"}}
    windows = PureWindowsPath(path)
    if windows.drive:
        return {"uri": windows.as_uri()}
    posix = PurePosixPath(path)
    if posix.is_absolute():
        return {"uri": posix.as_uri()}
    return {"uri": quote(path.replace("\\", "/"), errors="surrogatepass"), "uriBaseId": _ROOT}
