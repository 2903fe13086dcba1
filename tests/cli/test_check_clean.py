"""``mtqa check`` and ``mtqa clean``, in process, with an editor that says what it is told to."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import mtqa.editor
from mtqa.cli.app import app
from mtqa.edits import Edit, apply
from mtqa.report import from_json
from mtqa.scoring.mqm import SCHEMES
from mtqa.text import Span

TEXT = "He sat in the brink of my seat.\r\n\r\nThey was happy in 1994 🎭."
CLEANED = "He sat on the edge of his seat.\r\n\r\nThey were happy in 1994 🎭."

Run = Callable[..., Result]


@pytest.fixture
def editor(make_editor: Any, answer: Any) -> Any:
    return make_editor(
        {
            "in the brink of my": answer("on the edge of his", 0.75),
            "was": answer("were", 0.875),
            "1994": answer("1995", 0.9),
        }
    )


@pytest.fixture
def run(editor: Any, monkeypatch: pytest.MonkeyPatch) -> Run:
    def invoke(*args: str | Path, stdin: bytes | None = None, using: Any = None) -> Result:
        monkeypatch.setattr(mtqa.editor, "load_editor", lambda *_, **__: using or editor)
        return CliRunner().invoke(app, [str(arg) for arg in args], input=stdin)

    return invoke


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_bytes(TEXT.encode())
    return path


def test_clean_writes_the_cleaned_bytes(run: Run, article: Path) -> None:
    result = run("clean", article)
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, CLEANED.encode(), "")


def test_clean_keeps_a_byte_order_mark(run: Run, article: Path, tmp_path: Path) -> None:
    article.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert run("clean", article, "-o", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out").read_bytes() == b"\xef\xbb\xbf" + CLEANED.encode()
    assert run("clean", article, "--edits", "jsonl").stdout_bytes.startswith(b"{")


def test_clean_reads_standard_input(run: Run) -> None:
    assert run("clean", "-", stdin=TEXT.encode()).stdout_bytes == CLEANED.encode()


def test_clean_can_replace_its_own_input(run: Run, article: Path) -> None:
    assert run("clean", article, "-o", article).exit_code == 0
    assert article.read_bytes() == CLEANED.encode()


def test_the_diff_is_one_that_git_applies(
    run: Run, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(article.parent)
    patch = run("clean", "article.txt", "--diff").stdout_bytes
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=patch, check=True, cwd=article.parent)
    assert article.read_bytes() == CLEANED.encode()


def test_the_edit_lists_hold_the_edits(run: Run, article: Path) -> None:
    records = [
        json.loads(line) for line in run("clean", article, "--edits", "jsonl").stdout.splitlines()
    ]
    assert apply(TEXT, [Edit(Span(r["start"], r["end"]), r["new"]) for r in records]) == CLEANED
    header, *rows = run("clean", article, "--edits", "tsv").stdout.splitlines()
    table = [dict(zip(header.split("\t"), row.split("\t"), strict=True)) for row in rows]
    assert [row["old"] for row in table] == [record["old"] for record in records]
    assert [(row["line"], row["column"]) for row in table] == [("1", "8"), ("3", "6")]


def test_diff_and_edits_exclude_each_other(run: Run, article: Path) -> None:
    result = run("clean", article, "--diff", "--edits", "tsv")
    assert result.exit_code == 2
    assert "--diff and --edits cannot go together" in result.stderr


def test_check_shows_what_is_wrong_and_passes(run: Run, article: Path) -> None:
    result = run("check", article)
    assert result.exit_code == 0
    assert '"in the brink of my" -> "on the edge of his"' in result.stdout
    assert '"1994"  check the number' in result.stdout
    assert "\x1b" not in result.stdout


def test_json_is_a_report_on_the_file(run: Run, article: Path, tmp_path: Path) -> None:
    (tmp_path / "ref.txt").write_bytes(CLEANED.encode())
    result = run("check", article, "--json", "--reference", tmp_path / "ref.txt")
    report = from_json(result.stdout_bytes.decode())
    assert report.document.text == TEXT
    assert report.cleaned == CLEANED
    assert report.document.path == str(article)
    assert [c.before.metric for c in report.comparisons] == ["BLEU", "chrF2++", "TER"]


def test_a_folder_brings_its_reference_and_its_spans(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mt.txt").write_bytes(TEXT.encode())
    (tmp_path / "reference.txt").write_bytes(CLEANED.encode())
    (tmp_path / "spans.tsv").write_text(
        "surface\tstart\tend\tcorrection\tcategory\tseverity\n"
        "brink\t14\t19\tedge\tAccuracy/Mistranslation\tmajor\n"
    )
    result = run("check", tmp_path)
    assert result.exit_code == 0
    assert "chrF2++" in result.stdout
    assert "span F1" in result.stdout
    assert "with every character marked major" in result.stdout


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--fail-on", "critical"), 0),
        (("--fail-on", "major"), 1),
        (("--fail-on", "minor"), 1),
        (("--min-fluency", "1"), 0),
        (("--min-fluency", "99.9"), 1),
        (("--min-fluency", "1", "--fail-on", "minor"), 1),
        (("--fail-on", "critical", "--no-guard"), 1),  # then the year is changed
        (("--fail-on", "critical", "--no-guard", "--min-confidence", "0.95"), 0),
    ],
)
def test_exit_codes_of_the_gate(args: Sequence[str], code: int, run: Run, article: Path) -> None:
    result = run("check", article, *args)
    assert result.exit_code == code
    assert ("failed: " in result.stderr) == (code == 1)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_mqm_scheme_can_be_chosen(scheme: str, run: Run, article: Path) -> None:
    result = run("check", article, "--mqm-scheme", scheme)
    assert result.exit_code == 0
    assert f"MQM ({scheme})" in result.stdout


def test_protected_terms_stay(run: Run, article: Path) -> None:
    assert "was happy" in run("clean", article, "--protect", "was").stdout


@pytest.mark.parametrize("command", ["check", "clean"])
def test_what_was_not_read_makes_it_fail_and_is_named(
    command: str, run: Run, article: Path, make_editor: Any
) -> None:
    result = run(command, article, using=make_editor(truncated=True))
    assert result.exit_code == 2
    assert "mtqa: p1.s1: the sentence on line 1 is longer" in result.stderr


def _bad(kind: str, folder: Path) -> list[str]:
    path = folder / "bad"
    good = folder / "good.txt"
    good.write_text("One.\n\nTwo.\n")
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "blank":
        path.write_bytes(b" \n\n")
    elif kind == "binary":
        path.write_bytes(b"MZ\x00\x01")
    elif kind == "latin-1":
        path.write_bytes("caf\xe9".encode("latin-1"))
    elif kind == "folder without mt.txt":
        path.mkdir()
    elif kind == "unpaired reference":
        path.write_text("One.\n")
        return [str(good), "--reference", str(path)]
    elif kind == "no folder to write to":
        return [str(good), "-o", str(folder / "nowhere" / "bad")]
    return [str(path)]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("missing", "no such file"),
        ("empty", "empty"),
        ("blank", "no text"),
        ("binary", "NUL at byte 2"),
        ("latin-1", "byte 0xE9 at byte 3"),
        ("folder without mt.txt", "no mt.txt"),
        ("unpaired reference", "good.txt:3"),
        ("no folder to write to", "no such folder"),
    ],
)
def test_bad_input_is_one_clear_line(kind: str, said: str, run: Run, tmp_path: Path) -> None:
    result = run("check", *_bad(kind, tmp_path))
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("mtqa: error: ")
    assert said in line


def test_an_unknown_model_is_one_clear_line(article: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(article), "--model", "./no-such-model"])
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("mtqa: error: ./no-such-model: ")


class Broken:
    """An editor with a bug."""

    def __getattr__(self, name: str) -> object:
        raise ZeroDivisionError("by zero\x1b[2J")


def test_a_bug_is_told_from_bad_input(
    run: Run, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run("check", article, using=Broken())
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "unexpected ZeroDivisionError: by zero\\x1b[2J" in line
    assert "report it" in line
    monkeypatch.setenv("MTQA_TRACEBACK", "1")
    assert "Traceback" in run("check", article, using=Broken()).stderr


def test_nothing_is_written_when_it_goes_wrong(run: Run, article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("before")
    result = run("check", article, "--json", "-o", out, using=Broken())
    assert result.exit_code == 2
    assert out.read_text() == "before"
    assert {path.name for path in tmp_path.iterdir()} == {"article.txt", "out.json"}


@pytest.mark.parametrize(
    ("environment", "colored"),
    [
        ({}, False),  # piped
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False),
    ],
)
def test_colour_is_a_matter_of_the_environment(
    environment: dict[str, str],
    colored: bool,
    run: Run,
    article: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert (b"\x1b[" in run("check", article).stdout_bytes) == colored


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "total", "wanted"),
    [
        (Terminal(), 150, "\rread 0 of 150 sentences\rread 64 of 150 sentences\r\x1b[K"),
        (Terminal(), 5, ""),
        (io.StringIO(), 150, ""),
    ],
    ids=["long", "short", "piped"],
)
def test_progress_is_shown_on_a_terminal_that_waits_long(
    stream: io.StringIO, total: int, wanted: str
) -> None:
    from mtqa.cli.progress import shown

    with shown(stream, total=total) as progress:
        if progress:
            progress(64, total)
    assert stream.getvalue() == wanted
