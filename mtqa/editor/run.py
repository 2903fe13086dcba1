"""Reading a whole document: the editor proposes, the guard decides."""

from __future__ import annotations

from mtqa.editor.base import Editor, Progress, Reading
from mtqa.editor.guard import GuardPolicy, apply_guard
from mtqa.editor.view import known_words
from mtqa.text import Document


def read_document(
    editor: Editor, document: Document, policy: GuardPolicy, *, progress: Progress | None = None
) -> tuple[Reading, ...]:
    """Read every segment of a document and decide on every proposed edit.

    Returns:
        One reading per segment, in order.
    """
    readings = editor.read(document.segments, progress=progress)
    known = known_words(document.segments)
    guarded = []
    for segment, reading in zip(document.segments, readings, strict=True):
        assert reading.segment_id == segment.id, "the editor answered out of order"
        guarded.append(apply_guard(reading, segment, policy, known=known))
    return tuple(guarded)
