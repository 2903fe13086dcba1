"""Where two sequences of paragraphs (or lines) that should correspond drift apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# What a change of offset must gain to be believed: enough to settle ties.  Chosen on the article
# in references/carney with one to three paragraphs taken out: from 0 to 0.2 the first of them is
# always found against its reference, and less well the higher it is against a text with few words
# in common.
_PENALTY = 0.1

# Offsets tried beyond those between none and the difference in length, for losses on both sides.
_MARGIN = 2

_MAX_COMPARISONS = 1_000_000  # a few seconds; beyond it only the two extreme offsets are tried

_EXCERPT = 40  # code points


@dataclass(frozen=True, slots=True)
class _Path:
    """The best way of pairing everything so far that is now at some offset."""

    gain: float  # likeness of the pairs, less the penalties
    left: int | None  # where it first left offset 0; None while it has not


def first_drift(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """The first index at which two sequences stop corresponding one to one.

    Each item of the shorter sequence is paired with the item of the longer one at
    the same index plus an offset.  Of all ways to change the offset on the way, the
    one is taken under which the pairs are most alike (Viterbi's algorithm; changes
    cost something).  The answer is where that way first leaves offset 0.  Likeness
    is words in common, in order, and length, so that it also serves, with less
    certainty, for texts in two languages.

    Returns:
        An index from 0 to the smaller length; that length when everything pairs up
        and the longer one only has something more at its end.

    >>> first_drift(["The cat sat.", "A dog ran.", "It rained."], ["The cat sat.", "It rained."])
    1
    """
    short, long = sorted((_split(ours), _split(theirs)), key=len)
    offsets = _offsets(len(short), len(long) - len(short))
    paths = {0: _Path(0.0, None)}
    for index, words in enumerate(short):
        best = max(paths.values(), key=lambda path: path.gain)
        moved = _Path(best.gain - _PENALTY, index if best.left is None else best.left)
        following: dict[int, _Path] = {}
        for offset in offsets:
            path = paths.get(offset, moved)
            # Once left, offset 0 is not returned to: what was lost stays lost.
            if path.gain < moved.gain and offset != 0:
                path = moved
            there = index + offset
            alike = _likeness(words, long[there]) if 0 <= there < len(long) else 0.0
            following[offset] = _Path(path.gain + alike, path.left)
        paths = following
    left = max(paths.values(), key=lambda path: path.gain).left
    return len(short) if left is None else left


def _split(items: Sequence[str]) -> list[list[str]]:
    return [item.casefold().split() for item in items]


def _offsets(length: int, difference: int) -> Sequence[int]:
    every = range(-_MARGIN, difference + _MARGIN + 1)
    return every if len(every) * length <= _MAX_COMPARISONS else (0, difference)


def _likeness(a: Sequence[str], b: Sequence[str]) -> float:
    """0 to 1.3: the share of words in common, in order, and a little for a like length."""
    from rapidfuzz.distance import Indel  # imported here: needed only to explain an error

    longer = max(len(a), len(b))
    length = min(len(a), len(b)) / longer if longer else 1.0
    in_common: float = Indel.normalized_similarity(a, b)
    return in_common + 0.3 * length


def excerpt(text: str) -> str:
    """The beginning of a text, quoted, on one line, for an error message.

    >>> excerpt("A headline")
    '"A headline"'
    >>> excerpt("word " * 20)
    '"word word word word word word word word…"'
    """
    flat = " ".join(text[: 4 * _EXCERPT].split())
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in flat)
    cut = printable[:_EXCERPT].rstrip()
    return f'"{cut}…"' if len(printable) > _EXCERPT or len(text) > 4 * _EXCERPT else f'"{cut}"'
