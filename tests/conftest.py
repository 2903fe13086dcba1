"""What many tests need: an editor that says what it is told to, and a report made with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from mtqa.editor.base import EditorInfo, Progress, Proposal, Reading
from mtqa.edits import Edit, apply
from mtqa.judge import judge
from mtqa.report import Report
from mtqa.stats import FluencyScale
from mtqa.text import Segment, Span
from mtqa.text.document import document, with_references
from mtqa.text.words import words

INFO = EditorInfo(
    name="test/scripted",
    digest="sha256:" + "0123456789abcdef" * 4,
    version="1",
    dtype="float32",
    device="cpu",
    decoding="greedy",
    prefix="",
)
SCALE = FluencyScale(midpoint=-0.5, width=0.2, source="made up")


@dataclass(frozen=True)
class Answer:
    """What to write instead of a phrase, how surely, and why the guard refuses it if it does."""

    new: str
    confidence: float = 0.9
    refused: str | None = None
    detail: str = ""


@dataclass(frozen=True)
class ScriptedEditor:
    """Replaces phrases by what is written down for them, and doubts the words it is told to."""

    script: Mapping[str, Answer] = field(default_factory=dict)
    doubted: Mapping[str, float] = field(default_factory=dict)  # word -> error_prob
    truncated: bool = False
    info: EditorInfo = INFO
    fluency_scale: FluencyScale | None = SCALE
    default_min_confidence: float = 0.5

    def read(
        self, segments: Sequence[Segment], *, progress: Progress | None = None
    ) -> tuple[Reading, ...]:
        if progress:
            progress(len(segments), len(segments))
        return tuple(self._read(segment) for segment in segments)

    def _read(self, segment: Segment) -> Reading:
        text = segment.text
        tokens = words(text)
        doubts = [self.doubted.get(token.of(text), 0.01) for token in tokens]
        proposals = []
        for old, answer in self.script.items():
            start = text.find(old)
            if start >= 0:
                edit = Edit(Span(start, start + len(old)), answer.new)
                proposals.append(
                    Proposal(
                        edit, answer.confidence, -0.1, -3.0, 0.5, answer.refused, answer.detail
                    )
                )
        proposals.sort(key=lambda proposal: proposal.edit)
        return Reading(
            segment_id=segment.id,
            proposals=tuple(proposals),
            cleaned=apply(text, [p.edit for p in proposals if p.refused is None]),
            tokens=(*tokens, Span(len(text), len(text))),
            logprobs=(*(-4.0 if doubt > 0.3 else -0.25 for doubt in doubts), -0.125),
            error_probs=(*doubts, 0.01),
            truncated=self.truncated,
        )


# Hostile on purpose: escape sequences, markup, a bidirectional override, CRLF, an emoji.
ARTICLE = (
    "Talks \x1b[31mresume [red]today[/red]\r\n"
    "\r\n"
    "\tHe sat in the brink of my seat 🎭, said \u202eAnna. It cost 1994 euros.\r\n"
    "They was happy, and they is not sorry .\r\n"
)
REFERENCE = (
    "Talks \x1b[31mresume [red]today[/red]\r\n"
    "\r\n"
    "\tHe sat on the edge of his seat 🎭, said \u202eAnna. It cost 1994 euros.\r\n"
    "They were happy, and they are not sorry.\r\n"
)
SCRIPT = {
    "in the brink of my": Answer("on the edge of his", 0.93),
    "1994": Answer("1995", 0.81, "number", "1994 -> 1995"),
    "was": Answer("were", 0.875),
    "not ": Answer("", 0.25, "confidence"),
    "sorry .": Answer("sorry.", 0.75),
}


@pytest.fixture
def make_editor() -> type[ScriptedEditor]:
    return ScriptedEditor


@pytest.fixture
def answer() -> type[Answer]:
    return Answer


@pytest.fixture
def fixed_report() -> Report:
    """The same report every time: every kind of finding, a reference, hostile text."""
    article = with_references(document(ARTICLE, path="talks[bold].txt"), [document(REFERENCE)])
    editor = ScriptedEditor(SCRIPT, doubted={"Talks": 0.625, "resume": 0.5, "[": 0.01})
    return judge(article, editor.read(article.segments), editor=INFO, scale=SCALE)
