"""The command line: ``mtqa check``, ``mtqa clean``, ``mtqa score``.

Exit codes: 0 pass; 1 quality below what was asked; 2 could not judge.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line; the entry point of the installed ``mtqa``."""
    from mtqa.cli.app import app

    app(prog_name="mtqa")
