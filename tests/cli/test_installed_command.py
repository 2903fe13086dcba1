"""The command as it is installed, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mtqa import __version__

MTQA = [sys.executable, "-m", "mtqa"]
SCRIPT = Path(sys.executable).with_name("mtqa")


def _run(
    *args: str, command: list[str] = MTQA, **options: object
) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command, *args], capture_output=True, text=True, **options)  # type: ignore[call-overload,no-any-return]


def test_the_script_says_its_version() -> None:
    assert SCRIPT.exists(), "install mtqa into this environment first"
    found = _run("--version", command=[str(SCRIPT)])
    assert (found.returncode, found.stdout) == (0, f"mtqa {__version__}\n")


def test_errors_exit_2_with_one_line_and_no_traceback() -> None:
    found = _run("check", "no-such-file.txt")
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith("mtqa: error: no-such-file.txt: ")
    assert found.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "args",
    [
        ["check"],
        ["chekc"],
        ["check", "--frob"],
        ["check", "a", "b"],
        ["check", "a", "--dtype", "x"],
    ],
)
def test_usage_errors_exit_2(args: list[str]) -> None:
    found = _run(*args)
    assert (found.returncode, found.stdout) == (2, "")
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    "args", [["--help"], ["check", "--help"], ["clean", "-h"], ["score", "-h"]]
)
def test_help_teaches_with_examples(args: list[str]) -> None:
    found = _run(*args)
    assert found.returncode == 0
    assert "Examples:" in found.stdout


def _loaded(code: str) -> set[str]:
    """The heavy packages that are loaded after some code has run."""
    heavy = "('torch', 'transformers', 'sacrebleu', 'numpy', 'typer', 'rich')"
    report = f"; import sys; print(*[m for m in {heavy} if m in sys.modules], file=sys.stderr)"
    found = _run("-c", code + report, command=[sys.executable], check=True)
    return set(found.stderr.split())


def test_importing_mtqa_loads_nothing_heavy() -> None:
    assert _loaded("import mtqa; mtqa.InputError") == set()


def test_the_judge_and_the_report_need_no_torch() -> None:
    assert not _loaded("import mtqa; mtqa.Report; mtqa.check") & {"torch", "transformers", "typer"}


def test_help_loads_no_library_but_those_that_print_it() -> None:
    code = "from mtqa.cli.app import app\ntry: app(['check', '--help'])\nexcept SystemExit: pass\n1"
    assert _loaded(code) <= {"typer", "rich"}


def test_score_loads_no_model(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("One line.\n")
    command = ["score", str(path), str(path)]
    code = f"from mtqa.cli.app import app\ntry: app({command})\nexcept SystemExit: pass\n1"
    assert not _loaded(code) & {"torch", "transformers"}


def test_a_reader_that_went_away_is_no_error_message(tmp_path: Path) -> None:
    path = tmp_path / "ref"
    path.write_text("One line.\n")
    process = subprocess.Popen(
        [*MTQA, "score", "-", "-r", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()  # before the hypothesis is given, so before anything is printed
    with process.stdin as stdin:
        stdin.write("One line.\n")
    with process.stderr as stderr:
        said = stderr.read()
    assert (process.wait(), said) == (141, "")
