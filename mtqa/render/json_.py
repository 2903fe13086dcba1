"""A report as JSON: all of it, the form in which it is saved and compared."""

from __future__ import annotations

from mtqa.report import Report, to_json


def render(report: Report) -> str:
    """The report as JSON, which ``mtqa.report.from_json`` reads back."""
    return to_json(report)
