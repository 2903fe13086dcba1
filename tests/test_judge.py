from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mtqa.editor.base import EditorInfo, Proposal, Reading
from mtqa.edits import Edit, apply, diff
from mtqa.errors import InputError
from mtqa.findings import doubts
from mtqa.formats import GoldSpan
from mtqa.judge import digest, judge
from mtqa.report import JudgePolicy, Options, Report, from_json, to_json
from mtqa.stats import FluencyScale
from mtqa.text import Document, Segment, Span
from mtqa.text.document import document, with_references
from mtqa.text.words import words

INFO = EditorInfo("test/any", "sha256:00", "", "float32", "cpu", "greedy", "")
SCALE = FluencyScale(-0.5, 0.2, "made up")
POLICY = JudgePolicy()

vocabulary = st.sampled_from(
    [
        "The",
        "wolf",
        "is",
        "not",
        "here",
        "here",
        ".",
        "1994",
        "🎭",
        "e\u0301",
        "\u202e",
        "\r\n",
        "\n\n",
    ]
)
texts = st.lists(vocabulary, min_size=1, max_size=25).map(" ".join) | st.text(min_size=1)


@st.composite
def readings(draw: st.DrawFn, segment: Segment) -> Reading:
    """Any reading that an editor could give of a segment."""
    text = segment.text
    proposals = []
    for edit in diff(text, draw(texts)):
        refused = draw(st.sampled_from([None, None, "confidence", "number", "name"]))
        confidence = draw(st.floats(0, 1))
        proposals.append(Proposal(edit, confidence, -0.5, -2.0, None, refused))
    tokens = (*words(text), Span(len(text), len(text)))
    n = len(tokens)
    heads = draw(st.none() | st.lists(st.floats(0, 1), min_size=n, max_size=n).map(tuple))
    kept = [p.edit for p in proposals if p.refused is None]
    return Reading(
        segment_id=segment.id,
        proposals=tuple(proposals),
        cleaned=apply(text, kept),
        tokens=tokens,
        logprobs=tuple(draw(st.lists(st.floats(-20, 0), min_size=n, max_size=n))),
        error_probs=heads,
        truncated=False,
    )


@st.composite
def judged(draw: st.DrawFn) -> Report:
    article = document(draw(texts))
    assume(article.segments)
    read = [draw(readings(segment)) for segment in article.segments]
    return judge(article, read, editor=INFO, scale=draw(st.none() | st.just(SCALE)))


@settings(deadline=None, max_examples=50)
@given(judged())
def test_findings_hold_together(report: Report) -> None:
    text = report.document.text
    segments = {segment.id: segment for segment in report.document.segments}
    for finding in report.findings:
        assert finding.span.of(text) == finding.surface
        home = segments[finding.segment_id].span
        assert home.start <= finding.span.start <= finding.span.end <= home.end
        assert 0 <= finding.confidence <= 1
        assert (finding.fix is not None) == finding.rule.startswith("edit.")
        assert finding.fix is None or finding.fix.span == finding.span
    assert list(report.findings) == sorted(report.findings, key=lambda f: (f.span, f.rule))


@settings(deadline=None, max_examples=50)
@given(judged())
def test_the_fixes_make_the_cleaned_text_and_the_readings_agree(report: Report) -> None:
    fixes = [finding.fix for finding in report.findings if finding.fix is not None]
    assert apply(report.document.text, fixes) == report.cleaned
    for reading in report.readings:
        assert reading.cleaned in report.cleaned


@settings(deadline=None, max_examples=50)
@given(judged())
def test_doubts_are_whole_words_apart_from_the_edits(report: Report) -> None:
    text = report.document.text
    for segment in report.document.segments:
        starts = {w.start + segment.span.start for w in words(segment.text)}
        ends = {w.end + segment.span.start for w in words(segment.text)}
        mine = [f for f in report.findings if f.segment_id == segment.id]
        unlikely = [f.span for f in mine if f.rule.startswith("unlikely.")]
        taken = [f.span for f in mine if not f.rule.startswith("unlikely.")]
        for span in unlikely:
            assert span.start in starts
            assert span.end in ends
            assert not any(t.start < span.end and span.start < t.end for t in taken if len(t))
            assert not any(span.start < t.start < span.end for t in taken)
        for left, right in pairwise(unlikely):
            gap = Span(left.end, right.start)
            assert gap.of(text).strip() or any(t.overlaps(gap) for t in taken)


@settings(deadline=None, max_examples=25)
@given(judged())
def test_any_report_survives_json(report: Report) -> None:
    assert from_json(to_json(report)) == report


def _reading(
    text: str, errors: dict[str, float], logprob: float = -0.1
) -> tuple[Document, Reading]:
    article = document(text)
    tokens = (*words(text), Span(len(text), len(text)))
    return article, Reading(
        segment_id="p1.s1",
        proposals=(),
        cleaned=text,
        tokens=tokens,
        logprobs=(logprob,) * len(tokens),
        error_probs=tuple(errors.get(token.of(text), 0.0) for token in tokens),
        truncated=False,
    )


def test_neighbouring_doubts_are_one_and_take_the_highest_confidence() -> None:
    text = "He sat in the brink of it."
    _, reading = _reading(text, {"in": 0.6, "the": 0.9, "brink": 0.7, "it": 0.5})
    found = doubts(text, reading, policy=POLICY)
    assert [(d.span.of(text), d.confidence) for d in found] == [("in the brink", 0.9), ("it", 0.5)]


def test_an_unlikely_token_needs_less_of_the_error_head() -> None:
    text = "He sat in the brink."
    _, likely = _reading(text, {"brink": 0.3}, logprob=-0.1)
    _, unlikely = _reading(text, {"brink": 0.3}, logprob=-3.5)
    assert doubts(text, likely, policy=POLICY) == ()
    assert [d.span.of(text) for d in doubts(text, unlikely, policy=POLICY)] == ["brink"]


def test_without_an_error_head_the_keep_probability_decides() -> None:
    text = "He sat."
    _, reading = _reading(text, {}, logprob=-4.0)
    bare = replace(reading, error_probs=None)
    (doubt,) = doubts(text, bare, policy=POLICY)
    assert doubt.span == Span(0, 7)
    assert doubt.confidence == pytest.approx(0.98168, abs=1e-5)  # 1 - exp(-4)


def test_part_of_a_word_makes_the_whole_word_doubtful() -> None:
    text = "The unbelievably odd."
    reading = Reading("p1.s1", (), text, (Span(4, 6), Span(6, 16)), (-0.1, -0.1), (0.0, 0.8), False)
    (doubt,) = doubts(text, reading, policy=POLICY)
    assert doubt.span.of(text) == "unbelievably"


def _judge_one(text: str, *proposals: Proposal, reference: str | None = None) -> Report:
    article, reading = _reading(text, {})
    if reference is not None:
        article = with_references(article, [document(reference)])
    read = replace(reading, proposals=proposals)
    return judge(article, [read], editor=INFO, scale=SCALE)


def test_a_refused_edit_is_a_finding_only_if_the_editor_was_sure() -> None:
    edit = Edit(Span(8, 12), "1995")
    sure = Proposal(edit, 0.9, -0.1, -3, None, "number", "1994 -> 1995")
    report = _judge_one("It cost 1994 euros.", sure)
    (finding,) = report.findings
    assert (finding.rule, finding.severity, finding.fix) == ("refused.number", "major", None)
    assert "1994 -> 1995" in finding.message
    assert report.cleaned == "It cost 1994 euros."
    assert _judge_one("It cost 1994 euros.", replace(sure, confidence=0.4)).findings == ()
    for reason in ("confidence", "overlap", "protected", "url"):
        assert _judge_one("It cost 1994 euros.", replace(sure, refused=reason)).findings == ()


def test_against_a_reference_the_cleaned_text_is_better() -> None:
    edit = Proposal(Edit(Span(9, 14), "edge"), 0.9, -0.1, -3, None)
    report = _judge_one(
        "The very brink of the seat was his.", edit, reference="The very edge of the seat was his."
    )
    by_name = {c.before.metric: c for c in report.comparisons}
    assert set(by_name) == {"BLEU", "chrF2++", "TER"}
    assert by_name["BLEU"].paired.difference > 0 > by_name["TER"].paired.difference
    harm, f05 = report.score("harm rate"), report.score("edit F0.5")
    assert harm is not None
    assert f05 is not None
    assert (harm.value, f05.value, by_name["BLEU"].after.value) == (0.0, 100.0, pytest.approx(100))


def test_without_reference_or_gold_nothing_is_claimed_about_them() -> None:
    report = _judge_one("The seat was his.")
    assert [score.metric for score in report.scores] == ["fluency", "MQM (google)"]
    assert report.comparisons == report.floors == ()


def test_gold_spans_give_span_scores_with_floors() -> None:
    article, reading = _reading("The brink was his.", {"brink": 0.9})
    gold = GoldSpan(Span(4, 9), "brink", "edge", "Accuracy/Mistranslation", "minor")
    report = judge(article, [reading], editor=INFO, scale=SCALE, gold=[gold])
    f1 = report.score("span F1")
    assert f1 is not None
    assert f1.value == 100
    everything = 100 * 2 * 5 / (18 + 5)  # all 18 characters marked, 5 of them right
    assert report.floors[0].score.value == pytest.approx(everything)
    assert {floor.label.split()[0] for floor in report.floors} == {"every", "nothing"}


def test_a_truncated_reading_is_a_failure_with_its_line() -> None:
    article, reading = _reading("The seat was his.", {})
    report = judge(article, [replace(reading, truncated=True)], editor=INFO, scale=SCALE)
    (failure,) = report.failures
    assert failure.segment_id == "p1.s1"
    assert "line 1" in failure.what


def test_the_digest_is_that_of_the_file() -> None:
    data = "\ufeffZoë\r\n".encode()
    article = document("Zoë\r\n", bom=True)
    assert digest(article) == f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_a_scheme_that_does_not_exist_is_refused() -> None:
    article, reading = _reading("The seat was his.", {})
    with pytest.raises(InputError, match="use google, xcomet"):
        judge(article, [reading], editor=INFO, scale=None, options=Options(mqm_scheme="x"))


def test_readings_of_another_document_are_our_bug() -> None:
    article, reading = _reading("The seat was his.", {})
    with pytest.raises(ValueError, match="do not match"):
        judge(article, [replace(reading, segment_id="p9.s9")], editor=INFO, scale=None)


def test_no_text_is_refused() -> None:
    with pytest.raises(InputError, match="no text"):
        judge(document("\n \n"), [], editor=INFO, scale=None)
