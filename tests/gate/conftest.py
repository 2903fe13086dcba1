"""Reports that differ in what a test is about, and in nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from mtqa.judge import judge
from mtqa.report import DEFAULTS, Options, Report
from mtqa.text.document import document, with_references

Make = Callable[..., Report]


@pytest.fixture
def make_report(make_editor: Any, answer: Any) -> Make:
    """A report on a text by an editor that replaces what it is told to."""

    def make(
        text: str,
        script: Mapping[str, str] | None = None,
        *,
        reference: str | None = None,
        path: str = "a.txt",
        info: Any = None,
        options: Options = DEFAULTS,
        confidence: float = 0.9,
        truncated: bool = False,
    ) -> Report:
        answers = {old: answer(new, confidence) for old, new in (script or {}).items()}
        editor = make_editor(answers, truncated=truncated)
        article = document(text, path=path)
        if reference is not None:
            article = with_references(article, [document(reference)])
        return judge(
            article,
            editor.read(article.segments),
            editor=info or editor.info,
            scale=editor.fluency_scale,
            options=options,
        )

    return make
