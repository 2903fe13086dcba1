"""A BART-shaped editor grown from a pretrained BERT-shaped encoder.

BERT's and BART's encoder layers compute the same thing under other names (attention, add,
norm, GELU feed-forward, add, norm), so the pretrained weights move over exactly; BERT's
constant token-type vector is folded into the positions.  The decoder's self-attention and
feed-forward start from the encoder's last layers, its cross-attention from their
self-attention.  Embeddings of both sides and the output share one table.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BartConfig, BartForConditionalGeneration, BertModel

from mtqa.errors import InputError
from mtqa.training.config import ModelConfig
from mtqa.training.vocabulary import CLS, PAD, SEP

POSITION_OFFSET = 2  # BART's learned positions start at row 2

_LAYER = {  # BERT name -> BART name
    "attention.self.query": "self_attn.q_proj",
    "attention.self.key": "self_attn.k_proj",
    "attention.self.value": "self_attn.v_proj",
    "attention.output.dense": "self_attn.out_proj",
    "attention.output.LayerNorm": "self_attn_layer_norm",
    "intermediate.dense": "fc1",
    "output.dense": "fc2",
    "output.LayerNorm": "final_layer_norm",
}


class EditorModel(nn.Module):
    """The sequence-to-sequence model and its error head."""

    def __init__(self, seq2seq: BartForConditionalGeneration) -> None:
        super().__init__()
        self.seq2seq = seq2seq
        self.error_head = nn.Linear(seq2seq.config.d_model, 1)
        nn.init.zeros_(self.error_head.weight)
        nn.init.constant_(self.error_head.bias, -1.5)  # about a fifth of the pieces are wrong

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        """[batch, pieces] -> [batch, pieces, width]."""
        return self.seq2seq.model.encoder(input_ids=ids, attention_mask=mask).last_hidden_state  # type: ignore[no-any-return]

    def decode(self, states: Tensor, mask: Tensor, decoder_ids: Tensor) -> Tensor:
        """States before the output layer, [batch, target pieces, width]."""
        out = self.seq2seq.model.decoder(
            input_ids=decoder_ids,
            encoder_hidden_states=states,
            encoder_attention_mask=mask,
            use_cache=False,
        )
        return out.last_hidden_state  # type: ignore[no-any-return]


def config_for(bert: BertModel, shape: ModelConfig) -> BartConfig:
    """The BART configuration that fits a BERT encoder."""
    b = bert.config
    return BartConfig(
        vocab_size=shape.vocabulary,
        max_position_embeddings=shape.max_positions,
        d_model=b.hidden_size,
        encoder_layers=b.num_hidden_layers,
        decoder_layers=shape.decoder_layers,
        encoder_ffn_dim=b.intermediate_size,
        decoder_ffn_dim=b.intermediate_size,
        encoder_attention_heads=b.num_attention_heads,
        decoder_attention_heads=b.num_attention_heads,
        activation_function="gelu",
        scale_embedding=False,
        dropout=0.0,
        attention_dropout=0.0,
        activation_dropout=0.0,
        pad_token_id=PAD,
        bos_token_id=CLS,
        eos_token_id=SEP,
        decoder_start_token_id=SEP,
        forced_eos_token_id=None,
        forced_bos_token_id=None,
    )


def grow(encoder_folder: Path, shape: ModelConfig, rows: Sequence[int]) -> EditorModel:
    """Build the editor from a folder with a BERT encoder.  Seed torch before calling.

    Args:
        encoder_folder: as saved by transformers, with ``model.safetensors``.
        shape: of the rest.
        rows: for each piece of the editor's vocabulary, its row in the encoder's.

    Raises:
        InputError: when the encoder has too few layers or positions, or ``rows`` another length
            than the vocabulary.
    """
    bert = BertModel.from_pretrained(encoder_folder, local_files_only=True, use_safetensors=True)
    _check(bert, shape, rows)
    config = config_for(bert, shape)
    bart = BartForConditionalGeneration(config)
    # On a CPU the fused attention kernel costs three times as much backwards as plain products.
    if not torch.cuda.is_available():
        bart.set_attn_implementation("eager")
    _move(bert, bart, torch.tensor(rows))
    return EditorModel(bart)


def _check(bert: BertModel, shape: ModelConfig, rows: Sequence[int]) -> None:
    limits = {
        "decoder_layers": bert.config.num_hidden_layers,
        "max_positions": bert.config.max_position_embeddings,
        "vocabulary": len(rows),
    }
    for name, most in limits.items():
        wanted = getattr(shape, name)
        if wanted > most or (name == "vocabulary" and wanted != most):
            raise InputError(f"{name} = {wanted}, but the encoder gives {most}", where="[model]")


@torch.no_grad()
def _move(bert: BertModel, bart: BartForConditionalGeneration, rows: Tensor) -> None:
    source = bert.state_dict()
    target = bart.model.state_dict()
    moved: dict[str, Tensor] = {}
    layers = bert.config.num_hidden_layers
    for i in range(layers):
        for theirs, ours in _LAYER.items():
            for kind in ("weight", "bias"):
                moved[f"encoder.layers.{i}.{ours}.{kind}"] = source[
                    f"encoder.layer.{i}.{theirs}.{kind}"
                ]
    for i in range(bart.config.decoder_layers):
        like = layers - bart.config.decoder_layers + i
        for theirs, ours in _LAYER.items():
            for kind in ("weight", "bias"):
                value = source[f"encoder.layer.{like}.{theirs}.{kind}"]
                moved[f"decoder.layers.{i}.{ours}.{kind}"] = value
                if ours.startswith("self_attn"):
                    moved[
                        f"decoder.layers.{i}.{ours.replace('self_attn', 'encoder_attn')}.{kind}"
                    ] = value
    positions = (
        source["embeddings.position_embeddings.weight"]
        + source["embeddings.token_type_embeddings.weight"][0]
    )
    table = target["encoder.embed_positions.weight"].clone()
    room = table.shape[0] - POSITION_OFFSET
    table[POSITION_OFFSET:] = positions[:room]
    for side in ("encoder", "decoder"):
        moved[f"{side}.embed_positions.weight"] = table
        for kind in ("weight", "bias"):
            moved[f"{side}.layernorm_embedding.{kind}"] = source[f"embeddings.LayerNorm.{kind}"]
    words = source["embeddings.word_embeddings.weight"][rows]
    for name in ("shared", "encoder.embed_tokens", "decoder.embed_tokens"):
        if f"{name}.weight" in target:
            moved[f"{name}.weight"] = words
    missing = target.keys() - moved.keys()
    assert not missing, f"not initialised: {sorted(missing)[:5]}"
    bart.model.load_state_dict({k: v.clone() for k, v in moved.items()})
    bart.tie_weights()
