"""Where text goes, and how it looks there."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from mtqa.errors import InputError
from mtqa.formats import write_text
from mtqa.render.console import Look


def look(*, verbose: bool, output: Path | None) -> Look:
    """Colour and width for where the report will be read.

    ``NO_COLOR`` (https://no-color.org) wins over ``FORCE_COLOR``; either counts when it
    is set to anything but nothing.
    """
    terminal = output is None and sys.stdout.isatty()
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        color = False
    else:
        color = terminal or bool(os.environ.get("FORCE_COLOR"))
    width = shutil.get_terminal_size().columns if terminal else None
    return Look(color=color, width=width, verbose=verbose)


def check_writable(output: Path | None) -> None:
    """Refuse a place that cannot be written to before the work is done, not after."""
    if output is None:
        return
    if output.is_dir():
        raise InputError(
            "this is a folder, not a file", where=str(output), hint="name a file in it"
        )
    if not output.absolute().parent.is_dir():
        raise InputError(
            "there is no such folder to write to", where=str(output.parent), hint="create it first"
        )


def write(text: str, output: Path | None, *, bom: bool = False) -> None:
    """Write text, as it is, to a file (all of it or nothing) or to standard output.

    On standard output it is UTF-8 with no newline changed, whatever the locale.
    """
    write_text("-" if output is None else output, text, bom=bom)
