"""Which words have a capital in the middle of a sentence."""

from __future__ import annotations

from mtqa.training.truecase import truecase

MARCH = "it was in late March then"
MARCHED = "we said in that march that we were late"


def table(*sentences: str) -> dict[str, str]:
    return truecase(sentences, min_count=10, share=0.8)


def test_names_are_found_and_other_words_are_not() -> None:
    sentences = ["On a cold day the wolf met Anna and McCoy in Paris."] * 10
    assert table(*sentences) == {"anna": "Anna", "mccoy": "McCoy", "paris": "Paris"}


def test_the_first_word_and_headlines_say_nothing() -> None:
    assert table(*["Talks may go on for a week."] * 10, *["Talks May Go On"] * 90) == {}


def test_rare_words_are_left_out() -> None:
    assert table(*[MARCH] * 9) == {}
    assert table(*[MARCH] * 10) == {"march": "March"}


def test_words_of_both_spellings_are_left_out() -> None:
    assert table(*[MARCH] * 40, *[MARCHED] * 10) == {"march": "March"}
    assert table(*[MARCH] * 40, *[MARCHED] * 11) == {}


def test_lower_case_is_not_listed() -> None:
    assert table(*[MARCHED] * 50) == {}
