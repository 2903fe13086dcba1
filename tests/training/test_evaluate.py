"""The figures of the model card, on text whose figures are known."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mtqa.editor import Editor
from mtqa.editor.guard import GuardPolicy
from mtqa.errors import PairingError
from mtqa.training import evaluate
from mtqa.training.calibrate import Read, guarded, read_set
from mtqa.training.config import Recipe
from mtqa.training.devsets import DevSet, Sample

DEVSET = DevSet(
    "made-up",
    (
        (
            Sample("The wolf walk home .", "The wolf walks home ."),
            Sample("It is fine .", "It is fine ."),
        ),
        (Sample("They was here .", "They were here ."),),
    ),
)
OPEN = GuardPolicy(min_confidence=0.0, enabled=False)


def test_the_figures_of_a_set() -> None:
    cleaned = ["The wolf walks home .", "It is good .", "They were here ."]
    row = evaluate.row(DEVSET, cleaned, "open")
    assert (row.name, row.setting, row.sentences, row.edits) == ("made-up", "open", 3, 3)
    assert row.changed == pytest.approx(100)
    # Two words of thirteen wrong before, one after.
    assert row.ter_before == pytest.approx(200 / 13)
    assert row.ter_after == pytest.approx(100 / 13)
    assert row.helped == pytest.approx(200 / 3)
    assert row.harmed == pytest.approx(100 / 3)
    assert 0 < row.p_value <= 1


def test_doing_nothing_changes_no_figure() -> None:
    row = evaluate.row(DEVSET, [s.text for s in DEVSET.samples], "default")
    assert (row.changed, row.edits, row.helped, row.harmed) == (0, 0, None, None)
    assert row.ter_before == row.ter_after
    assert row.p_value == 1


def test_clean_text_has_no_errors_before() -> None:
    clean = DevSet("clean", ((Sample("It is fine .", "It is fine ."),),))
    row = evaluate.row(clean, ["It is good ."], "open")
    assert row.ter_before == 0
    assert row.ter_after == pytest.approx(25)
    assert row.harmed == 100


@pytest.mark.parametrize("count", [2, 4])
def test_every_sentence_has_its_cleaned_version(count: int) -> None:
    with pytest.raises(PairingError, match=f"{count} segments to score and 3 references"):
        evaluate.row(DEVSET, ["One ."] * count, "open")


MakeEditor = Callable[..., Editor]


def test_the_policy_decides_what_is_kept(make_editor: MakeEditor, answer: Any) -> None:
    devset = DevSet("x", ((Sample("He go in 1994 .", "He goes in 1994 ."),),))
    editor = make_editor({"go": answer("goes", 0.3), "1994": answer("1995", 0.9)})
    read = Read(devset, tuple(read_set(editor, devset)))
    assert guarded(read, OPEN) == ["He goes in 1995 ."]
    kept = {limit: guarded(read, GuardPolicy(min_confidence=limit)) for limit in (0.2, 0.4)}
    assert kept == {0.2: ["He goes in 1994 ."], 0.4: ["He go in 1994 ."]}


def test_the_table_is_printed_and_written(
    make_editor: MakeEditor,
    answer: Any,
    recipe: Recipe,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    editor = make_editor({"brink": answer("edge"), "house": answer("home", 0.2)})
    loaded: list[str | None] = []
    monkeypatch.setattr(evaluate, "load_editor", lambda name: loaded.append(name) or editor)
    # This data has nothing of two pivots.
    monkeypatch.setattr(evaluate.devsets, "PIVOTS", ("es", "gl"))
    out = tmp_path / "figures.json"
    evaluate.evaluate(recipe, data, None, out, limit=40)
    assert loaded == [None]
    result = json.loads(out.read_text())
    assert result["editor"]["digest"] == editor.info.digest
    rows = {(r["name"], r["setting"]): r for r in result["rows"]}
    languages = ("et", "ro", "ru", "ne", "si")
    names = ["roundtrip-es", "roundtrip-gl", *(f"postedit-{k}" for k in languages)]
    names += ["clean", "news"]
    assert [*rows] == [(name, s) for name in names for s in ("default", "open")]
    trip = rows["roundtrip-es", "default"]
    assert trip["ter_after"] < trip["ter_before"]
    assert (trip["helped"], trip["harmed"]) == (100, 0)
    assert rows["clean", "default"]["edits"] == 0
    assert rows["clean", "open"]["helped"] == 0 < rows["clean", "open"]["harmed"]
    *printed, last = capsys.readouterr().out.splitlines()
    assert last.startswith("JFLEG dev GLEU: ")
    assert result["gleu"]["untouched"] == result["gleu"]["cleaned"]  # none of its words is edited
    assert len(printed) == len(rows)
    assert printed[0].startswith("| roundtrip-es | default |")
    assert {text.count("|") for text in printed} == {12}


def test_a_line_of_the_table() -> None:
    row = evaluate.Row("clean", "open", 200, 1.5, 3, 0.0, 0.25, 0.04, 0.0, 100.0)
    assert evaluate.line(row) == (
        "| clean | open | 200 | 1.50 % | 3 | 0.00 | 0.25 | - | 0.040 | 0 | 100 |"
    )
    row = replace(row, ter_before=20.0, ter_after=15.0, helped=None, harmed=None)
    assert evaluate.line(row) == (
        "| clean | open | 200 | 1.50 % | 3 | 20.00 | 15.00 | -25.0 % | 0.040 | - | - |"
    )
