"""Errors put into clean English, where round trips are thin.

Each corruption is one that machine translation makes: an article, a preposition, a verb
form, a pronoun, a word out of place, a near-synonym that does not collocate, a doubled
phrase, a misspelling.  What replaces what is learned from the corpus itself: word families
from its vocabulary, near-synonyms from what round trips did to it.

What only the source could put back stays: numbers, names, negations, punctuation.  An
editor that learned to restore those would have learned to invent them.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import regex

from mtqa.editor.lexicon import NEGATIONS, NUMBER_WORDS

ARTICLES = ("a", "an", "the")
# fmt: off
PREPOSITIONS = (
    "of", "in", "on", "at", "to", "for", "from", "with", "by", "about", "into", "over", "under",
    "between", "through", "against", "during", "without", "within", "among", "across", "behind",
    "beyond", "after", "before", "around", "as", "than",
)
# fmt: on
CONFUSED = (
    ("he", "she", "it", "they"),
    ("his", "her", "its", "their"),
    ("him", "her", "it", "them"),
    ("that", "which", "who", "what"),
    ("this", "that", "these", "those"),
    ("is", "are", "was", "were", "be", "been", "being"),
    ("has", "have", "had", "having"),
    ("do", "does", "did", "done", "doing"),
    ("much", "many", "very", "more", "most"),
    ("can", "could", "may", "might"),
    ("will", "would", "shall", "should"),
    ("there", "their", "they're"),
    ("it", "there"),
    ("so", "such", "as"),
    ("other", "another"),
    ("and", "or", "but"),
    ("because", "since", "so"),
    ("if", "whether"),
    ("make", "do"),
    ("say", "tell"),
    ("some", "any"),
    ("little", "few"),
    ("also", "too"),
    ("as", "like", "how"),
)
_ALTERNATIVES: dict[str, list[str]] = defaultdict(list)
for _group in CONFUSED:
    for _word in _group:
        _ALTERNATIVES[_word] += [w for w in _group if w != _word]
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?\Z")
_TOKEN = regex.compile(r"[\w\p{M}'’.-]*[\w\p{M}]|\S")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the corpus says may stand for what."""

    families: dict[str, tuple[str, ...]]  # word -> other forms of it
    synonyms: dict[str, tuple[str, ...]]  # word -> what round trips made of it, repeated by count


_SUFFIXES = (("", "s"), ("", "es"), ("", "ed"), ("", "ing"), ("e", "ed"), ("e", "ing"),
             ("y", "ies"), ("y", "ied"), ("", "ly"), ("", "d"))  # fmt: skip


def families(vocabulary: Counter[str], *, min_count: int = 20) -> dict[str, tuple[str, ...]]:
    """Inflections that the vocabulary itself attests: ``walk`` -> ``walks, walked, walking``."""
    known = {w for w, n in vocabulary.items() if n >= min_count and _WORD.match(w) and len(w) > 2}
    groups: dict[str, set[str]] = defaultdict(set)
    for word in known:
        for stem_end, ending in _SUFFIXES:
            if word.endswith(stem_end):
                form = word[: len(word) - len(stem_end)] + ending
                if form != word and form in known and len(word) > 3:
                    groups[word].add(form)
    linked: dict[str, set[str]] = defaultdict(set)
    for base, forms in groups.items():
        for form in forms | {base}:
            linked[form] |= (forms | {base}) - {form}
    return {word: tuple(sorted(forms)) for word, forms in linked.items()}


def synonyms(
    replaced: Iterable[tuple[str, str]], *, min_count: int = 3
) -> dict[str, tuple[str, ...]]:
    """(right, wrong) word pairs -> for each right word its usual wrong ones, by frequency."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for right, wrong in replaced:
        if _WORD.match(right) and _WORD.match(wrong):
            counts[right][wrong] += 1
    chosen = {}
    for right, wrongs in counts.items():
        common = [(w, min(n, 50)) for w, n in wrongs.most_common(12) if n >= min_count]
        if common:
            chosen[right] = tuple(w for w, n in common for _ in range(1 + n // 5))
    return chosen


Corruption = Callable[[list[str], int, random.Random, Lexicon], bool]


def _article(words: list[str], i: int, rng: random.Random, _: Lexicon) -> bool:
    if words[i] in ARTICLES:
        if rng.random() < 0.55:
            del words[i]
        else:
            words[i] = rng.choice([a for a in ARTICLES if a != words[i]])
        return True
    if _WORD.match(words[i]) and i and words[i - 1] not in ARTICLES and rng.random() < 0.3:
        words.insert(i, rng.choices(ARTICLES, (2, 1, 6))[0])
        return True
    return False


def _preposition(words: list[str], i: int, rng: random.Random, _: Lexicon) -> bool:
    if words[i] not in PREPOSITIONS:
        return False
    if rng.random() < 0.2:
        del words[i]
    else:
        words[i] = rng.choice([p for p in PREPOSITIONS[:12] if p != words[i]])
    return True


def _confused(words: list[str], i: int, rng: random.Random, _: Lexicon) -> bool:
    others = _ALTERNATIVES.get(words[i])
    if not others:
        return False
    words[i] = rng.choice(others)
    return True


def _inflection(words: list[str], i: int, rng: random.Random, lexicon: Lexicon) -> bool:
    forms = lexicon.families.get(words[i])
    if not forms:
        return False
    words[i] = rng.choice(forms)
    return True


def _synonym(words: list[str], i: int, rng: random.Random, lexicon: Lexicon) -> bool:
    others = lexicon.synonyms.get(words[i])
    if not others:
        return False
    words[i] = rng.choice(others)
    return True


def _order(words: list[str], i: int, rng: random.Random, _: Lexicon) -> bool:
    j = i + rng.choice((1, 1, 1, 2, 3))
    if j >= len(words) or not (_WORD.match(words[i]) and _WORD.match(words[j])):
        return False
    words.insert(j, words.pop(i))
    return True


def _doubled(words: list[str], i: int, rng: random.Random, _: Lexicon) -> bool:
    length = rng.choice((1, 1, 2, 3))
    piece = words[i : i + length]
    if not all(_WORD.match(w) for w in piece):
        return False
    at = i + length if rng.random() < 0.6 else min(len(words) - 1, i + length + rng.randrange(8))
    words[at:at] = piece
    return True


# Little words that a reader can put back.
_DROPPED = frozenset((
    "to", "that", "it", "is", "are", "was", "have", "has", "been", "be", "do", "will", "would",
    "and", "he", "they", "its",
))  # fmt: skip


def _drop(words: list[str], i: int, _rng: random.Random, _: Lexicon) -> bool:
    if words[i] not in _DROPPED:
        return False
    del words[i]
    return True


def _spelling(words: list[str], i: int, rng: random.Random, _: Lexicon) -> bool:
    word = words[i]
    if len(word) < 5 or not _WORD.match(word):
        return False
    at = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    words[i] = (
        word[:at] + word[at + 1 :] if kind == 0
        else word[:at] + word[at + 1] + word[at] + word[at + 2 :] if kind == 1
        else word[:at] + word[at] + word[at:] if kind == 2
        else word[:at] + rng.choice("aeioustrn") + word[at + 1 :]
    )  # fmt: skip
    return words[i] != word


CORRUPTIONS: dict[str, tuple[Corruption, float]] = {  # name -> (what it does, relative weight)
    "article": (_article, 2.0),
    "preposition": (_preposition, 2.0),
    "confused": (_confused, 1.5),
    "inflection": (_inflection, 3.0),
    "synonym": (_synonym, 4.0),
    "order": (_order, 1.2),
    "doubled": (_doubled, 0.5),
    "drop": (_drop, 1.0),
    "spelling": (_spelling, 0.8),
}
_NAMES = tuple(CORRUPTIONS)
_WEIGHTS = tuple(weight for _, weight in CORRUPTIONS.values())
# Words that may begin a sentence without being a name, as "May" and "Will" may be.
_LITTLE = frozenset((*ARTICLES, *PREPOSITIONS, *_ALTERNATIVES, *_DROPPED)) - {"may", "will"}
_MEANING = NEGATIONS.keys() | NUMBER_WORDS


def corrupt(sentence: str, rng: random.Random, lexicon: Lexicon) -> str:
    """The sentence with one or more errors; about one for every ten words, at least one tried.

    Words and punctuation marks come back with one space between them, and a little word
    that the sentence begins with in lower case: the editor sees neither.
    """
    words = _TOKEN.findall(sentence)
    first = next((i for i, word in enumerate(words) if word[0].isalnum()), 0)
    if words and words[first].istitle() and words[first].lower() in _LITTLE:
        words[first] = words[first].lower()
    wanted = 1 + sum(rng.random() < 0.09 for _ in words)
    for _ in range(wanted):
        for name in rng.choices(_NAMES, _WEIGHTS, k=6):
            if len(words) <= 3:
                break
            damaged = words.copy()
            corruption, _weight = CORRUPTIONS[name]
            done = corruption(damaged, rng.randrange(len(words)), rng, lexicon)
            if done and fixed(damaged) == fixed(words):
                words = damaged
                break
    return " ".join(words)


def fixed(words: Iterable[str]) -> list[str]:
    """Those that no corruption touches: all but plain words, and negations and numbers of those.

    >>> fixed("in 1994 the wolf , Anna 's , did n't eat two".split())
    ['1994', ',', 'Anna', "'s", ',', "n't", 'two']
    """
    return [w for w in words if not _WORD.match(w) or w in _MEANING or w.endswith("n't")]


def vocabulary(sentences: Iterable[str]) -> Counter[str]:
    """How often each lower-case word occurs.

    >>> vocabulary(["The naïve wolf didn't know the wolf of Paris."])["wolf"]
    2
    """
    return Counter(w for s in sentences for w in re.findall(r"\b[a-z]+(?:'[a-z]+)?\b", s))
