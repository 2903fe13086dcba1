"""The folder that ships: small half-precision shards that any door opens."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import AutoModelForSeq2SeqLM

from mtqa.editor import load_editor
from mtqa.editor.card import read_card
from mtqa.text import Segment, Span
from mtqa.training import export
from mtqa.training.config import Recipe
from mtqa.training.loop import Trainer, collate
from mtqa.training.pairs import Store

TEXT = "The wolf walks in the river with Anna."


@pytest.fixture
def trained(
    make_trainer: Callable[[int], Trainer],
    pairs: Path,
    run: Path,
    encoder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Trainer:
    """A run with a checkpoint of a few steps."""
    monkeypatch.setattr(export, "encoder_folder", lambda: encoder)
    trainer = make_trainer(0)
    batch = collate(Store.load(pairs / "roundtrip.npz"), list(range(8)), 2.0)
    for _ in range(5):
        trainer.update(trainer.loss(batch, torch.arange(140), False))
    trainer.save()
    trainer.model.eval()
    return trainer


@pytest.fixture
def folder(trained: Trainer, recipe: Recipe, data: Path, tmp_path: Path) -> Path:
    """The exported folder."""
    out = tmp_path / "model"
    export.export(recipe, data, trained.run, out)
    return out


def weights(folder: Path) -> list[Path]:
    return sorted(folder.glob("model*.safetensors"))


def test_the_checkpoint_loads_whole(trained: Trainer, recipe: Recipe) -> None:
    loaded = export.load_checkpoint(recipe, trained.run)
    assert not loaded.training
    for name, value in trained.model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], value), name


@pytest.mark.parametrize("damage", ["lacks", "has too much"])
def test_a_checkpoint_of_another_shape_is_refused(
    trained: Trainer, recipe: Recipe, damage: str
) -> None:
    path = trained.run / "model.safetensors"
    tensors = load_file(path)
    if damage == "lacks":
        del tensors["error_head.bias"]
    else:
        tensors["another"] = torch.zeros(1)
    export.save_file(tensors, path)
    with pytest.raises(AssertionError, match=r"error_head\.bias|another"):
        export.load_checkpoint(recipe, trained.run)


@torch.no_grad()
def test_the_editor_reads_with_it(folder: Path, trained: Trainer) -> None:
    editor = load_editor(str(folder))
    assert editor.info.name == export.NAME
    assert editor.info.version == export.VERSION
    assert editor.fluency_scale is None  # not calibrated yet
    segment = Segment("p1.s1", TEXT, Span(0, len(TEXT)), 0, 1)
    (reading,) = editor.read([segment])
    assert not reading.truncated
    assert [span.of(TEXT).lower() for span in reading.tokens][:3] == ["the", "wolf", "walks"]
    assert len(reading.logprobs) == len(reading.tokens)
    # The same odds as from the model that was trained, but for half precision.
    tokenizer = Tokenizer.from_file(str(trained.run / "pairs" / "tokenizer.json"))
    ids = torch.tensor([tokenizer.encode(TEXT).ids])
    states = trained.model.encode(ids, torch.ones_like(ids))
    expected = trained.model.error_head(states).sigmoid()[0, 1:-1, 0]
    assert reading.error_probs is not None
    assert [*reading.error_probs[:-1]] == pytest.approx(expected.tolist(), abs=0.001)
    assert len(reading.error_probs) == len(reading.tokens)
    assert expected.std() > 0.003


@torch.no_grad()
def test_transformers_loads_it_with_nothing_missing(folder: Path, trained: Trainer) -> None:
    model, found = AutoModelForSeq2SeqLM.from_pretrained(
        folder, local_files_only=True, dtype=torch.float16, output_loading_info=True
    )
    assert not found["missing_keys"]
    assert not found["unexpected_keys"]
    assert not found["mismatched_keys"]
    expected = trained.model.seq2seq.state_dict()
    for name, value in model.state_dict().items():
        assert value.dtype == torch.float16
        assert torch.equal(value, expected[name].half()), name


def test_everything_is_in_half_precision(folder: Path) -> None:
    for path in folder.glob("*.safetensors"):
        assert {value.dtype for value in load_file(path).values()} == {torch.float16}
    assert load_file(folder / "error_head.safetensors").keys() == {"weight", "bias"}


def test_shards_stay_under_the_limit(
    trained: Trainer,
    recipe: Recipe,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "model"
    with monkeypatch.context() as patch:
        patch.setattr(export, "SHARD", "6KB")
        export.export(recipe, data, trained.run, out)
    shards = weights(out)
    assert len(shards) > 2
    for shard in shards:
        assert sum(value.nbytes for value in load_file(shard).values()) <= 6000
    assert load_editor(str(out)).info.name == export.NAME
    # Written once more as one file, nothing of the shards is left.
    export.export(recipe, data, trained.run, out)
    assert [path.name for path in weights(out)] == ["model.safetensors"]
    assert not list(out.glob("*index*"))


def test_the_same_checkpoint_gives_the_same_bytes(
    folder: Path, trained: Trainer, recipe: Recipe, data: Path, tmp_path: Path
) -> None:
    export.export(recipe, data, trained.run, tmp_path / "again")
    names = {path.name for path in folder.iterdir()}
    assert names == {path.name for path in (tmp_path / "again").iterdir()}
    assert names >= {"config.json", "tokenizer.json", "mtqa.json", "truecase.json"}
    for name in names:
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_spelling_comes_from_the_training_prose(folder: Path, run: Path) -> None:
    card = read_card(folder)
    assert card.truecase == {"anna": "Anna"}
    assert card.calibration is card.fluency is None
    assert json.loads((run / "truecase.json").read_text()) == card.truecase


def test_the_tokenizer_is_that_of_the_pairs(folder: Path, pairs: Path, recipe: Recipe) -> None:
    exported = json.loads((folder / "tokenizer.json").read_text())
    assert exported["model"] == json.loads((pairs / "tokenizer.json").read_text())["model"]
    config = json.loads((folder / "tokenizer_config.json").read_text())
    assert config["model_max_length"] == recipe.model.max_positions
