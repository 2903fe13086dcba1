"""A report as JSON: all of it, the form in which it is saved and compared."""

from __future__ import annotations

from mtqa.codec import dumps
from mtqa.gate.types import Result
from mtqa.report import Report, to_json


def render(report: Report) -> str:
    """The report as JSON, which ``mtqa.report.from_json`` reads back."""
    return to_json(report)


def render_gate(result: Result) -> str:
    """A gate's result as JSON: verdicts, findings, breaches; see ``docs/gate.md``."""
    return dumps(result)
