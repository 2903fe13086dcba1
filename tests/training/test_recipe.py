"""The recipe: the shipped one reads, and what is wrong with another is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mtqa.errors import InputError
from mtqa.training.config import SHIPPED_RECIPE, load_recipe


def changed(tmp_path: Path, pattern: str, by: str) -> Path:
    """The shipped recipe with one line changed."""
    text, count = re.subn(pattern, by, SHIPPED_RECIPE.read_text("utf-8"), count=1, flags=re.M)
    assert count == 1
    path = tmp_path / "recipe.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_recipe_reads() -> None:
    recipe = load_recipe()
    assert sum(recipe.data.mix.values()) == pytest.approx(1)
    assert "gl" not in recipe.data.pivots
    assert 2**16 > recipe.model.vocabulary > 0  # piece ids are stored in 16 bits
    assert recipe.data.max_pieces + 2 <= recipe.model.max_positions


@pytest.mark.parametrize(
    ("pattern", "by", "said"),
    [
        (r"^seed = .*$", "", "missing key 'seed'"),
        (r"^seed = .*$", "seed = 1\nsead = 2", "unknown key 'sead'"),
        (r"^seed = .*$", "seed = true", "key 'seed' is not a int"),
        (r"^\[model\]$", "[modle]", "missing key 'model'"),
        (r"^max_pieces = .*$", "", "missing key 'max_pieces'"),
        (r"^max_pieces = .*$", "max_peaces = 80", "missing key 'max_pieces'|'max_peaces'"),
        (r"^max_pieces = .*$", "max_pieces = 80.5", "key 'max_pieces' is not a int"),
        (r"^hours = .*$", 'hours = "1"', "key 'hours' is not a float"),
        (r"^hours = .*$", "hours = 1\ndays = 1", "unknown key 'days'"),
        (r"^pivots = .*$", 'pivots = "es"', "key 'pivots' is not a tuple"),
        (r"^mix = .*$", "mix = { roundtrip = 0.4 }", "'mix' sum to 0.4"),
        (r"^seed = .*$", "seed = ", "cannot read the recipe"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, pattern: str, by: str, said: str) -> None:
    path = changed(tmp_path, pattern, by)
    with pytest.raises(InputError, match=said) as caught:
        load_recipe(path)
    assert str(path) in str(caught.value)


def test_a_whole_number_will_do_for_a_fraction(tmp_path: Path) -> None:
    assert load_recipe(changed(tmp_path, r"^hours = .*$", "hours = 2")).train.hours == 2


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_is_absent_or_no_text(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "recipe.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match="cannot read the recipe"):
        load_recipe(path)
