"""Sentences: exact offsets for any text, and the boundaries a reader would draw."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mtqa.text.document import document
from mtqa.text.sentences import sentences

CARNEY = Path(__file__).parents[2] / "references" / "carney" / "mt.txt"

PIECES = (
    *("Mr. Trump", "U.S.", "No. 5", "a.m.", "e.g.", "Dr.", "3.5", "J. K. Rowling", "it's", "word"),
    *(".", "?", "!", "...", "…", '"', "“", "”", "’", "(", ")", "»", "[1]", "1.", "said", "Carney"),
    *(" ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2028", "\x0b", "\x1c", "\x00", "\u200f", "é"),
    *("😀", "👨‍👩‍👧", "e\u0301", "שלום.", "你好。", "a@b.org", "https://a.org/b.c"),
)
prose = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
any_text = prose | st.text(max_size=60)


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@settings(max_examples=300, deadline=None)
@given(any_text)
@example("")
@example(" \u2028 ")
@example("” . ” Then")
@example("Done. ”")
@example('" “')
def test_nothing_but_white_space_is_between_sentences(text: str) -> None:
    spans = sentences(text)
    outside, end = "", 0
    for span in spans:
        assert end <= span.start < span.end
        assert span.of(text) == span.of(text).strip()
        outside += text[end : span.start]
        end = span.end
    assert not (outside + text[end:]).strip()


@settings(max_examples=200, deadline=None)
@given(any_text)
def test_a_boundary_is_always_at_white_space(text: str) -> None:
    assert all(text[span.start - 1].isspace() for span in sentences(text)[1:])


@settings(max_examples=100, deadline=None)
@given(prose, st.sampled_from(["  ", "\t", "\u00a0"]))
def test_space_around_a_text_moves_its_sentences_and_no_more(text: str, space: str) -> None:
    shifted = [span.shift(len(space)) for span in sentences(text)]
    assert list(sentences(space + text + space)) == shifted


# Marked by hand: "|" is a boundary.
@pytest.mark.parametrize(
    "marked",
    [
        "Mark Carney tells Trump Canada is not for sale",
        "Trump: No deal, for now|",
        # quotations
        '"There are places that have never been sold," Carney told Trump. |"It\'s not. |Ever."',
        "“We want our own cars. |We really don’t,” he said. |“And we don’t.”",
        'He added: "I respect him." |Then he left.',
        '"Is it for sale?" Carney asked. |"Never!" he said. |"Why?" |The room fell silent.',
        "“Really?” the president asked.",
        '"Why?" Carney said: "No."'.replace('?" C', '?" |C'),
        "‘No way.’ |He left. |'No way.' |He left.",
        "An open quote: “We go on. |And on.",
        'He said. |" Badly spaced. " |Then he left.',
        'He said: " Badly spaced. |On it goes. " |" And so on. " |Then he left.',
        "“ Badly spaced too. ” |Then he left.",
        # parentheses
        '"(USMCA) is the basis. |It will change."',
        "(This is one. |And two.) |Next.",
        # abbreviations
        "The U.S. president's hostility to U.S. neighbors. |He lives in the U.S. |He left.",
        "Mr. Trump met Dr. Ray, Gen. Smith and Sen. Sanders. |They left.",
        "See No. 5, vol. 2 and p. 12, e.g. this one, i.e. that one. |No. 5 is alive.",
        "Approx. 5 kg. |Then more.",
        "It starts at 5 a.m. today. |It ends at 5 p.m. Tuesday. |We left at 6 p.m. |He stayed.",
        "Apple Inc. said so. |Washington D.C. Mayor Bowser, Ph.D., left.",
        "George W. Bush met J. K. Rowling. |They spoke.",
        # numbers and enumerations
        "It fell by 3.5 percent to $1,000.50. |In 2019. |We won.",
        "1. First item. |2. Second item.",
        # ellipses
        "We met during the campaign...it's not for sale. |Never.",
        "Wait... what? |Hmm... |Well.",
        "Then… nothing.",
        # a missing space is for the editor to see, on both sides
        "He said no.Then he left. |Node.js and www.a.com. |Yes!? |Sure.",
        "A note.[1] |Another.",
    ],
)
def test_boundaries(marked: str) -> None:
    text = marked.replace("|", "")
    assert split(text) == [piece.strip() for piece in marked.split("|") if piece]


def test_offsets_are_code_points_behind_emoji_and_combining_marks() -> None:
    text = "👨‍👩‍👧 e\u0301te\u0301. 🇨🇦 “Two.” Three."
    assert split(text) == ["👨‍👩‍👧 e\u0301te\u0301.", "🇨🇦 “Two.”", "Three."]


def test_the_sentences_of_an_article() -> None:
    """Counted by hand in the article, paragraph by paragraph."""
    doc = document(CARNEY.read_bytes().decode())
    counts = [len(sentences(paragraph.text)) for paragraph in doc.paragraphs]
    assert counts == [1, 1, 1, 1, 3, 1, 1, 1, 1, 2, 1, 1, 2, 4, 1, 3, 1, 1, 1, 1, 2]


def test_a_long_text_of_many_quotations_is_split_in_full() -> None:
    text = "“Is it?” Mr. Ray asked. (It was.) " * 20_000
    assert len(sentences(text)) == 40_000
