"""Held-out text: tuning and figures never share a document."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_data import clean_texts, write

from mtqa.training import corpora, devsets
from mtqa.training.config import Recipe
from mtqa.training.devsets import CHUNK, DevSet, Sample


def references(devset: DevSet) -> set[str]:
    return {sample.reference for sample in devset.samples}


def test_tuning_and_figures_share_no_document_of_prose(data: Path, recipe: Recipe) -> None:
    tune, test = (devsets.clean(data, recipe.data, part, 999) for part in ("tune", "test"))
    assert not references(tune) & references(test)
    held = set(corpora.clean_sentences(data, recipe.data, dev=True))
    assert references(tune) | references(test) == held
    for devset in (tune, test):
        assert devset.name == "clean"
        for document in devset.documents:
            assert len(document) == 4
            first = clean_texts().index(document[0].text)
            assert first % 4 == 0
            assert [s.text for s in document] == clean_texts()[first : first + 4]


def test_tuning_and_figures_share_no_document_of_round_trips(data: Path, recipe: Recipe) -> None:
    tune, test = (devsets.round_trips(data, recipe.data, part, 999) for part in ("tune", "test"))
    assert [s.name for s in tune] == [f"roundtrip-{p}" for p in ("es", "eo", "ca", "gl")]
    for one, other in zip(tune, test, strict=True):
        assert not references(one) & references(other)
    held = {t.text for t in corpora.round_trips(data, recipe.data, dev=True)}
    assert references(tune[0]) | references(test[0]) == held
    assert references(tune[3]) == references(tune[0])
    assert not tune[1].documents  # this data has no Esperanto
    prose = devsets.clean(data, recipe.data, "tune", 999)
    assert references(prose) == references(tune[0])


def test_tuning_and_figures_share_no_post_edit(tmp_path: Path) -> None:
    row = {"lang": "et", "pe": "b", "hter": 0, "tags": "OK OK OK OK OK"}
    write(tmp_path / "postedit_dev.jsonl.gz", [row | {"mt": f"row {i}"} for i in range(50)])
    tune, test = (devsets.post_edits(tmp_path, part, 999) for part in ("tune", "test"))
    assert tune[0].name == test[0].name == "postedit-et"
    texts = [[s.text for s in d[0].samples] for d in (tune, test)]
    assert [len(t) for t in texts] == [25, 25]
    assert {*texts[0], *texts[1]} == {f"row {i}" for i in range(50)}
    assert [len(d) for d in tune[0].documents] == [CHUNK, 25 - CHUNK]


@pytest.mark.parametrize("limit", [4, 5, 20])
def test_no_more_sentences_than_asked_for(data: Path, recipe: Recipe, limit: int) -> None:
    assert len(devsets.clean(data, recipe.data, "tune", limit).samples) <= limit
    for devset in devsets.round_trips(data, recipe.data, "test", limit):
        assert len(devset.samples) <= limit
    for devset in devsets.post_edits(data, "tune", limit):
        assert len(devset.samples) <= limit


def test_shifted_round_trips_are_left_out(tmp_path: Path, recipe: Recipe) -> None:
    text = "the wolf walks in the river"
    shifted = {"es": "anna sits and speaks at bank", "gl": "The wolf walk in river"}
    rows = [
        {"origin": "o", "doc": f"d{i // 4}", "text": f"{text} {i}", "roundtrip": shifted}
        for i in range(80)
    ]
    write(tmp_path / "roundtrip.jsonl.gz", rows)
    es, _, _, gl = devsets.round_trips(tmp_path, recipe.data, "tune", 999)
    assert not es.documents
    assert {s.text for s in gl.samples} == {"The wolf walk in river"}


def test_news_is_spread_over_its_documents(tmp_path: Path) -> None:
    rows = [{"text": f"Line {i}.", "doc": f"n{i // 60}"} for i in range(240)]
    write(tmp_path / "news_dev.jsonl.gz", rows)
    some = devsets.news(tmp_path, 80)
    assert len(some.samples) == 80
    assert {int(d[0].text.split()[1].rstrip(".")) // 60 for d in some.documents} == {0, 1, 2, 3}
    assert len(devsets.news(tmp_path, 999).samples) == 240
    assert all(s.text == s.reference for s in some.samples)


def test_learner_sentences_come_with_their_rewrites(data: Path) -> None:
    found = list(devsets.learner(data, 2))
    assert len(found) == 2
    assert found[0][0] == "He walk ."
    assert len(found[0][1]) == 4


def test_segments_are_whole_sentences() -> None:
    first, second = devsets.segments([Sample("One.", "1"), Sample("Two more.", "2")])
    assert (first.id, first.text, first.span.of("One."), first.line) == ("p1.s1", "One.", "One.", 1)
    assert (second.id, second.paragraph, len(second.span)) == ("p2.s1", 1, 9)
