"""``mtqa gate``, in process with an editor that says what it is told to, and as installed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner, Result

import mtqa.editor
from mtqa.cli.app import app
from mtqa.cli.gate import FORMS
from mtqa.cli.gate_arguments import GateMetric
from mtqa.cli.many_values import ManyMetrics
from mtqa.gate import METRICS

Run = Callable[..., Result]
GOOD = "All is well.\nNothing is wrong.\nHe walks home.\n"
BAD = "All is well.\nNothing is wrong.\nHe go home.\n"


@pytest.fixture
def run(make_editor: Any, answer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    def invoke(*args: str | Path, editor: Any = None) -> Result:
        using = editor or make_editor({"He go": answer("He went", 0.95)})
        monkeypatch.setattr(mtqa.editor, "load_editor", lambda *_, **__: using)
        return CliRunner().invoke(app, ["gate", *(str(arg) for arg in args)])

    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(GOOD, encoding="utf-8")
    return invoke


@pytest.fixture
def baseline(run: Run) -> str:
    result = run("a.txt", "--baseline", "base.json", "--update")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "wrote base.json: 1 article" in result.stderr
    return "base.json"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", [0, 1, 2])
def test_every_form_and_every_exit_code(
    run: Run, baseline: str, form: str, code: int, make_editor: Any
) -> None:
    editor = None
    if code == 1:
        Path("a.txt").write_text(BAD, encoding="utf-8")
    if code == 2:
        other = make_editor({})
        editor = make_editor({}, info=_with(other.info, digest="sha256:" + "0" * 64))
    args = ["a.txt", "--baseline", baseline, "--fail-on-new", "minor", "-o"]
    to_file = run(*args, f"{form}=out", editor=editor)
    to_stdout = run(*args, form, editor=editor)
    assert (to_file.exit_code, to_stdout.exit_code) == (code, code), to_file.stdout
    text = Path("out").read_text(encoding="utf-8")
    assert text == to_stdout.stdout
    _holds(form, text, code)
    assert to_file.stdout.startswith("Metric")  # the terminal still says it


def _with(info: Any, **changes: str) -> Any:
    from dataclasses import replace

    return replace(info, **changes)


def _holds(form: str, text: str, code: int) -> None:
    """What a reader of that form would look at says the same as the exit code."""
    if form == "json":
        assert json.loads(text)["exit_code"] == code
    elif form == "sarif":
        (invocation,) = json.loads(text)["runs"][0]["invocations"]
        assert invocation["exitCode"] == code
    elif form == "junit":
        root = ET.fromstring(text)
        assert bool(root.findall(".//error")) == (code == 2)
        assert bool(root.findall(".//failure")) == (code == 1)
    else:
        assert ["passed", "failed", "could not judge"][code] in text
        assert ("::error" in text) == (form == "github" and code > 0)


def test_an_update_is_deterministic(run: Run, baseline: str) -> None:
    first = Path(baseline).read_bytes()
    assert run("a.txt", "--baseline", baseline, "--update").exit_code == 0
    assert Path(baseline).read_bytes() == first


def test_the_policy_file_is_used_and_the_command_line_wins(run: Run, baseline: str) -> None:
    Path("mtqa.toml").write_text(
        f'[gate]\npaths = ["a.txt"]\nbaseline = "{baseline}"\nmin = {{ fluency = 100 }}\n',
        encoding="utf-8",
    )
    failed = run()
    assert failed.exit_code == 1
    assert "is below 100" in failed.stdout
    assert run("--min-fluency", "1").exit_code == 0


def test_a_misspelt_key_is_exit_2(run: Run) -> None:
    Path("mtqa.toml").write_text("[gate]\nbasline = 'x'\n", encoding="utf-8")
    result = run("a.txt")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'did you mean "baseline"?' in result.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("a.txt",), "nothing to hold the articles to"),
        (("--min-fluency", "1"), "no article to judge"),
        (("a.txt", "--update"), "--update needs to know"),
        (("a.txt", "--baseline", "no.json"), "no such baseline"),
        (("no.txt", "--min-fluency", "1"), "no such file"),
        (("a.txt", "--min", "chrf"), "METRIC=NUMBER"),
        (("a.txt", "--min-fluency", "1", "-o", "xml=x"), "not an output"),
        (("a.txt", "--min-fluency", "1", "-o", "json", "-o", "sarif"), "only one output"),
        (("a.txt", "--min-fluency", "1", "-o", "json=no/such"), "no such folder"),
        (("a.txt", "--max-ter", "1", "-m", "ter"), "no reference to measure against"),
    ],
)
def test_mistakes_are_exit_2(run: Run, args: tuple[str, ...], message: str) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.startswith("mtqa: error: ")


def test_string_metrics_alone_load_no_model(tmp_path: Path) -> None:
    for name in ("mt.txt", "reference.txt"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    (tmp_path / "base").mkdir()
    args = [".", "--baseline", "base/line.json", "-m", "bleu", "chrf", "ter"]
    for more in (["--update"], []):
        code = (
            "import sys\nfrom mtqa.cli.app import app\n"
            f"try: app({['gate', *args, *more]!r})\n"
            "except SystemExit as end: print(end.code, *{'torch', 'transformers'} & {*sys.modules})"
        )
        found = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
        )
        assert found.stdout.splitlines()[-1] == "0", found.stderr


def test_the_installed_command_gates(tmp_path: Path) -> None:
    """Exit codes 0, 1 and 2 in a process of its own, with string metrics."""
    for name in ("mt.txt", "reference.txt"):
        (tmp_path / name).write_text(GOOD * 8, encoding="utf-8")
    command = [sys.executable, "-m", "mtqa", "gate", ".", "--baseline", "b.json", "-m", "chrf"]

    def code(*more: str) -> int:
        return subprocess.run([*command, *more], capture_output=True, cwd=tmp_path).returncode

    assert code() == 2
    assert code("--update") == 0
    assert code() == 0
    (tmp_path / "mt.txt").write_text(BAD * 8, encoding="utf-8")
    assert code() == 1
    text = (tmp_path / "b.json").read_text(encoding="utf-8")
    (tmp_path / "b.json").write_text(text[:-20], encoding="utf-8")
    assert code() == 2


def test_the_names_of_metrics_are_those_of_the_gate() -> None:
    assert [metric.value for metric in GateMetric] == list(METRICS) == list(ManyMetrics.metrics)
