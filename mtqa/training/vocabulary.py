"""A smaller vocabulary for the pretrained encoder: the pieces that English text uses.

Fewer pieces make the output layer cheaper and the weights smaller, and keep the shared
embedding within one shard.  A dropped piece is written with shorter ones that stay: every
Latin letter is kept, at the beginning of a word and inside it, so that nothing written in
them becomes unknown that was known.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from mtqa.errors import InputError

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNK, CLS, SEP, MASK = range(len(SPECIAL))
_LAST_ALWAYS_KEPT = 0x24F  # end of Latin Extended-B; general punctuation is kept as well


def _always(piece: str) -> bool:
    letter = piece.removeprefix("##")
    return len(letter) == 1 and (
        ord(letter) <= _LAST_ALWAYS_KEPT or 0x2010 <= ord(letter) <= 0x20BF
    )


def choose(full: dict[str, int], counts: Counter[int], size: int) -> tuple[str, ...]:
    """The pieces to keep: the special ones, all letters and marks, then the most frequent.

    Raises:
        InputError: when ``size`` is less than must be kept or more than there is.
    """
    letters = sorted((p for p in full if _always(p)), key=full.__getitem__)
    chosen = dict.fromkeys((*SPECIAL, *letters))
    others = [p for p in full if p not in chosen and not p.startswith("[unused")]
    if not 0 <= size - len(chosen) <= len(others):
        raise InputError(
            f"cannot make a vocabulary of {size} pieces",
            hint=f"between {len(chosen)} and {len(chosen) + len(others)}",
        )
    by_frequency = sorted(others, key=lambda p: (-counts[full[p]], full[p]))
    return (*chosen, *by_frequency[: size - len(chosen)])


def shrink(
    tokenizer_file: Path, sentences: Sequence[str], size: int
) -> tuple[Tokenizer, tuple[int, ...]]:
    """A tokenizer of ``size`` pieces, and for each of them its row in the full vocabulary."""
    full = Tokenizer.from_file(str(tokenizer_file))
    full.no_truncation()
    full.no_padding()
    counts: Counter[int] = Counter()
    for at in range(0, len(sentences), 4096):
        for encoded in full.encode_batch(sentences[at : at + 4096], add_special_tokens=False):
            counts.update(encoded.ids)
    table = full.get_vocab()
    pieces = choose(table, counts, size)
    described = json.loads(full.to_str())
    described["model"]["vocab"] = {piece: i for i, piece in enumerate(pieces)}
    described["added_tokens"] = [
        {**token, "id": SPECIAL.index(token["content"])} for token in described["added_tokens"]
    ]
    for name, token in described["post_processor"]["special_tokens"].items():
        token["ids"] = [SPECIAL.index(name)]
    small = Tokenizer.from_str(json.dumps(described))
    return small, tuple(table[piece] for piece in pieces)
