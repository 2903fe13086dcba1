"""A tiny pretrained encoder, tiny data files and a recipe to go with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tiny_data import bert, pieces, wordpiece, write_data

from mtqa.training import prepare
from mtqa.training.config import Recipe, load_recipe
from mtqa.training.loop import Trainer
from mtqa.training.model import grow


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a pretrained encoder: BERT weights and a WordPiece tokenizer."""
    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(5)
    bert(len(pieces())).save_pretrained(folder)
    wordpiece().save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the data files."""
    folder = tmp_path_factory.mktemp("data")
    write_data(folder)
    return folder


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    """The shipped recipe with small numbers."""
    shipped = load_recipe()
    return replace(
        shipped,
        data=replace(shipped.data, dev_share=3, max_pieces=40),
        model=replace(shipped.model, vocabulary=140, decoder_layers=1, max_positions=48),
        train=replace(
            shipped.train,
            batch_pieces=150,
            warmup_steps=2,
            learning_rate=5e-3,
            encoder_learning_rate=5e-3,
            frequent_pieces=40,
            random_pieces=20,
        ),
    )


@pytest.fixture(scope="session")
def pairs(
    data: Path, encoder: Path, recipe: Recipe, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of what the first stage makes of the data files.  Read only."""
    folder = tmp_path_factory.mktemp("prepared") / "pairs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prepare, "encoder_folder", lambda: encoder)
        prepare.prepare_pairs(recipe, data, folder)
    return folder


@pytest.fixture
def run(pairs: Path, tmp_path: Path) -> Path:
    """A run folder in which nothing is trained yet."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "pairs").symlink_to(pairs, target_is_directory=True)
    return folder


@pytest.fixture
def make_trainer(encoder: Path, run: Path, recipe: Recipe) -> Callable[[int], Trainer]:
    """A trainer of an untrained editor; the number seeds what is not pretrained."""

    def make(seed: int) -> Trainer:
        torch.manual_seed(seed)
        rows = json.loads((run / "pairs" / "rows.json").read_text())
        model = grow(encoder, recipe.model, rows)
        return Trainer(recipe, model, run, torch.device("cpu"))

    return make
