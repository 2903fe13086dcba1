"""The whole way from a text to its report: read, propose, guard, judge.

The command line and the functions of ``import mtqa`` are both thin layers over this.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from os import PathLike
from pathlib import Path

from mtqa.editor import load_editor, read_document
from mtqa.editor.base import Editor, Progress
from mtqa.editor.guard import GuardPolicy
from mtqa.errors import InputError
from mtqa.formats import GoldSpan, read_article
from mtqa.judge import judge
from mtqa.report import DEFAULTS, Options, Report
from mtqa.text import Document
from mtqa.text.document import document, with_references


def check_document(
    document: Document,
    editor: Editor,
    *,
    options: Options = DEFAULTS,
    gold: Sequence[GoldSpan] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Read a document with an editor and judge it.

    Args:
        document: with its references, if it has any.
        editor: see ``mtqa.load_editor``.
        options: what to keep and how to weigh it.
        gold: the errors that a person marked; None where nobody did.
        progress: called now and then while the editor reads.

    Raises:
        InputError: there is no text, or an option does not make sense.
    """
    readings = read_document(editor, document, _policy(editor, options), progress=progress)
    return judge(
        document,
        readings,
        editor=editor.info,
        scale=editor.fluency_scale,
        options=options,
        gold=gold,
    )


def check(
    text: str,
    *,
    references: Sequence[str] = (),
    editor: Editor | None = None,
    options: Options = DEFAULTS,
) -> Report:
    """Say what is wrong in a text, where, and how natural it reads.

    Args:
        text: the translated article.
        references: corrected versions, with the same paragraphs.
        editor: from ``load_editor``; without one, the editor that ships with mtqa.
        options: what to keep and how to weigh it.

    Raises:
        InputError: there is no text.
        PairingError: a reference has more or fewer paragraphs.
    """
    _refuse_path(text)
    article = with_references(document(text), [document(reference) for reference in references])
    return check_document(article, editor or _shipped(), options=options)


def check_file(
    path: str | PathLike[str],
    *,
    references: Sequence[str | PathLike[str]] = (),
    editor: Editor | None = None,
    options: Options = DEFAULTS,
) -> Report:
    """Check a text file, or a folder with ``mt.txt``; otherwise as ``check``.

    Raises:
        InputError: the file is missing, empty, binary or not UTF-8.
        PairingError: a reference has more or fewer paragraphs.
    """
    article = read_article(Path(path), references=[Path(reference) for reference in references])
    return check_document(
        article.document, editor or _shipped(), options=options, gold=article.gold
    )


def clean(text: str, *, editor: Editor | None = None, options: Options = DEFAULTS) -> str:
    """The text with the edits that the editor is sure of; the rest stays as it was.

    Raises:
        InputError: there is no text, or a part of it is too long for the editor.
    """
    report = check(text, editor=editor, options=options)
    if report.failures:
        failure = report.failures[0]
        raise InputError(failure.what, hint=failure.hint)
    return report.cleaned


def _policy(editor: Editor, options: Options) -> GuardPolicy:
    sure = options.min_confidence
    return GuardPolicy(
        min_confidence=editor.default_min_confidence if sure is None else sure,
        allow=options.allow,
        protect=options.protect,
        enabled=options.guard,
    )


@lru_cache(maxsize=1)
def _shipped() -> Editor:
    return load_editor()


def _refuse_path(text: str) -> None:
    """A file name where a text is meant would be judged as a very short article."""
    short = len(text) < 300 and "\n" not in text and "\0" not in text
    if short and Path(text).is_file():
        raise InputError(
            "this is the name of a file, not a text",
            where=text,
            hint="use mtqa.check_file for files",
        )
