"""The guard: what it refuses, what it lets through, and what holds whatever it is given."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.editor.base import Proposal, Reading
from mtqa.editor.guard import REASONS, GuardPolicy, apply_guard, document_names, guard
from mtqa.edits import Edit, apply, diff
from mtqa.errors import InputError
from mtqa.text import Segment, Span


def proposal(edit: Edit, confidence: float = 0.9) -> Proposal:
    return Proposal(edit, confidence, log_p_new=-0.1, log_p_keep=-5.0, error_prob=None)


def verdict(raw: str, new: str, policy: GuardPolicy | None = None) -> tuple[str | None, ...]:
    """The reasons for refusing the edits between two sentences."""
    found = guard(raw, [proposal(edit) for edit in diff(raw, new)], policy or GuardPolicy())
    return tuple(p.refused for p in found)


@pytest.mark.parametrize(
    ("raw", "new", "reason"),
    [
        ("It was in 1994.", "It was in 1995.", "number"),
        ("It cost $5.", "It cost €5.", "number"),
        ("It rose 5%.", "It rose 5.", "number"),
        ("The two men left.", "The three men left.", "number"),
        ("The twenty-one men left.", "The men left.", "number"),
        ("He came first and she second.", "He came second and she first.", "number"),
        ("We met on Monday.", "We met on Tuesday.", "number"),
        ("We met in May.", "We met in June.", "number"),
        ("We met at 10:30.", "We met at 10.", "number"),
        ("It took half a day.", "It took a day.", "number"),
        ("He met Putin there.", "He met Trump there.", "name"),
        ("He met her there.", "He met Anna there.", "name"),
        ("The NATO troops left.", "The troops left.", "name"),
        ("NATO left.", "Troops left.", "name"),
        ("An iPhone rang.", "A phone rang.", "name"),
        ("Then Obama met Putin here.", "Then Putin met Obama here.", "name"),
        ("He does not know.", "He does know.", "negation"),
        ("He doesn't know.", "He does know.", "negation"),
        ("He knows.", "He never knows.", "negation"),
        ("He came without them.", "He came with them.", "negation"),
        ("He was able to.", "He was unable to.", "negation"),
        ("It is a possible way.", "It is an impossible way.", "negation"),
        ("They hardly know.", "They know.", "negation"),
        ("It was harmless.", "It was harmful.", "negation"),
        ("See https://a.org/x now.", "See https://a.org/y now.", "url"),
        ("Write to a@b.org now.", "Write to c@b.org now.", "email"),
        ("Hello {name} there.", "Hello {nom} there.", "placeholder"),
        ("A <b>big</b> dog.", "A big dog.", "placeholder"),
        ("He said “no” to it.", "He said no to it.", "quotes"),
        ("He said 'no' to it.", "He said 'no to it.", "quotes"),
        ("It (the dog) ran.", "It (the dog ran.", "quotes"),
    ],
)
def test_refused(raw: str, new: str, reason: str) -> None:
    assert reason in verdict(raw, new)


@pytest.mark.parametrize(
    ("raw", "new"),
    [
        ("He go there.", "He goes there."),
        ("All of people left.", "All of the people left."),
        ("He has came in 1994.", "He came in 1994."),
        ("He doesn't knows.", "He doesn't know."),
        ("He does not knows.", "He doesn't know."),
        ("The house of Obama is big.", "The house of Obama's is big."),
        ("We met the american man.", "We met the American man."),
        ("Big dog barked.", "The big dog barked."),
        ("The dog barked yesterday.", "Yesterday the dog barked."),
        ("He said “no” to it.", 'He said "no" to it.'),
        ("The dogs tails wagged.", "The dogs' tails wagged."),
        ("No one is a fool.", "No one is fool."),
        ("There is no water.", "There isn't any water."),
        ("It is less than that.", "It is fewer than that."),
        ("I'm go there.", "I'm going there."),
    ],
)
def test_let_through(raw: str, new: str) -> None:
    assert set(verdict(raw, new)) == {None}


def test_what_was_seen_is_told() -> None:
    (found,) = guard("It was in 1994.", [proposal(Edit(Span(10, 14), "1995"))], GuardPolicy())
    assert (found.refused, found.detail) == ("number", "1994 -> 1995")


def test_confidence_comes_first() -> None:
    unsure = proposal(Edit(Span(10, 14), "1995"), 0.31)
    (found,) = guard("It was in 1994.", [unsure], GuardPolicy(min_confidence=0.5))
    assert (found.refused, found.detail) == ("confidence", "0.31 < 0.50")


def test_protected_terms_stay_and_allowed_ones_may_go() -> None:
    assert verdict(
        "a cloud drive here", "a cloud disk here", GuardPolicy(protect=("Cloud Drive",))
    ) == ("protected",)
    assert verdict("He met Putin.", "He met Trump.", GuardPolicy(allow=("Putin", "Trump"))) == (
        None,
    )


def test_without_checks_only_confidence_counts() -> None:
    policy = GuardPolicy(min_confidence=0.95, enabled=False)
    assert verdict("It was in 1994.", "It was in 1995.", policy) == ("confidence",)
    assert verdict("It was in 1994.", "It was in 1995.", GuardPolicy(enabled=False)) == (None,)


def test_the_surer_of_two_that_overlap_is_kept() -> None:
    text = "a big red dog"
    pair = [proposal(Edit(Span(2, 9), "small"), 0.6), proposal(Edit(Span(6, 9), "tan"), 0.8)]
    assert [p.refused for p in guard(text, pair, GuardPolicy())] == ["overlap", None]


def test_a_rewrite_is_no_correction() -> None:
    raw = " ".join(f"w{chr(97 + i)}" for i in range(12))
    assert verdict(raw, " ".join(f"x{chr(97 + i)}" for i in range(12))) == ("too-long",)


def test_names_known_from_elsewhere_are_kept_at_the_beginning() -> None:
    text = "Obama left."
    edits = [proposal(Edit(Span(0, 5), "He"))]
    names = document_names([Segment("p1.s1", "We saw Obama.", Span(0, 13), 0, 1)])
    assert guard(text, edits, GuardPolicy())[0].refused is None
    assert guard(text, edits, GuardPolicy(), names=names)[0].refused == "name"


def test_a_confidence_outside_0_to_1_is_refused() -> None:
    with pytest.raises(InputError):
        GuardPolicy(min_confidence=5)


_VOCABULARY = """
He not never 1994 two Obama Putin dog dogs the 5% $3 “ ” ( ) . , unable able May {x} a@b.org
www.x.org e\u0301 😀 -
"""
_WORDS = st.sampled_from((*_VOCABULARY.split(), "\u2028", "\u202e", "\0"))
_TEXT = st.lists(_WORDS, max_size=12).map(" ".join) | st.text(max_size=30)


@st.composite
def _cases(draw: st.DrawFn) -> tuple[str, list[Proposal]]:
    raw, new = draw(_TEXT), draw(_TEXT)
    # Edits of two rewrites: many of them overlap.
    edits = [*diff(raw, new), *diff(raw, draw(_TEXT))]
    sure = st.floats(0, 1)
    return raw, [proposal(edit, draw(sure)) for edit in edits]


@settings(max_examples=150, deadline=None)
@given(_cases(), st.floats(0, 1))
def test_laws(case: tuple[str, list[Proposal]], least: float) -> None:
    text, proposals = case
    found = guard(text, proposals, GuardPolicy(min_confidence=least))
    assert [p.edit for p in found] == [p.edit for p in proposals]
    assert {p.refused for p in found} <= {None, *REASONS}
    assert all(p.confidence >= least for p in found if p.refused is None)
    reading = Reading("s", tuple(proposals), "", (), (), None, False)
    guarded = apply_guard(
        reading, Segment("s", text, Span(0, len(text)), 0, 1), GuardPolicy(min_confidence=least)
    )
    kept = sorted(guarded.kept)
    assert guarded.cleaned == apply(text, kept)
    if not kept:
        assert guarded.cleaned == text
    # What the guard is for: an independent, cruder look at the text as a whole.
    for pattern in (r"\d+", r"[$%]", r"\bnot\b|\bnever\b", r"\{x\}"):
        assert re.findall(pattern, guarded.cleaned) == re.findall(pattern, text)
    # Looking again changes nothing: the verdicts depend on the proposals alone.
    assert guard(text, found, GuardPolicy(min_confidence=least)) == found


@settings(max_examples=60, deadline=None)
@given(_cases())
def test_order_does_not_matter(case: tuple[str, list[Proposal]]) -> None:
    text, proposals = case
    distinct = [
        Proposal(p.edit, (i + 1) / (len(proposals) + 1), -1.0, -1.0, None)
        for i, p in enumerate(proposals)
    ]
    there = guard(text, distinct, GuardPolicy(min_confidence=0))
    back = guard(text, distinct[::-1], GuardPolicy(min_confidence=0))
    assert there == back[::-1]
