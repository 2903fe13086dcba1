"""The editor grown from a BERT encoder computes what that encoder computes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tiny_data import pieces
from transformers import BertConfig, BertModel

from mtqa.errors import InputError
from mtqa.training.config import ModelConfig, Recipe
from mtqa.training.model import EditorModel, grow

FULL = len(pieces())
SHAPE = ModelConfig(vocabulary=FULL, decoder_layers=1, max_positions=48)


def inputs(vocabulary: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Three rows of pieces, two of them padded at the end."""
    ids = torch.randint(5, vocabulary, (3, 20), generator=torch.Generator().manual_seed(3))
    mask = torch.ones_like(ids)
    for row, length in enumerate((20, 13, 1)):
        mask[row, length:] = 0
        ids[row, length:] = 0
    return ids, mask


def with_epsilon(encoder: Path, epsilon: float, folder: Path) -> Path:
    config = BertConfig.from_pretrained(encoder, layer_norm_eps=epsilon)
    BertModel.from_pretrained(encoder, config=config).save_pretrained(folder)
    return folder


# BART's layer norm adds 1e-5 to the variance and cannot be told otherwise, BERT's 1e-12.
@pytest.mark.parametrize(("epsilon", "tolerance"), [(1e-5, 1e-5), (1e-12, 1e-3)])
@torch.no_grad()
def test_the_encoder_gives_the_same_states(
    encoder: Path, tmp_path: Path, epsilon: float, tolerance: float
) -> None:
    folder = with_epsilon(encoder, epsilon, tmp_path)
    bert = BertModel.from_pretrained(folder).eval()
    model = grow(folder, SHAPE, range(FULL)).eval()
    ids, mask = inputs(FULL)
    theirs = bert(input_ids=ids, attention_mask=mask).last_hidden_state
    ours = model.encode(ids, mask)
    read = mask.bool()
    assert theirs[read].std() > 0.3
    torch.testing.assert_close(ours[read], theirs[read], atol=tolerance, rtol=0)


@torch.no_grad()
def test_rows_are_looked_up_in_the_encoder(encoder: Path, tmp_path: Path) -> None:
    rows = torch.randperm(FULL, generator=torch.Generator().manual_seed(1))[: FULL // 2]
    folder = with_epsilon(encoder, 1e-5, tmp_path)
    shape = replace(SHAPE, vocabulary=len(rows))
    model = grow(folder, shape, rows.tolist()).eval()
    bert = BertModel.from_pretrained(folder).eval()
    embeddings = bert.get_input_embeddings().weight
    torch.testing.assert_close(model.seq2seq.model.shared.weight, embeddings[rows], atol=0, rtol=0)
    ids, mask = inputs(len(rows))
    theirs = bert(input_ids=rows[ids], attention_mask=mask).last_hidden_state
    read = mask.bool()
    torch.testing.assert_close(model.encode(ids, mask)[read], theirs[read], atol=1e-5, rtol=0)


def test_the_decoder_starts_from_the_last_layers(encoder: Path) -> None:
    state = grow(encoder, SHAPE, range(FULL)).seq2seq.model.state_dict()
    for kind in ("weight", "bias"):
        for part in ("self_attn.q_proj", "self_attn.out_proj", "fc1", "fc2", "final_layer_norm"):
            source = state[f"encoder.layers.1.{part}.{kind}"]
            assert torch.equal(state[f"decoder.layers.0.{part}.{kind}"], source)
        for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
            source = state[f"encoder.layers.1.self_attn.{part}.{kind}"]
            assert torch.equal(state[f"decoder.layers.0.encoder_attn.{part}.{kind}"], source)


def test_one_table_serves_both_sides_and_the_output(encoder: Path) -> None:
    model = grow(encoder, SHAPE, range(FULL)).seq2seq
    tables = (
        model.model.shared,
        model.model.encoder.embed_tokens,
        model.model.decoder.embed_tokens,
        model.lm_head,
    )
    assert len({table.weight.data_ptr() for table in tables}) == 1


@torch.no_grad()
def test_an_untrained_error_head_says_the_same_of_everything(encoder: Path) -> None:
    model = grow(encoder, SHAPE, range(FULL)).eval()
    odds = model.error_head(model.encode(*inputs(FULL)))
    assert torch.equal(odds, torch.full_like(odds, -1.5))


@torch.no_grad()
def test_decoding_sees_what_is_before_and_the_source(encoder: Path) -> None:
    model = grow(encoder, SHAPE, range(FULL)).eval()
    ids, mask = inputs(FULL)
    states = model.encode(ids, mask)
    decoder_ids = ids[:, :8].clamp(min=5)
    out = model.decode(states, mask, decoder_ids)
    assert out.shape == (3, 8, 16)
    later = decoder_ids.clone()
    later[:, 5:] = 7
    torch.testing.assert_close(model.decode(states, mask, later)[:, :5], out[:, :5])
    # What is masked in the source changes nothing, what is not does.
    noise = states + (1 - mask)[..., None]
    torch.testing.assert_close(model.decode(noise, mask, decoder_ids), out)
    assert not torch.allclose(model.decode(states + mask[..., None], mask, decoder_ids), out)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vocabulary", FULL - 1),
        ("vocabulary", FULL + 1),
        ("decoder_layers", 3),
        ("max_positions", 65),
    ],
)
def test_a_shape_that_does_not_fit_is_named(encoder: Path, field: str, value: int) -> None:
    with pytest.raises(InputError, match=f"{field} = {value}"):
        grow(encoder, replace(SHAPE, **{field: value}), range(FULL))


def test_the_rows_of_the_first_stage_fit(encoder: Path, pairs: Path, recipe: Recipe) -> None:
    rows = json.loads((pairs / "rows.json").read_text())
    assert isinstance(grow(encoder, recipe.model, rows), EditorModel)
