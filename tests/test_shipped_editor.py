"""The editor that ships, on the article that mtqa exists for, with the network forbidden."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

import mtqa
from mtqa.editor import load_editor
from mtqa.editor.base import Editor
from mtqa.editor.folder import SHIPPED
from mtqa.edits import apply
from mtqa.formats.article import read_article
from mtqa.pipeline import check_document
from mtqa.report import Report
from mtqa.scoring.edit_match import Correction, match_edits
from mtqa.scoring.fluency import sentence_fluency
from mtqa.text.document import document

CARNEY = Path(__file__).parents[1] / "references" / "carney"
MEGABYTE = 1_000_000


class NetworkUsed(Exception):
    pass


@pytest.fixture(autouse=True, scope="module")
def _no_network() -> Iterator[None]:
    def refuse(*_: object, **__: object) -> None:
        raise NetworkUsed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", refuse)
        patch.setattr(socket, "create_connection", refuse)
        yield


@pytest.fixture(scope="module")
def editor() -> Editor:
    return load_editor()


@pytest.fixture(scope="module")
def report(editor: Editor) -> Report:
    article = read_article(CARNEY)
    return check_document(article.document, editor, gold=article.gold)


def test_it_is_small_enough_to_ship() -> None:
    sizes = [file.stat().st_size for file in SHIPPED.glob("*.safetensors")]
    assert sum(sizes) <= 64 * MEGABYTE
    assert max(sizes) <= 15 * MEGABYTE


def test_transformers_loads_it_by_itself() -> None:
    from transformers import AutoModelForSeq2SeqLM

    model, info = AutoModelForSeq2SeqLM.from_pretrained(SHIPPED, output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    assert model.config.is_encoder_decoder


def test_every_offset_on_the_article_is_exact(report: Report) -> None:
    text = report.document.text
    assert text == CARNEY.joinpath("mt.txt").read_bytes().decode()
    for segment, reading in zip(report.document.segments, report.readings, strict=True):
        assert segment.span.of(text) == segment.text
        assert len(reading.tokens) == len(reading.logprobs) == len(reading.error_probs or ())
        assert all(
            token.of(segment.text) == token.of(segment.text).strip() for token in reading.tokens
        )
        assert reading.cleaned == apply(segment.text, reading.kept)
    assert report.findings
    for finding in report.findings:
        assert finding.span.of(text) == finding.surface


def test_what_is_not_edited_keeps_its_bytes(editor: Editor) -> None:
    article = read_article(CARNEY.parent / "otters")
    report = check_document(article.document, editor)
    edits = [finding.fix for finding in report.findings if finding.fix]
    assert edits
    assert apply(report.document.text, edits) == report.cleaned


def test_it_does_not_harm_the_article(report: Report) -> None:
    for comparison in report.comparisons:
        loss = comparison.paired.difference * (-1 if comparison.before.higher_is_better else 1)
        assert loss <= 0.5, comparison.before.metric


def test_it_brings_broken_articles_closer_to_their_references(editor: Editor) -> None:
    corrections = []
    for name in ("otters", "soup", "bridge", "derby", "volcano", "ferry"):
        article = read_article(CARNEY.parent / name)
        found = check_document(article.document, editor)
        cleaned = [line.strip() for line in found.cleaned.splitlines() if line.strip()]
        for paragraph, text in zip(article.document.paragraphs, cleaned, strict=True):
            corrections.append(Correction(paragraph.text, text, paragraph.references))
    match = match_edits(corrections)
    assert sum(map(len, match.edits)) >= 10
    assert match.helpful is not None
    assert match.harm is not None
    assert match.helpful.value > 60 > 25 > match.harm.value


def test_it_sees_errors_that_anyone_sees(report: Report) -> None:
    seen = {f.surface for f in report.findings}
    assert any("widely" in surface for surface in seen)


def test_its_answers_do_not_depend_on_the_company(editor: Editor, report: Report) -> None:
    segments = report.document.segments
    together = editor.read(segments)
    for number in (0, 5, len(segments) - 1):
        (alone,) = editor.read([segments[number]])
        assert alone.logprobs == pytest.approx(together[number].logprobs, abs=1e-4)
        assert [p.edit for p in alone.proposals] == [p.edit for p in together[number].proposals]


CLEAN = """The council approved the plan on Tuesday after a short debate.
Most residents welcomed the decision, although some of them had hoped for a larger park.
Work is expected to begin in the spring and to take about two years."""


def _fluency(editor: Editor, text: str) -> float:
    readings = editor.read(document(text).segments)
    values = [sentence_fluency(r.logprobs, editor.fluency_scale) for r in readings]
    return sum(values) / len(values)


def _shuffled(text: str) -> str:
    rng = random.Random(1)
    lines = [line.split() for line in text.splitlines()]
    for words in lines:
        rng.shuffle(words)
    return "\n".join(" ".join(words) for words in lines)


@pytest.mark.parametrize(
    ("damaged", "margin"),
    [
        pytest.param(_shuffled(CLEAN), 20, id="shuffled"),
        pytest.param("Der Rat hat den Plan am Dienstag kurz gebilligt.", 20, id="german"),
        pytest.param("plan plan plan plan plan the the the the of of of.", 20, id="repeated"),
        # What it does not know at all it copies, so it doubts it less than it should.
        pytest.param("asdf qwer zxcv uiop hjkl vbnm tyui ghjk dfgh.\n" * 3, 5, id="gibberish"),
    ],
)
def test_clean_english_is_more_fluent_than_what_is_not(
    editor: Editor, damaged: str, margin: float
) -> None:
    assert _fluency(editor, CLEAN) > 60
    assert _fluency(editor, damaged) < _fluency(editor, CLEAN) - margin


def test_fluency_does_not_fall_with_length(editor: Editor) -> None:
    short = _fluency(editor, CLEAN)
    long = _fluency(editor, CLEAN.replace(".\n", ", and ").replace("\n", " "))
    assert long > short - 25


def test_clean_text_comes_back_byte_for_byte() -> None:
    text = "\ufeff".join(["", CLEAN.replace("\n", "\r\n")])[1:]
    assert mtqa.clean(text) == text
