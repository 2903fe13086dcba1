"""What the terminal reports share: how they look, and rich's drawing turned into text."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console, RenderableType

_PIPED_WIDTH = 10_000  # columns: one finding a line, so that grep and cut can read it


@dataclass(frozen=True, slots=True)
class Look:
    """How a report is shown."""

    color: bool = False
    width: int | None = None  # columns of the terminal; None: not a terminal, lines do not wrap
    verbose: bool = False  # every refused edit, and the message of every finding


PLAIN = Look()


def drawn(parts: Iterable[RenderableType], look: Look) -> str:
    """The parts as text, one below the other, with ANSI colours if ``look`` says so."""
    out = io.StringIO()
    console = Console(
        file=out,
        force_jupyter=False,  # in a notebook rich would draw in the cell, not write to the file
        force_terminal=look.color,
        color_system="standard" if look.color else None,
        no_color=not look.color,
        width=look.width or _PIPED_WIDTH,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
        _environ={},  # the caller has decided; nothing is read from the environment here
    )
    for part in parts:
        console.print(part)
    lines = (line.rstrip() for line in out.getvalue().splitlines())
    return "\n".join(lines).rstrip("\n") + "\n"
