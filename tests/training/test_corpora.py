"""The data files: what is read, what is left out, and that nothing is on both sides."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_data import write

from mtqa.errors import InputError
from mtqa.training import corpora
from mtqa.training.config import DataConfig, Recipe


@pytest.fixture
def config(recipe: Recipe) -> DataConfig:
    return recipe.data


def sides(read: Callable[[bool], object]) -> tuple[list[object], list[object]]:
    """What is for training and what is held out."""
    train, dev = ([*read(dev)] for dev in (False, True))  # type: ignore[call-overload]
    return train, dev


@given(st.text(), st.integers(1, 100), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_holding_out_less_holds_out_some_of_the_same(doc: str, share: int, times: int) -> None:
    assert corpora.held_out(doc, share) or not corpora.held_out(doc, share * times)
    assert corpora.held_out(doc, 1)


def test_held_out_is_about_one_in_share() -> None:
    found = sum(corpora.held_out(f"doc {i}", 50) for i in range(20_000))
    assert 300 < found < 500  # 400 expected; 19.8 is the standard deviation


def test_which_are_held_out_never_changes() -> None:
    # Computed once; another hash would hold out what earlier weights have seen.
    held = [i for i in range(100) if corpora.held_out(f"made/up/d{i}", 10)]
    assert held == [12, 39, 68, 75, 81, 86, 89, 90, 92, 99]


def test_clean_prose_is_split_by_document(data: Path, config: DataConfig) -> None:
    train, dev = sides(lambda dev: corpora.prose(data, config, dev=dev))
    everything = corpora.prose(data, replace(config, dev_share=1), dev=True)
    assert {p.text for p in (*train, *dev)} == {p.text for p in everything}  # type: ignore[attr-defined]
    assert len(train) + len(dev) == 144
    assert not {p.doc for p in train} & {p.doc for p in dev}  # type: ignore[attr-defined]
    assert train
    assert dev
    assert train == [*corpora.prose(data, config, dev=False)]


def test_round_trips_are_split_by_document(data: Path, config: DataConfig) -> None:
    train, dev = sides(lambda dev: corpora.round_trips(data, config, dev=dev))
    assert len(train) == len({t.text for t in train})  # type: ignore[attr-defined]
    assert len({t.text for t in (*train, *dev)}) == 144  # type: ignore[attr-defined]
    assert not {t.doc for t in train} & {t.doc for t in dev}  # type: ignore[attr-defined]
    assert {t.pivot for t in train} == {"es"}  # type: ignore[attr-defined]
    assert {t.pivot for t in dev} == {"es", "gl"}  # type: ignore[attr-defined]


def test_a_document_is_on_the_same_side_in_both_files(data: Path, config: DataConfig) -> None:
    clean = {p.doc for p in corpora.prose(data, config, dev=True)}
    assert clean == {t.doc for t in corpora.round_trips(data, config, dev=True)}


def mono(folder: Path, *rows: dict[str, object]) -> Path:
    common = {"origin": "o", "licence": "CC0", "doc": "d"}
    write(folder / "mono.jsonl.gz", [common | row for row in rows])
    return folder


def both(folder: Path, config: DataConfig) -> list[str]:
    """The clean sentences of both sides."""
    return [s for dev in (False, True) for s in corpora.clean_sentences(folder, config, dev=dev)]


@pytest.mark.parametrize(
    "markup",
    ["the <unk> of it", "a @-@ b", "1 @,@ 5", "{x} is", "a | b", "see https://a.org", "www.a.org"],
)
def test_a_paragraph_with_markup_is_left_out(
    tmp_path: Path, config: DataConfig, markup: str
) -> None:
    mono(
        tmp_path,
        {"text": f"One good sentence here. Then {markup} comes."},
        {"text": "Another good sentence here."},
    )
    assert both(tmp_path, config) == ["Another good sentence here."]


def test_sentences_are_cut_and_short_and_long_ones_left_out(
    tmp_path: Path, config: DataConfig
) -> None:
    long = " ".join(["word"] * 61) + "."
    mono(tmp_path, {"text": f"The wolf sleeps. Too short. {long} It wakes up."})
    assert both(tmp_path, config) == ["The wolf sleeps.", "It wakes up."]


def test_a_fifth_of_the_technical_documentation(tmp_path: Path, config: DataConfig) -> None:
    rows = [{"text": f"This is line {i}.", "domain": "tech_docs"} for i in range(50)]
    mono(tmp_path, *rows, *({**row, "domain": "prose"} for row in rows))
    assert len(both(tmp_path, config)) == 60


def test_old_speeches_are_left_out(tmp_path: Path, config: DataConfig) -> None:
    docs = ("data/1863-11-19-gettysburg.txt", "data/1930-01-01.txt", "data/2001-02-03.txt", "1863-")
    rows = [{"text": f"Speech number {i}.", "doc": doc} for i, doc in enumerate(docs)]
    mono(tmp_path, *rows)
    write(
        tmp_path / "roundtrip.jsonl.gz",
        [{**row, "origin": "o", "roundtrip": {"es": "x"}} for row in rows],
    )
    config = replace(config, min_year=1930)
    kept = {f"Speech number {i}." for i in (1, 2, 3)}
    assert set(both(tmp_path, config)) == kept
    trips = [t for d in (False, True) for t in corpora.round_trips(tmp_path, config, dev=d)]
    assert {t.text for t in trips} == kept


def test_post_edits_have_one_mark_per_word(tmp_path: Path) -> None:
    row = {"lang": "et", "mt": "He go home", "pe": "He goes home", "hter": 1, "tags": ""}
    tags = "BAD OK BAD BAD OK OK BAD"  # gap word gap word gap word gap
    write(tmp_path / "postedit_train.jsonl.gz", [row | {"tags": tags}])
    (edit,) = corpora.post_edits(tmp_path, dev=False)
    assert edit == corpora.PostEdit("et", "He go home", "He goes home", 1.0, (False, True, False))
    write(tmp_path / "postedit_dev.jsonl.gz", [row | {"tags": tags}, row | {"tags": "OK OK OK"}])
    with pytest.raises(InputError, match=r"postedit_dev\.jsonl\.gz:2: 3 words have 1 marks"):
        list(corpora.post_edits(tmp_path, dev=True))


TEXT = "The quick brown fox jumps over the lazy dog and sleeps."


@pytest.mark.parametrize(
    ("start", "end", "severity", "kept"),
    [
        (4, 9, "Minor", True),
        (4, 9, "critical", True),
        (4, 9, "Neutral", False),
        (4, 9, "neutral ", False),
        (-1, -1, "Major", False),  # an omission
        (0, len(TEXT) // 2, "Major", True),
        (0, len(TEXT) // 2 + 1, "Major", False),  # says that it is bad, not where
        (0, len(TEXT), "Major", False),
    ],
)
def test_which_marks_of_experts_count(
    tmp_path: Path, start: int, end: int, severity: str, kept: bool
) -> None:
    span = {"start": start, "end": end, "severity": severity}
    row = {"set": "newstest2020_zhen", "target": TEXT, "spans": [span]}
    write(tmp_path / "mqm_spans_train.jsonl.gz", [row])
    (marked,) = corpora.expert_spans(tmp_path, dev=False)
    assert marked == corpora.Marked(TEXT, ((start, end),) if kept else ())


def test_half_of_a_short_sentence_may_be_marked(tmp_path: Path) -> None:
    span = {"start": 0, "end": 10, "severity": "Major"}
    row = {"set": "news", "target": "Very short", "spans": [span]}
    write(tmp_path / "mqm_spans_train.jsonl.gz", [row])
    (marked,) = corpora.expert_spans(tmp_path, dev=False)
    assert marked.spans == ((0, 10),)


def test_talks_are_for_tuning_only(data: Path) -> None:
    train, dev = sides(lambda dev: corpora.expert_spans(data, dev=dev))
    assert len(train) == len(dev) == 6


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"mono\.jsonl\.gz: no such data file \(.*--data\)"):
        list(corpora.rows(tmp_path / "mono.jsonl.gz"))


@pytest.mark.parametrize("damage", ["no gzip", "cut", "no JSON"])
def test_a_damaged_file_is_named_with_the_line(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "a.jsonl.gz"
    whole = gzip.compress(b'{"a": 1}\n{"a": \n')
    path.write_bytes({"no gzip": b"plain", "cut": whole[:-9], "no JSON": whole}[damage])
    with pytest.raises(InputError, match=r"a\.jsonl\.gz:\d: cannot be read"):
        list(corpora.rows(path))
