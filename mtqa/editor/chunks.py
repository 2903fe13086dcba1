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
_CLUSTER_END = regex.compile(r"\X\K")
_MOST_LETTERS = 20  # per token, on average over a long text


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
    return tuple(_all(text, tokens, limit))


def _all(text: str, tokens: Callable[[str], Sequence[Span]], limit: int) -> Iterator[Span]:
    # What is surely too long is cut by letters first, so that the cost stays linear.
    most, start = _MOST_LETTERS * limit, 0
    while len(text) - start > most:
        window = text[start : start + most]
        gap = _best_break(window, range(len(window)))
        yield from _cut(text, Span(start, start + gap.start), tokens, limit)
        start += gap.end
    yield from _cut(text, Span(start, len(text)), tokens, limit)


def _cut(
    text: str, span: Span, tokens: Callable[[str], Sequence[Span]], limit: int
) -> Iterator[Span]:
    surface = span.of(text)
    starts = [token.start for token in tokens(surface)]
    if len(starts) <= limit or len(surface) < 2:
        yield span
        return
    gap = _best_break(surface, starts)
    yield from _cut(text, Span(span.start, span.start + gap.start), tokens, limit)
    yield from _cut(text, Span(span.start + gap.end, span.end), tokens, limit)


def _best_break(text: str, starts: Sequence[int]) -> Span:
    """White space, or an empty span, near the middle of the tokens that start there."""
    middle = len(starts) / 2
    for find in (*_BREAKS, _CLUSTER_END):
        found = [
            (abs(bisect_left(starts, match.end()) - middle), Span(*match.span()))
            for match in find.finditer(text)
            if match.start() > 0 and match.end() < len(text)
        ]
        best = min(found, default=None)
        # A good place far from the middle is worse than a poor one near it.
        if best is not None and (best[0] <= middle / 2 or find is _CLUSTER_END):
            return best[1]
    return Span(len(text) // 2, len(text) // 2)
