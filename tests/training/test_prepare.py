"""The first stage: data files to arrays."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tiny_data import pieces
from tokenizers import Tokenizer

from mtqa.errors import InputError
from mtqa.training import prepare
from mtqa.training.config import Recipe
from mtqa.training.pairs import IGNORE, Store

STREAMS = ("roundtrip", "thinned", "corrupted", "identity", "postedit", "tags")


def texts(pairs: Path, stream: str, side: str) -> set[str]:
    tokenizer = Tokenizer.from_file(str(pairs / "tokenizer.json"))
    store = Store.load(pairs / f"{stream}.npz")
    ids = getattr(store, side)
    at = getattr(store, f"{side}_at")
    rows = [ids[at[i] : at[i + 1]].tolist() for i in range(len(store))]
    return set(tokenizer.decode_batch(rows))


def test_every_stream_has_pairs_and_is_counted(pairs: Path, recipe: Recipe) -> None:
    counts = json.loads((pairs / "counts.json").read_text())
    assert set(counts) == set(STREAMS) == {*recipe.data.mix, "tags"}
    for name, row in counts.items():
        store = Store.load(pairs / f"{name}.npz")
        assert row == {
            "pairs": len(store),
            "source_pieces": len(store.source),
            "target_pieces": len(store.target),
        }
        assert len(store) > 0


@pytest.mark.parametrize("name", STREAMS)
def test_pieces_and_marks_are_in_range(pairs: Path, recipe: Recipe, name: str) -> None:
    store = Store.load(pairs / f"{name}.npz")
    assert store.source.max() < recipe.model.vocabulary
    assert store.target.max(initial=0) < recipe.model.vocabulary
    assert store.source.min() >= 5  # no special pieces: all that these texts have is known
    assert len(store.wrong) == len(store.source) == store.source_at[-1]
    assert len(store.changed) == len(store.target) == store.target_at[-1]
    assert set(store.wrong.tolist()) <= {0, 1, IGNORE}
    assert set(store.changed.tolist()) <= {0, 1}


def test_what_each_stream_is_like(pairs: Path) -> None:
    stores = {name: Store.load(pairs / f"{name}.npz") for name in STREAMS}
    np.testing.assert_array_equal(stores["identity"].source, stores["identity"].target)
    assert not stores["identity"].wrong.any()
    assert len(stores["tags"].target) == 0
    for name in ("roundtrip", "thinned", "corrupted", "postedit", "tags"):
        assert 0 < (stores[name].wrong == 1).mean() < 0.5, name
    assert stores["thinned"].changed.sum() < stores["roundtrip"].changed.sum()


def test_what_is_held_out_is_in_no_stream(pairs: Path, data: Path, recipe: Recipe) -> None:
    held = {s.lower() for s in prepare.corpora.clean_sentences(data, recipe.data, dev=True)}
    years = {sentence.rsplit(" ", 1)[1].rstrip(".") for sentence in held}
    assert len(years) == len(held) > 20
    for stream in ("roundtrip", "thinned", "corrupted", "identity"):
        for text in texts(pairs, stream, "target"):
            assert not years & set(text.replace(".", "").split())


def test_no_clean_sentence_is_both_corrupted_and_left_alone(pairs: Path) -> None:
    corrupted, identity = (texts(pairs, s, "target") for s in ("corrupted", "identity"))
    assert corrupted
    assert not corrupted & identity


def test_rows_lead_to_the_same_pieces(pairs: Path, recipe: Recipe) -> None:
    rows = json.loads((pairs / "rows.json").read_text())
    small = Tokenizer.from_file(str(pairs / "tokenizer.json"))
    assert len(rows) == small.get_vocab_size() == recipe.model.vocabulary
    assert [pieces()[small.id_to_token(i)] for i in range(len(rows))] == rows


def test_a_second_time_gives_the_same(
    pairs: Path,
    data: Path,
    encoder: Path,
    recipe: Recipe,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prepare, "encoder_folder", lambda: encoder)
    prepare.prepare_pairs(recipe, data, tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {p.name for p in pairs.iterdir()}
    for path in pairs.glob("*.json"):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()
    for name in STREAMS:
        first, second = (Store.load(folder / f"{name}.npz") for folder in (pairs, tmp_path))
        for field in ("source", "target", "wrong", "changed", "source_at", "target_at"):
            np.testing.assert_array_equal(getattr(first, field), getattr(second, field))


def test_only_whole_words_replace_each_other(pairs: Path) -> None:
    tokenizer = Tokenizer.from_file(str(pairs / "tokenizer.json"))

    def found(source: str, target: str) -> list[tuple[str, str]]:
        ids = [tokenizer.encode(t, add_special_tokens=False).ids for t in (source, target)]
        return list(prepare.replaced_words([(ids[0], ids[1])], tokenizer))

    assert found("the seat walks in it", "the river walks on it") == [
        ("river", "seat"),
        ("on", "in"),
    ]
    assert found("the seat walks", "the seat walks") == []
    assert found("the riverx in it", "the walksx in it") == []  # river ##x, walks ##x
    assert found("the river", "the inx") == []  # in ##x: the right one is not a word
    assert found("the inx", "the river") == []


def test_the_encoder_comes_as_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_: str) -> Path:
        raise ModuleNotFoundError

    monkeypatch.setattr(prepare.resources, "files", absent)
    with pytest.raises(InputError, match=r"not installed \(pip install 'mtqa\[train\]'\)"):
        prepare.encoder_folder()
