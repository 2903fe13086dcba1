"""``mtqa gate``: hold articles to a baseline and to thresholds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mtqa.baseline import articles, read_baseline, write_baseline
from mtqa.cli.inputs import EditorChoice, judged, load
from mtqa.cli.outcome import PASS, note
from mtqa.cli.output import check_writable, look, write
from mtqa.errors import InputError
from mtqa.formats import Article, read_article
from mtqa.gate import Policy, Result, gate, measure, needs_editor, string_metrics
from mtqa.render import gate as for_people
from mtqa.render import github, json_, junit, sarif
from mtqa.report import Options, Report

Renderer = Callable[[Sequence[Report], Result], str]

TERMINAL: Final = "terminal"
FORMS: Final[Mapping[str, Renderer]] = {
    TERMINAL: for_people.render,
    "json": lambda _, result: json_.render_gate(result),
    "junit": junit.render,
    "sarif": sarif.render,
    "github": github.render,
    "markdown": for_people.markdown,
}


@dataclass(frozen=True, slots=True)
class Target:
    """A form of the result, and where it goes."""

    form: str  # a key of FORMS
    path: Path | None  # None: standard output


@dataclass(frozen=True, slots=True)
class Request:
    """What to hold the articles to, and how to say it."""

    paths: tuple[str, ...]
    references: tuple[Path, ...]
    baseline: str | None
    update: bool
    policy: Policy
    outputs: tuple[str, ...]  # "FORM=FILE" or "FORM"


def run(request: Request, choice: EditorChoice, options: Options) -> int:
    """Judge the articles, and write or hold them to the baseline; gives the exit code."""
    targets = _targets(request.outputs)
    if request.update and request.baseline is None:
        raise InputError("--update needs to know which baseline", hint="give --baseline FILE")
    if not request.update and request.baseline is None and not _absolute(request.policy):
        raise InputError(
            "there is nothing to hold the articles to",
            hint="give --baseline FILE, or thresholds such as --min-fluency 70",
        )
    read = _read(request)
    before = None
    if request.baseline is not None and not request.update:
        before = read_baseline(request.baseline)
    after = _reports(read, choice, options, request.policy)
    if request.update:
        assert request.baseline is not None
        write_baseline(request.baseline, after)
        count = f"{len(after)} article{'' if len(after) == 1 else 's'}"
        note(f"wrote {request.baseline}: {count}")
        return PASS
    result = gate(before, after, policy=request.policy)
    for target in targets:
        _write(target, after, result)
    return result.exit_code


def _absolute(policy: Policy) -> bool:
    """Whether something is asked for that needs no baseline."""
    return bool(policy.minimum or policy.maximum or policy.fail_on)


def _targets(outputs: Sequence[str]) -> tuple[Target, ...]:
    """Where each output goes; the terminal form goes to standard output if nothing else does."""
    targets = []
    for text in outputs:
        form, equals, path = text.partition("=")
        if form not in FORMS or (equals and not path):
            raise InputError(
                f"not an output: {text!r}",
                where="--output",
                hint=f"give FORM=FILE or FORM, with one of {', '.join(FORMS)}",
            )
        targets.append(Target(form, Path(path) if path and path != "-" else None))
    spoken = [target for target in targets if target.path is None]
    if len(spoken) > 1:
        raise InputError(
            "only one output can go to standard output",
            where="--output",
            hint=f"give a file to one: {spoken[1].form}=FILE",
        )
    for target in targets:
        check_writable(target.path)
    return tuple(targets) if spoken else (Target(TERMINAL, None), *targets)


def _write(target: Target, reports: Sequence[Report], result: Result) -> None:
    if target.form == TERMINAL:
        shown = look(verbose=False, output=target.path)
        write(for_people.render(reports, result, shown), target.path)
    else:
        write(FORMS[target.form](reports, result), target.path)


def _read(request: Request) -> tuple[Article, ...]:
    if not request.paths:
        raise InputError(
            "there is no article to judge", hint="give one, or paths in [tool.mtqa.gate]"
        )
    paths = articles(request.paths)
    if request.references and len(paths) > 1:
        raise InputError(
            f"--reference was given for {len(paths)} articles",
            hint="give folders with mt.txt and reference.txt, or one article",
        )
    return tuple(read_article(path, references=request.references) for path in paths)


def _reports(
    read: Sequence[Article], choice: EditorChoice, options: Options, policy: Policy
) -> tuple[Report, ...]:
    if not needs_editor(policy):
        metrics = string_metrics(policy)
        return tuple(measure(article.document, metrics) for article in read)
    editor = load(choice)
    return tuple(judged(article, editor, options) for article in read)
