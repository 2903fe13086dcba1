"""``mtqa score`` beside sacrebleu's own command line, which is the oracle here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mtqa.cli.app import app

HYP = "The cat sat on the mat.\n\nIt rained a little, they say.\nEnd\n"
REF = "The cat sat on a mat.\n\nIt rained a lot, they said.\nThe end\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "hyp").write_text(HYP)
    (tmp_path / "ref").write_text(REF)
    return str(tmp_path / "hyp"), str(tmp_path / "ref")


def _score(*args: str) -> Result:
    return CliRunner().invoke(app, ["score", *args])


def _sacrebleu(hyp: str, ref: str, *args: str) -> str:
    command = [sys.executable, "-m", "sacrebleu", ref, "-i", hyp, *args]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


@pytest.mark.parametrize(
    "args",
    [
        ["-m", "bleu", "chrf", "ter", "--chrf-word-order", "2"],
        ["-m", "chrf", "--chrf-word-order", "2", "-w", "4"],
        ["-w", "3"],
        ["-lc", "-tok", "intl"],
        ["-m", "ter", "bleu", "-f", "text", "-w", "2"],
        ["-b", "-w", "4"],
    ],
)
def test_the_output_is_sacrebleus(args: list[str], files: tuple[str, str]) -> None:
    hyp, ref = files
    assert _score(hyp, "-r", ref, *args).stdout.split() == _sacrebleu(hyp, ref, *args).split()


def test_the_roles_of_files_in_every_form(files: tuple[str, str]) -> None:
    hyp, ref = files
    forms = [
        [hyp, "--reference", ref],
        [hyp, ref],
        [ref, "-i", hyp],
        ["-i", hyp, "-r", ref],
        ["-m", "bleu", "-r", ref, "-i", hyp],
    ]
    outputs = {_score(*form).stdout for form in forms}
    assert len(outputs) == 1
    assert '"score"' in outputs.pop()


def test_several_references_follow_one_flag(files: tuple[str, str]) -> None:
    hyp, ref = files
    found = json.loads(_score(hyp, "-r", ref, hyp).stdout)
    assert (found["nrefs"], found["score"]) == ("2", 100.0)


def test_the_hypothesis_can_come_from_standard_input(files: tuple[str, str]) -> None:
    _, ref = files
    piped = CliRunner().invoke(app, ["score", "-", "-r", ref, "-b"], input=HYP)
    assert piped.stdout == _score(files[0], "-r", ref, "-b").stdout


def test_an_interval_holds_the_score(files: tuple[str, str]) -> None:
    hyp, ref = files
    found = json.loads(_score(hyp, "-r", ref, "-m", "chrf", "-ci", "-cin", "200").stdout)
    assert found["confidence_low"] <= found["score"] <= found["confidence_high"]
    assert found["bs"] == "200"
    again = json.loads(_score(hyp, "-r", ref, "-m", "chrf", "-ci", "-cin", "200").stdout)
    assert again == found


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "nothing to score"),
        (["hyp"], "no reference"),
        (["hyp", "short"], "3 lines"),
        (["hyp", "missing"], "no such file"),
        (["-", "-"], "read only once"),
        (["hyp", "ref", "-tok", "klingon"], "use 13a"),
    ],
)
def test_what_cannot_be_scored_is_one_clear_line(
    args: list[str], said: str, files: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(files[0]).parent
    (folder / "short").write_text("The cat.\n\nEnd\n")
    monkeypatch.chdir(folder)
    result = _score(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("mtqa: error: ")
    assert said in line


def test_an_unknown_metric_is_a_usage_error(files: tuple[str, str]) -> None:
    result = _score(*files, "-m", "comet")
    assert result.exit_code == 2
    assert "comet" in result.stderr
