"""How a command ends: its exit code, and what the user is told when it went wrong."""

from __future__ import annotations

import os
import sys
import traceback as tracebacks
from collections.abc import Callable
from typing import NoReturn

import typer

from mtqa.errors import MtqaError

PASS = 0
BELOW = 1  # quality below what was asked
CANNOT_JUDGE = 2
_BROKEN_PIPE = 128 + 13  # what a shell reports for a program that SIGPIPE ended


def leave(job: Callable[[], int], *, traceback: bool) -> NoReturn:
    """Do the work of a command and exit with its code.

    Args:
        job: the work; gives the exit code.
        traceback: show where an error came from, not only what it is.
    """
    try:
        code = job()
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_stdout()
        code = _BROKEN_PIPE
    except MtqaError as error:
        code = _tell(str(error), error, traceback=traceback)
    except Exception as error:
        kind = type(error).__name__
        what = f"unexpected {kind}: {error} -- this is a bug in mtqa, please report it"
        code = _tell(
            f"{what}; MTQA_TRACEBACK=1 shows where it happened", error, traceback=traceback
        )
    raise typer.Exit(code)


def note(message: str) -> None:
    """One line on stderr, safe to show."""
    from mtqa.render.visible import visible

    print(f"mtqa: {visible(message)}", file=sys.stderr)


def _tell(message: str, error: Exception, *, traceback: bool) -> int:
    if traceback:
        tracebacks.print_exception(error, file=sys.stderr)
    note(f"error: {message}")
    return CANNOT_JUDGE


def _drop_stdout() -> None:
    """Nobody reads any more: let the interpreter's last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
