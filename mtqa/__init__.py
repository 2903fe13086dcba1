"""Check machine-translated English: cleaned text, fluency, error spans.

    >>> import mtqa
    >>> report = mtqa.check("He was sitting in the brink of my seat.")  # doctest: +SKIP
    >>> report.cleaned  # doctest: +SKIP
    'He was sitting on the edge of his seat.'

Importing mtqa loads nothing heavy; what is used is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mtqa.editor import load_editor as load_editor
    from mtqa.editor.options import EditorOptions as EditorOptions
    from mtqa.errors import InputError as InputError
    from mtqa.errors import ModelError as ModelError
    from mtqa.errors import MtqaError as MtqaError
    from mtqa.errors import PairingError as PairingError
    from mtqa.pipeline import check as check
    from mtqa.pipeline import check_file as check_file
    from mtqa.pipeline import clean as clean
    from mtqa.report import Finding as Finding
    from mtqa.report import Options as Options
    from mtqa.report import Report as Report
    from mtqa.report import from_json as from_json
    from mtqa.report import to_json as to_json
    from mtqa.stats import Score as Score
    from mtqa.text import Document as Document
    from mtqa.text import Span as Span

__version__ = "0.1.0"

_HOMES = {
    "check": "mtqa.pipeline",
    "check_file": "mtqa.pipeline",
    "clean": "mtqa.pipeline",
    "load_editor": "mtqa.editor",
    "EditorOptions": "mtqa.editor.options",
    "Options": "mtqa.report",
    "Report": "mtqa.report",
    "Finding": "mtqa.report",
    "from_json": "mtqa.report",
    "to_json": "mtqa.report",
    "Score": "mtqa.stats",
    "Document": "mtqa.text",
    "Span": "mtqa.text",
    "MtqaError": "mtqa.errors",
    "InputError": "mtqa.errors",
    "PairingError": "mtqa.errors",
    "ModelError": "mtqa.errors",
}

__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value  # asked for once
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
