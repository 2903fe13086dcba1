"""A report as one HTML file: nothing is fetched, nothing is run.

The text of the article is foreign.  The template escapes all of it, characters that hide
or reorder text are shown as escapes, and a content security policy forbids scripts and
connections should something slip through.
"""

from __future__ import annotations

import hashlib
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from mtqa.editor.base import Proposal
from mtqa.edits import Edit
from mtqa.render import scores
from mtqa.render.marks import Piece, Stretch, cut, side_by_side
from mtqa.render.visible import shorten, visible
from mtqa.report import SEVERITIES, Finding, Report
from mtqa.text import Paragraph, Segment
from mtqa.text.document import line_column

_HEIGHT = 100.0  # units of the plot: one is a point of fluency
_WIDTH = 1000.0
_BAR = 0.84  # share of its place that a bar fills
_WEAKEST = 3  # sentences marked, as in the terminal
_MANY = 4  # ... but at most one in so many
_TIP = 120  # characters of a sentence shown in a tooltip
_DIGEST = 12  # hexadecimal digits, as git shows them


@dataclass(frozen=True, slots=True)
class Card:
    """A finding as it stands in the list."""

    number: int  # from 1
    finding: Finding
    place: str  # "line:column"
    tip: str  # all of it in a few lines


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of the article with the findings on it, the worst first."""

    text: str
    cards: tuple[Card, ...]
    begins: tuple[Card, ...]
    ends: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the article, or the white space between two."""

    segment_id: str | None
    pieces: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A paragraph: as it came, with its findings, and what became of it."""

    number: int  # 1-based line of the file
    sentences: tuple[Sentence, ...]
    stretches: tuple[Stretch, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """The fluency of a sentence, in units of the plot."""

    segment_id: str
    place: str
    text: str
    value: float | None  # 0-100
    weakest: bool
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edit that was not made."""

    proposal: Proposal
    place: str
    old: str


@dataclass(frozen=True, slots=True)
class View:
    """What the template shows, beside the report itself."""

    report: Report
    prefix: str  # before every id, so that several reports can stand on one page
    name: str
    counts: tuple[tuple[str, int], ...]  # findings of each severity, the worst first
    cards: tuple[Card, ...]
    lines: tuple[Lines, ...]
    edits: tuple[Proposal, ...]  # kept, in the order of the stretches' indexes
    bars: tuple[Bar, ...]
    refused: tuple[Refusal, ...]  # by the guard, for what they would change
    unsure: tuple[Refusal, ...]  # for too little confidence


def render(report: Report) -> str:
    """The report as an HTML page that needs nothing else."""
    return _environment().get_template("page.html.j2").render(view=_view(report, ""))


def fragment(report: Report) -> str:
    """The same report as a piece of a page, such as the output of a notebook cell."""
    told_apart = (report.input_digest, report.editor, report.options, report.cleaned)
    prefix = hashlib.sha256(repr(told_apart).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return _environment().get_template("cell.html.j2").render(view=_view(report, f"r{prefix}-"))


def shown(text: str) -> Markup:
    r"""Text as HTML, with what hides, moves or reorders marked as an escape.

    >>> print(shown("a <b> \x1b[0m"))
    a &lt;b&gt; <span class="esc" title="ESC, U+001B">\x1b</span>[0m
    """
    runs = groupby(text, key=lambda ch: visible(ch) != ch)
    return Markup("").join(
        Markup("").join(map(_escape_sequence, run)) if hidden else escape("".join(run))
        for hidden, run in runs
    )


# Unicode has no names for control characters.
_CONTROLS = {"\0": "NUL", "\t": "TAB", "\n": "line feed", "\r": "carriage return", "\x1b": "ESC"}


def _escape_sequence(ch: str) -> Markup:
    name = _CONTROLS.get(ch) or unicodedata.name(ch, "control character")
    code = f"U+{ord(ch):04X}"
    return Markup('<span class="esc" title="{}, {}">{}</span>').format(name, code, visible(ch))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("mtqa.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "shown": shown,
        "visible": visible,
        "digest": _short,
        "figure": scores.figure,
        "difference": scores.difference,
        "gain": scores.gain,
        "p_value": scores.p_value,
        "unit": scores.unit,
    }
    return environment


def _view(report: Report, prefix: str) -> View:
    cards = tuple(_card(report, n, finding) for n, finding in enumerate(report.findings, start=1))
    kept = tuple(_proposals(report, kept=True))
    edits = tuple(Edit(p.edit.span.shift(s.span.start), p.edit.text) for s, p in kept)
    counts = Counter(finding.severity for finding in report.findings)
    refused = [(s, p) for s, p in _proposals(report, kept=False)]
    return View(
        report=report,
        prefix=prefix,
        name=visible(report.document.path or "<text>"),
        counts=tuple((severity, counts[severity]) for severity in reversed(SEVERITIES)),
        cards=cards,
        lines=tuple(_lines(report, cards, edits)),
        edits=tuple(proposal for _, proposal in kept),
        bars=tuple(_bars(report)),
        refused=tuple(_refusal(report, s, p) for s, p in refused if p.refused != "confidence"),
        unsure=tuple(_refusal(report, s, p) for s, p in refused if p.refused == "confidence"),
    )


def _short(digest: str) -> str:
    kind, _, digits = digest.partition(":")
    return f"{kind}:{digits[:_DIGEST]}" if digits else digest[:_DIGEST]


def _place(report: Report, offset: int) -> str:
    position = line_column(report.document.text, offset)
    return f"{position.line}:{position.column}"


def _card(report: Report, number: int, finding: Finding) -> Card:
    place = _place(report, finding.span.start)
    head = f"{number}. {finding.category}, {finding.severity}, {finding.confidence:.2f}"
    return Card(number, finding, place, f"{head}\n{visible(finding.message)}")


def _proposals(report: Report, *, kept: bool) -> Iterator[tuple[Segment, Proposal]]:
    if not report.readings:
        return
    for segment, reading in zip(report.document.segments, report.readings, strict=True):
        for proposal in reading.proposals:
            if (proposal.refused is None) == kept:
                yield segment, proposal


def _refusal(report: Report, segment: Segment, proposal: Proposal) -> Refusal:
    span = proposal.edit.span.shift(segment.span.start)
    return Refusal(proposal, _place(report, span.start), span.of(report.document.text))


def _lines(report: Report, cards: Sequence[Card], edits: Sequence[Edit]) -> Iterator[Lines]:
    text = report.document.text
    by_paragraph = groupby(report.document.segments, key=lambda segment: segment.paragraph)
    segments = {index: tuple(group) for index, group in by_paragraph}
    on = _by_paragraph(report.document.paragraphs, cards)
    for index, paragraph in enumerate(report.document.paragraphs):
        stretches = side_by_side(text, paragraph.span, edits)
        yield Lines(
            number=paragraph.line,
            sentences=tuple(_sentences(text, paragraph, segments.get(index, ()), on[index])),
            stretches=stretches,
            changed=any(stretch.edit is not None for stretch in stretches),
        )


def _by_paragraph(
    paragraphs: Sequence[Paragraph], cards: Sequence[Card]
) -> tuple[Sequence[Card], ...]:
    """The findings on each paragraph; one that reaches over several is on each of them."""
    on: tuple[list[Card], ...] = tuple([] for _ in paragraphs)
    ends = [paragraph.span.end for paragraph in paragraphs]
    for card in cards:
        index = bisect_left(ends, card.finding.span.start)
        while index < len(on) and paragraphs[index].span.start <= card.finding.span.end:
            on[index].append(card)
            index += 1
    return on


def _sentences(
    text: str, paragraph: Paragraph, segments: Sequence[Segment], cards: Sequence[Card]
) -> Iterator[Sentence]:
    spans = [card.finding.span for card in cards]
    at = [place for segment in segments for place in (segment.span.start, segment.span.end)]

    def home(piece: Piece) -> str | None:
        start, end = piece.span.start, piece.span.end
        inside = (s.id for s in segments if s.span.start <= start and end <= s.span.end)
        return next(inside, None)

    for segment_id, pieces in groupby(cut(paragraph.span, spans, at), key=home):
        marked = (
            Marked(
                piece.span.of(text),
                tuple(sorted((cards[n] for n in piece.marks), key=_badness, reverse=True)),
                tuple(cards[n] for n in piece.first),
                tuple(cards[n] for n in piece.last),
            )
            for piece in pieces
        )
        yield Sentence(segment_id, tuple(marked))


def _badness(card: Card) -> tuple[int, float]:
    return SEVERITIES.index(card.finding.severity), card.finding.confidence


def _bars(report: Report) -> Iterator[Bar]:
    segments = {segment.id: segment for segment in report.document.segments}
    values = sorted(each.value for each in report.fluency if each.value is not None)
    marked = min(_WEAKEST, len(values) // _MANY)
    limit = values[marked - 1] if marked else -1.0
    step = _WIDTH / max(len(report.fluency), 1)
    for index, each in enumerate(report.fluency):
        segment = segments[each.segment_id]
        height = max(each.value or 0.0, 1.0)  # a sentence of 0 still has a bar to point at
        yield Bar(
            segment_id=each.segment_id,
            place=_place(report, segment.span.start),
            text=shorten(visible(segment.text), _TIP),
            value=each.value,
            weakest=each.value is not None and each.value <= limit,
            x=(index + (1 - _BAR) / 2) * step,
            y=_HEIGHT - height,
            width=_BAR * step,
            height=height,
        )
