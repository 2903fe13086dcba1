"""The editor: what it is asked and answers, how one is loaded, and what its edits must pass."""

from __future__ import annotations

from mtqa.editor.base import Editor, EditorInfo, Proposal, Reading
from mtqa.editor.options import EditorOptions
from mtqa.editor.run import read_document

__all__ = [
    "Editor",
    "EditorInfo",
    "EditorOptions",
    "Proposal",
    "Reading",
    "load_editor",
    "read_document",
]


def load_editor(model: str | None = None, *, options: EditorOptions | None = None) -> Editor:
    """Load an editor.

    Args:
        model: None for the one that ships with mtqa; else a local folder, or the id of a
            sequence-to-sequence model on the Hugging Face hub.  Only a hub id goes online.
        options: how to run it.

    Raises:
        ModelError: there is no such model, or it cannot be used as an editor.
    """
    # Loading torch takes seconds: everything else in the package works without it.
    from mtqa.editor.load import load_model

    return load_model(model, options=options or EditorOptions())
