from __future__ import annotations

from pathlib import Path

import pytest

from mtqa.errors import InputError
from mtqa.training.__main__ import own_recipe
from mtqa.training.config import SHIPPED_RECIPE, load_recipe


def test_a_run_keeps_the_recipe_it_was_begun_with(tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(SHIPPED_RECIPE.read_text().replace("hours = ", "hours = 1"))
    run = tmp_path / "run"
    assert own_recipe(run, other) == load_recipe(other) != load_recipe()
    assert own_recipe(run, None) == load_recipe(other)
    with pytest.raises(InputError, match="another recipe"):
        own_recipe(run, SHIPPED_RECIPE)


def test_a_new_run_takes_the_shipped_recipe(tmp_path: Path) -> None:
    assert own_recipe(tmp_path / "run", None) == load_recipe()
    assert (tmp_path / "run" / "recipe.toml").read_text() == SHIPPED_RECIPE.read_text()
