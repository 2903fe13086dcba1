"""Held-out text for tuning and for the figures of the model card, as documents.

Tuning (``calibrate``) and figures (``evaluate``) never share a document: round trips and
clean prose are split by a hash of its name, post-edits by the parity of their row.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from mtqa.text import Segment, Span
from mtqa.training import corpora
from mtqa.training.config import DataConfig

Part = Literal["tune", "test"]
PIVOTS = ("es", "eo", "ca", "gl")
LANGUAGES = ("et", "ro", "ru", "ne", "si")
CHUNK = 20  # sentences taken for one document where the data names none


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence to be cleaned, and what it should become."""

    text: str
    reference: str


@dataclass(frozen=True, slots=True)
class DevSet:
    """Documents of one kind."""

    name: str  # "roundtrip-es", "postedit-et", "clean", "news", "gug", ...
    documents: tuple[tuple[Sample, ...], ...]

    @property
    def samples(self) -> tuple[Sample, ...]:
        """All sentences in order."""
        return tuple(sample for document in self.documents for sample in document)


def segments(document: Iterable[Sample]) -> tuple[Segment, ...]:
    """A document's sentences as segments; each is its own paragraph."""
    return tuple(
        Segment(f"p{i}.s1", s.text, Span(0, len(s.text)), i - 1, i)
        for i, s in enumerate(document, 1)
    )


def _is_tune(key: str) -> bool:
    return hashlib.blake2b(f"tune:{key}".encode()).digest()[0] % 2 == 0


def _chunked(samples: Iterable[Sample], limit: int) -> tuple[tuple[Sample, ...], ...]:
    source = islice(iter(samples), limit)
    return tuple(iter(lambda: tuple(islice(source, CHUNK)), ()))


def round_trips(folder: Path, config: DataConfig, part: Part, limit: int) -> tuple[DevSet, ...]:
    """One set a pivot, of documents that no training sentence came from."""
    by_pivot: dict[str, dict[str, list[Sample]]] = {p: defaultdict(list) for p in PIVOTS}
    for trip in corpora.round_trips(folder, config, dev=True):
        alike = set(trip.text.lower().split()) & set(trip.returned.lower().split())
        shifted = len(alike) < config.min_overlap * len(set(trip.text.lower().split()))
        if _is_tune(trip.doc) is (part == "tune") and not shifted:
            by_pivot[trip.pivot][trip.doc].append(Sample(trip.returned, trip.text))
    return tuple(
        DevSet(f"roundtrip-{pivot}", _limited(documents.values(), limit))
        for pivot, documents in by_pivot.items()
    )


def _limited(documents: Iterable[list[Sample]], limit: int) -> tuple[tuple[Sample, ...], ...]:
    """Documents of at least three and at most ``CHUNK`` sentences, ``limit`` sentences in all."""
    chosen, room = [], limit
    for document in documents:
        if len(document) >= 3 and room > 0:
            chosen.append(tuple(document[: min(CHUNK, room)]))
            room -= len(chosen[-1])
    return tuple(chosen)


def post_edits(folder: Path, part: Part, limit: int) -> tuple[DevSet, ...]:
    """One set a language of real neural MT with post-edits, tokenised as published."""
    by_language: dict[str, list[Sample]] = {lang: [] for lang in LANGUAGES}
    for number, edit in enumerate(corpora.post_edits(folder, dev=True)):
        if (number % 2 == 0) is (part == "tune"):
            by_language[edit.lang].append(Sample(edit.mt, edit.pe))
    return tuple(DevSet(f"postedit-{k}", _chunked(v, limit)) for k, v in by_language.items())


def clean(folder: Path, config: DataConfig, part: Part, limit: int) -> DevSet:
    """Clean prose of held-out documents: every edit is harm."""
    documents: dict[str, list[Sample]] = defaultdict(list)
    for sentence in corpora.prose(folder, config, dev=True):
        if _is_tune(sentence.doc) is (part == "tune"):
            documents[sentence.doc].append(Sample(sentence.text, sentence.text))
    return DevSet("clean", _limited(documents.values(), limit))


def news(folder: Path, limit: int) -> DevSet:
    """Clean news, for figures only."""
    by_document: dict[str, list[Sample]] = defaultdict(list)
    for row in corpora.rows(folder / "news_dev.jsonl.gz"):
        text = str(row["text"])
        by_document[str(row["doc"])].append(Sample(text, text))
    chunks = (chunk for lines in by_document.values() for chunk in _chunked(lines, len(lines)))
    every = tuple(chunks)
    step = max(1, len(every) * CHUNK // limit)  # spread over all documents
    return DevSet("news", every[::step])


def learner(folder: Path, limit: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Learner sentences with their four rewrites, for figures only."""
    with gzip.open(folder / "jfleg_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in islice(lines, limit):
            row = json.loads(line)
            yield row["source"], tuple(row["refs"])
