"""``mtqa clean``."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from pathlib import Path

from mtqa.cli.inputs import EditorChoice, Inputs, report_on
from mtqa.cli.outcome import CANNOT_JUDGE, PASS, note
from mtqa.cli.output import check_writable, write
from mtqa.report import Finding, Options, Report
from mtqa.text.document import line_column


def run(
    inputs: Inputs, choice: EditorChoice, *, options: Options, form: str, output: Path | None
) -> int:
    """Write the cleaned article, or what changes in it, in one of ``FORMS``."""
    check_writable(output)
    report = report_on(inputs, choice, options)
    for failure in report.failures:
        note(f"{failure.segment_id or 'document'}: {failure.what}")
    write(FORMS[form](report), output, bom=form == "text" and report.document.bom)
    return CANNOT_JUDGE if report.failures else PASS


def _text(report: Report) -> str:
    return report.cleaned


def _diff(report: Report) -> str:
    name = report.document.path or "<text>"
    lines = difflib.unified_diff(
        _lines(report.document.text), _lines(report.cleaned), f"a/{name}", f"b/{name}"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    r"""Lines as ``diff`` and ``patch`` see them: ended by \n and nothing else."""
    pieces = text.split("\n")
    lines = [piece + "\n" for piece in pieces[:-1]]
    return [*lines, pieces[-1]] if pieces[-1] else lines


def _tsv(report: Report) -> str:
    header = "line\tcolumn\tstart\tend\told\tnew\tcategory\tseverity\tconfidence\n"
    return header + "".join(_row(report, finding) for finding in _made(report))


def _row(report: Report, finding: Finding) -> str:
    assert finding.fix is not None
    place = line_column(report.document.text, finding.span.start)
    cells = (
        str(place.line),
        str(place.column),
        str(finding.span.start),
        str(finding.span.end),
        _cell(finding.surface),
        _cell(finding.fix.text),
        finding.category,
        finding.severity,
        f"{finding.confidence:.4f}",
    )
    return "\t".join(cells) + "\n"


def _cell(text: str) -> str:
    r"""Text in a table: ``\t``, ``\n``, ``\r`` and ``\\`` stand for what would break it."""
    for char, escape in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(char, escape)
    return text


def _jsonl(report: Report) -> str:
    return "".join(_record(report, finding) for finding in _made(report))


def _record(report: Report, finding: Finding) -> str:
    assert finding.fix is not None
    place = line_column(report.document.text, finding.span.start)
    record = {
        "line": place.line,
        "column": place.column,
        "start": finding.span.start,
        "end": finding.span.end,
        "old": finding.surface,
        "new": finding.fix.text,
        "category": finding.category,
        "severity": finding.severity,
        "confidence": finding.confidence,
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


def _made(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.fix is not None]


FORMS: dict[str, Callable[[Report], str]] = {
    "text": _text,
    "diff": _diff,
    "tsv": _tsv,
    "jsonl": _jsonl,
}
