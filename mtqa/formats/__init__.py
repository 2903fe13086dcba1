"""Files in and out: one module per format.

`READERS` and `WRITERS` are what there is, by name.  Files of one segment per line are
not articles; they are read by `mtqa.formats.lines`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from mtqa.formats.article import Article, read_article, read_folder, read_plain
from mtqa.formats.gold import GoldSpan
from mtqa.formats.plain import read_text, write_text


class Reader(Protocol):
    """Reads an article from a path, pairing it with the references and source given."""

    def __call__(
        self, path: str | Path, *, references: Sequence[Path] = (), source: Path | None = None
    ) -> Article:
        """Read; raises `InputError` or `PairingError`."""
        ...


class Writer(Protocol):
    """Writes a text to a path."""

    def __call__(self, path: str | Path, text: str, *, bom: bool) -> None:
        """Write all of it or nothing; raises `InputError`."""
        ...


READERS: Final[Mapping[str, Reader]] = {"folder": read_folder, "plain": read_plain}
WRITERS: Final[Mapping[str, Writer]] = {"plain": write_text}

__all__ = [
    "READERS",
    "WRITERS",
    "Article",
    "GoldSpan",
    "Reader",
    "Writer",
    "read_article",
    "read_text",
    "write_text",
]
