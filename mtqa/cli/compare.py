"""``mtqa compare``: translations of the same text against each other.

Without ``--model`` no model is loaded: files of one segment a line are compared.  With
``--model``, given several times, one article is cleaned by each editor, and what the editors
made of it is compared, paragraph by paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mtqa.cli.inputs import EditorChoice, judged, load
from mtqa.cli.outcome import PASS
from mtqa.cli.output import check_writable, look, write
from mtqa.codec import dumps
from mtqa.errors import InputError
from mtqa.formats import read_article
from mtqa.formats.lines import NamedLines, check_parallel, read_lines
from mtqa.gate.systems import Contest, System, contest
from mtqa.render.contest import render
from mtqa.report import DEFAULTS
from mtqa.scoring.overlap import OverlapMetric
from mtqa.text.document import document


@dataclass(frozen=True, slots=True)
class Request:
    """What to compare, and how."""

    files: tuple[str, ...]  # translations; with models, one article
    references: tuple[Path, ...]
    metrics: tuple[OverlapMetric, ...]
    resamples: int
    seed: int
    show: int  # segments that differ most
    json: bool
    output: Path | None


def run(request: Request, models: Sequence[str], choice: EditorChoice) -> int:
    """Compare and print; the exit code says only whether it could be done."""
    check_writable(request.output)
    found = _editors(request, models, choice) if models else _files(request)
    if request.json:
        text = dumps(found)
    else:
        text = render(found, look(verbose=False, output=request.output))
    write(text, request.output)
    return PASS


def _files(request: Request) -> Contest:
    if len(request.files) < 2:
        raise InputError(
            "one translation cannot be compared",
            hint="give two or more files, or one article and --model twice",
        )
    if not request.references:
        raise InputError("there is no reference", hint="try: mtqa compare A B --reference REF")
    paths = (*request.files, *map(str, request.references))
    named = [NamedLines(path, read_lines(path)) for path in paths]
    check_parallel(named)
    count = len(request.files)
    return _contest(
        [System(each.name, each.lines) for each in named[:count]],
        [each.lines for each in named[count:]],
        request,
    )


def _editors(request: Request, models: Sequence[str], choice: EditorChoice) -> Contest:
    if len(request.files) != 1 or len(models) < 2:
        raise InputError(
            "editors are compared on one article",
            hint="give one article and --model two or more times",
        )
    article = read_article(request.files[0], references=request.references)
    paragraphs = article.document.paragraphs
    if not all(paragraph.references for paragraph in paragraphs):
        raise InputError("there is no reference", where=article.path, hint="give --reference")
    systems = []
    for model in models:
        report = judged(article, load(replace(choice, model=model)), DEFAULTS)
        if report.failures:
            failure = report.failures[0]
            raise InputError(failure.what, where=f"{article.path}, {model}", hint=failure.hint)
        cleaned = document(report.cleaned).paragraphs
        if len(cleaned) != len(paragraphs):
            raise InputError(
                f"the editor made {len(cleaned)} paragraphs of {len(paragraphs)}",
                where=f"{article.path}, {model}",
                hint="compare its output as a file of its own",
            )
        systems.append(System(model, tuple(paragraph.text for paragraph in cleaned)))
    references = list(zip(*(paragraph.references for paragraph in paragraphs), strict=True))
    return _contest(systems, references, request)


def _contest(
    systems: Sequence[System], references: Sequence[Sequence[str]], request: Request
) -> Contest:
    return contest(
        systems,
        references,
        request.metrics,
        n=request.resamples,
        seed=request.seed,
        show=request.show,
    )
