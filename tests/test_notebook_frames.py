"""Reports as data frames."""

from __future__ import annotations

from dataclasses import replace

from mtqa.edits import Edit, apply
from mtqa.notebook import findings_frame, fluency_frame
from mtqa.report import Report
from mtqa.text import Span


def test_the_findings_frame_says_what_the_findings_say(fixed_report: Report) -> None:
    frame = findings_frame(fixed_report)
    assert list(frame["message"]) == [finding.message for finding in fixed_report.findings]
    text = fixed_report.document.text
    assert all(text[row.start : row.end] == row.surface for row in frame.itertuples())
    fixes = frame.dropna(subset="fix")
    edits = [Edit(Span(row.start, row.end), row.fix) for row in fixes.itertuples()]
    assert apply(text, edits) == fixed_report.cleaned
    assert list(zip(frame["line"], frame["column"], strict=True))[1] == (3, 9)


def test_the_columns_do_not_depend_on_what_is_found(fixed_report: Report) -> None:
    empty = replace(fixed_report, findings=(), fluency=())
    for make in (findings_frame, fluency_frame):
        assert len(make(empty)) == 0
        assert dict(make(empty).dtypes) == dict(make(fixed_report).dtypes)


def test_the_fluency_frame_has_every_sentence(fixed_report: Report) -> None:
    frame = fluency_frame(fixed_report)
    assert list(frame["fluency"]) == [each.value for each in fixed_report.fluency]
    assert list(frame["text"]) == [segment.text for segment in fixed_report.document.segments]
