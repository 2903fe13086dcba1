"""Policy files, read strictly."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from mtqa.errors import InputError
from mtqa.gate import Amount, Policy
from mtqa.policy import KEYS, GateConfig, assignments, find_config, read_config

FULL = """
paths = ["references", "one.txt"]
baseline = "ci/baseline.json"
model = "org/name"
min-confidence = 0.75
allow = ["Anna"]
protect = ["mtqa"]
mqm-scheme = "xcomet"
output = ["junit=gate.xml"]
metrics = ["bleu", "chrf", "bleu"]
primary = "bleu"
alpha = 0.02
resamples = 500
seed = 7
unit = "paragraph"
min-difference = { bleu = 0.5 }
matters = { bleu = 2 }
min = { chrf = 60 }
max = { ter = 30.5 }
fail-on = "critical"
fail-on-new = "never"
strict = true
"""


def _write(folder: Path, text: str, name: str = "mtqa.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_is_read(tmp_path: Path) -> None:
    found = read_config(_write(tmp_path, f"[gate]{FULL}"))
    assert found == GateConfig(
        source=str(tmp_path / "mtqa.toml"),
        paths=(str(tmp_path / "references"), str(tmp_path / "one.txt")),
        baseline=str(tmp_path / "ci/baseline.json"),
        model="org/name",
        min_confidence=0.75,
        allow=("Anna",),
        protect=("mtqa",),
        mqm_scheme="xcomet",
        output=("junit=gate.xml",),
        policy=Policy(
            metrics=("bleu", "chrf"),
            primary="bleu",
            alpha=0.02,
            resamples=500,
            seed=7,
            unit="paragraph",
            min_difference=(Amount("bleu", 0.5),),
            matters=(Amount("bleu", 2.0),),
            minimum=(Amount("chrf", 60.0),),
            maximum=(Amount("ter", 30.5),),
            fail_on="critical",
            fail_on_new=None,
            strict=True,
        ),
    )


def test_every_field_has_a_key() -> None:
    names = {f.name for kind in (Policy, GateConfig) for f in fields(kind)} - {"policy", "source"}
    assert {key.replace("-", "_") for key in KEYS} == (names - {"minimum", "maximum"}) | {
        "min",
        "max",
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [("mtqa.toml", "[gate]\nalpha = 0.02"), ("pyproject.toml", "[tool.mtqa.gate]\nalpha = 0.02")],
)
def test_the_nearest_file_counts(tmp_path: Path, name: str, text: str) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    _write(tmp_path, text, name)
    _write(tmp_path / "a", "[tool.other]\nx = 1", "pyproject.toml")
    assert find_config(deep).policy.alpha == 0.02
    _write(deep, "[gate]\nalpha = 0.03")
    assert find_config(deep).policy.alpha == 0.03


def test_a_folder_is_a_model_before_it_is_a_hub_id(tmp_path: Path) -> None:
    (tmp_path / "org" / "name").mkdir(parents=True)
    found = read_config(_write(tmp_path, '[gate]\nmodel = "org/name"'))
    assert found.model == str(tmp_path / "org/name")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("basline = 'x'", 'the key "basline" is unknown (did you mean "baseline"?)'),
        ("min_fluency = 70", 'the key "min_fluency" is unknown'),
        ("min = { fluensy = 70 }", 'the key "fluensy" is unknown (did you mean "fluency"?)'),
        ("metrics = ['BLUE']", "did you mean 'bleu'"),
        ("alpha = '0.01'", "expected a number, found '0.01'"),
        ("alpha = 0.5", "expected a number between 0 and 0.5"),
        ("alpha = true", "expected a number, found True"),
        ("resamples = 0", "expected a whole number from 1"),
        ("seed = -1", "expected a whole number from 0"),
        ("min-confidence = 2", "expected a number from 0 to 1"),
        ("paths = 'x'", "expected a list of texts"),
        ("baseline = ''", "expected text"),
        ("strict = 1", "expected true or false"),
        ("fail-on = 'grave'", "expected one of minor, major, critical, never"),
        ("unit = 'sentence'", "expected one of auto, document, paragraph"),
        ("min = 70", "expected a table"),
        ("min-difference = { bleu = -1 }", "expected a number from 0"),
        ("min = {", "not TOML"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, line: str, message: str) -> None:
    path = _write(tmp_path, f"[gate]\n{line}\n")
    with pytest.raises(InputError) as caught:
        find_config(tmp_path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def test_a_file_without_a_gate(tmp_path: Path) -> None:
    assert find_config(tmp_path) == GateConfig()
    _write(tmp_path, "[tool.other]", "pyproject.toml")
    with pytest.raises(InputError, match="no gate in this file"):
        read_config(tmp_path / "pyproject.toml")
    with pytest.raises(InputError, match='the key "gates" is unknown'):
        read_config(_write(tmp_path, "[gates]"))


@pytest.mark.parametrize("text", ["chrf", "chrf=", "chrf=x", "chrf=nan", "=3"])
def test_an_assignment_that_is_none(text: str) -> None:
    with pytest.raises(InputError, match="--min"):
        list(assignments((text,), "--min"))
