"""A finding is the same finding wherever it stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtqa.gate.fingerprints import fingerprints, new_findings
from mtqa.report import Report

Make = Callable[..., Report]
SCRIPT = {"brink of my seat": "edge of my seat", "He go": "He goes", "informations": "information"}
LINES = (
    "He sat on the brink of my seat.",
    "He go there 🎭 every day.",
    "They have no informations.",
    "Nothing is wrong here.",
    "He go home.",
)
SAME_FIXTURE = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SAME_FIXTURE
@given(order=st.permutations(LINES), newline=st.sampled_from(["\n", "\r\n", "\n\n\n", "\r\n\t"]))
def test_moving_lines_makes_no_new_finding(
    make_report: Make, order: list[str], newline: str
) -> None:
    before, after = make_report("\n".join(LINES), SCRIPT), make_report(newline.join(order), SCRIPT)
    assert len(after.findings) == 4
    assert set(fingerprints(before)) == set(fingerprints(after))
    assert not any(new_findings(before, after))


@SAME_FIXTURE
@given(st.text(alphabet="xyz é\u0301🎭\u2028\u202e", max_size=12))
def test_edits_elsewhere_make_no_new_finding(make_report: Make, other: str) -> None:
    before = make_report("\n".join(LINES), SCRIPT)
    after = make_report("\n".join([f"{other} first", *LINES[1:], LINES[0]]), SCRIPT)
    assert not any(new_findings(before, after))


def test_the_same_error_once_more_is_new_and_the_one_in_the_new_sentence(make_report: Make) -> None:
    before = make_report("He go home.\nAll is well.", SCRIPT)
    after = make_report("He go away.\nHe go home.", SCRIPT)
    assert new_findings(before, after) == (True, False)


def test_another_error_is_new(make_report: Make) -> None:
    before = make_report("She left home. They have no informations.", SCRIPT)
    after = make_report("He go home. They have no informations.", SCRIPT)
    assert new_findings(before, after) == (True, False)


def test_confidence_and_severity_do_not_make_it_another(make_report: Make) -> None:
    before, after = (
        make_report("They have no informations.", {"informations": "data"}, confidence=sure)
        for sure in (0.6, 0.99)
    )
    assert before.findings[0].confidence != after.findings[0].confidence
    assert not any(new_findings(before, after))


@pytest.mark.parametrize("count", [1, 3])
def test_fingerprints_of_one_report_are_different(make_report: Make, count: int) -> None:
    report = make_report("He go home.\n" * count, SCRIPT)
    assert len(set(fingerprints(report))) == count
