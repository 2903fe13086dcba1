"""The guard: what it refuses, what it lets through, and what holds whatever it is given."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.editor.base import Proposal, Reading
from mtqa.editor.guard import REASONS, GuardPolicy, apply_guard, guard
from mtqa.editor.view import Known, known_words
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
        # signs, units and bounds of amounts
        ("It fell to -5 degrees.", "It fell to 5 degrees.", "number"),
        ("It fell to minus 5.", "It fell to plus 5.", "number"),
        ("We ate 5 kg of rice.", "We ate 5 g of rice.", "number"),
        ("It is 5 miles away.", "It is 5 kilometres away.", "number"),
        ("It took five hours.", "It took five minutes.", "number"),
        ("It was in the nineties.", "It was in the eighties.", "number"),
        ("We met at 5 p.m. there.", "We met at 5 a.m. there.", "number"),
        ("It cost 5 yen.", "It cost 5 yuan.", "number"),
        ("It took more than 5 men.", "It took less than 5 men.", "number"),
        ("It took at least 5 men.", "It took at most 5 men.", "number"),
        ("It took over 5 men.", "It took under 5 men.", "number"),
        # dates
        ("We met yesterday.", "We met tomorrow.", "number"),
        ("We met last week.", "We met next week.", "number"),
        ("May 5 was warm.", "March 5 was warm.", "number"),
        # names: at the beginning, with titles, of two words, beside words written alike
        ("Anna won.", "Maria won.", "name"),
        ("Anna won.", "He won.", "name"),
        ("Democrats won.", "Republicans won.", "name"),
        ("“Anna won,” he said.", "“Maria won,” he said.", "name"),
        ("Mr Carney left.", "Mrs Carney left.", "name"),
        ("They met Mr Carney.", "They met Dr Carney.", "name"),
        ("North Korea spoke.", "South Korea spoke.", "name"),
        ("We visited the US.", "We visited us.", "name"),
        ("They met Will there.", "They met him there.", "name"),
        # negation
        ("It is forever.", "It is never.", "negation"),
        ("He can’t go.", "He can go.", "negation"),
        ("He won't go.", "He will go.", "negation"),
        ("It isnt so.", "It is so.", "negation"),
        ("They understand.", "They misunderstand.", "negation"),
        ("Neither came.", "Either came.", "negation"),
        # addresses and placeholders
        ("See example.com/a now.", "See example.com/b now.", "url"),
        ("See bbc.co.uk now.", "See bbc.com now.", "url"),
        ("See HTTP://a.org/x now.", "See HTTP://a.org/y now.", "url"),
        ("It is&nbsp;so.", "It is so.", "placeholder"),
        ("Call ${NAME} now.", "Call him now.", "placeholder"),
        ("Call $NAME now.", "Call him now.", "placeholder"),
        (r"One\n two.", "One two.", "placeholder"),
        ("He said ‹no› to it.", "He said no to it.", "quotes"),
        ("He said 「no」 to it.", "He said no to it.", "quotes"),
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
        ("It rose 5 percent.", "It rose 5 per cent."),
        ("It rose 5%.", "It rose 5 per cent."),
        ("It is 5 kilometer away.", "It is 5 kilometres away."),
        ("It took two day.", "It took two days."),
        ("It took more that 5 men.", "It took more than 5 men."),
        ("They talked over two days.", "They talked for two days."),
        ("It was so in the past week.", "It was so last week."),
        ("We visited the U.S. twice.", "We visited the US twice."),
        ("He went to The house.", "He went to the house."),
        ("He went of The house.", "He went to the house."),
        ("Dog barked.", "Dogs barked."),
        ("They came no.Then they left.", "They came no. Then they left."),
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
    assert (found.refused, found.detail) == ("confidence", "below 0.5")


def test_protected_terms_stay_and_allowed_ones_may_go() -> None:
    assert verdict(
        "a cloud drive here", "a cloud disk here", GuardPolicy(protect=("Cloud Drive",))
    ) == ("protected",)
    assert verdict("He met Putin.", "He met Trump.", GuardPolicy(allow=("Putin", "Trump"))) == (
        None,
    )


@pytest.mark.parametrize(
    ("raw", "new", "allowed"),
    [
        ("He met Putin.", "He met Trump.", True),  # it may become any other name
        ("He met Putin.", "He met him.", True),
        ("He met Putin.", "He met Donald Trump.", False),  # but bring no more than one
        ("He met Trump.", "He met Putin.", False),
        ("He met him.", "He met Putin.", True),
        ("Putin met Xi.", "Xi met Putin.", True),
        ("Obama met Putin and Xi.", "Xi met Putin and Obama.", False),
        ("It was in 1994.", "It was in 1995.", True),
        ("It was in 1995.", "It was in 1996.", False),
        ("It was in 1994.", "It was not in 1994.", False),
    ],
)
def test_what_is_allowed_may_change(raw: str, new: str, allowed: bool) -> None:
    refused = set(verdict(raw, new, GuardPolicy(allow=("Putin", "1994"))))
    assert (refused == {None}) == allowed


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


def _known(*texts: str) -> Known:
    return known_words([Segment("s", text, Span(0, len(text)), 0, 1) for text in texts])


def test_the_rest_of_the_document_tells_names_from_words() -> None:
    def reason(raw: str, new: str, *texts: str) -> str | None:
        edits = [proposal(edit) for edit in diff(raw, new)]
        return guard(raw, edits, GuardPolicy(), known=_known(*texts))[0].refused

    # A first word may be a name, unless it stands elsewhere in lower case.
    assert reason("Glaziers met.", "Joiners met.") == "name"
    assert reason("Glaziers met.", "Joiners met.", "The glaziers and joiners met.") is None
    # A name in lower case is known by its capital elsewhere.
    assert reason("We saw obama.", "We saw him.") is None
    assert reason("We saw obama.", "We saw him.", "We saw Obama.") == "name"
    # Capitals that are slips make no names, however often.
    assert reason("By The dog of it.", "By dog of it.", "On The way.", "In The end.") is None


def test_a_confidence_outside_0_to_1_is_refused() -> None:
    with pytest.raises(InputError):
        GuardPolicy(min_confidence=5)


_VOCABULARY = """
He not never 1994 two Obama Putin dog dogs the 5% $3 “ ” ( ) . , unable able May {x} a@b.org
www.x.org e\u0301 😀 -
"""
_STAYS = (
    r"\d+",
    r"[$%]",
    r"\bnot\b|\bnever\b",
    r"\{x\}",
    r"\b(?:Obama|Putin)\b",
    r"a@b\.org|www\.x\.org",
    r"[()]",
)
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
    for pattern in _STAYS:
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
