"""A folder per model family, made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tiny_models import FAMILIES


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder per family."""
    root = tmp_path_factory.mktemp("models")
    for name, make in FAMILIES.items():
        torch.manual_seed(7)
        make(root / name)
    return {name: root / name for name in FAMILIES}
