"""``mtqa check``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mtqa.cli.inputs import EditorChoice, Inputs, report_on
from mtqa.cli.outcome import BELOW, CANNOT_JUDGE, PASS, note
from mtqa.cli.output import check_writable, look, write
from mtqa.render import html, json_, terminal
from mtqa.report import SEVERITIES, Options, Report, Severity

_PAGES = frozenset({".html", ".htm"})


@dataclass(frozen=True, slots=True)
class Request:
    """What to show, and what to fail on."""

    fail_on: Severity | None
    min_fluency: float | None  # 0-100
    json: bool
    verbose: bool
    output: Path | None


def run(inputs: Inputs, choice: EditorChoice, *, options: Options, request: Request) -> int:
    """Check an article, show the report, and say with the exit code whether it passed."""
    check_writable(request.output)
    report = report_on(inputs, choice, options)
    write(_rendered(report, request), request.output)
    return verdict(report, request)


def _rendered(report: Report, request: Request) -> str:
    if request.json:
        return json_.render(report)
    if request.output and request.output.suffix.lower() in _PAGES:
        return html.render(report)
    return terminal.render(report, look(verbose=request.verbose, output=request.output))


def verdict(report: Report, request: Request) -> int:
    """The exit code; what it is about goes to stderr."""
    for failure in report.failures:
        note(f"{failure.segment_id or 'document'}: {failure.what}")
    if report.failures:
        return CANNOT_JUDGE
    below = [*_too_severe(report, request.fail_on), *_too_low(report, request.min_fluency)]
    for reason in below:
        note(reason)
    return BELOW if below else PASS


def _too_severe(report: Report, fail_on: Severity | None) -> list[str]:
    if fail_on is None:
        return []
    grave = SEVERITIES[SEVERITIES.index(fail_on) :]
    count = sum(finding.severity in grave for finding in report.findings)
    noun = "finding" if count == 1 else "findings"
    return [f"failed: {count} {noun} of severity {' or '.join(grave)}"] if count else []


def _too_low(report: Report, least: float | None) -> list[str]:
    score = report.score("fluency")
    if least is None or score is None or score.value >= least:
        return []
    return [f"failed: fluency {score.value:.1f} is below {least:g}"]
