"""The types everything else speaks in.

Offsets are code points of the raw text, half-open, as Python slices are.  Raw
means exactly what the file holds after decoding, without its byte order mark:
CRLF stays CRLF, and nothing is normalised.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points in some raw text.

    >>> Span(4, 8).of("the wolf howls")
    'wolf'
    """

    start: int  # code points from the beginning of the text, >= 0
    end: int  # code points, exclusive, >= start

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: start={self.start}, end={self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The surface: the piece of ``text`` that this span covers."""
        return text[self.start : self.end]

    def shift(self, by: int) -> Span:
        """The same range, ``by`` code points further on."""
        return Span(self.start + by, self.end + by)

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a code point, or one is an empty span inside the other."""
        if self.start == self.end or other.start == other.end:
            return self.start <= other.end and other.start <= self.end
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence (or headline): what the editor reads at once."""

    id: str  # "p3.s2": second sentence of the third paragraph; stable within a document
    text: str  # raw; document.text[span] == text, no white space at either end
    span: Span  # in the document
    paragraph: int  # index into Document.paragraphs, from 0
    line: int  # 1-based line of the document on which the segment starts


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A non-blank line: what is paired with a source and with references."""

    id: str  # "p3": third non-blank line
    text: str  # raw, without white space at either end; document.text[span] == text
    span: Span  # in the document
    line: int  # 1-based
    source: str | None = None  # the same paragraph in the source language
    references: tuple[str, ...] = ()  # corrected versions of the paragraph


@dataclass(frozen=True, slots=True)
class Document:
    """An article: its raw text, and where its paragraphs and sentences are.

    Joining the segments and the gaps between them gives ``text`` back exactly.
    """

    path: str | None  # where it was read from; None when it came from memory
    text: str  # raw, without a byte order mark
    paragraphs: tuple[Paragraph, ...]
    segments: tuple[Segment, ...]  # in order, not overlapping
    bom: bool = False  # whether the file began with a byte order mark (written back)
