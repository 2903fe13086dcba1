"""Checkpoint -> the folder that ships: half-precision safetensors in small shards."""

from __future__ import annotations

import json
import random
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import PreTrainedTokenizerFast

from mtqa.training import corpora
from mtqa.training.config import Recipe
from mtqa.training.model import EditorModel, grow
from mtqa.training.prepare import encoder_folder
from mtqa.training.truecase import truecase

SHARD = "14900KB"
NAME, VERSION = "mtqa/shipped", "1"


def load_checkpoint(recipe: Recipe, run: Path) -> EditorModel:
    """The model of a run's last checkpoint."""
    model = grow(
        encoder_folder(), recipe.model, json.loads((run / "pairs" / "rows.json").read_text())
    )
    result = model.load_state_dict(load_file(run / "model.safetensors"), strict=False)
    # The tables of both sides and the output layer are the shared one, saved once.
    lacking = [k for k in result.missing_keys if "embed_tokens" not in k and "lm_head" not in k]
    assert not result.unexpected_keys, result
    assert not lacking, lacking
    return model.eval()


def save_tokenizer(file: Path, out: Path, max_positions: int) -> None:
    """Write the tokenizer as transformers reads it."""
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(file),
        model_max_length=max_positions,
        clean_up_tokenization_spaces=False,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        bos_token="[CLS]",
        eos_token="[SEP]",
    )
    tokenizer.save_pretrained(out)


def export(recipe: Recipe, data: Path, run: Path, out: Path) -> None:
    """Write model, error head, tokenizer, truecase table and an uncalibrated ``mtqa.json``."""
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.safetensors*"):  # the index of shards as well
        old.unlink()
    model = load_checkpoint(recipe, run)
    head = {k: v.half().contiguous() for k, v in model.error_head.state_dict().items()}
    model.seq2seq.to(torch.float16).save_pretrained(out, max_shard_size=SHARD)
    save_file(head, out / "error_head.safetensors")
    save_tokenizer(run / "pairs" / "tokenizer.json", out, recipe.model.max_positions)
    table = run / "truecase.json"
    if not table.is_file():
        sentences = list(corpora.clean_sentences(data, recipe.data, dev=False))
        random.Random(recipe.seed).shuffle(sentences)
        table.write_text(json.dumps(truecase(sentences), ensure_ascii=False, indent=0))
    (out / "truecase.json").write_text(table.read_text())
    card = {"name": NAME, "version": VERSION, "truecase": "truecase.json"}
    (out / "mtqa.json").write_text(json.dumps(card, indent=1) + "\n")
