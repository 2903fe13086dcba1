"""The recipe: every number that goes into an editor, read strictly from one TOML file."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from mtqa.errors import InputError

SHIPPED_RECIPE = Path(__file__).with_name("recipe.toml")


@dataclass(frozen=True, slots=True)
class DataConfig:
    """Which data, how much of each, and what is filtered out."""

    mix: dict[str, float]  # stream -> share of the sentences, sums to 1
    pivots: tuple[str, ...]  # round-trip languages trained on
    max_pieces: int  # pieces per sentence
    dev_share: int  # one document in this many is held out
    min_year: int  # of presidential speeches
    min_overlap: float  # 0-1, word overlap of a round trip with its original
    max_hter: float  # 0-1, of post-edits
    thin_keep: float  # 0-1, share of round-trip errors that stay in a thinned pair


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """The shape of the editor beyond its pretrained encoder."""

    vocabulary: int  # pieces kept of the encoder's
    decoder_layers: int
    max_positions: int  # pieces


@dataclass(frozen=True, slots=True)
class LoopConfig:
    """Optimisation."""

    hours: float  # wall clock
    batch_pieces: int  # target pieces per step
    learning_rate: float
    encoder_learning_rate: float
    warmup_steps: int
    weight_decay: float
    clip_norm: float
    changed_weight: float
    frequent_pieces: int
    random_pieces: int
    tag_every: int
    tag_weight: float
    synthetic_tag_weight: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """A whole recipe."""

    seed: int
    data: DataConfig
    model: ModelConfig
    train: LoopConfig


T = TypeVar("T")

_KINDS: dict[str, tuple[type, ...]] = {  # annotation of a field -> what TOML makes of its value
    "int": (int,),
    "float": (int, float),
    "tuple[str, ...]": (list,),
    "dict[str, float]": (dict,),
    **dict.fromkeys(("DataConfig", "ModelConfig", "LoopConfig"), (dict,)),
}


def _checked(kind: type, table: dict[str, object], *, where: str) -> dict[str, object]:
    """The values for a dataclass, each of its kind, with no key too many and none too few."""
    kinds = {f.name: str(f.type) for f in fields(kind)}
    if wrong := sorted(table.keys() ^ kinds.keys()):
        state = "unknown" if wrong[0] in table else "missing"
        raise InputError(f"{state} key {wrong[0]!r}", where=where, hint=f"keys: {sorted(kinds)}")
    for name, value in table.items():
        if not isinstance(value, _KINDS[kinds[name]]) or isinstance(value, bool):
            raise InputError(f"key {name!r} is not a {kinds[name]}: {value!r}", where=where)
    return {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}


def _section(kind: type[T], value: object, *, where: str) -> T:
    assert isinstance(value, dict)
    return kind(**_checked(kind, value, where=where))


def load_recipe(path: Path = SHIPPED_RECIPE) -> Recipe:
    """Read a recipe.

    Raises:
        InputError: naming the key that is unknown, missing or of the wrong kind.
    """
    where = str(path)
    try:
        raw = _checked(Recipe, tomllib.loads(path.read_text("utf-8")), where=where)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read the recipe: {error}", where=where) from error
    seed = raw["seed"]
    assert isinstance(seed, int)
    recipe = Recipe(
        seed=seed,
        data=_section(DataConfig, raw["data"], where=f"{where} [data]"),
        model=_section(ModelConfig, raw["model"], where=f"{where} [model]"),
        train=_section(LoopConfig, raw["train"], where=f"{where} [train]"),
    )
    total = math.fsum(recipe.data.mix.values())
    if not math.isclose(total, 1.0, rel_tol=1e-6):
        raise InputError(f"the shares of 'mix' sum to {total:g}, not to 1", where=f"{where} [data]")
    return recipe
