"""A tiny pretrained encoder, tiny data files and a recipe to go with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tiny_data import bert, pieces, wordpiece, write_data

from mtqa.training.config import Recipe, load_recipe


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
