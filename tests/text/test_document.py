"""Documents: raw text to paragraphs and sentences and back, byte for byte."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mtqa.errors import PairingError
from mtqa.text.document import (
    Position,
    document,
    join,
    line_column,
    with_references,
    with_source,
)

CARNEY = Path(__file__).parents[2] / "references" / "carney"

PIECES = (
    *("Mr. Ray said no. ", "“Why?” ", "Headline", "e\u0301", "😀", "שלום.", "x.", "\x00", "."),
    *("\n", "\r\n", "\r", "\n\n", " ", "\t", "\u00a0", "\u2028", "\x0b", "\x0c", "\x85", "\x1c"),
)
any_text = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=60)


@settings(max_examples=300, deadline=None)
@given(any_text)
@example("")
@example("\r\n \r\n")
def test_spans_hold_what_the_document_says_they_do(text: str) -> None:
    doc = document(text)
    for part in (*doc.paragraphs, *doc.segments):
        assert part.span.of(text) == part.text == part.text.strip() != ""
    for segment in doc.segments:
        paragraph = doc.paragraphs[segment.paragraph]
        assert segment.id.startswith(f"{paragraph.id}.s")
        assert paragraph.span.start <= segment.span.start <= segment.span.end <= paragraph.span.end
        assert line_column(text, segment.span.start).line == segment.line == paragraph.line
    assert {segment.paragraph for segment in doc.segments} == set(range(len(doc.paragraphs)))


@settings(max_examples=300, deadline=None)
@given(any_text)
def test_joining_what_was_split_gives_the_text_back(text: str) -> None:
    doc = document(text)
    assert join(doc, {}) == text
    assert join(doc, {segment.id: segment.text for segment in doc.segments}) == text


@settings(max_examples=200, deadline=None)
@given(any_text, st.data())
def test_only_what_is_replaced_changes(text: str, data: st.DataObject) -> None:
    doc = document(text)
    ids = [segment.id for segment in doc.segments]
    chosen = data.draw(st.sets(st.sampled_from(ids))) if ids else set()
    # From the back, so that the offsets of what is left to replace still hold.
    expected = text
    for segment in reversed(doc.segments):
        if segment.id in chosen:
            expected = expected[: segment.span.start] + "NEW" + expected[segment.span.end :]
    assert join(doc, dict.fromkeys(chosen, "NEW")) == expected


def test_an_unknown_segment_is_refused() -> None:
    with pytest.raises(ValueError, match=r"p9\.s9"):
        join(document("One."), {"p9.s9": "x"})


def test_paragraphs_are_non_blank_lines() -> None:
    doc = document("\n A headline\r\n\r\n\t \rOne. Two.\u2028Three\x0bx\x0cy\x85z.\u00a0\n")
    assert [(p.id, p.line, p.text) for p in doc.paragraphs] == [
        ("p1", 2, "A headline"),
        ("p2", 5, "One. Two.\u2028Three\x0bx\x0cy\x85z."),
    ]
    assert [s.id for s in doc.segments] == ["p1.s1", "p2.s1", "p2.s2", "p2.s3"]


@settings(max_examples=200, deadline=None)
@given(any_text)
def test_positions_agree_with_counting_newlines(text: str) -> None:
    for offset in range(len(text) + 1):
        # Cutting inside a CRLF would make its half look like a newline of its own.
        inside = text[max(0, offset - 1) : offset + 1] == "\r\n"
        before = re.split(r"\r\n|\n|\r", text[: offset - inside])
        column = len(before[-1]) + inside + 1
        assert line_column(text, offset) == Position(len(before), column)


@pytest.mark.parametrize("offset", [-1, 4])
def test_positions_outside_the_text_are_refused(offset: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        line_column("abc", offset)


def test_references_and_source_are_paired_one_to_one() -> None:
    doc = document("One.\n\nTwo.\n")
    paired = with_source(
        with_references(doc, [document("Uno.\nDos.\n"), document("I.\n\n\nII.")]),
        document("Eins.\nZwei."),
    )
    assert [p.references for p in paired.paragraphs] == [("Uno.", "I."), ("Dos.", "II.")]
    assert [p.source for p in paired.paragraphs] == ["Eins.", "Zwei."]
    assert (paired.text, paired.segments) == (doc.text, doc.segments)


def test_a_lost_paragraph_is_named() -> None:
    text = (CARNEY / "mt.txt").read_bytes().decode()
    mt = document(text, path="mt.txt")
    lines = (CARNEY / "reference.txt").read_bytes().decode().split("\n")
    del lines[12]  # the seventh paragraph
    reference = document("\n".join(lines), path="reference.txt")
    with pytest.raises(PairingError) as caught:
        with_references(mt, [mt, reference])
    assert str(caught.value) == (
        "reference.txt: the reference has 20 paragraphs and mt.txt has 21; they drift apart at "
        'mt.txt:13 ""I have a lot of things that can\'t work,…" against '
        'reference.txt:14 "The White House meeting was the first fa…" '
        "(give both the same non-blank lines, one paragraph each, in the same order)"
    )


def test_a_source_without_its_end_is_refused() -> None:
    with pytest.raises(PairingError, match=r'1 paragraph and .* 2;.*:2 "Two\." against the end of'):
        with_source(document("One.\nTwo."), document("Eins."))
