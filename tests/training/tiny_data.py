"""A tiny pretrained encoder and tiny data files, made up as the tests need them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertModel

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789éßø.,;:!?'\"()-–’“”%$"
NOUNS = ("wolf", "river", "seat", "bank", "treaty", "house")
VERBS = ("walks", "walked", "sits", "speaks", "turned", "turns")
PLACES = ("in the river", "on the edge of the seat", "at the bank", "from the house")
WORDS = (
    *NOUNS,
    *VERBS,
    *" ".join(PLACES).split(),
    *("walk", "sit", "speak", "turn", "##s", "##ed", "##ing", "anna", "and", "not", "brink"),
)


def pieces() -> dict[str, int]:
    """A vocabulary laid out as BERT's: unused pieces first, the special ones among them."""
    letters = [mark + letter for mark in ("", "##") for letter in LETTERS]
    unused = [f"[unused{i}]" for i in range(4)]
    listed = ("[PAD]", *unused, *SPECIAL[1:], *letters, *WORDS)
    return {piece: i for i, piece in enumerate(dict.fromkeys(listed))}


def wordpiece() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(pieces(), unk_token="[UNK]"))
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(t, tokenizer.token_to_id(t)) for t in ("[CLS]", "[SEP]")],
    )
    tokenizer.enable_truncation(16)
    tokenizer.enable_padding(length=16)
    return tokenizer


def bert(vocabulary: int) -> BertModel:
    """Random weights, far enough from their starting values that a mix-up shows."""
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    model = BertModel(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.2 * torch.randn_like(parameter)
    return model.eval()


def clean_texts() -> list[str]:
    """A hundred and some sentences, all different."""
    return [
        f"The {noun} {verb} {place} with Anna in {1950 + i}."
        for i, (noun, verb, place) in enumerate(product(NOUNS, VERBS, PLACES))
    ]


def write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """A gzip JSONL file."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def _post_edit(lang: str, noun: str) -> dict[str, object]:
    return {
        "lang": lang,
        "mt": f"The {noun} walk in the brink of the river .",
        "pe": f"The {noun} walks on the brink of the river .",
        "hter": 0.2,
        "tags": " ".join(["OK"] + ["OK OK", "OK OK", "BAD OK", "BAD OK"] + ["OK OK"] * 6),
    }


def _marked(kind: str, noun: str) -> dict[str, object]:
    text = f"The {noun} turn at bank and sits in the river."
    start = text.index("turn")
    span = {"start": start, "end": start + 4, "severity": "Minor"}
    return {"set": kind, "target": text, "spans": [span]}


def write_data(folder: Path) -> None:
    """Every data file, in the shapes of the real ones."""
    texts = clean_texts()
    documents = [texts[i : i + 4] for i in range(0, len(texts), 4)]
    write(
        folder / "mono.jsonl.gz",
        (
            {"text": text, "origin": "made/up", "licence": "CC0", "doc": f"d{n}"}
            for n, document in enumerate(documents)
            for text in (" ".join(document[:2]), *document[2:])
        ),
    )
    write(
        folder / "roundtrip.jsonl.gz",
        (
            {
                "text": text,
                "origin": "made/up",
                "doc": f"d{n}",
                "roundtrip": {
                    "es": text.replace("edge", "brink").replace("The", "A"),
                    "gl": text.replace("walks", "walk").replace("with", "by"),
                },
            }
            for n, document in enumerate(documents)
            for text in document
        ),
    )
    for part in ("train", "dev"):
        write(
            folder / f"postedit_{part}.jsonl.gz",
            (_post_edit(lang, noun) for noun in NOUNS for lang in ("et", "ro", "ru", "ne", "si")),
        )
    sets = ("newstest2020_zhen", "tedtalks_zhen")
    write(folder / "mqm_spans_train.jsonl.gz", (_marked(kind, n) for kind in sets for n in NOUNS))
    write(
        folder / "news_dev.jsonl.gz",
        ({"text": text, "doc": f"n{i // 30}"} for i, text in enumerate(texts[:60])),
    )
    rewrites = ["He walks.", "He walked.", "He is walking.", "He will walk."]
    write(folder / "jfleg_dev.jsonl.gz", [{"source": "He walk .", "refs": rewrites}] * 3)
