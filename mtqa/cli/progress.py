"""A line on the terminal that says how far the editor has read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from mtqa.editor.base import Progress

_SHORT = 100  # sentences; fewer are read before anyone wonders


@contextmanager
def shown(stream: TextIO, *, total: int) -> Iterator[Progress | None]:
    """What to call while reading; None where nobody looks or there is little to read.

    The line is taken away again when the reading ends, whichever way.
    """
    if total <= _SHORT or not stream.isatty():
        yield None
        return

    def show(done: int, of: int) -> None:
        print(f"\rread {done} of {of} sentences", end="", file=stream, flush=True)

    try:
        show(0, total)
        yield show
    finally:
        print("\r\x1b[K", end="", file=stream, flush=True)
