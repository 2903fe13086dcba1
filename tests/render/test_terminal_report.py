"""The golden files are what this code printed when it was last looked at by a person.

To make them again: MTQA_GOLDEN=write pytest tests/render, then read the difference.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mtqa.render import json_
from mtqa.render.console import Look
from mtqa.render.terminal import render
from mtqa.render.visible import quoted, shorten, visible
from mtqa.report import Failure, Report

GOLDEN = Path(__file__).parent / "golden"
ANSI = re.compile(r"\x1b\[[0-9;]*m")

VARIANTS = {
    "piped.txt": Look(),
    "verbose_80.txt": Look(width=80, verbose=True),
    "color_100.ansi": Look(color=True, width=100),
}


def _golden(name: str, text: str) -> str:
    path = GOLDEN / name
    if os.environ.get("MTQA_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8", newline="")
    return path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("name", VARIANTS)
def test_terminal_golden(name: str, fixed_report: Report) -> None:
    text = render(fixed_report, VARIANTS[name])
    assert text == _golden(name, text)


def test_json_golden(fixed_report: Report) -> None:
    # sacrebleu's version is part of its signatures; the file says "X" for it.
    text = re.sub(r"version:\d[^|\"]*", "version:X", json_.render(fixed_report))
    assert text == _golden("report.json", text)


def test_plain_text_holds_no_control_character_and_no_markup_is_lost(fixed_report: Report) -> None:
    text = render(fixed_report, Look(verbose=True))
    assert not [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Zl"}]
    assert "[red]today[/red]" in text
    assert "talks[bold].txt" in text


def test_colour_adds_colour_and_nothing_else(fixed_report: Report) -> None:
    colored = render(fixed_report, Look(color=True, width=100))
    plain = render(fixed_report, Look(color=False, width=100))
    assert ANSI.search(colored)
    assert "\x1b[31mresume" not in colored
    assert ANSI.sub("", colored) == plain


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_lines_fit_the_terminal(width: int, fixed_report: Report) -> None:
    lines = render(fixed_report, Look(width=width, verbose=True)).splitlines()
    # The line that names the editor is as long as the editor's name; it may wrap.
    assert max(map(cell_len, lines)) <= width


def test_lines_do_not_wrap_when_nobody_looks(fixed_report: Report) -> None:
    text = render(fixed_report, Look())
    for finding in fixed_report.findings:
        if finding.fix is not None:
            assert f'"{finding.surface}" -> "{finding.fix.text}"' in text


def test_positions_are_those_of_the_file(fixed_report: Report) -> None:
    text = render(fixed_report)
    # "4:6" counts the CRLF lines before it and starts columns at 1; a tab is one column.
    assert re.search(r'^ *4:6 +minor +Fluency/Grammar +0\.88 +"was" -> "were"$', text, re.MULTILINE)
    assert re.search(r'^ *3:9 .*"in the brink of my" -> "on the edge of his"$', text, re.MULTILINE)


def test_what_was_not_judged_is_said(fixed_report: Report) -> None:
    failed = replace(fixed_report, failures=(Failure("p1.s1", "too long\x1b[2J", "shorten it"),))
    assert "not judged: p1.s1: too long\\x1b[2J (shorten it)" in render(failed)


def test_no_findings_is_said(fixed_report: Report) -> None:
    assert "No findings." in render(replace(fixed_report, findings=()))


@settings(deadline=None, max_examples=100)
@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("\x00\x1b\x9b\u2028\u202e")))
def test_visible_text_commands_nothing_and_is_kept_where_harmless(text: str) -> None:
    shown = visible(text)
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    if text.isprintable():
        assert shown == text


@settings(deadline=None, max_examples=100)
@given(st.text(), st.integers(3, 50))
def test_shortened_text_is_short_and_a_beginning(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit + 1
    assert text.startswith(short.removesuffix("…")) or short == text
    assert len(quoted(text, limit)) <= limit + 3


def test_the_cleaned_sentences_are_shown_whole(fixed_report: Report) -> None:
    text = render(fixed_report)
    changed = [reading for reading in fixed_report.readings if reading.kept]
    assert changed
    for reading in changed:
        assert visible(reading.cleaned) in text
    unchanged = replace(
        fixed_report,
        readings=tuple(replace(r, proposals=(), cleaned="") for r in fixed_report.readings),
    )
    assert "none of 4 sentences changed" in render(unchanged)


def test_a_difference_that_rounds_to_nothing_has_no_minus(fixed_report: Report) -> None:
    comparison = fixed_report.comparisons[0]
    small = replace(comparison.paired, difference=-0.04, low=-0.04, high=-0.0)
    shown = render(replace(fixed_report, comparisons=(replace(comparison, paired=small),)))
    assert "+0.0 [+0.0, +0.0]" in shown


def test_what_is_not_defined_without_edits_is_said(fixed_report: Report) -> None:
    without = replace(
        fixed_report,
        scores=tuple(s for s in fixed_report.scores if s.metric != "harm rate"),
    )
    assert "no edit was made" not in render(fixed_report)
    lines = [line.split() for line in render(without).splitlines()]
    assert ["harm", "rate", "-", "no", "edit", "was", "made"] in lines
