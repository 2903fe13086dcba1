"""Corruptions: bounded, repeatable, and never of what only the source could put back."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from mtqa.training import corrupt
from mtqa.training.corrupt import CORRUPTIONS, Lexicon, families, fixed, synonyms

LEXICON = Lexicon(
    families={"walk": ("walked", "walks"), "wolf": ("wolves",)},
    synonyms={
        "edge": ("brink", "brink", "border"),
        "not": ("never", "well"),
        "without": ("with",),
        "two": ("three",),
        "never": ("ever",),
    },
)
PLAIN = ("the", "a", "of", "in", "he", "it", "walk", "wolf", "edge", "is", "have", "to", "treaty")
FIXED = (
    *("not", "never", "without", "no", "cannot", "didn't", "two", "3.5", "1994", "20th", "$", "5"),
    *("Anna", "Paris", "WHO", "IT", "US", "May", "Will", "Zoë", "naïve", ",", ".", "“", "”", "—"),
    *("🙂", "\u202e", "\x00", "العربية", "cafe\u0301", "d\u2019accord"),
)
sentences = st.lists(st.sampled_from(PLAIN + FIXED), max_size=25).map(" ".join)
seeds = st.integers(0, 2**32)


def done(sentence: str, seed: int) -> str:
    return corrupt.corrupt(sentence, random.Random(seed), LEXICON)


@given(st.one_of(sentences, st.text()), seeds)
@settings(max_examples=150, deadline=None)
def test_the_same_seed_gives_the_same_errors(sentence: str, seed: int) -> None:
    assert done(sentence, seed) == done(sentence, seed)


@given(sentences, seeds)
@settings(max_examples=400, deadline=None)
def test_numbers_names_negations_and_marks_stay_in_order(sentence: str, seed: int) -> None:
    before, after = sentence.split(), done(sentence, seed).split()
    kept = [word for word in after if word in FIXED]
    assert kept == [word for word in before if word in FIXED]


@given(sentences, seeds)
@settings(max_examples=200, deadline=None)
def test_what_it_says_it_keeps_is_kept(sentence: str, seed: int) -> None:
    assert fixed(done(sentence, seed).split()) == fixed(sentence.split())


@given(sentences, seeds)
@settings(max_examples=200, deadline=None)
def test_errors_are_few(sentence: str, seed: int) -> None:
    before, after = sentence.split(), done(sentence, seed).split()
    rng = random.Random(seed)
    tried = 1 + sum(rng.random() < 0.09 for _ in before)
    # A moved word is two edits, a doubled phrase at most three.
    assert Levenshtein.distance(before, after) <= 3 * tried


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_each_corruption_says_whether_it_changed_anything(name: str) -> None:
    change, _ = CORRUPTIONS[name]
    words = ["7", "treaty", ".", *PLAIN[:-1]]
    outcomes: Counter[bool] = Counter()
    for seed in range(300):
        rng = random.Random(seed)
        damaged = words.copy()
        said = change(damaged, rng.randrange(len(words)), rng, LEXICON)
        outcomes[said] += 1
        assert (damaged != words) is said
    assert outcomes[True] > 3
    assert outcomes[False] > 3


def test_a_sentence_gets_an_error_most_of_the_time() -> None:
    sentence = "The wolf will walk to the edge of the river and speak to the people there."
    spaced = "the wolf will walk to the edge of the river and speak to the people there ."
    results = [done(sentence, seed) for seed in range(200)]
    assert sum(result == spaced for result in results) < 20
    assert len(set(results)) > 80


@pytest.mark.parametrize("sentence", ["", " ", "Hello.", "\x00", "He left .", "🙂 🙂"])
def test_very_short_sentences_only_lose_the_little_capital(sentence: str) -> None:
    assert done(sentence, 1).lower() == " ".join(sentence.lower().replace(".", " .").split())


@pytest.mark.parametrize("first", ["The", "In", "It", "He", "There"])
def test_little_words_at_the_beginning_are_corrupted_too(first: str) -> None:
    sentence = f'"{first} wolf Anna saw Paris'
    results = {done(sentence, seed) for seed in range(200)}
    assert any(first.lower() not in result.split() for result in results)


@pytest.mark.parametrize("name", ["Will", "May", "WHO", "IT", "US"])
def test_names_that_look_like_little_words_stay(name: str) -> None:
    for sentence in (f"{name} went to the edge of it .", f"He said to {name} that it is so ."):
        assert all(name in done(sentence, seed).split() for seed in range(100))


def test_families_are_inflections_that_the_vocabulary_attests() -> None:
    counts = Counter(
        {"walk": 50, "walks": 30, "walked": 20, "walking": 5, "hope": 20, "hoped": 20}
        | {"hoping": 20, "carry": 20, "carries": 20, "Walks": 90, "sea": 99, "seas": 99}
    )
    found = families(counts, min_count=20)
    assert found["walk"] == ("walked", "walks")  # "walking" is too rare
    assert found["walks"] == ("walk", "walked")
    assert found["hoping"] == ("hope", "hoped")
    assert found["carries"] == ("carry",)
    assert "sea" not in found  # three letters are too few to go by
    assert "Walks" not in found


@given(st.dictionaries(st.sampled_from((*PLAIN, "walks", "walked", "edges")), st.just(9)))
@settings(max_examples=60, deadline=None)
def test_families_are_symmetric_and_without_the_word_itself(counts: dict[str, int]) -> None:
    found = families(Counter(counts), min_count=1)
    for word, forms in found.items():
        assert word not in forms
        assert all(word in found[form] and form in counts for form in forms)


def test_synonyms_are_the_usual_replacements_by_frequency() -> None:
    pairs = [("edge", "brink")] * 10 + [("edge", "side")] * 3 + [("edge", "rim")] * 2
    pairs += [("wolf", "Wolf")] * 9 + [("3", "three")] * 9 + [("##ing", "s")] * 9
    assert synonyms(pairs, min_count=3) == {"edge": ("brink",) * 3 + ("side",)}


def test_one_usual_replacement_does_not_crowd_out_the_others() -> None:
    found = synonyms([("edge", "brink")] * 10_000 + [("edge", "side")] * 50)
    assert Counter(found["edge"]) == {"brink": 11, "side": 11}


def test_the_vocabulary_has_whole_lower_case_words_only() -> None:
    counts = corrupt.vocabulary(["The President isn't naïve.", "the president’s 20th wolf"])
    assert counts == Counter(["isn't", "the", "president", "s", "wolf"])
