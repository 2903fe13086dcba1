"""Raw text to a document and back, byte for byte.

A paragraph is a non-blank line.  Lines end in ``\\n``, ``\\r\\n`` or ``\\r``, and in
nothing else: U+2028, vertical tabs and form feeds are part of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from mtqa.errors import PairingError
from mtqa.text.pairing import excerpt, first_drift
from mtqa.text.sentences import sentences
from mtqa.text.types import Document, Paragraph, Segment, Span

_NEWLINE = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text, as editors show it."""

    line: int  # 1-based
    column: int  # 1-based, in code points: a tab is one, an emoji is as many as it is made of


def document(text: str, *, path: str | None = None, bom: bool = False) -> Document:
    """Find the paragraphs and sentences of a text.

    Args:
        text: the article, raw, without its byte order mark.
        path: where it was read from, for messages and reports.
        bom: whether the file began with a byte order mark.

    Returns:
        A document whose segments, with the gaps between them, give ``text`` back
        exactly; a text without a non-blank line has no paragraphs.

    >>> doc = document("A headline\\n\\n  One sentence. Another.\\n")
    >>> [(s.id, s.line, s.text) for s in doc.segments]
    [('p1.s1', 1, 'A headline'), ('p2.s1', 3, 'One sentence.'), ('p2.s2', 3, 'Another.')]
    """
    paragraphs: list[Paragraph] = []
    segments: list[Segment] = []
    for line, start, end in _lines(text):
        content = text[start:end]
        body = content.strip()
        if not body:
            continue
        offset = start + len(content) - len(content.lstrip())
        paragraph = Paragraph(
            id=f"p{len(paragraphs) + 1}",
            text=body,
            span=Span(offset, offset + len(body)),
            line=line,
        )
        segments.extend(_segments(paragraph, len(paragraphs)))
        paragraphs.append(paragraph)
    return Document(path, text, tuple(paragraphs), tuple(segments), bom)


def join(document: Document, replacements: Mapping[str, str]) -> str:
    """The raw text with some segments replaced and everything else as it was.

    Args:
        document: what to take the gaps and the other segments from.
        replacements: new text by segment id.

    Raises:
        ValueError: a segment id that the document does not have.

    >>> doc = document("One.  Two.\\r\\n")
    >>> join(doc, {"p1.s2": "Deux."})
    'One.  Deux.\\r\\n'
    """
    unknown = replacements.keys() - {segment.id for segment in document.segments}
    if unknown:
        raise ValueError(f"no such segments: {', '.join(sorted(unknown))}")
    pieces: list[str] = []
    end = 0
    for segment in document.segments:
        pieces.append(document.text[end : segment.span.start])
        pieces.append(replacements.get(segment.id, segment.text))
        end = segment.span.end
    pieces.append(document.text[end:])
    return "".join(pieces)


def with_references(document: Document, references: Sequence[Document]) -> Document:
    """Pair each paragraph with the same paragraph of each reference, in order.

    References that the document already had are replaced.

    Raises:
        PairingError: a reference has more or fewer paragraphs; the message names both
            counts and the first place where the two drift apart.
    """
    for reference in references:
        _check_paired(document, reference, role="reference")
    paragraphs = tuple(
        replace(paragraph, references=tuple(r.paragraphs[i].text for r in references))
        for i, paragraph in enumerate(document.paragraphs)
    )
    return replace(document, paragraphs=paragraphs)


def with_source(document: Document, source: Document) -> Document:
    """Pair each paragraph with the same paragraph of the text it was translated from.

    Raises:
        PairingError: the source has more or fewer paragraphs, as in `with_references`.
    """
    _check_paired(document, source, role="source")
    paragraphs = tuple(
        replace(paragraph, source=other.text)
        for paragraph, other in zip(document.paragraphs, source.paragraphs, strict=True)
    )
    return replace(document, paragraphs=paragraphs)


def line_column(text: str, offset: int) -> Position:
    """The line and column of an offset.

    Args:
        text: raw; lines end in ``\\n``, ``\\r\\n`` or ``\\r``.
        offset: code points, from 0 to ``len(text)``.

    Raises:
        ValueError: the offset is outside the text.

    >>> line_column("one\\r\\ntwo", 6)
    Position(line=2, column=2)
    """
    if not 0 <= offset <= len(text):
        raise ValueError(f"offset {offset} is outside a text of {len(text)} code points")
    starts = _line_starts(text)
    line = bisect_right(starts, offset)
    return Position(line, offset - starts[line - 1] + 1)


# A report asks for hundreds of positions in the same one or two texts.
@lru_cache(maxsize=4)
def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(newline.end() for newline in _NEWLINE.finditer(text)))


def _lines(text: str) -> Iterator[tuple[int, int, int]]:
    """Each line's number (from 1), start and end, without its newline."""
    number, start = 1, 0
    for newline in _NEWLINE.finditer(text):
        yield number, start, newline.start()
        number, start = number + 1, newline.end()
    yield number, start, len(text)


def _segments(paragraph: Paragraph, index: int) -> Iterator[Segment]:
    for number, span in enumerate(sentences(paragraph.text), start=1):
        yield Segment(
            id=f"{paragraph.id}.s{number}",
            text=span.of(paragraph.text),
            span=span.shift(paragraph.span.start),
            paragraph=index,
            line=paragraph.line,
        )


def _check_paired(document: Document, other: Document, *, role: str) -> None:
    ours, theirs = document.paragraphs, other.paragraphs
    if len(ours) == len(theirs):
        return
    drift = first_drift([p.text for p in ours], [p.text for p in theirs])
    here = document.path or "the document"
    there = other.path or f"the {role}"
    raise PairingError(
        f"the {role} has {_count(theirs)} and {here} has {len(ours)}; they drift apart at"
        f" {_place(here, ours, drift)} against {_place(there, theirs, drift)}",
        where=other.path,
        hint="give both the same non-blank lines, one paragraph each, in the same order",
    )


def _count(paragraphs: Sequence[Paragraph]) -> str:
    return f"{len(paragraphs)} paragraph{'' if len(paragraphs) == 1 else 's'}"


def _place(name: str, paragraphs: Sequence[Paragraph], index: int) -> str:
    if index == len(paragraphs):
        return f"the end of {name}"
    return f"{name}:{paragraphs[index].line} {excerpt(paragraphs[index].text)}"
