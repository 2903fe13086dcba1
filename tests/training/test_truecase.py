"""Which words have a capital in the middle of a sentence."""

from __future__ import annotations

from mtqa.training.truecase import truecase


def test_names_are_found_and_other_words_are_not() -> None:
    sentences = ["On a cold day the wolf met Anna and McCoy in Paris."] * 30
    assert truecase(sentences) == {"anna": "Anna", "mccoy": "McCoy", "paris": "Paris"}


def test_the_first_word_and_headlines_say_nothing() -> None:
    assert truecase(["Talks may go on for a week."] * 30 + ["Talks May Go On"] * 90) == {}


def test_rare_words_and_words_of_both_spellings_are_left_out() -> None:
    both = ["we said in that march that we would march"] * 30 + ["it was in late March then"] * 60
    assert truecase(both) == {}
    assert truecase(["it was in late March then"] * 24) == {}
    assert truecase(["it was in late March then"] * 25) == {"march": "March"}
