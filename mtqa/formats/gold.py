"""``spans.tsv``: the errors of a text, marked by hand.

Columns ``surface, start, end, correction, category, severity``, separated by tabs,
under a header of these names.  Offsets are code points of the raw text, half-open;
an omission is a span of width zero.  In ``surface`` and ``correction``, ``\\t``,
``\\n`` and ``\\\\`` stand for a tab, a newline and a backslash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast, get_args

from mtqa.errors import InputError
from mtqa.formats.plain import read_utf8
from mtqa.text import Span

GoldSeverity = Literal["minor", "major", "critical"]

COLUMNS: Final = ("surface", "start", "end", "correction", "category", "severity")

_SEVERITIES: Final = get_args(GoldSeverity)
_ESCAPES: Final = {"t": "\t", "n": "\n", "\\": "\\"}
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """One error that a person marked."""

    span: Span  # in the document; empty for an omission
    surface: str  # document.text[span]
    correction: str  # what should stand there; "" for a deletion
    category: str  # MQM name, "Fluency/Grammar"
    severity: GoldSeverity


def read_gold(path: str | Path, text: str) -> tuple[GoldSpan, ...]:
    """Read the marked errors of a text.

    Args:
        path: a ``spans.tsv``.
        text: the raw text that the offsets are in.

    Returns:
        The spans in the order of the file, which is that of the text.

    Raises:
        InputError: a row that is malformed, out of order, overlaps the one before
            it, or whose surface is not what the text has at its offsets.
    """
    decoded = read_utf8(path)
    header, *rows = decoded.text.removesuffix("\n").split("\n")
    if tuple(header.removesuffix("\r").split("\t")) != COLUMNS:
        raise InputError(
            "the first line is not the header",
            where=f"{decoded.name}:1",
            hint=f"begin with these names, separated by tabs: {' '.join(COLUMNS)}",
        )
    spans: list[GoldSpan] = []
    for number, row in enumerate(rows, start=2):
        where = f"{decoded.name}:{number}"
        gold = _parse(row.removesuffix("\r"), where=where)
        _check_surface(gold, text, where=where)
        if spans and gold.span.start < spans[-1].span.end:
            raise InputError(
                f"the span {_range(gold.span)} begins before the end of the one above it,"
                f" {_range(spans[-1].span)}",
                where=where,
                hint="sort the rows by start and let no two spans overlap",
            )
        spans.append(gold)
    return tuple(spans)


def _parse(row: str, *, where: str) -> GoldSpan:
    cells = row.split("\t")
    if len(cells) != len(COLUMNS):
        raise InputError(
            f"{len(cells)} columns instead of {len(COLUMNS)}",
            where=where,
            hint="separate columns by one tab; write a tab inside a cell as \\t",
        )
    surface, start, end, correction, category, severity = cells
    if severity not in _SEVERITIES:
        raise InputError(
            f'unknown severity "{severity}"', where=where, hint=f"use {', '.join(_SEVERITIES)}"
        )
    if not category:
        raise InputError("the category is empty", where=where, hint="use an MQM name")
    return GoldSpan(
        span=_span(start, end, where=where),
        surface=_unescape(surface, where=where),
        correction=_unescape(correction, where=where),
        category=category,
        severity=cast(GoldSeverity, severity),
    )


def _span(start: str, end: str, *, where: str) -> Span:
    # int() would also take "+1", " 1", "1_0" and the digits of other scripts.
    if re.fullmatch(r"[0-9]{1,12}", start) and re.fullmatch(r"[0-9]{1,12}", end):
        bounds = int(start), int(end)
        if bounds[0] <= bounds[1]:
            return Span(*bounds)
    raise InputError(
        f'start "{start}" and end "{end}" are not a span',
        where=where,
        hint="give code points counted from 0, start not after end",
    )


def _unescape(cell: str, *, where: str) -> str:
    def character(match: re.Match[str]) -> str:
        try:
            return _ESCAPES[match[1]]
        except KeyError:
            raise InputError(
                f'"{match[0]}" is not an escape', where=where, hint="use \\t, \\n or \\\\"
            ) from None

    return _ESCAPE.sub(character, cell)


def _check_surface(gold: GoldSpan, text: str, *, where: str) -> None:
    if gold.span.end <= len(text) and gold.span.of(text) == gold.surface:
        return
    there = gold.span.of(text)
    raise InputError(
        f"the text has {there!r} at {_range(gold.span)}, not {gold.surface!r}",
        where=where,
        hint=_advice(gold, text),
    )


def _advice(gold: GoldSpan, text: str) -> str:
    """Where the surface really stands, if anywhere: offsets are easily counted in other units."""
    rule = "offsets are code points of the raw text, with newlines as they are in the file"
    places = [m.start() for m in re.finditer(re.escape(gold.surface), text)] if gold.surface else []
    if not places:
        return rule
    nearest = min(places, key=lambda place: abs(place - gold.span.start))
    return f"it stands at {_range(Span(nearest, nearest + len(gold.surface)))}; {rule}"


def _range(span: Span) -> str:
    return f"{span.start}-{span.end}"
