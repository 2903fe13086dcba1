"""What can go wrong, as one tree.

    MtqaError                 anything a user can put right; the CLI prints it and exits 2
    |- InputError             a file is missing, empty, binary, badly encoded or malformed
    |- PairingError           two texts that should correspond do not (paragraphs, lines)
    `- ModelError             a model cannot be found, loaded or used as an editor

Every message says what is wrong, where, and what to do about it.  A bug in
mtqa itself raises something else (usually ``AssertionError``), so that it is
never mistaken for bad input.
"""

from __future__ import annotations


class MtqaError(Exception):
    """A problem that the user can put right.

    Args:
        what: what is wrong, in one sentence without a full stop.
        where: the file, line or argument it is about, if there is one.
        hint: what to do about it, in one sentence.

    >>> print(MtqaError("the file is empty", where="a.txt", hint="give a file with text"))
    a.txt: the file is empty (give a file with text)
    """

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(what, where, hint)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.what}{advice}"


class InputError(MtqaError):
    """A file or argument cannot be read as what it should be."""


class PairingError(MtqaError):
    """Two texts that should correspond, part by part, do not."""


class ModelError(MtqaError):
    """A model cannot be found, loaded, or used as an editor."""
