"""Reports in notebooks: as a data frame.  A report that ends a cell shows itself.

Needs pandas: ``pip install 'mtqa[notebook]'``.
"""

from __future__ import annotations

import pandas as pd

from mtqa.report import Report
from mtqa.text.document import line_column

_TYPES = {
    "line": "int64",
    "column": "int64",
    "start": "int64",
    "end": "int64",
    "segment": "string",
    "severity": "string",
    "category": "string",
    "confidence": "float64",
    "surface": "string",
    "fix": "string",
    "message": "string",
    "rule": "string",
}


def findings_frame(report: Report) -> pd.DataFrame:
    """The findings, one a row, by position.

    Returns:
        ``line`` and ``column`` from 1; ``start`` and ``end`` in code points of the document,
        half-open; ``segment``, ``severity``, ``category``; ``confidence``, 0-1;
        ``surface``, the text as it is; ``fix``, the text to write instead, missing where there
        is none and empty where the surface should go; ``message``, ``rule``.  The columns and
        their types are the same for a report without findings.
    """
    text = report.document.text
    rows = []
    for finding in report.findings:
        place = line_column(text, finding.span.start)
        rows.append(
            (
                place.line,
                place.column,
                finding.span.start,
                finding.span.end,
                finding.segment_id,
                finding.severity,
                finding.category,
                finding.confidence,
                finding.surface,
                finding.fix.text if finding.fix else None,
                finding.message,
                finding.rule,
            )
        )
    return pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)


def fluency_frame(report: Report) -> pd.DataFrame:
    """The sentences, one a row, in order.

    Returns:
        ``line`` and ``column`` from 1; ``segment``; ``fluency``, 0-100, missing for a sentence
        without tokens; ``text``.
    """
    rows = []
    segments = {segment.id: segment for segment in report.document.segments}
    for each in report.fluency:
        segment = segments[each.segment_id]
        place = line_column(report.document.text, segment.span.start)
        rows.append((place.line, place.column, segment.id, each.value, segment.text))
    types = {"line": "int64", "column": "int64", "segment": "string", "fluency": "float64"}
    types["text"] = "string"
    return pd.DataFrame(rows, columns=list(types)).astype(types)
