"""The report: everything that was found out about one document, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mtqa.edits import Edit
from mtqa.editor.base import EditorInfo, Reading
from mtqa.stats import Score
from mtqa.text import Document, Span

Severity = Literal["minor", "major", "critical"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in the document that is probably wrong."""

    rule: str  # stable id, "edit.grammar", "unlikely.words", ...
    category: str  # MQM name, "Fluency/Grammar"
    severity: Severity
    segment_id: str
    span: Span  # in the document
    surface: str  # document.text[span]
    message: str  # for a person
    fix: Edit | None  # offsets in the document
    confidence: float  # 0-1
