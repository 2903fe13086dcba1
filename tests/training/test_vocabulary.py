"""The smaller vocabulary: nothing becomes unknown, and every piece keeps its row."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_data import LETTERS, SPECIAL, WORDS, clean_texts, pieces, wordpiece
from tokenizers import Tokenizer

from mtqa.errors import InputError
from mtqa.training.vocabulary import CLS, MASK, PAD, SEP, UNK, choose, shrink

SIZE = 130
LEAST = len(SPECIAL) + 2 * len(LETTERS)


@pytest.fixture(scope="module")
def small(encoder: Path) -> tuple[Tokenizer, tuple[int, ...]]:
    return shrink(encoder / "tokenizer.json", clean_texts(), SIZE)


@pytest.fixture(scope="module")
def full() -> Tokenizer:
    tokenizer = wordpiece()
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def test_special_pieces_come_first(small: tuple[Tokenizer, tuple[int, ...]]) -> None:
    tokenizer, _ = small
    assert (PAD, UNK, CLS, SEP, MASK) == (0, 1, 2, 3, 4)
    assert [tokenizer.id_to_token(i) for i in range(5)] == list(SPECIAL)
    encoded = tokenizer.encode("the [MASK] wolf ☃")
    assert (encoded.ids[0], encoded.ids[2], encoded.ids[4], encoded.ids[-1]) == (2, 4, 1, 3)


def test_rows_are_those_of_the_same_pieces(small: tuple[Tokenizer, tuple[int, ...]]) -> None:
    tokenizer, rows = small
    assert tokenizer.get_vocab_size() == len(rows) == len(set(rows)) == SIZE
    before = pieces()
    for i, row in enumerate(rows):
        assert before[tokenizer.id_to_token(i)] == row


def test_all_letters_stay_and_unused_pieces_go(small: tuple[Tokenizer, tuple[int, ...]]) -> None:
    tokenizer, _ = small
    kept = tokenizer.get_vocab().keys()
    assert {mark + letter for mark in ("", "##") for letter in LETTERS} <= kept
    assert not any(piece.startswith("[unused") for piece in kept)


texts = st.lists(
    st.one_of(
        st.sampled_from([w.removeprefix("##") for w in WORDS] + ["Wolfs", "edged", "☃", "жук"]),
        st.text(alphabet=LETTERS + "AÉ ", max_size=8),
        st.text(max_size=4),
    ),
    max_size=12,
).map(" ".join)


@given(text=texts)
@settings(max_examples=300, deadline=None)
def test_nothing_becomes_unknown_that_was_known(
    small: tuple[Tokenizer, tuple[int, ...]], full: Tokenizer, text: str
) -> None:
    before = full.encode(text, add_special_tokens=False)
    after = small[0].encode(text, add_special_tokens=False)
    assert before.tokens.count("[UNK]") == after.tokens.count("[UNK]")
    joined = ["".join(t.removeprefix("##") for t in e.tokens) for e in (before, after)]
    assert joined[0] == joined[1]
    assert len(after) >= len(before)


def test_frequent_pieces_are_kept_before_rare_ones() -> None:
    table = pieces()
    counts = Counter({table["treaty"]: 9, table["wolf"]: 5, table["##ing"]: 5, table["and"]: 1})
    chosen = choose(table, counts, LEAST + 3)
    assert chosen[LEAST:] == ("treaty", "wolf", "##ing")  # of equals the earlier row first
    assert chosen == choose(table, counts, LEAST + 9)[: LEAST + 3]


@pytest.mark.parametrize("size", [0, LEAST - 1, len(pieces()) - 3])
def test_a_size_that_cannot_be_made_is_refused(size: int) -> None:
    with pytest.raises(InputError, match=rf"{size} pieces \(between {LEAST} and"):
        choose(pieces(), Counter(), size)


def test_the_least_and_the_most() -> None:
    most = len(pieces()) - 4  # all but the unused
    assert len(choose(pieces(), Counter(), LEAST)) == LEAST
    assert set(choose(pieces(), Counter(), most)) == {
        piece for piece in pieces() if not piece.startswith("[unused")
    }
