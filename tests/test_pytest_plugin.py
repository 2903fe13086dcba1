"""The pytest plugin, in a pytest of its own, with an editor that says what it is told to."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

TEXT = "All is well.\nHe go home.\n"
# The inner pytest uses the same stand-in for an editor as these tests.
CONFTEST = """
import mtqa.editor
from scripted import Answer, ScriptedEditor

mtqa.editor.load_editor = lambda *_, **__: ScriptedEditor({"go": Answer("went", 0.95)})
"""


@pytest.fixture
def inner(pytester: pytest.Pytester) -> pytest.Pytester:
    scripted = (Path(__file__).parent / "conftest.py").read_text(encoding="utf-8")
    pytester.makepyfile(scripted=scripted)
    pytester.makeconftest(CONFTEST)
    pytester.makefile(".txt", article=TEXT)
    return pytester


def _run(inner: pytest.Pytester, *args: str) -> pytest.RunResult:
    return inner.runpytest_subprocess("-p", "no:cacheprovider", *args)


def _case(inner: pytest.Pytester, text: str) -> None:
    (inner.path / "one.mtqa.toml").write_text(text, encoding="utf-8")


def test_the_fixture(inner: pytest.Pytester) -> None:
    inner.makepyfile(
        """
        def test_report(mtqa):
            assert [f.surface for f in mtqa.report("article.txt").findings] == ["go"]

        def test_good(mtqa):
            assert mtqa.assert_quality("article.txt", minimum={"fluency": 1}).findings

        def test_bad(mtqa):
            mtqa.assert_quality("article.txt", minimum={"fluency": 99.9}, fail_on="minor")
        """
    )
    result = _run(inner)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*fluency * is below 99.9", "*article.txt:2:4: finding, *"])


def test_a_case_that_passes_and_one_that_fails(inner: pytest.Pytester) -> None:
    _case(inner, 'article = "article.txt"\nmin = { fluency = 1 }\n')
    _run(inner).assert_outcomes(passed=1)
    _case(inner, 'article = "article.txt"\nfail-on = "minor"\n')
    result = _run(inner)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*mtqa: one*", "failed: *article.txt:2:4: finding, *"])
    assert "Traceback" not in result.stdout.str()


def test_a_case_with_a_baseline(inner: pytest.Pytester) -> None:
    case = 'article = "article.txt"\nbaseline = "base.json"\nfail-on-new = "minor"\n'
    _case(inner, case)
    result = _run(inner)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*there is no such baseline*"])
    _run(inner, "--mtqa-update").assert_outcomes(passed=1)
    _run(inner).assert_outcomes(passed=1)
    (inner.path / "article.txt").write_text(TEXT.replace("well", "go"), encoding="utf-8")
    result = _run(inner)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*new finding*"])


def test_a_case_of_string_metrics_needs_no_editor(inner: pytest.Pytester) -> None:
    inner.makeconftest("import sys\nsys.modules['torch'] = None\n")
    inner.makefile(".txt", reference=TEXT)
    _case(
        inner,
        'article = "article.txt"\nreferences = ["reference.txt"]\n'
        'metrics = ["ter"]\nmax = { ter = 0 }\n',
    )
    _run(inner).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("min = { fluency = 1 }", 'the key "article" is missing'),
        ('article = "article.txt"', "the case asks for nothing"),
        ('article = "article.txt"\nmn = {}', 'did you mean "min"?'),
        ('article = "no.txt"\nmin = { fluency = 1 }', "no.txt: there is no such file"),
        ("article = 1\nmin = { fluency = 1 }", "expected text"),
        ('article = "article.txt"\nreferences = "x"', "expected a list of texts"),
    ],
)
def test_a_case_with_a_mistake(inner: pytest.Pytester, text: str, message: str) -> None:
    _case(inner, text)
    result = _run(inner)
    result.assert_outcomes(failed=1)
    assert message in result.stdout.str()
