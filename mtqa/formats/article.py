"""An article as a folder: the translation, and what it is compared with.

mt.txt             the machine-translated text (required)
reference.txt      a correction of it; further ones are reference.2.txt, ...
source.txt         the text it was translated from
spans.tsv          its errors, marked by hand
provenance.md      where the files come from; not read
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from mtqa.errors import InputError
from mtqa.formats.gold import GoldSpan, read_gold
from mtqa.formats.plain import STDIN, STDIN_NAME, read_text
from mtqa.text import Document
from mtqa.text.document import with_references, with_source

_REFERENCE = re.compile(r"reference(?:\.([1-9][0-9]*))?\.txt")


@dataclass(frozen=True, slots=True)
class Article:
    """A machine-translated text with what is known about it."""

    name: str  # of the folder or, without its ending, of the file
    path: str  # as it was given
    document: Document  # its paragraphs paired with references and source
    gold: tuple[GoldSpan, ...] | None  # None: nobody marked its errors; (): there are none


def read_article(
    path: str | Path, *, references: Sequence[Path] = (), source: Path | None = None
) -> Article:
    """Read a folder in the form above, or a plain text file (``-``: standard input).

    Args:
        path: the folder or file.
        references: corrections to compare with, instead of those in the folder.
        source: the text in its source language, instead of the one in the folder.

    Raises:
        InputError: a file that is missing, unreadable or malformed.
        PairingError: a reference or the source has more or fewer paragraphs.
    """
    read = read_folder if str(path) != STDIN and _is_folder(Path(path)) else read_plain
    return read(path, references=references, source=source)


def read_plain(
    path: str | Path, *, references: Sequence[Path] = (), source: Path | None = None
) -> Article:
    """Read a plain text file (``-``: standard input) as an article."""
    document = read_text(path)
    return Article(
        name=STDIN_NAME if str(path) == STDIN else Path(path).stem,
        path=str(path),
        document=_paired(document, references, source),
        gold=None,
    )


def read_folder(
    path: str | Path, *, references: Sequence[Path] = (), source: Path | None = None
) -> Article:
    """Read an article from a folder."""
    folder = Path(path)
    names = _names(folder)
    if "mt.txt" not in names:
        raise InputError(
            "the folder has no mt.txt",
            where=str(path),
            hint="put the machine-translated text there, or give a text file instead",
        )
    document = read_text(folder / "mt.txt")
    if source is None and "source.txt" in names:
        source = folder / "source.txt"
    own_references = [folder / name for name in _reference_names(names, where=str(path))]
    gold = read_gold(folder / "spans.tsv", document.text) if "spans.tsv" in names else None
    return Article(
        name=folder.resolve().name,
        path=str(path),
        document=_paired(document, references or own_references, source),
        gold=gold,
    )


def _paired(document: Document, references: Sequence[Path], source: Path | None) -> Document:
    paired = with_references(document, [read_text(reference) for reference in references])
    return paired if source is None else with_source(paired, read_text(source))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # reading it as a file says what is wrong with it
        return False


def _names(folder: Path) -> frozenset[str]:
    try:
        return frozenset(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise InputError(
            f"the folder cannot be read: {error.strerror or error}",
            where=str(folder),
            hint="check the path and its permissions",
        ) from None


def _reference_names(names: Collection[str], *, where: str) -> tuple[str, ...]:
    """The references in order of their numbers; none is passed over in silence."""
    numbered: dict[int, str] = {}
    for name in sorted(names):
        if not (name.startswith("reference") and name.endswith(".txt")):
            continue
        match = _REFERENCE.fullmatch(name)
        if match is None or match[1] == "1":
            raise InputError(
                f"{name} is not the name of a reference",
                where=where,
                hint="call the first reference.txt and the others reference.2.txt, ...",
            )
        numbered[int(match[1] or 1)] = name
    for number in range(1, len(numbered) + 1):
        if number not in numbered:
            missing = "reference.txt" if number == 1 else f"reference.{number}.txt"
            raise InputError(
                f"there is a {numbered[max(numbered)]} but no {missing}",
                where=where,
                hint="number the references without a gap: reference.txt, reference.2.txt, ...",
            )
    return tuple(numbered[number] for number in sorted(numbered))
