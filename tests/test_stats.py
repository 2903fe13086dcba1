"""The bootstrap and the paired test, against naive versions of themselves."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa import stats
from mtqa.stats import Floats, FluencyScale, bootstrap, paired_test, value

MODEST = settings(max_examples=30, deadline=None)
COUNTS = st.integers(0, 50).map(float)
ROWS = st.lists(st.tuples(COUNTS, st.integers(1, 50).map(float)), min_size=2, max_size=12)
PAIRED = st.lists(st.tuples(COUNTS, COUNTS, st.integers(1, 50).map(float)), min_size=2, max_size=12)


def rate(sums: Floats) -> Floats:
    return 100 * sums[:, 0] / sums[:, 1]


def undefined_at_zero(sums: Floats) -> Floats:
    return np.where(sums[:, 0] > 0, sums[:, 0], np.nan)


@MODEST
@given(ROWS)
def test_the_interval_is_that_of_resampled_rows(rows: list[tuple[float, float]]) -> None:
    # Oracle: the definition, one resample at a time, from the same draws.
    rng = np.random.default_rng(7)
    draws = rng.integers(len(rows), size=(200, len(rows)))
    values = [100 * sum(rows[i][0] for i in d) / sum(rows[i][1] for i in d) for d in draws]
    expected = np.percentile(values, [2.5, 97.5])
    got = bootstrap(rows, rate, n=200, seed=7)
    if not any(cell for row in rows for cell in row):
        assert got is None
    else:
        assert got is not None
        assert [got.low, got.high] == pytest.approx(list(expected))


@MODEST
@given(PAIRED)
def test_memory_limits_change_no_figure(rows: list[tuple[float, float, float]]) -> None:
    a, b = [(x, n) for x, _, n in rows], [(y, n) for _, y, n in rows]
    before = bootstrap(a, rate, n=100), paired_test(a, b, rate, n=100)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stats, "_CELLS", 20)
        assert (bootstrap(a, rate, n=100), paired_test(a, b, rate, n=100)) == before


def test_more_data_gives_a_narrower_interval_and_more_confidence_a_wider_one() -> None:
    rows = [(1.0, 2.0), (0.0, 2.0), (2.0, 2.0)]
    few, many = bootstrap(rows, rate), bootstrap(rows * 20, rate)
    sure = bootstrap(rows * 20, rate, confidence=0.99)
    assert few is not None
    assert many is not None
    assert sure is not None
    assert sure.low < many.low < 50 < many.high < sure.high
    assert few.low < sure.low < sure.high < few.high


def test_clusters_are_resampled_whole() -> None:
    rows = [(1.0, 1.0), (0.0, 1.0), (1.0, 1.0), (0.0, 1.0), (1.0, 1.0), (0.0, 1.0)]
    articles = ["x", "y", "x", "y", "z", "z"]
    sums = [(2.0, 2.0), (0.0, 2.0), (1.0, 2.0)]
    assert bootstrap(rows, rate, clusters=articles) == bootstrap(sums, rate)
    better = [(n, n) for _, n in rows]
    whole = [(2.0, 2.0)] * 3
    assert paired_test(rows, better, rate, clusters=articles) == paired_test(sums, whole, rate)
    assert bootstrap(rows, rate, clusters=["x"] * 6) is None


@pytest.mark.parametrize(
    "rows",
    [
        [(3.0, 4.0)],  # one segment says nothing about others
        [(0.0, 0.0)] * 5,  # nothing happened at all
        [(0.0, 1.0)] * 9 + [(1.0, 1.0)],  # undefined in a third of the resamples
    ],
)
def test_an_interval_that_cannot_be_given_is_none(rows: list[tuple[float, float]]) -> None:
    assert bootstrap(rows, undefined_at_zero) is None


def test_a_value_that_is_not_defined_is_none() -> None:
    assert value([(0.0,), (0.0,)], undefined_at_zero) is None
    assert value([(0.0,), (2.0,)], undefined_at_zero) == 2


@MODEST
@given(PAIRED)
def test_a_text_does_not_differ_from_itself(rows: list[tuple[float, float, float]]) -> None:
    a = [(x, n) for x, _, n in rows]
    result = paired_test(a, a, rate, n=50)
    assert (result.difference, result.p_value, result.detectable) == (0, 1, None)
    assert (result.low, result.high) == (0, 0)


@MODEST
@given(PAIRED)
def test_the_test_is_two_sided(rows: list[tuple[float, float, float]]) -> None:
    a, b = [(x, n) for x, _, n in rows], [(y, n) for _, y, n in rows]
    there, back = paired_test(a, b, rate, n=50), paired_test(b, a, rate, n=50)
    assert there.difference == pytest.approx(-back.difference)
    assert there.p_value == back.p_value
    assert there.low is not None
    assert back.high is not None
    assert there.low == pytest.approx(-back.high)


@MODEST
@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=2, max_size=7))
def test_the_p_value_is_near_the_exact_one(pairs: list[tuple[float, float]]) -> None:
    # Oracle: every one of the 2^n swappings, for a difference of sums.
    gaps = [b - a for a, b in pairs]
    seen = abs(sum(gaps))
    sums = [
        abs(sum(s * g for s, g in zip(signs, gaps, strict=True)))
        for signs in product((1, -1), repeat=len(gaps))
    ]
    exact = sum(total >= seen for total in sums) / len(sums)
    a, b = [(x,) for x, _ in pairs], [(y,) for _, y in pairs]
    # Four standard errors of a share counted in 2,000 draws.
    assert paired_test(a, b, lambda s: s[:, 0], n=2000).p_value == pytest.approx(exact, abs=0.045)


def test_few_segments_are_never_significant_and_many_alike_are() -> None:
    better = [(1.0, 2.0)], [(2.0, 2.0)]
    assert paired_test(better[0] * 3, better[1] * 3, rate).p_value > 0.05
    result = paired_test(better[0] * 20, better[1] * 20, rate)
    assert result.p_value == pytest.approx(1 / 1001)
    assert result.difference == 50


def test_differences_by_chance_are_called_so() -> None:
    # Both sides from one distribution: at the 5 % level, about one in twenty is "found".
    rng = np.random.default_rng(3)
    found = 0
    for _ in range(200):
        lengths = rng.integers(10, 100, size=12)
        shares = rng.beta(2, 8, size=12)
        a, b = (np.c_[rng.binomial(lengths, shares), lengths].tolist() for _ in range(2))
        found += paired_test(a, b, rate, n=200).p_value < 0.05
    assert 1 <= found <= 20


def test_what_is_detectable_shrinks_with_data() -> None:
    rng = np.random.default_rng(4)
    a = [(float(x), 100.0) for x in rng.integers(0, 30, size=400)]
    b = [(float(x), 100.0) for x in rng.integers(0, 30, size=400)]
    few, many = paired_test(a[:25], b[:25], rate), paired_test(a, b, rate)
    assert few.detectable is not None
    assert many.detectable is not None
    assert few.detectable == pytest.approx(4 * many.detectable, rel=0.4)


def test_sides_that_do_not_correspond_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot pair 2 rows with 1"):
        paired_test([(1.0,)] * 2, [(1.0,)], undefined_at_zero)
    with pytest.raises(ValueError, match="cannot pair 0 rows"):
        paired_test([], [], undefined_at_zero)
    with pytest.raises(ValueError, match="unlike rows"):
        paired_test([(1.0,)], [(1.0, 2.0)], undefined_at_zero)
    with pytest.raises(ValueError, match="not defined over all rows"):
        paired_test([(0.0,)] * 3, [(1.0,)] * 3, undefined_at_zero)
    with pytest.raises(ValueError, match="2 cluster labels for 3 rows"):
        bootstrap([(1.0,)] * 3, undefined_at_zero, clusters="xy")
    with pytest.raises(ValueError, match="non-empty table"):
        bootstrap([], undefined_at_zero)


def test_a_fluency_scale_has_a_width() -> None:
    with pytest.raises(ValueError, match="positive"):
        FluencyScale(midpoint=-1.0, width=0.0, source="x")
