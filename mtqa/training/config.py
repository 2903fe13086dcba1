"""The recipe: every number that goes into an editor, read strictly from one TOML file."""

from __future__ import annotations

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


def _section(kind: type[T], table: dict[str, object], *, where: str) -> T:
    names = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    if wrong := sorted(table.keys() ^ names):
        state = "unknown" if wrong[0] in table else "missing"
        raise InputError(f"{state} key {wrong[0]!r}", where=where, hint=f"keys: {sorted(names)}")
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
    return kind(**values)


def load_recipe(path: Path = SHIPPED_RECIPE) -> Recipe:
    """Read a recipe; an unknown or missing key is an ``InputError``."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot read the recipe: {error}", where=str(path)) from error
    where = str(path)
    if missing := {"seed", "data", "model", "train"} - raw.keys():
        raise InputError(f"missing section {sorted(missing)[0]!r}", where=where)
    return Recipe(
        seed=int(raw["seed"]),
        data=_section(DataConfig, raw["data"], where=f"{where} [data]"),
        model=_section(ModelConfig, raw["model"], where=f"{where} [model]"),
        train=_section(LoopConfig, raw["train"], where=f"{where} [train]"),
    )
