"""BLEU, chrF and TER are sacrebleu's, to the last bit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.significance import PairedTest

from mtqa.errors import InputError, PairingError
from mtqa.scoring.metrics import compare, metric_named
from mtqa.scoring.overlap import OverlapMetric, OverlapOptions, score
from mtqa.stats import value

MODEST = settings(max_examples=50, deadline=None)
LINES = st.lists(
    st.sampled_from(["the", "The", "wolf", "is", "here", ",", ".", "1,000", "🐺", "e\u0301"])
    | st.text(max_size=4),
    max_size=9,
).map(" ".join)
ORACLES = {"bleu": BLEU, "chrf": lambda: CHRF(word_order=2), "ter": TER}

REFERENCES = (
    "The minister denied the report on Tuesday.",
    "Nobody was hurt in the fire, the police said.",
    "The price of bread rose by 12 per cent last year.",
    "“We did not expect this,” the mayor added.",
    "The trial continues next week.",
)
BAD = (
    "The minister has denied the report in the Tuesday.",
    "Nobody was not hurt at the fire, said police.",
    "The price of the bread has risen about 12 per cent past year.",
    "“This we did not expect,” added the mayor.",
    "The trial continues the next week.",
)


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    size, streams = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    texts = st.lists(LINES, min_size=size, max_size=size)
    references = [draw(texts) for _ in range(streams)]
    return draw(texts | st.just(references[0])), references


@pytest.mark.parametrize("metric", ["bleu", "chrf", "ter"])
@MODEST
@given(corpora())
def test_figures_and_signatures_are_those_of_sacrebleu(
    metric: OverlapMetric, corpus: tuple[list[str], list[list[str]]]
) -> None:
    hypotheses, references = corpus
    oracle = ORACLES[metric]()
    expected = oracle.corpus_score(hypotheses, references)
    got = score(hypotheses, references, metric)
    assert (got.metric, got.value) == (expected.name, expected.score)
    assert got.signature == oracle.get_signature().format()
    assert len(got.stats) == len(hypotheses)
    # The statistic that is bootstrapped is the same function, for many sums at once.
    assert value(got.stats, metric_named(got.metric).statistic) == pytest.approx(expected.score)


@pytest.mark.parametrize(
    ("metric", "options", "oracle"),
    [
        ("bleu", OverlapOptions(tokenize="intl", lowercase=True), BLEU(True, tokenize="intl")),
        ("chrf", OverlapOptions(chrf_word_order=0, chrf_beta=3), CHRF(beta=3)),
        (
            "chrf",
            OverlapOptions(chrf_char_order=4, chrf_whitespace=True, lowercase=True),
            CHRF(4, 2, lowercase=True, whitespace=True),
        ),
        ("ter", OverlapOptions(ter_normalized=True, ter_no_punct=True), TER(True, True)),
        (
            "ter",
            OverlapOptions(ter_asian_support=True, ter_case_sensitive=True),
            TER(asian_support=True, case_sensitive=True),
        ),
    ],
)
def test_options_reach_sacrebleu(
    metric: OverlapMetric, options: OverlapOptions, oracle: BLEU | CHRF | TER
) -> None:
    expected = oracle.corpus_score(BAD, [REFERENCES])
    got = score(BAD, [REFERENCES], metric, options=options)
    assert (got.metric, got.value) == (expected.name, expected.score)
    assert got.signature == oracle.get_signature().format()
    assert value(got.stats, metric_named(got.metric).statistic) == pytest.approx(expected.score)


def test_a_segment_may_have_fewer_references() -> None:
    second = ["The minister denied it.", None, None, None, None]
    got = score(BAD, [REFERENCES, second], "bleu")
    assert got.value == BLEU().corpus_score(BAD, [REFERENCES, second]).score
    assert "nrefs:var" in got.signature


@pytest.mark.parametrize("metric", ["bleu", "chrf", "ter"])
def test_blank_segments_stay_and_change_nothing_alone(metric: OverlapMetric) -> None:
    plain = score(BAD, [REFERENCES], metric)
    blank = score([*BAD, "", " "], [[*REFERENCES, "", ""]], metric)
    assert len(blank.stats) == len(plain.stats) + 2
    assert blank.value == pytest.approx(plain.value)


@pytest.mark.parametrize("metric", ["bleu", "chrf", "ter"])
@pytest.mark.parametrize(("text", "reference"), [("wolf", ""), ("", "wolf"), ("", "")])
def test_one_side_may_be_empty(metric: OverlapMetric, text: str, reference: str) -> None:
    got = score([text], [[reference]], metric)
    assert got.value == ORACLES[metric]().corpus_score([text], [[reference]]).score
    assert value(got.stats, metric_named(got.metric).statistic) == got.value
    assert got.low is None


@pytest.mark.parametrize(
    ("hypotheses", "references"), [(BAD, [REFERENCES[:1]]), (BAD[:1], [REFERENCES])]
)
def test_unequal_lengths_are_refused(
    hypotheses: Sequence[str], references: Sequence[Sequence[str]]
) -> None:
    counts = f"{len(hypotheses)} segments to score and {len(references[0])} references"
    with pytest.raises(PairingError, match=counts):
        score(hypotheses, references, "chrf")


def test_the_message_says_where_texts_drift_apart() -> None:
    without_third = [*REFERENCES[:2], *REFERENCES[3:]]
    with pytest.raises(PairingError, match=r"reference set 1: .*drift apart at segment 3"):
        score(BAD, [without_third], "chrf")


def test_what_cannot_be_scored_is_refused() -> None:
    with pytest.raises(InputError, match="nothing to score"):
        score([], [[]], "bleu")
    with pytest.raises(InputError, match="no reference"):
        score(BAD, [], "bleu")
    with pytest.raises(PairingError, match="segment 2 has no reference"):
        score(BAD[:2], [["a", None]], "ter")
    with pytest.raises(InputError, match=r"'13b'.*13a"):
        score(BAD, [REFERENCES], "bleu", options=OverlapOptions(tokenize="13b"))


@pytest.mark.parametrize("metric", ["bleu", "chrf", "ter"])
def test_the_paired_test_agrees_with_sacrebleus(
    metric: OverlapMetric, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Oracle: sacrebleu's approximate randomisation, with its own draws.
    monkeypatch.delenv("SACREBLEU_SEED", raising=False)
    partly = [*REFERENCES[:3], *BAD[3:]]
    named = [("before", list(BAD)), ("after", partly)]
    _, table = PairedTest(named, {metric: ORACLES[metric]()}, [REFERENCES], n_samples=2000)()
    before, after = (score(texts, [REFERENCES], metric) for _, texts in named)
    ours = compare(before, after, n=2000)
    theirs = table[before.metric][1]
    assert ours.difference == pytest.approx(theirs.score - before.value)
    # sacrebleu counts only what exceeds the difference observed, and so misses the two
    # swappings (of 2^5, or of 2^3 that matter) that give it back exactly.
    assert theirs.p_value - 0.04 <= ours.p_value <= theirs.p_value + 2 / 2**3 + 0.04
    assert ours.p_value > 0.05
