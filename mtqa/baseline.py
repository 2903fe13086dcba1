"""The gate's files: the articles that are gated, and the baseline they are held to.

A baseline is a saved report; of several articles it is their reports one after another in
one file, sorted by path.  So it is replaced in one step, and differs only where an article
or what was found in it does.  Paths in it are relative to its own folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mtqa.errors import InputError
from mtqa.formats.plain import STDIN, STDIN_NAME, read_utf8, write_text
from mtqa.report import Report, from_json, to_json

# `to_json` ends a report with the only brace that stands at the beginning of a line.
_BETWEEN = re.compile(r"(?<=^\}\n)(?=\{)", re.MULTILINE)


def read_baseline(path: str | Path) -> tuple[Report, ...]:
    """Read a baseline; the paths in it become relative to the working folder.

    Raises:
        InputError: the file is missing, or not a baseline of this version.
    """
    place = Path(path)
    if not place.exists():
        raise InputError(
            "there is no such baseline", where=str(path), hint="write one with: mtqa gate --update"
        )
    text = read_utf8(place).text.replace("\r\n", "\n")  # git may have changed them
    reports = []
    for number, part in enumerate(_BETWEEN.split(text), start=1):
        try:
            report = from_json(part)
        except InputError as error:
            where = f"{path}, report {number}" + (f", {error.where}" if error.where else "")
            hint = error.hint or "write the baseline again with: mtqa gate --update"
            raise InputError(error.what, where=where, hint=hint) from None
        reports.append(_moved(report, place.parent, Path()))
    return tuple(reports)


def write_baseline(path: str | Path, reports: Sequence[Report]) -> None:
    """Write a baseline, all of it or nothing; the same reports give the same bytes.

    Raises:
        InputError: an article is there twice, part of one was not judged, or the file
            cannot be written.
    """
    for report in reports:
        if report.failures:
            raise InputError(
                f"not fit for a baseline: {report.failures[0].what}",
                where=report.document.path,
                hint=report.failures[0].hint,
            )
    folder = Path(path).parent
    moved = [_moved(report, Path(), folder) for report in reports]
    moved.sort(key=lambda report: report.document.path or "")
    names = [report.document.path for report in moved]
    for name in names:
        if names.count(name) > 1:
            raise InputError("the article is given twice", where=name, hint="give it once")
    write_text(path, "".join(map(to_json, moved)), bom=False)


def articles(paths: Sequence[str]) -> tuple[str, ...]:
    """The articles under some paths: text files, article folders, folders of such folders.

    Returns:
        Paths relative to the working folder where they are in it, in order and once each.

    Raises:
        InputError: a folder has no article in it.

    >>> articles(["-"])
    ('-',)
    """
    found: list[str] = []
    for path in paths:
        if path == STDIN or not Path(path).is_dir():
            found.append(path)
            continue
        texts = sorted(Path(path).rglob("mt.txt"))
        if not texts:
            raise InputError(
                "there is no article in this folder",
                where=path,
                hint="an article is a text file, or a folder with mt.txt",
            )
        found += [str(text.parent) for text in texts]
    return tuple(dict.fromkeys(p if p == STDIN else _relative(Path(p), Path()) for p in found))


def _moved(report: Report, old: Path, new: Path) -> Report:
    """The report with its path, which was relative to one folder, relative to another."""
    path = report.document.path
    if path is None or path == STDIN_NAME:
        return report
    return replace(report, document=replace(report.document, path=_relative(old / path, new)))


def _relative(path: Path, folder: Path) -> str:
    """``path`` as seen from ``folder``, with slashes, the same on every machine."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return path.absolute().as_posix()
