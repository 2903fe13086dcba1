"""What other systems read: the action, the pre-commit hook, the documented policy."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from mtqa.cli.gate import FORMS
from mtqa.policy import KEYS, config_from

ROOT = Path(__file__).parent.parent
DOC = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")


def _yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_the_documented_policy_has_every_key_and_is_valid() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", DOC, re.DOTALL)
    table = tomllib.loads(blocks[0])["tool"]["mtqa"]["gate"]
    assert list(table) == list(KEYS)
    config = config_from(table, where="docs/gate.md", folder=Path())
    assert config.policy.alpha == 0.01


def test_every_form_is_documented() -> None:
    assert re.findall(r"^\| `(\w+)` \|", DOC, re.MULTILINE) == list(FORMS)


def test_the_hook_is_a_command_that_there_is() -> None:
    (hook,) = _yaml(".pre-commit-hooks.yaml")
    assert (hook["id"], hook["entry"], hook["language"]) == ("mtqa-gate", "mtqa gate", "python")
    assert hook["pass_filenames"] is False


@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_action_gives_its_inputs_as_arguments(tmp_path: Path, code: int) -> None:
    action = _yaml("action.yml")
    step = action["runs"]["steps"][-1]
    assert "${{" not in step["run"]
    stub = tmp_path / "mtqa"
    stub.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@"\nexit {code}\n', encoding="utf-8")
    stub.chmod(0o755)
    given = {
        "MTQA_PATHS": "a b\n$(touch pwned)\n",
        "MTQA_BASELINE": "base line.json",
        "MTQA_ARGS": "--fail-on\nmajor",
        "MTQA_SARIF": "x.sarif",
        "GITHUB_STEP_SUMMARY": "summary.md",
    }
    assert set(step["env"]) == {key for key in given if key.startswith("MTQA_")}
    found = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", **given},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert found.returncode == code
    assert found.stdout.splitlines() == [
        "gate",
        *("--output", "github", "--output", "markdown=summary.md", "--output", "sarif=x.sarif"),
        *("--baseline", "base line.json", "--fail-on", "major", "a b", "$(touch pwned)"),
    ]
    assert not (tmp_path / "pwned").exists()
