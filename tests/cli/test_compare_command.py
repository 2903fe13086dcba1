"""``mtqa compare``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import mtqa.editor
from mtqa import codec
from mtqa.cli.app import app
from mtqa.gate.systems import Contest

Run = Callable[..., Result]
REFERENCE = "He went home.\n\nAll is well.\nIt rains \x1b[31mtoday[/red].\n"
A = REFERENCE.replace("went", "go").replace("rains", "rain")
B = REFERENCE


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    for name, text in (("a", A), ("b", B), ("c", A), ("ref", REFERENCE), ("short", "One.\n")):
        Path(name).write_text(text, encoding="utf-8")
    return lambda *args: CliRunner().invoke(app, ["compare", *args])


def test_files_side_by_side(run: Run) -> None:
    result = run("a", "b", "c", "--reference", "ref", "-m", "chrf", "ter", "--show", "1")
    assert result.exit_code == 0
    assert "TER (lower is better)" in result.stdout
    assert "a / c" in result.stdout
    assert "corrected for the number of pairs" in result.stdout
    assert "\x1b" not in result.stdout
    assert result.stdout.count("segment ") == 1


def test_json_reads_back(run: Run) -> None:
    result = run("a", "b", "--reference", "ref", "--json", "-o", "out.json")
    assert (result.exit_code, result.stdout) == (0, "")
    text = Path("out.json").read_text(encoding="utf-8")
    found = codec.loads(Contest, text)
    assert found.systems == ("a", "b")
    assert found.segments == 4
    assert json.loads(text)["schema"] == "mtqa.compare/1"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("a", "--reference", "ref"), "one translation cannot be compared"),
        (("a", "b"), "there is no reference"),
        (("a", "short", "--reference", "ref"), "drift apart"),
        (("a", "b", "--reference", "ref", "--model", "x"), "editors are compared on one article"),
        (("a", "--model", "x", "--model", "y"), "there is no reference"),
    ],
)
def test_mistakes_are_exit_2(run: Run, args: tuple[str, ...], message: str) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_editors_side_by_side(
    run: Run, monkeypatch: pytest.MonkeyPatch, make_editor: Any, answer: Any
) -> None:
    editors = {
        "good": make_editor({"go": answer("went"), "rain": answer("rains")}),
        "idle": make_editor({}),
    }
    monkeypatch.setattr(mtqa.editor, "load_editor", lambda model, **_: editors[model])
    args = ("a", "--reference", "ref", "--model", "idle", "--model", "good", "--json")
    found = codec.loads(Contest, run(*args).stdout)
    idle, good = found.scores[0]
    assert (good.value, idle.value < 100) == (100, True)
    assert [each.number for each in found.most_different] == [1, 3]
