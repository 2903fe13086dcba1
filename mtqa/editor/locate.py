"""Where the pieces of a rewritten text stand in the raw text.

Tokenizers lower-case, strip accents, normalise and drop characters, and give back
pieces.  ``locate`` finds each piece again in the text it came from.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from rapidfuzz.distance import Indel

from mtqa.text import Span

UNKNOWN = "\ufffc"  # stands for what a vocabulary cannot write

_SAME = str.maketrans(
    dict.fromkeys("‘’‚‛`´ʼ", "'")
    | dict.fromkeys("“”„‟«»", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"▁": "", UNKNOWN: "", "…": "..."}
)


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character.translate(_SAME)).casefold()
    return "".join(
        c for c in decomposed if not c.isspace() and unicodedata.category(c) not in _DROPPED
    )


_DROPPED = frozenset({"Mn", "Me", "Cc", "Cf", "Cs", "Co", "Cn"})


def fold(text: str) -> str:
    """``text`` as tokenizers may see it: no case, accents, spaces, kinds of quotes or dashes.

    >>> fold("Naïve “Café” — ﬁne…")
    'naive"cafe"-fine...'
    """
    return "".join(map(_fold_character, text))


def locate(pieces: Sequence[str], text: str) -> tuple[Span, ...]:
    """The span of ``text`` that each piece came from.

    Args:
        pieces: in order; folded, they are about the folded text.  ``UNKNOWN`` stands for
            anything.

    Returns:
        One span per piece, in order and not overlapping, with no white space at either
        end.  A piece that came from no character of its own has an empty span.

    >>> text = "Zoë 😀 won’t!"
    >>> [span.of(text) for span in locate(["zoe", UNKNOWN, "won", "'", "t", "!"], text)]
    ['Zoë', '😀', 'won', '’', 't', '!']
    """
    owners = [index for index, piece in enumerate(pieces) for _ in fold(piece)]
    folded = [(c, at) for at, character in enumerate(text) for c in _fold_character(character)]
    matches: dict[int, list[int]] = {}  # piece -> code points of the text
    for piece_at, text_at in _matching("".join(map(fold, pieces)), "".join(c for c, _ in folded)):
        matches.setdefault(owners[piece_at], []).append(folded[text_at][1])
    found: list[Span | None] = [None] * len(pieces)
    floor = 0
    for index, places in sorted(matches.items()):
        start = max(floor, places[0])
        floor = max(start, _past_marks(text, places[-1] + 1))
        found[index] = Span(start, floor)
    return tuple(_fill(found, text))


def _matching(a: str, b: str) -> Iterable[tuple[int, int]]:
    """Pairs of indices at which the two strings agree, rising in both."""
    if a == b:
        yield from ((index, index) for index in range(len(a)))
        return
    for op in Indel.opcodes(a, b):
        if op.tag == "equal":
            yield from zip(
                range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True
            )


def _past_marks(text: str, end: int) -> int:
    """The end of a piece with the marks and joiners that belong to its last character."""
    while end < len(text) and unicodedata.category(text[end]) in ("Mn", "Me", "Cf"):
        end += 1
    return end


def _fill(found: Sequence[Span | None], text: str) -> Iterable[Span]:
    """Give the pieces that matched nothing what is left between their neighbours."""
    at = 0
    index = 0
    for missing, run in groupby(found, key=lambda span: span is None):
        spans = list(run)
        index += len(spans)
        if not missing:
            known = [span for span in spans if span is not None]
            yield from known
            at = known[-1].end
            continue
        following = found[index] if index < len(found) else None
        yield from _share(
            Span(at, len(text) if following is None else following.start), len(spans), text
        )


def _share(gap: Span, count: int, text: str) -> Iterable[Span]:
    """Cut a gap into ``count`` spans: word by word if that fits, else all to the first."""
    chunks = _chunks(gap, text)
    if len(chunks) == count:
        yield from chunks
        return
    if not chunks:
        yield from [Span(gap.start, gap.start)] * count
        return
    whole = Span(chunks[0].start, chunks[-1].end)
    yield whole
    yield from [Span(whole.end, whole.end)] * (count - 1)


def _chunks(gap: Span, text: str) -> list[Span]:
    """The runs of a gap between white space."""
    chunks = []
    for blank, run in groupby(range(gap.start, gap.end), key=lambda at: text[at].isspace()):
        places = list(run)
        if not blank:
            chunks.append(Span(places[0], places[-1] + 1))
    return chunks


def trim(span: Span, text: str) -> Span:
    """``span`` without white space at either end.

    >>> trim(Span(3, 9), "the wolf ")
    Span(start=4, end=8)
    """
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
