from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.classify import CATEGORIES, Change, changes_meaning, classify, severity

texts = st.text(max_size=40) | st.lists(
    st.sampled_from(
        ["the", "was", "not", "never", "1994", "US", "it's", "goes", "🎭", "\u202e", ","]
    )
).map(" ".join)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("said,", "said:", "punctuation"),
        ("-", "–", "punctuation"),
        ("", ",", "punctuation"),
        ("Zags", "zags", "spelling"),
        ("can not", "cannot", "spelling"),
        ("recieved", "received", "spelling"),
        ("have been never", "have never been", "word-order"),
        ("in", "on", "function-word"),
        ("", "the", "function-word"),
        ("their", "there", "function-word"),
        ("focused", "was focused", "function-word"),
        ("expect", "have expected", "inflection"),
        ("goes", "went", "inflection"),
        ("stopped", "stops", "inflection"),
        ("", "between the two leaders", "omission"),
        ("in his speech at", "at", "addition"),
        ("US officials", "officials", "addition"),  # initials are no pronoun
        ("US OFFICIALS", "OFFICIALS", "addition"),
        ("THE OFFICIALS", "OFFICIALS", "function-word"),
        ("brink", "edge", "mistranslation"),
        ("Canadian steel", "steel from Canada", "mistranslation"),
        ("great big house", "big great home built", "mistranslation"),
        ("very old stone bridge", "ancient stone bridge very", "awkward"),
        ("1994", "1995", "mistranslation"),  # a wrong digit is no slip of spelling
    ],
)
def test_the_table(old: str, new: str, rule: str) -> None:
    assert classify(Change(old, new)) == rule


def test_words_said_twice() -> None:
    assert classify(Change("Canada ", "", "tells ", "Canada is not")) == "duplication"
    assert classify(Change("the ", "", "He saw the ", "house")) == "duplication"
    assert classify(Change("Canada ", "", "tells ", "France is not")) == "addition"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("in 1994", "in 1995", "number"),
        ("5 %", "", "number"),
        ("can", "cannot", "negation"),
        ("isn’t", "is", "negation"),
        ("not", "never", None),
        ("5 men", "men 5", None),
    ],
)
def test_numbers_and_negations(old: str, new: str, what: str | None) -> None:
    assert changes_meaning(Change(old, new)) == what


@settings(deadline=None, max_examples=150)
@given(texts, texts, texts, texts, st.booleans())
def test_any_change_has_a_category_and_a_severity(
    old: str, new: str, before: str, after: str, confident: bool
) -> None:
    change = Change(old, new, before, after)
    rule = classify(change)
    assert rule in CATEGORIES
    found = severity(change, rule, confident=confident)
    assert (found == "critical") == (changes_meaning(change) is not None)


@settings(deadline=None, max_examples=50)
@given(texts, texts)
def test_being_sure_never_makes_an_error_lighter(old: str, new: str) -> None:
    change = Change(old, new)
    rule = classify(change)
    order = ["minor", "major", "critical"]
    sure, unsure = (order.index(severity(change, rule, confident=c)) for c in (True, False))
    assert sure >= unsure
