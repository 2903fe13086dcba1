"""``docs/report.md`` names every field of the report, and no other."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from mtqa.editor.base import EditorInfo, Proposal, Reading
from mtqa.editor.guard import REASONS
from mtqa.report import (
    Comparison,
    Failure,
    Finding,
    Floor,
    JudgePolicy,
    Options,
    Report,
    SentenceFluency,
)
from mtqa.stats import FluencyScale, PairedResult, Score
from mtqa.text import Document, Paragraph, Segment

DOC = Path(__file__).parents[1] / "docs" / "report.md"
# The sections, by their headings, and the records that they describe.
RECORDS: dict[str, tuple[type, ...]] = {
    "Top level": (Report,),
    "`editor`": (EditorInfo, FluencyScale),
    "`options`": (Options, JudgePolicy),
    "`document`": (Document, Paragraph, Segment),
    "`readings[]`": (Reading, Proposal),
    "`fluency[]`": (SentenceFluency,),
    "`scores[]`": (Score, Floor),
    "`comparisons[]`": (Comparison, PairedResult),
    "`findings[]`": (Finding,),
    "`failures[]`": (Failure,),
}


def _sections() -> dict[str, str]:
    found = re.split(r"^## (.+)$", DOC.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(found[::2], found[1::2], strict=True))


def test_the_sections_are_those_of_the_records() -> None:
    assert list(_sections()) == list(RECORDS)


def _names(section: str) -> set[str]:
    return {field.name for record in RECORDS[section] for field in fields(record)}


@pytest.mark.parametrize("section", RECORDS)
def test_every_field_is_documented(section: str) -> None:
    said = set(re.findall(r"`([a-z_]+)(?:\[\])?`", _sections()[section]))
    assert _names(section) - said == set()


@pytest.mark.parametrize("section", RECORDS)
def test_every_documented_key_exists(section: str) -> None:
    table = re.search(r"\| key \|.*?(?=\n\n|\Z)", _sections()[section], re.DOTALL)
    rows = [row.split("|")[1] for row in table.group().splitlines()[2:]] if table else []
    keys = {key for cell in rows for key in re.findall(r"`([a-z_]+)(?:\[\])?`", cell)}
    assert keys - _names(section) == set()
    assert keys or section in ("`fluency[]`", "`failures[]`")


def test_every_reason_of_the_guard_is_documented() -> None:
    said = set(re.findall(r"`([a-z-]+)`", _sections()["`readings[]`"]))
    assert set(REASONS) - said == set()
