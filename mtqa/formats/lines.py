"""One segment per line, as sacrebleu and most MT tools read it.

A line ends in ``\\n`` or ``\\r\\n`` only, and a blank line is a segment of nothing:
both keep the n-th lines of parallel files together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mtqa.errors import InputError, PairingError
from mtqa.formats.plain import read_utf8
from mtqa.text.pairing import excerpt, first_drift


@dataclass(frozen=True, slots=True)
class NamedLines:
    """The lines of one file, and what to call it in a message."""

    name: str  # the path as it was given
    lines: tuple[str, ...]


def read_lines(path: str | Path) -> tuple[str, ...]:
    """Read a file (standard input for ``-``) of one segment per line.

    Returns:
        The lines without their ends, blank ones included.  A newline at the end of
        the file ends the last line; it does not begin another.

    Raises:
        InputError: the file cannot be read as UTF-8 text, or is empty.
    """
    decoded = read_utf8(path)
    if not decoded.text:
        raise InputError(
            "the file is empty", where=decoded.name, hint="give a file with one segment per line"
        )
    return split_lines(decoded.text)


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of a text, ended by ``\\n`` or ``\\r\\n`` only.

    >>> split_lines("one\\r\\n\\ntwo\\u2028still two\\n")
    ('one', '', 'two\\u2028still two')
    """
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    return tuple(lines)


def check_parallel(named: Sequence[NamedLines]) -> None:
    """Refuse files that do not have the same number of lines.

    Raises:
        PairingError: a file has more or fewer lines than the first one; the message
            names both counts and the first place where the two drift apart.

    >>> check_parallel([NamedLines("hyp", ("a", "b")), NamedLines("ref", ("a", "c"))])
    """
    for other in named[1:]:
        first = named[0]
        if len(other.lines) == len(first.lines):
            continue
        drift = first_drift(first.lines, other.lines)
        raise PairingError(
            f"{_count(other)} against {len(first.lines)} in {first.name}; they drift apart at"
            f" {_place(first, drift)} against {_place(other, drift)}",
            where=other.name,
            hint="give files whose n-th lines belong together",
        )


def _count(named: NamedLines) -> str:
    return f"{len(named.lines)} line{'' if len(named.lines) == 1 else 's'}"


def _place(named: NamedLines, index: int) -> str:
    if index == len(named.lines):
        return f"the end of {named.name}"
    return f"{named.name}:{index + 1} {excerpt(named.lines[index])}"
