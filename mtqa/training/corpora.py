"""The data files: what may be used for training, and what is held out for tuning.

Files are gzip JSONL in one folder (``--data``).  Held out are whole documents, chosen by
a hash of their name, so that every stage on every machine holds out the same ones.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mtqa.errors import InputError
from mtqa.training.config import DataConfig

_YEAR = re.compile(r"data/(\d{4})-")
_MARKUP = re.compile(r"<unk>|@[-,.]@|[{}|<>\\]|https?://|www\.")


@dataclass(frozen=True, slots=True)
class Prose:
    """A sentence of clean English."""

    text: str
    doc: str


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """A sentence and what came back of it through one pivot language."""

    text: str
    returned: str
    pivot: str
    doc: str


@dataclass(frozen=True, slots=True)
class PostEdit:
    """Real machine translation, its human correction, and the marks of its wrong words."""

    lang: str
    mt: str  # tokenised, words separated by one space
    pe: str  # tokenised
    hter: float  # 0-1 and above
    bad: tuple[bool, ...]  # one per word of ``mt``


@dataclass(frozen=True, slots=True)
class Marked:
    """Real machine translation with the character ranges that experts marked."""

    text: str
    spans: tuple[tuple[int, int], ...]  # code points, half-open


def rows(path: Path) -> Iterator[dict[str, object]]:
    """The objects of a gzip JSONL file."""
    if not path.is_file():
        raise InputError("no such data file", where=str(path), hint="give the folder with --data")
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                number += 1
                yield json.loads(line)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise InputError(f"cannot be read: {error}", where=f"{path}:{number}") from error


def held_out(doc: str, share: int) -> bool:
    """Whether a document is kept for tuning: one in ``share``, by a hash of its name."""
    return int.from_bytes(hashlib.blake2b(doc.encode(), digest_size=8).digest()) % share == 0


def _modern(doc: str, min_year: int) -> bool:
    year = _YEAR.match(doc)
    return year is None or int(year[1]) >= min_year


def round_trips(folder: Path, config: DataConfig, *, dev: bool) -> Iterator[RoundTrip]:
    """Round trips of training documents, or with ``dev`` of the held-out ones (all pivots)."""
    for row in rows(folder / "roundtrip.jsonl.gz"):
        doc = f"{row['origin']}/{row['doc']}"
        if held_out(doc, config.dev_share) is not dev or not _modern(
            str(row["doc"]), config.min_year
        ):
            continue
        returned = row["roundtrip"]
        assert isinstance(returned, dict)
        for pivot, text in returned.items():
            if dev or pivot in config.pivots:
                yield RoundTrip(str(row["text"]), text, pivot, doc)


def clean_sentences(folder: Path, config: DataConfig, *, dev: bool) -> Iterator[str]:
    """The texts of ``prose``."""
    return (sentence.text for sentence in prose(folder, config, dev=dev))


def prose(folder: Path, config: DataConfig, *, dev: bool) -> Iterator[Prose]:
    """Sentences of clean English; a fifth of the technical documentation, all other prose."""
    from sentencex import segment

    for number, row in enumerate(rows(folder / "mono.jsonl.gz")):
        doc = f"{row['origin']}/{row.get('doc')}"
        text = str(row["text"])
        if held_out(doc, config.dev_share) is not dev or _MARKUP.search(text):
            continue
        if row.get("domain") == "tech_docs" and number % 5:
            continue
        if not _modern(str(row.get("doc")), config.min_year):
            continue
        for sentence in segment("en", text):
            if 3 <= len(sentence.split()) <= 60:
                yield Prose(sentence.strip(), doc)


def post_edits(folder: Path, *, dev: bool) -> Iterator[PostEdit]:
    """Real machine translation with its post-edits.

    Raises:
        InputError: naming the first row whose words are not one to each mark.
    """
    name = "postedit_dev.jsonl.gz" if dev else "postedit_train.jsonl.gz"
    for number, row in enumerate(rows(folder / name), 1):
        tags = str(row["tags"]).split()[1::2]  # words stand at the odd places, gaps at the even
        if len(tags) != (words := len(str(row["mt"]).split())):
            raise InputError(
                f"{words} words have {len(tags)} marks", where=f"{folder / name}:{number}"
            )
        hter = row["hter"]
        assert isinstance(hter, int | float)
        yield PostEdit(
            str(row["lang"]),
            str(row["mt"]),
            str(row["pe"]),
            float(hter),
            tuple(tag == "BAD" for tag in tags),
        )


def expert_spans(folder: Path, *, dev: bool) -> Iterator[Marked]:
    """Expert MQM spans; the talks are for tuning, everything else for training.

    Marks of more than half a sentence say that the sentence is bad, not where, and are left out.
    """
    for row in rows(folder / "mqm_spans_train.jsonl.gz"):
        if str(row["set"]).startswith("ted") is not dev:
            continue
        text = str(row["target"])
        spans = row["spans"]
        assert isinstance(spans, list)
        where = tuple(
            (s["start"], s["end"])
            for s in spans
            if s["start"] >= 0
            and s["severity"].strip().lower() != "neutral"
            and s["end"] - s["start"] <= max(20, len(text) // 2)
        )
        yield Marked(text, where)
