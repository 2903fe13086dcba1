"""One-sided paired tests and Holm's correction."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.stats import Floats, holm, paired_test

MODEST = settings(max_examples=30, deadline=None)
PAIRED = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=6)


def total(sums: Floats) -> Floats:
    return sums[:, 0]


@MODEST
@given(PAIRED)
def test_the_p_value_is_that_of_all_swappings(pairs: list[tuple[int, int]]) -> None:
    # Oracle: every one of the 2^n swappings; 4,000 random ones come near.
    a, b = [(float(x),) for x, _ in pairs], [(float(y),) for _, y in pairs]
    observed = sum(y - x for x, y in pairs)
    sums = [
        sum(s * (y - x) for s, (x, y) in zip(signs, pairs, strict=True))
        for signs in product((-1, 1), repeat=len(pairs))
    ]
    for side, extreme in (
        ("less", sum(s <= observed for s in sums)),
        ("greater", sum(s >= observed for s in sums)),
        ("two-sided", sum(abs(s) >= abs(observed) for s in sums)),
    ):
        found = paired_test(a, b, total, n=4000, alternative=side)  # type: ignore[arg-type]
        assert found.p_value == pytest.approx(extreme / len(sums), abs=0.04)


def test_a_one_sided_test_sees_smaller_differences() -> None:
    rng = np.random.default_rng(1)
    a = [(float(x),) for x in rng.normal(size=40)]
    b = [(float(x),) for x in rng.normal(size=40)]
    two, one = paired_test(a, b, total), paired_test(a, b, total, alternative="less")
    strict = paired_test(a, b, total, alternative="less", level=0.01)
    assert one.detectable is not None
    assert two.detectable is not None
    assert strict.detectable is not None
    # z(0.95), z(0.975) and z(0.99), each plus z(0.8), from a table of the normal distribution.
    assert two.detectable / one.detectable == pytest.approx((1.959964 + 0.841621) / 2.486475)
    assert strict.detectable / one.detectable == pytest.approx((2.326348 + 0.841621) / 2.486475)


@MODEST
@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_keeps_the_order_and_lowers_nothing(values: list[float]) -> None:
    corrected = holm(values)
    assert all(p <= c <= 1 for p, c in zip(values, corrected, strict=True))
    assert sorted(range(len(values)), key=lambda i: (values[i], i)) == sorted(
        range(len(values)), key=lambda i: (corrected[i], values[i], i)
    )
    if values:
        assert min(corrected) == min(1.0, len(values) * min(values))
