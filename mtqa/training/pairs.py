"""Sentence pairs as arrays of pieces, ready to be batched.

A pair is what the encoder reads (``source``), what the decoder should write
(``target``), for every source piece whether it is wrong (``wrong``), and for every target
piece whether copying the source would not give it (``changed``, which weighs more in the
loss).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from tokenizers import Tokenizer

from mtqa.training import corpora, corrupt
from mtqa.training.config import Recipe

IGNORE = 2  # a source piece whose rightness is not known

Pieces = list[int]


@dataclass(frozen=True, slots=True)
class Pair:
    """One example; without a target it teaches the error head alone."""

    source: Pieces
    target: Pieces
    wrong: Pieces  # 0, 1 or IGNORE, one per source piece
    changed: Pieces  # 0 or 1, one per target piece


@dataclass(frozen=True, slots=True)
class Store:
    """Many pairs in flat arrays; piece ids fit in 16 bits."""

    source: NDArray[np.uint16]
    target: NDArray[np.uint16]
    wrong: NDArray[np.uint8]
    changed: NDArray[np.uint8]
    source_at: NDArray[np.int64]  # [n + 1], where each pair's source begins
    target_at: NDArray[np.int64]  # [n + 1]

    def __len__(self) -> int:
        return len(self.source_at) - 1

    def save(self, path: Path) -> None:
        """Write to an ``.npz`` file."""
        np.savez(
            path, source=self.source, target=self.target, wrong=self.wrong, changed=self.changed,
            source_at=self.source_at, target_at=self.target_at,
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> Store:
        """Read what ``save`` wrote."""
        with np.load(path) as arrays:
            return cls(**{name: arrays[name] for name in arrays.files})

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> Store:
        """Gather pairs."""
        return cls(
            _flat([p.source for p in pairs], np.uint16),
            _flat([p.target for p in pairs], np.uint16),
            _flat([p.wrong for p in pairs], np.uint8),
            _flat([p.changed for p in pairs], np.uint8),
            np.cumsum([0] + [len(p.source) for p in pairs]),
            np.cumsum([0] + [len(p.target) for p in pairs]),
        )


def _flat(lists: Sequence[Pieces], kind: type) -> NDArray:  # type: ignore[type-arg]
    return np.fromiter((x for xs in lists for x in xs), dtype=kind)


def align(source: Pieces, target: Pieces) -> Pair:
    """Mark what differs.

    A piece that one side lacks marks the piece of that side that follows, if there is one.

    >>> align([1, 2, 3], [1, 3])
    Pair(source=[1, 2, 3], target=[1, 3], wrong=[0, 1, 0], changed=[0, 1])
    """
    wrong, changed = [0] * len(source), [0] * len(target)
    for op in Levenshtein.opcodes(source, target):
        if op.tag == "equal":
            continue
        for i in range(op.src_start, op.src_end):
            wrong[i] = 1
        if op.src_start == op.src_end and op.src_start < len(source):
            wrong[op.src_start] = 1
        for j in range(op.dest_start, max(op.dest_end, op.dest_start + 1)):
            if j < len(target):
                changed[j] = 1
    return Pair(source, target, wrong, changed)


def thin(
    source: Pieces, target: Pieces, common: frozenset[int], keep: float, rng: random.Random
) -> Pieces | None:
    """The target with only some of the source's errors: real errors, but few of them.

    A content piece that the source lacks is never taken away: putting it back would be
    invention.  ``None`` when no error is left.
    """
    out: Pieces = []
    damaged = False
    for op in Levenshtein.opcodes(target, source):
        right, bad = target[op.src_start : op.src_end], source[op.dest_start : op.dest_end]
        loses = op.tag == "delete" and not common.issuperset(right)
        if op.tag != "equal" and not loses and rng.random() < keep:
            out += bad
            damaged = True
        else:
            out += right
    return out if damaged else None


class PairMaker:
    """Makes pairs of every stream with one tokenizer and one random state."""

    def __init__(self, recipe: Recipe, tokenizer: Tokenizer) -> None:
        self.recipe = recipe
        self.tokenizer = tokenizer
        self.rng = random.Random(recipe.seed)

    def encode(self, texts: Sequence[str]) -> Iterator[Pieces]:
        """Piece ids without special tokens, a few thousand sentences at a time."""
        for at in range(0, len(texts), 4096):
            batch = self.tokenizer.encode_batch(texts[at : at + 4096], add_special_tokens=False)
            yield from (e.ids for e in batch)

    def _fits(self, *sides: Pieces) -> bool:
        return all(2 <= len(side) <= self.recipe.data.max_pieces for side in sides)

    def _both(self, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[Pieces, Pieces]]:
        sources = self.encode([s for s, _ in pairs])
        targets = self.encode([t for _, t in pairs])
        for source, target in zip(sources, targets, strict=True):
            if self._fits(source, target):
                yield source, target

    def round_trips(self, folder: Path, *, dev: bool = False) -> list[tuple[Pieces, Pieces]]:
        """(returned, original), shifted lines left out by the overlap of their pieces."""
        pairs = [
            (r.returned, r.text) for r in corpora.round_trips(folder, self.recipe.data, dev=dev)
        ]
        return [p for p in self._both(pairs) if overlap(*p) >= self.recipe.data.min_overlap]

    def thinned(
        self, pairs: Iterable[tuple[Pieces, Pieces]], common: frozenset[int]
    ) -> Iterator[Pair]:
        """Round trips with most of their errors mended."""
        for source, target in pairs:
            thinner = thin(source, target, common, self.recipe.data.thin_keep, self.rng)
            if thinner and self._fits(thinner):
                yield align(thinner, target)

    def corrupted(self, sentences: Sequence[str], lexicon: corrupt.Lexicon) -> Iterator[Pair]:
        """Clean sentences with errors put in."""
        damaged = [(corrupt.corrupt(s, self.rng, lexicon), s) for s in sentences]
        for source, target in self._both(damaged):
            yield align(source, target)

    def identity(self, sentences: Sequence[str]) -> Iterator[Pair]:
        """Clean sentences to be left alone."""
        for pieces in self.encode(sentences):
            if self._fits(pieces):
                yield align(pieces, pieces)

    def post_edits(self, folder: Path, *, dev: bool = False) -> Iterator[Pair]:
        """Post-edits that a reader without the source could have made."""
        close = [
            (e.mt, e.pe)
            for e in corpora.post_edits(folder, dev=dev)
            if e.hter <= self.recipe.data.max_hter and source_free(e.mt, e.pe)
        ]
        for source, target in self._both(close):
            yield align(source, target)

    def tags(self, folder: Path, *, dev: bool = False) -> Iterator[Pair]:
        """Human marks alone: post-edit word tags and expert spans."""
        for edit in corpora.post_edits(folder, dev=dev):
            encoded = self.tokenizer.encode(
                edit.mt.split(), is_pretokenized=True, add_special_tokens=False
            )
            wrong = [IGNORE if w is None else int(edit.bad[w]) for w in encoded.word_ids]
            if self._fits(encoded.ids):
                yield Pair(encoded.ids, [], wrong, [])
        for marked in corpora.expert_spans(folder, dev=dev):
            encoded = self.tokenizer.encode(marked.text, add_special_tokens=False)
            wrong = [
                int(any(start < e and s < end for s, e in marked.spans))
                for start, end in encoded.offsets
            ]
            if self._fits(encoded.ids):
                yield Pair(encoded.ids, [], wrong, [])


def overlap(source: Pieces, target: Pieces) -> float:
    """Share of the longer side's pieces that both have, 0-1."""
    shared = sum((Counter(source) & Counter(target)).values())
    return shared / max(len(source), len(target))


def source_free(mt: str, pe: str) -> bool:
    """Whether a correction brings in no name, number or capital that the translation lacks.

    >>> source_free("He go to Paris", "He goes to Paris"), source_free("He left", "Ivan left")
    (True, False)
    >>> source_free("It cost a lot", "It cost 3.5"), source_free("He left", "Jean-Luc left")
    (False, False)
    """
    before = set(mt.split())
    return all(
        char.islower() or not char.isalnum()
        for word in pe.split()
        if word not in before
        for char in word
    )
