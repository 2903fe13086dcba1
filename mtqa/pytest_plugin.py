"""The pytest plugin: an ``mtqa`` fixture, and ``*.mtqa.toml`` files collected as tests.

A case file holds ``article`` (a text file or a folder with mt.txt, relative to the file),
perhaps ``references``, and the keys of a policy file: ``baseline``, ``min``, ``fail-on``...
What it asks for becomes one test, which fails with a readable table.

The fixture gives the same from Python::

    def test_the_translation(mtqa):
        mtqa.assert_quality("out/article.txt", minimum={"fluency": 70})

Options: ``--mtqa-model`` (the editor), ``--mtqa-update`` (write the baselines that case files
name instead of comparing with them).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:  # mtqa itself is loaded when a test asks for it: pytest starts as fast as before
    from mtqa.editor.base import Editor
    from mtqa.gate import Amount, Policy
    from mtqa.policy import GateConfig
    from mtqa.report import Options, Report, Severity

SUFFIX: Final = ".mtqa.toml"
_OWN_KEYS: Final = ("article", "references")
_NOT_HERE: Final = ("paths", "output")  # of the policy file


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the plugin."""
    group = parser.getgroup("mtqa", "translation quality")
    group.addoption(
        "--mtqa-model",
        metavar="ID",
        default=None,
        help="the editor: a folder or hub id; without it, the one a case names or the shipped one",
    )
    group.addoption(
        "--mtqa-update",
        action="store_true",
        help="write the baselines of *.mtqa.toml cases instead of comparing with them",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a case file."""
    if not file_path.name.endswith(SUFFIX):
        return None
    return CaseFile.from_parent(parent, path=file_path)


@pytest.fixture(scope="session")
def mtqa(pytestconfig: pytest.Config) -> Checker:
    """Check translations: ``mtqa.report(path)``, ``mtqa.assert_quality(path, ...)``."""
    return Checker(pytestconfig.getoption("--mtqa-model"))


class QualityError(AssertionError):
    """Quality below what was asked; the message is the gate's table."""


@dataclass(frozen=True, slots=True)
class Checker:
    """What the fixture gives.  The editor is loaded once in a session."""

    model: str | None = None  # a folder or hub id; None: the shipped editor

    def report(
        self,
        path: str | Path,
        *,
        references: Sequence[str | Path] = (),
        options: Options | None = None,
    ) -> Report:
        """The whole report on an article: findings, cleaned text, scores."""
        from mtqa.pipeline import check_file
        from mtqa.report import DEFAULTS

        return check_file(
            path, references=references, editor=_editor(self.model), options=options or DEFAULTS
        )

    def assert_quality(
        self,
        path: str | Path,
        *,
        references: Sequence[str | Path] = (),
        minimum: Mapping[str, float] | None = None,
        maximum: Mapping[str, float] | None = None,
        fail_on: Severity | None = None,
        baseline: str | Path | None = None,
    ) -> Report:
        """Fail the test if an article is below what is asked, with a readable table.

        Args:
            path: a text file, or a folder with mt.txt.
            references: corrections, paragraph by paragraph.
            minimum: least scores by metric, ``{"fluency": 70}``.
            maximum: likewise, ``{"ter": 30}``.
            fail_on: the least severity of a finding that fails the test.
            baseline: a saved report to compare with.

        Returns:
            The report, for further assertions.

        Raises:
            QualityError: below what was asked, or it could not be judged.
            MtqaError: bad input, no such model.
        """
        from mtqa.gate import Policy

        report = self.report(path, references=references)
        policy = Policy(
            minimum=_amounts(minimum or {}), maximum=_amounts(maximum or {}), fail_on=fail_on
        )
        _hold((report,), baseline, policy)
        return report


def _amounts(table: Mapping[str, float]) -> tuple[Amount, ...]:
    from mtqa.gate import Amount

    return tuple(Amount(metric, value) for metric, value in table.items())


def _hold(reports: tuple[Report, ...], baseline: str | Path | None, policy: Policy) -> None:
    from mtqa.baseline import read_baseline
    from mtqa.gate import gate
    from mtqa.render.gate import render

    before = None if baseline is None else read_baseline(baseline)
    result = gate(before, reports, policy=policy)
    if result.exit_code:
        raise QualityError("\n" + render(reports, result))


@lru_cache(maxsize=2)
def _editor(model: str | None) -> Editor:
    from mtqa.editor import load_editor

    return load_editor(model)


@dataclass(frozen=True, slots=True)
class Case:
    """What a case file asks for; paths are joined to its folder."""

    article: Path
    references: tuple[Path, ...]
    config: GateConfig


def read_case(path: Path) -> Case:
    """Read a case file, strictly.

    Raises:
        InputError: a key that is unknown or missing, or a value of the wrong type.
    """
    from mtqa.errors import InputError
    from mtqa.policy import KEYS, check_keys, config_from, read_toml

    table = read_toml(path)
    known = tuple(key for key in KEYS if key not in _NOT_HERE)
    check_keys(table, (*_OWN_KEYS, *known), where=str(path))
    if "article" not in table:
        raise InputError('the key "article" is missing', where=str(path), hint="name a text file")
    article, references = table["article"], table.get("references", [])
    if not isinstance(article, str):
        raise InputError(f"expected text, found {article!r}", where=f"{path}: article")
    if not isinstance(references, list) or not all(isinstance(r, str) for r in references):
        raise InputError(
            f"expected a list of texts, found {references!r}", where=f"{path}: references"
        )
    rest = {key: value for key, value in table.items() if key not in _OWN_KEYS}
    return Case(
        article=path.parent / article,
        references=tuple(path.parent / reference for reference in references),
        config=config_from(rest, where=str(path), folder=path.parent),
    )


class CaseFile(pytest.File):
    """A ``*.mtqa.toml`` file."""

    def collect(self) -> list[pytest.Item]:
        """One test."""
        name = self.path.name.removesuffix(SUFFIX)
        return [CaseItem.from_parent(self, name=name)]


class CaseItem(pytest.Item):
    """The test of one case file."""

    def runtest(self) -> None:
        """Check the article and hold it to what the case asks for."""
        from mtqa.baseline import write_baseline
        from mtqa.errors import InputError

        case = read_case(self.path)
        config = case.config
        policy = config.policy
        if config.baseline is None and not (policy.minimum or policy.maximum or policy.fail_on):
            raise InputError(
                "the case asks for nothing",
                where=str(self.path),
                hint="give it a baseline, min, max or fail-on",
            )
        report = self._report(case)
        if config.baseline is not None and self.config.getoption("--mtqa-update"):
            write_baseline(config.baseline, (report,))
        else:
            _hold((report,), config.baseline, policy)

    def _report(self, case: Case) -> Report:
        from mtqa.formats import read_article
        from mtqa.gate import measure, needs_editor, string_metrics
        from mtqa.report import DEFAULTS, JudgePolicy

        config = case.config
        if not needs_editor(config.policy):
            article = read_article(case.article, references=case.references)
            return measure(article.document, string_metrics(config.policy))
        options = replace(
            DEFAULTS,
            min_confidence=config.min_confidence,
            allow=config.allow,
            protect=config.protect,
            mqm_scheme=config.mqm_scheme,
        )
        if config.min_confidence is not None:
            options = replace(options, judge=JudgePolicy(min_confidence=config.min_confidence))
        checker = Checker(self.config.getoption("--mtqa-model") or config.model)
        return checker.report(case.article, references=case.references, options=options)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]
        """What went wrong, without a traceback through mtqa."""
        from mtqa.errors import MtqaError

        if isinstance(excinfo.value, QualityError | MtqaError):
            return str(excinfo.value).strip("\n")
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the test is."""
        return self.path, None, f"mtqa: {self.name}"
