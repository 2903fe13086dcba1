"""Pairs: what is marked, what is thinned, what a correction may bring, and the arrays on disk."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein
from tiny_data import wordpiece, write
from tokenizers import Tokenizer

from mtqa.training.config import Recipe
from mtqa.training.pairs import (
    IGNORE,
    Pair,
    PairMaker,
    Store,
    align,
    overlap,
    source_free,
    thin,
)

pieces = st.lists(st.integers(5, 12), max_size=14)
COMMON = frozenset(range(5, 9))


def is_subsequence(short: list[int], long: list[int]) -> bool:
    rest = iter(long)
    return all(piece in rest for piece in short)


@given(pieces, pieces)
@settings(max_examples=200, deadline=None)
def test_what_is_not_marked_is_on_both_sides(source: list[int], target: list[int]) -> None:
    pair = align(source, target)
    right = [p for p, wrong in zip(source, pair.wrong, strict=True) if not wrong]
    copied = [p for p, changed in zip(target, pair.changed, strict=True) if not changed]
    assert is_subsequence(right, target)
    assert is_subsequence(copied, source)
    assert (pair.source, pair.target) == (source, target)
    assert {*pair.wrong, *pair.changed} <= {0, 1}


@given(pieces, pieces)
@settings(max_examples=200, deadline=None)
def test_something_is_marked_if_and_only_if_something_differs(
    source: list[int], target: list[int]
) -> None:
    pair = align(source, target)
    assert (sum(pair.wrong) + sum(pair.changed) > 0) is (source != target)
    # Each edit marks at most one piece a side.
    distance = Levenshtein.distance(source, target)
    assert sum(pair.wrong) <= distance
    assert sum(pair.changed) <= distance


@given(pieces, st.data())
@settings(max_examples=100, deadline=None)
def test_replaced_pieces_are_marked_on_both_sides(target: list[int], data: st.DataObject) -> None:
    replaced = data.draw(st.sets(st.integers(0, len(target) - 1))) if target else set()
    source = [100 + i if i in replaced else piece for i, piece in enumerate(target)]
    pair = align(source, target)
    assert pair.wrong == pair.changed == [int(i in replaced) for i in range(len(target))]


@pytest.mark.parametrize(
    ("source", "target", "wrong", "changed"),
    [
        ([7, 8, 9], [7, 8, 9], [0, 0, 0], [0, 0, 0]),
        ([7, 8, 9], [7, 6, 9], [0, 1, 0], [0, 1, 0]),
        ([7, 9], [7, 8, 9], [0, 1], [0, 1, 0]),  # missing: the next source piece is marked
        ([7, 8, 9], [7, 9], [0, 1, 0], [0, 1]),  # too much: the next target piece weighs more
        ([7], [7, 8], [0], [0, 1]),  # missing at the end: nothing follows
        ([7, 8], [7], [0, 1], [0]),
        ([], [7], [], [1]),
        ([7], [], [1], []),
    ],
)
def test_marks(source: list[int], target: list[int], wrong: list[int], changed: list[int]) -> None:
    assert align(source, target) == Pair(source, target, wrong, changed)


@given(pieces, pieces, st.floats(0, 1), st.integers(0, 99))
@settings(max_examples=300, deadline=None)
def test_a_thinned_source_lies_between_the_two(
    source: list[int], target: list[int], keep: float, seed: int
) -> None:
    out = thin(source, target, COMMON, keep, random.Random(seed))
    assert out == thin(source, target, COMMON, keep, random.Random(seed))
    if out is None:
        return
    distance = Levenshtein.distance
    assert out != target
    assert distance(source, out) + distance(out, target) == distance(source, target)


@given(pieces, st.data(), st.floats(0, 1), st.integers(0, 99))
@settings(max_examples=200, deadline=None)
def test_content_that_the_source_lost_is_put_back(
    target: list[int], data: st.DataObject, keep: float, seed: int
) -> None:
    lost = data.draw(st.sets(st.integers(0, len(target))))
    source = [piece for i, piece in enumerate(target) if i not in lost]
    out = thin(source, target, COMMON, keep, random.Random(seed))
    if out is not None:
        assert is_subsequence(out, target)
        assert [p for p in out if p not in COMMON] == [p for p in target if p not in COMMON]


@given(pieces, pieces, st.integers(0, 99))
@settings(max_examples=100, deadline=None)
def test_thinning_by_everything_or_nothing(source: list[int], target: list[int], seed: int) -> None:
    assert thin(source, target, COMMON, 0.0, random.Random(seed)) is None
    everything = frozenset(range(20))
    out = thin(source, target, everything, 1.0, random.Random(seed))
    assert out == (None if source == target else source)


@given(pieces.filter(bool), pieces.filter(bool))
@settings(max_examples=100, deadline=None)
def test_overlap(source: list[int], target: list[int]) -> None:
    assert 0 <= overlap(source, target) == overlap(target, source) <= 1
    assert (overlap(source, target) == 1) is (sorted(source) == sorted(target))


def test_overlap_is_of_the_longer_side() -> None:
    assert overlap([1, 2, 2, 3], [2]) == 0.25
    assert overlap([1, 1], [2, 3]) == 0


@pytest.mark.parametrize(
    ("mt", "pe", "free"),
    [
        ("He go home .", "He goes home .", True),
        ("He go home .", "He go home !", True),
        ("He are n't old", "He is n't old", True),
        ("it is well known", "it is well-known", True),
        ("He saw it", "it He saw", True),
        ("He left", "Ivan left", False),
        ("He left", "McCoy left", False),
        ("He left", "Jean-Luc left", False),
        ("It cost a lot", "It cost 5", False),
        ("It cost a lot", "It cost 3.5", False),
        ("It cost a lot", "It cost 1,000", False),
        ("In the nineties", "In the 1990s", False),
        ("He left the U.N. then", "He left the U.S. then", False),
        ("He said", "He said 中文", False),
    ],
)
def test_what_a_correction_may_bring_in(mt: str, pe: str, free: bool) -> None:
    assert source_free(mt, pe) is free


@given(st.text(), st.data())
@settings(max_examples=100, deadline=None)
def test_a_correction_that_only_takes_away_is_free(mt: str, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.sampled_from(mt.split() or [""])))
    assert source_free(mt, " ".join(kept))


pair_lists = st.lists(
    st.builds(
        lambda source, target, tagged: (
            Pair(source, [], [IGNORE] * len(source), []) if tagged else align(source, target)
        ),
        st.lists(st.integers(0, 2**16 - 1), max_size=9),
        st.lists(st.integers(0, 2**16 - 1), max_size=9),
        st.booleans(),
    ),
    max_size=6,
)


def unpacked(store: Store) -> list[Pair]:
    return [
        Pair(
            store.source[store.source_at[i] : store.source_at[i + 1]].tolist(),
            store.target[store.target_at[i] : store.target_at[i + 1]].tolist(),
            store.wrong[store.source_at[i] : store.source_at[i + 1]].tolist(),
            store.changed[store.target_at[i] : store.target_at[i + 1]].tolist(),
        )
        for i in range(len(store))
    ]


@given(pairs=pair_lists)
@settings(max_examples=40, deadline=None)
def test_a_store_gives_back_what_was_put_in(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[Pair]
) -> None:
    path = tmp_path_factory.mktemp("store") / "pairs.npz"
    Store.of(pairs).save(path)
    assert unpacked(Store.load(path)) == pairs
    assert len(Store.load(path)) == len(pairs)


def test_a_piece_that_does_not_fit_is_refused() -> None:
    with pytest.raises(OverflowError):
        Store.of([align([2**16], [1])])


@pytest.fixture
def maker(recipe: Recipe) -> PairMaker:
    return PairMaker(recipe, wordpiece_without_padding())


def wordpiece_without_padding() -> Tokenizer:
    tokenizer = wordpiece()
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def names(maker: PairMaker, ids: list[int]) -> list[str | None]:
    return [maker.tokenizer.id_to_token(i) for i in ids]


def test_marks_of_words_become_marks_of_pieces(maker: PairMaker, tmp_path: Path) -> None:
    edit = {
        "lang": "et",
        "mt": "Anna's wolfs walks in 19 .",
        "pe": "",
        "hter": 1.0,
        "tags": "OK OK OK BAD OK OK OK OK OK BAD OK OK OK",
    }
    write(tmp_path / "postedit_train.jsonl.gz", [edit])
    text = "Zzz: The wolf walks."
    spans = [{"start": s, "end": e, "severity": "Major"} for s, e in ((2, 3), (6, 8))]
    marked = {"set": "news", "target": text, "spans": spans}
    write(tmp_path / "mqm_spans_train.jsonl.gz", [marked])
    words, letters = maker.tags(tmp_path)
    assert list(zip(names(maker, words.source), words.wrong, strict=True)) == [
        *(("anna", 0), ("'", 0), ("s", 0)),
        *(("wolf", 1), ("##s", 1), ("walks", 0), ("in", 0), ("1", 1), ("##9", 1), (".", 0)),
    ]
    assert words.target == words.changed == []
    # The last z and a part of "The": what only touches a mark is not wrong.
    assert list(zip(names(maker, letters.source), letters.wrong, strict=True)) == [
        *(("z", 0), ("##z", 0), ("##z", 1), (":", 0), ("the", 1)),
        *(("wolf", 0), ("walks", 0), (".", 0)),
    ]


def test_post_edits_are_close_and_free(maker: PairMaker, tmp_path: Path) -> None:
    good = {"lang": "et", "mt": "the wolf walk", "pe": "the wolf walks", "hter": 0.2}
    good |= {"tags": "OK OK OK OK OK BAD OK"}
    far = good | {"hter": 0.5}
    named = good | {"pe": "the wolf Anna"}
    write(tmp_path / "postedit_train.jsonl.gz", [good, far, named])
    (pair,) = maker.post_edits(tmp_path)
    assert names(maker, pair.target) == ["the", "wolf", "walks"]
    assert pair.wrong == pair.changed == [0, 0, 1]


def test_sentences_that_are_too_long_or_too_short_are_left_out(maker: PairMaker) -> None:
    most = maker.recipe.data.max_pieces
    lengths = [0, 1, 2, most, most + 1]
    found = maker.identity([" ".join(["wolf"] * n) for n in lengths])
    assert [len(pair.source) for pair in found] == [2, most]


def test_identity_has_no_marks(maker: PairMaker) -> None:
    (pair,) = maker.identity(["The wolf walks."])
    assert pair.source == pair.target
    assert not any(pair.wrong + pair.changed)


def test_shifted_round_trips_are_left_out(maker: PairMaker, tmp_path: Path) -> None:
    text = "the wolf walks in the river"
    row = {"origin": "o", "doc": "d", "text": text}
    trips = {"es": "the wolf walk in river", "eo": "anna sits and speaks at bank"}
    write(tmp_path / "roundtrip.jsonl.gz", [row | {"roundtrip": trips}])
    found = [p for dev in (False, True) for p in maker.round_trips(tmp_path, dev=dev)]
    assert [names(maker, source) for source, _ in found] == [["the", "wolf", "walk", "in", "river"]]


def test_offsets_are_cumulative() -> None:
    store = Store.of([align([5, 6], [5]), align([7], [7, 8, 9])])
    np.testing.assert_array_equal(store.source_at, [0, 2, 3])
    np.testing.assert_array_equal(store.target_at, [0, 1, 4])
