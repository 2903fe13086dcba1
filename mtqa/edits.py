"""Edits: the difference between two texts, as a person would mark it.

``diff`` aligns whole words and punctuation marks, never letters, and what it returns is
exact: ``apply(a, diff(a, b)) == b`` for every two strings, white space included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from rapidfuzz.distance import Indel, Levenshtein, Postfix, Prefix

from mtqa.text import Span
from mtqa.text.words import words

# The alignment that keeps the most words needs a bit per pair of words: up to 64 MB.
_MOST_PAIRS = 2**29
# A moved phrase is one edit when it moves over at most this many words.
_SWAP_REACH = 3
# A kept word is only a coincidence between two rewrites of at least this many words each.
_REWRITE = 3


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace ``span`` of a text by ``text``: empty text deletes, an empty span inserts.

    >>> Edit(Span(4, 8), "fox")
    Edit(span=Span(start=4, end=8), text='fox')
    """

    span: Span
    text: str


def diff(a: str, b: str) -> tuple[Edit, ...]:
    r"""The edits that turn ``a`` into ``b``, by position, on whole words.

    Changes with only white space between them are one edit, and so is a phrase that
    moves over a few words; other changes stay apart.  Deleting a word deletes one of the
    spaces beside it, and inserting one brings a space.

    >>> diff("A wolf are here.", "A wolf is here.")
    (Edit(span=Span(start=7, end=10), text='is'),)
    >>> diff("We know very well.", "We know well.")
    (Edit(span=Span(start=8, end=13), text=''),)
    >>> diff("one\ntwo", "one\r\ntwo")
    (Edit(span=Span(start=3, end=3), text='\r'),)
    """
    if a == b:
        return ()
    left, right = _Tokens.of(a), _Tokens.of(b)
    blocks = _join(_settle(_blocks(left, right), left, right), left, right)
    return tuple(_regions(blocks, left, right))


def apply(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with the edits made, in whatever order they come.

    Raises:
        ValueError: naming the edits, if two overlap, two insert at the same place, or one
            reaches past the end of the text.

    >>> apply("A wolf are here.", [Edit(Span(7, 10), "is"), Edit(Span(0, 1), "The")])
    'The wolf is here.'
    """
    ordered = sorted(edits, key=lambda edit: edit.span)
    for edit in ordered:
        if edit.span.end > len(text):
            raise ValueError(f"{edit} reaches past the end of a text of {len(text)} code points")
    for first, second in pairwise(ordered):
        # Equal spans are two answers to one question even where they are empty.
        if first.span.end > second.span.start or first.span == second.span:
            raise ValueError(f"edits overlap: {first} and {second}")
    pieces, at = [], 0
    for edit in ordered:
        pieces += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*pieces, text[at:]])


def shift(edits: Iterable[Edit], by: int) -> tuple[Edit, ...]:
    """The same edits ``by`` code points further on: from a segment to its document.

    >>> shift([Edit(Span(4, 8), "fox")], 10)
    (Edit(span=Span(start=14, end=18), text='fox'),)
    """
    return tuple(Edit(edit.span.shift(by), edit.text) for edit in edits)


@dataclass(frozen=True, slots=True)
class _Region:
    """A piece of raw text between two kept words."""

    start: int  # code points
    whole: str
    head: str  # white space it begins with; all of it where there is no word
    tail: str  # white space it ends with; all of it where there is no word


@dataclass(frozen=True, slots=True)
class _Tokens:
    """A text and its words, with what lies between them."""

    text: str
    spans: tuple[Span, ...]
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Tokens:
        spans = words(text)
        return cls(text, spans, tuple(span.of(text) for span in spans))

    def around(self, start: int, end: int) -> _Region:
        """The raw text of tokens ``start`` to ``end``, with the white space on both sides."""
        first = self.spans[start - 1].end if start else 0
        last = self.spans[end].start if end < len(self.spans) else len(self.text)
        whole = self.text[first:last]
        if start == end:
            return _Region(first, whole, whole, whole)
        head = self.text[first : self.spans[start].start]
        return _Region(first, whole, head, self.text[self.spans[end - 1].end : last])


@dataclass(frozen=True, slots=True)
class _Block:
    """Words ``a_start:a_end`` of one text that became words ``b_start:b_end`` of the other."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int

    @property
    def size(self) -> int:
        return max(self.a_end - self.a_start, self.b_end - self.b_start)

    def moved(self, by: int) -> _Block:
        """The same words ``by`` tokens further on."""
        return _Block(self.a_start + by, self.a_end + by, self.b_start + by, self.b_end + by)

    def until(self, other: _Block) -> _Block:
        """One block from the start of this one to the end of the other."""
        return _Block(self.a_start, other.a_end, self.b_start, other.b_end)


def _blocks(left: _Tokens, right: _Tokens) -> list[_Block]:
    """The runs of words that are not kept; any two have a kept word between them."""
    # Numbers instead of strings: the library compares hashes, and these cannot collide.
    numbers: dict[str, int] = {}
    a = [numbers.setdefault(word, len(numbers)) for word in left.words]
    b = [numbers.setdefault(word, len(numbers)) for word in right.words]
    # Levenshtein opcodes keep fewer words but need little memory: for megabytes only.
    distance = Indel if len(a) * len(b) <= _MOST_PAIRS else Levenshtein
    blocks: list[_Block] = []
    for tag, a_start, a_end, b_start, b_end in distance.opcodes(a, b):
        if tag == "equal":
            continue
        block = _Block(a_start, a_end, b_start, b_end)
        if blocks and (blocks[-1].a_end, blocks[-1].b_end) == (a_start, b_start):
            block = blocks.pop().until(block)
        blocks.append(block)
    return blocks


def _settle(blocks: Sequence[_Block], left: _Tokens, right: _Tokens) -> list[_Block]:
    """Every block where it reads best, in the order given."""
    settled: list[_Block] = []
    for block, after in zip_longest(blocks, blocks[1:]):
        before = settled[-1] if settled else None
        if block.a_start == block.a_end:
            low, high = before.b_end if before else None, after.b_start if after else None
            by = _slide(right.words, block.b_start, block.b_end, low=low, high=high)
        elif block.b_start == block.b_end:
            low, high = before.a_end if before else None, after.a_start if after else None
            by = _slide(left.words, block.a_start, block.a_end, low=low, high=high)
        else:
            by = 0
        settled.append(block.moved(by))
    return settled


def _slide(
    tokens: Sequence[str], start: int, end: int, *, low: int | None, high: int | None
) -> int:
    """How far to move an insertion or deletion that could stand in several places.

    "It rained. It snowed." gains "[It hailed.] " and not "It[ hailed. It]": best right
    after punctuation and not beginning with it, and otherwise as early as possible, so
    that the same change is always the same edit.  ``low`` and ``high`` are where the
    neighbouring changes end and begin; a kept word stays between, or they would become one.
    """
    lowest = 0 if low is None else low + 1
    highest = len(tokens) if high is None else high - 1
    down = up = 0
    while start - down > lowest and tokens[start - down - 1] == tokens[end - down - 1]:
        down += 1
    while end + up < highest and tokens[start + up] == tokens[end + up]:
        up += 1
    for by in range(-down, up + 1):
        first = start + by
        if _is_word(tokens[first]) and (first == 0 or not _is_word(tokens[first - 1])):
            return by
    return -down


def _join(blocks: Sequence[_Block], left: _Tokens, right: _Tokens) -> list[_Block]:
    """Blocks, with those that a person would see as one change made one."""
    joined: list[_Block] = []
    for block in blocks:
        if joined and (
            _is_swap(joined[-1], block, left, right) or _is_rewrite(joined[-1], block, left)
        ):
            block = joined.pop().until(block)
        joined.append(block)
    return joined


def _is_swap(first: _Block, second: _Block, left: _Tokens, right: _Tokens) -> bool:
    """Whether a phrase only moved over the few words between the blocks, case aside."""
    if second.a_start - first.a_end > _SWAP_REACH:
        return False
    whole = first.until(second)
    return sorted(map(str.casefold, left.words[whole.a_start : whole.a_end])) == sorted(
        map(str.casefold, right.words[whole.b_start : whole.b_end])
    )


def _is_rewrite(first: _Block, second: _Block, left: _Tokens) -> bool:
    """Whether one word between two rewritten phrases was kept by coincidence."""
    kept = left.words[first.a_end : second.a_start]
    return len(kept) == 1 and _is_word(kept[0]) and min(first.size, second.size) >= _REWRITE


def _regions(blocks: Sequence[_Block], left: _Tokens, right: _Tokens) -> Iterator[Edit]:
    """One edit for every place, between two kept words, where the raw texts differ."""
    a_at = b_at = 0  # the first words that are not accounted for
    for a_kept, b_kept in _kept(blocks, len(left.words), len(right.words)):
        # With no word in between, white space can still differ.
        yield from _region(_Block(a_at, a_kept, b_at, b_kept), left, right)
        a_at, b_at = a_kept + 1, b_kept + 1


def _kept(blocks: Sequence[_Block], a_length: int, b_length: int) -> Iterator[tuple[int, int]]:
    """Pairs of words that are kept, and the two ends as a last pair."""
    a_at = b_at = 0
    for block in blocks:
        yield from zip(range(a_at, block.a_start), range(b_at, block.b_start), strict=True)
        a_at, b_at = block.a_end, block.b_end
    yield from zip(range(a_at, a_length + 1), range(b_at, b_length + 1), strict=True)


def _region(block: _Block, left: _Tokens, right: _Tokens) -> Iterator[Edit]:
    """The block and the white space around it as an edit, unless nothing changes."""
    old, new = left.around(block.a_start, block.a_end), right.around(block.b_start, block.b_end)
    if old.whole == new.whole:
        return
    head = Prefix.similarity(old.head, new.head)
    room = min(len(old.whole), len(new.whole)) - head
    tail = min(room, Postfix.similarity(old.tail, new.tail))
    span = Span(old.start + head, old.start + len(old.whole) - tail)
    yield Edit(span, new.whole[head : len(new.whole) - tail])


def _is_word(token: str) -> bool:
    """Whether a token is more than punctuation."""
    return any(character.isalnum() for character in token)
