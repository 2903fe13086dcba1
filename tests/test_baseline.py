"""Baselines on disk."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from mtqa.baseline import articles, read_baseline, write_baseline
from mtqa.errors import InputError
from mtqa.report import Failure, Report, to_json


def _at(report: Report, path: str | None) -> Report:
    return replace(report, document=replace(report.document, path=path))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_written_is_read_back_sorted(here: Path, fixed_report: Report) -> None:
    reports = [_at(fixed_report, path) for path in ("b/mt.txt", "a.txt", "b/a.txt")]
    write_baseline("base.json", reports)
    assert read_baseline("base.json") == (reports[1], reports[2], reports[0])


def test_a_baseline_of_one_document_is_a_saved_report(here: Path, fixed_report: Report) -> None:
    report = _at(fixed_report, "a.txt")
    write_baseline("base.json", [report])
    assert Path("base.json").read_bytes().decode("utf-8") == to_json(report)


def test_the_same_reports_give_the_same_bytes(here: Path, fixed_report: Report) -> None:
    reports = [_at(fixed_report, "a.txt"), _at(fixed_report, "b.txt")]
    write_baseline("one.json", reports)
    write_baseline("two.json", reports[::-1])
    assert Path("one.json").read_bytes() == Path("two.json").read_bytes()


def test_paths_follow_the_working_folder(
    here: Path, fixed_report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "ci").mkdir()
    write_baseline("ci/base.json", [_at(fixed_report, "texts/a.txt")])
    assert '"../texts/a.txt"' in Path("ci/base.json").read_text(encoding="utf-8")
    monkeypatch.chdir(here / "ci")
    assert read_baseline("base.json")[0].document.path == "../texts/a.txt"
    assert read_baseline(here / "ci" / "base.json")[0].document.path == "../texts/a.txt"


def test_windows_line_ends_do_not_matter(here: Path, fixed_report: Report) -> None:
    reports = [_at(fixed_report, "a.txt"), _at(fixed_report, "b.txt")]
    write_baseline("base.json", reports)
    data = Path("base.json").read_bytes().replace(b"\n", b"\r\n")
    Path("base.json").write_bytes(data)
    assert read_baseline("base.json") == tuple(reports)


def test_an_older_schema_is_told(here: Path, fixed_report: Report) -> None:
    text = to_json(fixed_report).replace("mtqa.report/1", "mtqa.report/0")
    Path("base.json").write_text(text, encoding="utf-8", newline="")
    with pytest.raises(InputError, match=r"base\.json, report 1: .*mtqa\.report/0.*make it again"):
        read_baseline("base.json")


@pytest.mark.parametrize("text", ["", "{}", "[]", "no json", '{"schema": "mtqa.report/1"}'])
def test_what_is_no_baseline_is_told(here: Path, text: str) -> None:
    Path("base.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"base\.json, report 1"):
        read_baseline("base.json")


def test_a_missing_baseline_says_how_to_write_one(here: Path) -> None:
    with pytest.raises(InputError, match=r"mtqa gate --update"):
        read_baseline("base.json")


def test_what_was_not_judged_is_no_baseline(here: Path, fixed_report: Report) -> None:
    failed = replace(fixed_report, failures=(Failure("p1.s1", "too long", "shorten it"),))
    with pytest.raises(InputError, match="not fit for a baseline: too long"):
        write_baseline("base.json", [fixed_report, failed])
    with pytest.raises(InputError, match="twice"):
        write_baseline("base.json", [fixed_report, fixed_report])
    assert not Path("base.json").exists()


# Writes two baselines in turn until it is killed.
_WRITER = """
import sys
from mtqa.baseline import read_baseline, write_baseline
one, two = (read_baseline(path) for path in sys.argv[1:3])
print("ready", flush=True)
while True:
    write_baseline(sys.argv[3], one)
    write_baseline(sys.argv[3], two)
"""


def test_killed_at_any_moment_the_baseline_is_whole(here: Path, fixed_report: Report) -> None:
    write_baseline("one.json", [_at(fixed_report, "a.txt")])
    write_baseline("two.json", [_at(fixed_report, f"{i}.txt") for i in range(20)])
    whole = {Path("one.json").read_bytes(), Path("two.json").read_bytes()}
    for wait in (0.0, 0.013, 0.029):
        Path("base.json").write_bytes(Path("one.json").read_bytes())
        process = subprocess.Popen(
            [sys.executable, "-c", _WRITER, "one.json", "two.json", "base.json"],
            stdout=subprocess.PIPE,
            cwd=here,
        )
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
        assert Path("base.json").read_bytes() in whole


def test_articles_are_found_in_folders(here: Path) -> None:
    for name in ("refs/b/mt.txt", "refs/a/mt.txt", "refs/a/reference.txt", "one.txt"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("Text.\n")
    assert articles(["refs"]) == ("refs/a", "refs/b")
    assert articles([str(here / "refs" / "a"), "refs/a/"]) == ("refs/a",)
    assert articles(["one.txt", "missing.txt", "-"]) == ("one.txt", "missing.txt", "-")
    Path("empty").mkdir()
    with pytest.raises(InputError, match="no article in this folder"):
        articles(["empty"])
