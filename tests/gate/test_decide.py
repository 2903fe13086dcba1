"""What the gate says, and that it says it for the right reason."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtqa.errors import InputError
from mtqa.gate import METRICS, MIN_DOCUMENTS, Amount, Policy, Verdict, gate, measure
from mtqa.report import JudgePolicy, Options, Report
from mtqa.scoring.metrics import metric_named
from mtqa.text.document import document, with_references

Make = Callable[..., Report]
STRINGS = Policy(metrics=("bleu", "chrf", "ter"))
WORDS = (
    "wolf",
    "river",
    "stone",
    "quietly",
    "under",
    "seven",
    "bright",
    "walks",
    "over",
    "a",
    "old",
)


def _lines(count: int, seed: int = 1) -> list[str]:
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=12)) + f" {i}." for i in range(count)]


def _damaged(lines: list[str], every: int) -> list[str]:
    return [
        line.replace(" ", " xx ", 1) if i % every == 0 else line for i, line in enumerate(lines)
    ]


def _measured(lines: list[str], reference: list[str], path: str = "a.txt") -> Report:
    article = document("\n".join(lines), path=path)
    return measure(with_references(article, [document("\n".join(reference))]))


def _of(verdicts: tuple[Verdict, ...], metric: str) -> Verdict:
    return next(verdict for verdict in verdicts if verdict.metric.startswith(metric))


def test_the_same_report_passes(fixed_report: Report) -> None:
    result = gate([fixed_report], [fixed_report])
    assert result.exit_code == 0
    assert {verdict.outcome for verdict in result.verdicts} == {"PASS"}
    assert {v.p_value for v in result.verdicts} <= {1.0, None}
    assert not any(located.new for located in result.findings)
    assert not result.breaches


def test_damage_is_a_regression_and_the_way_back_is_none() -> None:
    reference = _lines(60)
    good, bad = _measured(reference, reference), _measured(_damaged(reference, 4), reference)
    worse, better = gate([good], [bad], policy=STRINGS), gate([bad], [good], policy=STRINGS)
    assert worse.exit_code == 1
    assert {v.outcome for v in worse.verdicts} == {"REGRESSED"}
    assert _of(worse.verdicts, "TER").difference > 0 > _of(worse.verdicts, "BLEU").difference  # type: ignore[operator]
    assert better.exit_code == 0
    assert {v.outcome for v in better.verdicts} == {"PASS"}


def test_a_drop_below_the_minimum_difference_is_no_regression() -> None:
    reference = _lines(60)
    good, bad = _measured(reference, reference), _measured(_damaged(reference, 4), reference)
    drop = -_of(gate([good], [bad], policy=STRINGS).verdicts, "BLEU").difference  # type: ignore[operator]
    for least, expected in ((drop * 0.99, "REGRESSED"), (drop * 1.01, "PASS")):
        policy = Policy(
            metrics=("bleu",),
            min_difference=(Amount("bleu", least),),
            matters=(Amount("bleu", 10 * drop),),
        )
        assert gate([good], [bad], policy=policy).verdicts[0].outcome == expected


def test_what_cannot_be_ruled_out_is_inconclusive_and_strict_makes_it_exit_2() -> None:
    reference = _lines(4)
    good, bad = _measured(reference, reference), _measured(_damaged(reference, 4), reference)
    result = gate([good], [bad], policy=STRINGS)
    assert {v.outcome for v in result.verdicts} == {"INCONCLUSIVE"}
    assert result.exit_code == 0
    assert any("too few" in notice for notice in result.notices)
    assert gate([good], [bad], policy=replace(STRINGS, strict=True)).exit_code == 2


def test_the_primary_metric_is_not_corrected_and_the_others_are() -> None:
    reference = _lines(12)
    good, bad = _measured(reference, reference), _measured(_damaged(reference, 2), reference)
    alone = {
        name: gate([good], [bad], policy=Policy(metrics=(name,))).verdicts[0].p_value
        for name in ("bleu", "chrf", "ter")
    }
    verdicts = gate([good], [bad], policy=replace(STRINGS, primary="bleu")).verdicts
    assert [v.primary for v in verdicts] == [True, False, False]
    assert verdicts[0].p_value == alone["bleu"]
    smaller = min(alone["chrf"], alone["ter"])  # type: ignore[type-var]
    assert min(v.p_value for v in verdicts[1:]) == 2 * smaller  # type: ignore[operator, type-var]


def test_documents_are_resampled_where_there_are_enough() -> None:
    reference = _lines(3 * MIN_DOCUMENTS)
    bad = _damaged(reference, 3)

    def reports(lines: list[str], count: int) -> list[Report]:
        return [
            _measured(lines[3 * i : 3 * i + 3], reference[3 * i : 3 * i + 3], f"{i}.txt")
            for i in range(count)
        ]

    many = gate(reports(reference, MIN_DOCUMENTS), reports(bad, MIN_DOCUMENTS), policy=STRINGS)
    assert (many.unit, many.documents, many.paragraphs) == (
        "document",
        MIN_DOCUMENTS,
        3 * MIN_DOCUMENTS,
    )
    assert _of(many.verdicts, "chrF").outcome == "REGRESSED"
    few = gate(reports(reference, 3), reports(bad, 3), policy=STRINGS)
    assert few.unit == "paragraph"
    assert any("paragraphs are resampled" in notice for notice in few.notices)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.randoms(use_true_random=False))
def test_the_order_of_documents_and_paragraphs_does_not_matter(rng: random.Random) -> None:
    reference, bad = _lines(12), _damaged(_lines(12), 3)
    order = list(range(12))
    rng.shuffle(order)
    before = _measured(reference, reference)
    straight = _measured(bad, reference)
    shuffled = _measured([bad[i] for i in order], [reference[i] for i in order])
    one, other = (gate([before], [after], policy=STRINGS) for after in (straight, shuffled))
    for a, b in zip(one.verdicts, other.verdicts, strict=True):
        assert a.after == pytest.approx(b.after)
        assert a.difference == pytest.approx(b.difference)
        assert b.outcome != "INCOMPARABLE"
    documents = [_measured([bad[i]], [reference[i]], f"{i}.txt") for i in order]
    assert gate(documents[::-1], documents, policy=STRINGS).exit_code == 0


INCOMPARABLE_EDITORS = {
    "weights": {"digest": "sha256:" + "f" * 64},
    "number format": {"dtype": "bfloat16"},
    "decoding": {"decoding": "beam4"},
    "prefix": {"prefix": "fix: "},
}


@pytest.mark.parametrize("change", INCOMPARABLE_EDITORS.values(), ids=INCOMPARABLE_EDITORS)
def test_another_editor_is_incomparable_and_both_are_named(
    make_report: Make, change: dict[str, str]
) -> None:
    text, ref = "He go home.", "He goes home."
    before = make_report(text, {"go": "goes"}, reference=ref)
    assert before.editor is not None
    after = make_report(text, {"go": "goes"}, reference=ref, info=replace(before.editor, **change))
    result = gate([before], [after])
    assert result.exit_code == 2
    by_metric = {v.metric: v for v in result.verdicts}
    assert by_metric["BLEU"].outcome == "PASS"
    assert by_metric["fluency"].outcome == "INCOMPARABLE"
    assert "in the baseline" in by_metric["fluency"].reason
    ((was, now),) = [(getattr(before.editor, key), value) for key, value in change.items()]
    assert now[:12] in by_metric["fluency"].reason
    assert was[:12] in by_metric["fluency"].reason
    assert all(located.new is None for located in result.findings)


def test_other_options_are_incomparable_and_named(make_report: Make) -> None:
    before = make_report("He go home.")
    after = make_report("He go home.", options=Options(judge=JudgePolicy(major_words=7)))
    result = gate([before], [after])
    assert result.exit_code == 2
    assert "major_words=7" in result.verdicts[0].reason
    assert "major_words=3" in result.verdicts[0].reason


def test_other_references_make_what_needs_them_incomparable(make_report: Make) -> None:
    before = make_report("He go home.", reference="He goes home.")
    after = make_report("He go home.", reference="He walks home.")
    outcomes = {v.metric: v.outcome for v in gate([before], [after]).verdicts}
    assert outcomes["fluency"] == "PASS"
    assert outcomes["BLEU"] == outcomes["edit F0.5"] == "INCOMPARABLE"
    reason = gate([before], [after]).verdicts[0].reason
    assert "He goes home." in reason
    assert "He walks home." in reason


def test_another_signature_is_incomparable(make_report: Make) -> None:
    before = make_report("He go home.")
    scores = tuple(replace(s, signature=s.signature + "x") for s in before.scores)
    result = gate([replace(before, scores=scores)], [before])
    assert {v.outcome for v in result.verdicts} == {"INCOMPARABLE"}


def test_missing_and_additional_documents_cannot_be_judged(make_report: Make) -> None:
    a, b, c = (make_report("He go home.", path=f"{name}.txt") for name in "abc")
    result = gate([a, b], [a, c])
    assert result.exit_code == 2
    assert any(p.startswith("b.txt is in the baseline") for p in result.problems)
    assert any(p.startswith("c.txt is not in the baseline") for p in result.problems)


def test_another_number_of_paragraphs_cannot_be_judged(make_report: Make) -> None:
    result = gate([make_report("One.\nTwo.")], [make_report("One.")])
    assert result.exit_code == 2
    assert "2 paragraphs" in result.problems[0]


def test_what_was_not_read_cannot_be_judged(make_report: Make) -> None:
    result = gate(None, [make_report("He go home.", truncated=True)])
    assert result.exit_code == 2
    assert "longer than the editor can read" in result.problems[0]


@pytest.mark.parametrize(
    ("fail_on_new", "code"), [(None, 0), ("critical", 1), ("major", 1), ("minor", 1)]
)
def test_a_new_finding_fails(make_report: Make, fail_on_new: str | None, code: int) -> None:
    # An edit that changes a number is critical.
    before = make_report("It costs ten euros. All is well.", {"10": "ten"})
    after = make_report("It costs 10 euros. All is well.", {"10": "12"})
    assert after.findings[0].severity == "critical"
    policy = Policy(metrics=("mqm",), fail_on_new=fail_on_new, matters=(Amount("mqm", 99),))  # type: ignore[arg-type]
    result = gate([before], [after], policy=policy)
    assert result.exit_code == code
    assert [b.kind for b in result.breaches] == ["new finding"] * code


def test_an_old_finding_fails_only_if_asked(make_report: Make) -> None:
    report = make_report("He go home.", {"go": "goes"})
    assert gate([report], [report]).exit_code == 0
    result = gate([report], [report], policy=Policy(fail_on="minor"))
    assert (result.exit_code, [b.kind for b in result.breaches]) == (1, ["finding"])


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        (Policy(minimum=(Amount("chrf", 100.0),)), 0),
        (Policy(maximum=(Amount("ter", 0.0),)), 0),
        (Policy(maximum=(Amount("bleu", 99.0),)), 1),
        (Policy(minimum=(Amount("ter", 0.5),)), 1),
        (Policy(minimum=(Amount("fluency", 1.0),)), 2),
    ],
)
def test_thresholds_need_no_baseline(policy: Policy, code: int) -> None:
    reference = _lines(5)
    assert gate(None, [_measured(reference, reference)], policy=policy).exit_code == code


def test_a_metric_that_nobody_has_cannot_be_judged(make_report: Make) -> None:
    report = make_report("He go home.")
    result = gate([report], [report], policy=Policy(metrics=("bleu",)))
    assert (result.exit_code, result.verdicts) == (2, ())


def test_no_such_metric_names_the_nearest() -> None:
    reference = _lines(2)
    with pytest.raises(InputError, match="did you mean 'fluency'"):
        gate(None, [_measured(reference, reference)], policy=Policy(metrics=("fluensy",)))


def test_string_metrics_alone_give_the_figures_of_the_whole_report(make_report: Make) -> None:
    text, ref = "He go home.\nAll is well.", "He goes home.\nAll is well."
    whole = make_report(text, {"go": "goes"}, reference=ref)
    alone = measure(whole.document)
    assert [c.before for c in whole.comparisons] == list(alone.scores)
    assert gate([whole], [alone], policy=STRINGS).exit_code == 0


def test_every_metric_is_one_that_scores_have() -> None:
    for metric in METRICS.values():
        full = {"chrF": "chrF2++", "MQM (": "MQM (google)"}.get(metric.score, metric.score)
        assert metric_named(full).name == full
