"""Plain text in UTF-8: read as it is, refused where it cannot be, written back in one piece."""

from __future__ import annotations

import codecs
import contextlib
import os
import secrets
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from mtqa.errors import InputError
from mtqa.text import Document
from mtqa.text.document import document

STDIN = "-"  # as a path: standard input, or output
STDIN_NAME = "<stdin>"  # the same in messages and reports

# The longer marks first: UTF-32's begins with UTF-16's.
_FOREIGN_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file."""

    name: str  # for messages: the path as it was given, or "<stdin>"
    text: str  # raw, newlines as they are, without its byte order mark
    bom: bool  # whether there was a byte order mark


def read_text(path: str | Path) -> Document:
    """Read an article from a file, or from standard input for ``-``.

    Args:
        path: a text file in UTF-8, with or without a byte order mark.

    Returns:
        The document; its ``path`` is the one given, or ``<stdin>``.

    Raises:
        InputError: the file is missing, a folder, unreadable, binary, in another
            encoding, or has no non-blank line.
    """
    decoded = read_utf8(path)
    if not decoded.text.strip():
        raise InputError(
            "there is no text in it" if decoded.text else "the file is empty",
            where=decoded.name,
            hint="give a file with at least one line of text",
        )
    return document(decoded.text, path=decoded.name, bom=decoded.bom)


def read_utf8(path: str | Path) -> Decoded:
    """Read a file (or standard input for ``-``) and decode it; it may be empty.

    Raises:
        InputError: as `read_text`, except for emptiness.
    """
    name = STDIN_NAME if str(path) == STDIN else str(path)
    data = sys.stdin.buffer.read() if str(path) == STDIN else _read_bytes(path)
    for mark, encoding in _FOREIGN_MARKS:
        if data.startswith(mark):
            raise InputError(
                f"the file is in {encoding} (byte order mark {mark.hex(' ').upper()})",
                where=name,
                hint=f"save it as UTF-8, for example with: iconv -f {encoding} -t UTF-8",
            )
    nul = data.find(0)
    if nul >= 0:
        raise InputError(
            f"the file is not text: NUL at byte {nul}",
            where=f"{name}:{_line(data, nul)}",
            hint="give a text file in UTF-8",
        )
    bom = data.startswith(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"the file is not UTF-8: byte 0x{data[error.start]:02X} at byte {error.start}",
            where=f"{name}:{_line(data, error.start)}",
            hint="save it as UTF-8; an older file may be in Windows-1252",
        ) from None
    return Decoded(name, text[1:] if bom else text, bom)


def write_text(path: str | Path, text: str, *, bom: bool) -> None:
    """Write a text as UTF-8, all of it or nothing; to standard output for ``-``.

    The text goes to a new file in the same folder, which then takes the place and the
    mode of the old one.  A symbolic link is followed; what is not a regular file
    (a terminal, a pipe) is written to directly.

    Args:
        path: where to.
        text: raw; newlines are written as they are.
        bom: whether to begin with a byte order mark.

    Raises:
        InputError: the text cannot be encoded, or the file cannot be written.
    """
    try:
        data = (codecs.BOM_UTF8 if bom else b"") + text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"the text holds half a surrogate pair at code point {error.start}",
            where=str(path),
            hint="it was decoded wrongly where it came from",
        ) from None
    if str(path) == STDIN:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        _write_bytes(Path(path).resolve(), data)
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links in a circle
        raise _refused("written", path, error) from None


def _read_bytes(path: str | Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError("there is no such file", where=str(path), hint="check the path") from None
    except IsADirectoryError:
        raise InputError(
            "this is a folder, not a file", where=str(path), hint="give a text file"
        ) from None
    except (OSError, ValueError) as error:
        raise _refused("read", path, error) from None


def _refused(done: str, path: str | Path, error: Exception) -> InputError:
    reason = error.strerror if isinstance(error, OSError) else None
    return InputError(
        f"the file cannot be {done}: {reason or error}",
        where=str(path),
        hint="check the path and its permissions",
    )


def _write_bytes(path: Path, data: bytes) -> None:
    mode = path.stat().st_mode if path.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        path.write_bytes(data)
        return
    fresh = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.tmp")
    try:
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            fresh.chmod(stat.S_IMODE(mode))
        fresh.replace(path)
    except BaseException:  # an interrupted write, too, leaves nothing behind
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def _line(data: bytes, offset: int) -> int:
    """The 1-based line of a byte offset."""
    before = data[:offset]
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")
