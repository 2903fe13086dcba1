"""Several systems against each other, held to sacrebleu's own paired test."""

from __future__ import annotations

import random

import pytest
from sacrebleu.metrics import CHRF
from sacrebleu.significance import PairedTest

from mtqa.errors import InputError, PairingError
from mtqa.gate.systems import System, contest
from mtqa.stats import holm

WORDS = ("wolf", "river", "stone", "quietly", "under", "seven", "bright", "walks", "over", "a")


def _lines(seed: int, count: int = 40) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=9)) for _ in range(count)]


def _noisy(lines: list[str], share: float, seed: int) -> tuple[str, ...]:
    rng = random.Random(seed)
    return tuple(
        " ".join(rng.choice(WORDS) if rng.random() < share else w for w in line.split())
        for line in lines
    )


REFERENCE = _lines(0)
SYSTEMS = [System(f"s{i}", _noisy(REFERENCE, share, i)) for i, share in enumerate((0.1, 0.12, 0.4))]


def test_the_verdicts_are_those_of_sacrebleu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SACREBLEU_SEED", "12345")
    found = contest(SYSTEMS, [REFERENCE], ["chrf"])
    first = [duel for duel in found.duels if duel.first == "s0"]
    # Oracle: sacrebleu's approximate randomisation, each system against the first.
    named = [(s.name, list(s.segments)) for s in SYSTEMS]
    metrics = {"chrF2++": CHRF(word_order=2)}
    _, theirs = PairedTest(named, metrics, [REFERENCE], test_type="ar", n_samples=1000)()
    for duel, other in zip(first, theirs["chrF2++"][1:], strict=True):
        assert duel.result.difference == pytest.approx(
            other.score - theirs["chrF2++"][0].score, abs=1e-3
        )
        # Two estimates from 1,000 swappings each: within four standard errors at p = 0.5.
        assert duel.result.p_value == pytest.approx(other.p_value, abs=4 * (0.5 / 1000) ** 0.5)


def test_every_pair_is_tested_and_corrected() -> None:
    found = contest(SYSTEMS, [REFERENCE], ["bleu", "ter"], n=200)
    assert [(d.metric, d.first, d.second) for d in found.duels] == [
        (metric, *pair)
        for metric in ("BLEU", "TER")
        for pair in (("s0", "s1"), ("s0", "s2"), ("s1", "s2"))
    ]
    for metric in ("BLEU", "TER"):
        own = [duel for duel in found.duels if duel.metric == metric]
        assert tuple(d.p_corrected for d in own) == holm([d.result.p_value for d in own])


def test_the_segments_that_differ_most_come_first() -> None:
    one = System("one", ("the same line", "a wolf walks over seven stones", "under a river"))
    two = System("two", ("the same line", "nothing of that kind was said", "under the river"))
    reference = ["the same line", "a wolf walks over seven stones", "under a river"]
    found = contest([one, two], [reference], ["chrf"], n=10)
    assert [each.number for each in found.most_different] == [2, 3]
    assert found.most_different[0].first == 100
    assert found.most_different[0].texts == (one.segments[1], two.segments[1])
    assert len(contest([one, two], [reference], ["chrf"], n=10, show=1).most_different) == 1


def test_a_system_is_not_different_from_its_copy() -> None:
    copy = System("copy", SYSTEMS[0].segments)
    (duel,) = contest([SYSTEMS[0], copy], [REFERENCE], ["chrf"], n=50).duels
    assert (duel.result.difference, duel.result.p_value, duel.p_corrected) == (0, 1, 1)


def test_what_cannot_be_compared() -> None:
    with pytest.raises(InputError, match="two or more systems"):
        contest(SYSTEMS[:1], [REFERENCE], ["chrf"])
    with pytest.raises(InputError, match="different names"):
        contest([SYSTEMS[0], SYSTEMS[0]], [REFERENCE], ["chrf"])
    with pytest.raises(PairingError):
        contest([SYSTEMS[0], System("x", ("one",))], [REFERENCE], ["chrf"])
