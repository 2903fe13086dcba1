"""A line on the terminal that says how far the editor has read."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from mtqa.editor.base import Editor, EditorInfo, Reading
from mtqa.stats import FluencyScale
from mtqa.text import Segment

_SHORT = 100  # sentences; fewer are read before anyone wonders
_STEP = 64  # sentences between two signs of life


def watched(editor: Editor, *, total: int) -> Editor:
    """The same editor, showing its progress on stderr if there is much to read."""
    return _Watched(editor) if total > _SHORT else editor


@dataclass(frozen=True, slots=True)
class _Watched:
    """Reads a few sentences at a time; readings do not depend on how they are batched."""

    inner: Editor

    @property
    def info(self) -> EditorInfo:
        return self.inner.info

    @property
    def fluency_scale(self) -> FluencyScale | None:
        return self.inner.fluency_scale

    @property
    def default_min_confidence(self) -> float:
        return self.inner.default_min_confidence

    def read(self, segments: Sequence[Segment]) -> tuple[Reading, ...]:
        readings: list[Reading] = []
        try:
            for start in range(0, len(segments), _STEP):
                print(f"\rreading {start} of {len(segments)} sentences", end="", file=sys.stderr)
                sys.stderr.flush()
                readings += self.inner.read(segments[start : start + _STEP])
        finally:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)  # leaves no trace
        return tuple(readings)
