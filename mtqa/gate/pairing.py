"""What can be compared with what: documents by path, paragraphs by what they translate."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields

from mtqa.editor.base import EditorInfo
from mtqa.report import Options, Report
from mtqa.text import Document, Paragraph

_DIGEST = 19  # characters of a digest shown: "sha256:" and twelve digits


@dataclass(frozen=True, slots=True)
class Pair:
    """A document before and after, and which of its paragraphs correspond."""

    before: Report
    after: Report
    paragraphs: tuple[tuple[int, int], ...]  # indices, in the order of ``after``


@dataclass(frozen=True, slots=True)
class Pairing:
    """What corresponds, and why the rest does not."""

    pairs: tuple[Pair, ...]
    problems: tuple[str, ...]  # one sentence each


def pair(before: Sequence[Report], after: Sequence[Report]) -> Pairing:
    """Pair documents by path; a single one on both sides is a pair whatever its path."""
    problems = [*_twice(before, "the baseline"), *_twice(after, "what was given")]
    if problems:
        return Pairing((), tuple(problems))
    if len(before) == len(after) == 1:
        couples = [(before[0], after[0])]
    else:
        old = {report.document.path: report for report in before}
        new = {report.document.path for report in after}
        couples = [(old[r.document.path], r) for r in after if r.document.path in old]
        problems += [
            f"{_name(r)} is not in the baseline; --update adds it"
            for r in after
            if r.document.path not in old
        ]
        problems += [
            f"{_name(r)} is in the baseline and was not given; --update removes it"
            for r in before
            if r.document.path not in new
        ]
    pairs = []
    for one, other in couples:
        found = _align(one.document, other.document)
        if isinstance(found, str):
            problems.append(f"{_name(other)}: {found}")
        else:
            pairs.append(Pair(one, other, found))
    return Pairing(tuple(pairs), tuple(problems))


def _name(report: Report) -> str:
    return report.document.path or "<text>"


def _twice(reports: Sequence[Report], where: str) -> list[str]:
    names = [_name(report) for report in reports]
    return [f"{name} is twice in {where}" for name in dict.fromkeys(names) if names.count(name) > 1]


def _align(before: Document, after: Document) -> tuple[tuple[int, int], ...] | str:
    """Which paragraphs correspond; or why they do not, in one sentence.

    Paragraphs with the same source (else reference, else text) correspond wherever they
    stand; what is left corresponds in order.
    """
    ours, theirs = before.paragraphs, after.paragraphs
    if len(ours) != len(theirs):
        return f"the baseline has {len(ours)} paragraphs, and now there are {len(theirs)}"
    places: dict[Hashable, deque[int]] = defaultdict(deque)
    for index, paragraph in enumerate(ours):
        places[_anchor(paragraph)].append(index)
    partners: list[int | None] = []
    for paragraph in theirs:
        free = places[_anchor(paragraph)]
        partners.append(free.popleft() if free else None)
    rest = iter(sorted(index for free in places.values() for index in free))
    pairs = tuple((next(rest) if p is None else p, index) for index, p in enumerate(partners))
    if any(_other_source(ours[i], theirs[j]) for i, j in pairs):
        return "it is a translation of another source text than in the baseline"
    return pairs


def _anchor(paragraph: Paragraph) -> Hashable:
    if paragraph.source is not None:
        return ("source", paragraph.source)
    return ("references", paragraph.references) if paragraph.references else paragraph.text


def _other_source(one: Paragraph, other: Paragraph) -> bool:
    return None not in (one.source, other.source) and one.source != other.source


def editor_obstacle(pairs: Sequence[Pair]) -> str | None:
    """Why what the editor said cannot be compared, naming both sides; None if it can."""
    for couple in pairs:
        one, other = couple.before, couple.after
        if one.editor is None or other.editor is None:
            side = "the baseline" if one.editor is None else "this run"
            return f"{side} has string metrics only, without an editor"
        for what, was, now in (
            ("editor", _editor(one.editor), _editor(other.editor)),
            ("fluency scale", repr(one.fluency_scale), repr(other.fluency_scale)),
            *_options(one.options, other.options),
        ):
            if was != now:
                return f"another {what}: {was} in the baseline, {now} now"
    return None


def reference_obstacle(pairs: Sequence[Pair]) -> str | None:
    """Why what was measured against references cannot be compared; None if it can."""
    for couple in pairs:
        ours, theirs = couple.before.document.paragraphs, couple.after.document.paragraphs
        for i, j in couple.paragraphs:
            was, now = ours[i].references, theirs[j].references
            if was != now:
                place = f"{_name(couple.after)}:{theirs[j].line}"
                sides = f"{_quoted(was)} in the baseline, {_quoted(now)} now"
                return f"other references at {place}: {sides}"
    return None


def _editor(info: EditorInfo) -> str:
    """What two editors must have in common; names and devices may differ."""
    parts = [info.digest[:_DIGEST], info.dtype, info.decoding]
    return ", ".join([*parts, f"prefix {info.prefix!r}"] if info.prefix else parts)


def _options(one: Options, other: Options) -> list[tuple[str, str, str]]:
    return [
        (f"option {field.name}", repr(getattr(one, field.name)), repr(getattr(other, field.name)))
        for field in fields(Options)
    ]


def _quoted(references: Sequence[str]) -> str:
    if not references:
        return "none"
    first = references[0]
    shown = f"“{first[:37]}…”" if len(first) > 40 else f"“{first}”"
    return f"{shown} and {len(references) - 1} more" if len(references) > 1 else shown
