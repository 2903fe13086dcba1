"""The table of metrics, and what may be compared with what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mtqa.errors import PairingError
from mtqa.scoring.metrics import METRICS, Metric, compare, make_score, metric_named, signature
from mtqa.stats import Score


def made(rows: list[tuple[float, float]], **fields: str) -> Score:
    result = make_score(METRICS["TER"], rows, signature=signature(**fields))
    assert result is not None
    return result


def test_every_metric_is_known_by_its_name() -> None:
    assert all(metric_named(name) is metric for name, metric in METRICS.items())
    assert metric_named("chrF3").name == "chrF3"
    with pytest.raises(KeyError):
        metric_named("COMET")


def test_every_statistic_takes_many_sums_at_once() -> None:
    columns = {"BLEU": 10, "chrF2++": 24, "TER": 2, "span F1": 4, "edit F0.5": 3}
    rng = np.random.default_rng(0)
    for name, width in columns.items():
        metric = metric_named(name)
        sums = rng.integers(1, 30, size=(5, width)).astype(np.float64)
        one_by_one = [metric.statistic(row[None])[0] for row in sums]
        assert list(metric.statistic(sums)) == one_by_one


def test_a_score_carries_its_rows_and_interval() -> None:
    result = made([(1, 10), (3, 10), (0, 10), (2, 10)])
    assert result.value == 15
    assert result.low is not None
    assert result.high is not None
    assert result.low <= 15 <= result.high
    assert result.stats == ((1.0, 10.0), (3.0, 10.0), (0.0, 10.0), (2.0, 10.0))


def test_what_is_not_defined_is_none() -> None:
    metric = Metric("x", "0-100", True, lambda sums: np.full(len(sums), np.nan))
    assert make_score(metric, [(0.0,)], signature="") is None


def test_unlike_scores_are_not_compared() -> None:
    score = made([(1, 10), (3, 10)], case="lc")
    assert compare(score, score).p_value == 1
    with pytest.raises(PairingError, match=r"signatures.*case:lc.*case:mixed"):
        compare(score, made([(1, 10), (3, 10)], case="mixed"))
    with pytest.raises(PairingError, match=r"metrics.*'TER'.*'BLEU'"):
        compare(score, replace(score, metric="BLEU"))
    with pytest.raises(PairingError, match="2 segments before and 1 after"):
        compare(score, made([(1, 10)], case="lc"))
