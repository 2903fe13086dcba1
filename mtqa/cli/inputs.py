"""From what was typed to what the pipeline takes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mtqa.cli.progress import shown
from mtqa.editor.base import Editor
from mtqa.formats import Article, read_article
from mtqa.report import JudgePolicy, Options, Report


@dataclass(frozen=True, slots=True)
class Inputs:
    """The article, and what to compare it with."""

    article: str
    references: tuple[Path, ...] = ()
    source: Path | None = None


@dataclass(frozen=True, slots=True)
class EditorChoice:
    """The model, and how to run it."""

    model: str | None
    prefix: str
    source_language: str | None
    target_language: str | None
    device: str
    dtype: str
    num_beams: int
    batch_tokens: int | None


def options(
    *,
    min_confidence: float | None,
    allow: Sequence[str] | None,
    protect: Sequence[str] | None,
    guard: bool,
    mqm_scheme: str = "google",
) -> Options:
    """The options of the report; an edit below ``min_confidence`` is no finding either."""
    policy = JudgePolicy() if min_confidence is None else JudgePolicy(min_confidence=min_confidence)
    return Options(
        guard=guard,
        min_confidence=min_confidence,
        allow=tuple(allow or ()),
        protect=tuple(protect or ()),
        mqm_scheme=mqm_scheme,
        judge=policy,
    )


def report_on(inputs: Inputs, choice: EditorChoice, options: Options) -> Report:
    """Read the article, load the editor, and judge.

    The article comes first: a wrong path is told at once, not after a model has loaded.
    """
    article = read_article(inputs.article, references=inputs.references, source=inputs.source)
    return judged(article, load(choice), options)


def load(choice: EditorChoice) -> Editor:
    """Load the editor that was chosen."""
    from mtqa.editor import load_editor
    from mtqa.editor.options import EditorOptions

    return load_editor(
        choice.model,
        options=EditorOptions(
            device=choice.device,
            dtype=choice.dtype,  # type: ignore[arg-type]  # typer has checked it
            prefix=choice.prefix,
            source_language=choice.source_language,
            target_language=choice.target_language,
            num_beams=choice.num_beams,
            max_batch_tokens=choice.batch_tokens,
        ),
    )


def judged(article: Article, editor: Editor, options: Options) -> Report:
    """The report on an article; where there is much to read, a terminal sees how far it is."""
    from mtqa.pipeline import check_document

    with shown(sys.stderr, total=len(article.document.segments)) as progress:
        return check_document(
            article.document, editor, options=options, gold=article.gold, progress=progress
        )
