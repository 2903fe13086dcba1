"""Cut a text that is longer than a model's window into parts that fit."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

import regex

from mtqa.text import Span

# Where a sentence may be cut, the best places first.
_BREAKS = (
    regex.compile(r"(?<=[.;:!?…—–][\"'”’)\]]?)\s+"),
    regex.compile(r"(?<=[,)\]])\s+"),
    regex.compile(r"\s+"),
)
_CLUSTER = regex.compile(r"\X")


def chunks(text: str, *, tokens: Callable[[str], Sequence[Span]], limit: int) -> tuple[Span, ...]:
    """Cut ``text`` into spans of at most ``limit`` tokens each.

    Args:
        text: a segment.
        tokens: the places of the tokens of a text.
        limit: tokens per part, without special ones.

    Returns:
        Spans in order, with only white space between them.  Cuts are made at punctuation
        if possible, else at white space, else between grapheme clusters, else between
        code points.  Only a single code point can still be too long.

    >>> text = "one two, three four"
    >>> parts = chunks(text, tokens=lambda t: [Span(*m.span()) for m in regex.finditer(r"\\w+", t)],
    ...                limit=3)
    >>> [span.of(text) for span in parts]
    ['one two,', 'three four']
    """
    return tuple(_cut(text, Span(0, len(text)), tokens, limit))


def _cut(
    text: str, span: Span, tokens: Callable[[str], Sequence[Span]], limit: int
) -> Iterator[Span]:
    surface = span.of(text)
    found = tokens(surface)
    if len(found) <= limit or len(span) < 2:
        yield span
        return
    gap = _best_break(surface, found)
    yield from _cut(text, Span(span.start, span.start + gap.start), tokens, limit)
    yield from _cut(text, Span(span.start + gap.end, span.end), tokens, limit)


def _best_break(text: str, tokens: Sequence[Span]) -> Span:
    """White space, or an empty span, near the middle of the tokens."""
    starts = [token.start for token in tokens]
    middle = len(starts) / 2
    places = [[Span(*match.span()) for match in pattern.finditer(text)] for pattern in _BREAKS]
    places.append([Span(match.end(), match.end()) for match in _CLUSTER.finditer(text)])
    for gaps in places:
        found = [
            (abs(bisect_left(starts, gap.end) - middle), gap)
            for gap in gaps
            if gap.start > 0 and gap.end < len(text)
        ]
        best = min(found, default=None)
        # A good place far from the middle is worse than a poor one near it.
        if best is not None and (best[0] <= middle / 2 or gaps is places[-1]):
            return best[1]
    return Span(len(text) // 2, len(text) // 2)
