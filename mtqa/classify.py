"""What kind of error an edit repairs, and how much it matters.

The rules look at the words alone, in this order; the first that holds decides.

| rule | holds when | category | severity |
|---|---|---|---|
| punctuation | the words are the same | Fluency/Punctuation | minor |
| spelling | the letters are the same, case or spacing is not | Fluency/Spelling | minor |
| duplication | what goes is said again next to it | Accuracy/Addition | minor |
| word-order | the same words in another order | Fluency/Grammar | minor |
| spelling | one word changes by a letter or two, not in its ending | Fluency/Spelling | minor |
| function-word | only function words come, go or change | Fluency/Grammar | minor |
| inflection | content words change only their ending | Fluency/Grammar | minor |
| omission | content words come | Accuracy/Omission | * |
| addition | content words go | Accuracy/Addition | * |
| awkward | most of the content words stay, the rest is reworded | Style/Awkward | minor |
| mistranslation | content words change | Accuracy/Mistranslation | * |

``*`` is major for a confident edit or one of several content words, else minor.
Whatever the rule, an edit that changes a number or a negation is critical.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import OSA

Rule = Literal[
    "punctuation",
    "spelling",
    "duplication",
    "word-order",
    "function-word",
    "inflection",
    "omission",
    "addition",
    "awkward",
    "mistranslation",
]

CATEGORIES: dict[Rule, str] = {
    "punctuation": "Fluency/Punctuation",
    "spelling": "Fluency/Spelling",
    "duplication": "Accuracy/Addition",
    "word-order": "Fluency/Grammar",
    "function-word": "Fluency/Grammar",
    "inflection": "Fluency/Grammar",
    "omission": "Accuracy/Omission",
    "addition": "Accuracy/Addition",
    "awkward": "Style/Awkward",
    "mistranslation": "Accuracy/Mistranslation",
}

CONTENT_RULES: frozenset[Rule] = frozenset({"omission", "addition", "mistranslation"})

_FUNCTION = """
a an the this that these those some any each every either neither no all both such
i me my mine myself you your yours yourself yourselves he him his himself she her hers
herself it its itself we us our ours ourselves they them their theirs themselves one
who whom whose which what there here
am is are was were be been being have has had having do does did doing done going
will would shall should can could may might must ought 'm 're 's 've 'd 'll n't not
about above across after against along among around as at before behind below beneath
beside besides between beyond by despite down during except for from in inside into like
near of off on onto out outside over past per since than through throughout till to
toward towards under until up upon via with within without
and but or nor so yet if because although though while whereas when whenever where
wherever whether unless once how why too also then
"""
_NEGATIONS = "no not n't never none nobody nothing nowhere neither nor without cannot"
FUNCTION_WORDS = frozenset(_FUNCTION.split())
NEGATIONS = frozenset(_NEGATIONS.split())

_INITIALS = frozenset({"US", "IT", "WHO"})

_IRREGULAR = """
begin began begun|break broke broken|bring brought|build built|buy bought|catch caught
choose chose chosen|come came|draw drew drawn|drink drank drunk|drive drove driven
eat ate eaten|fall fell fallen|feel felt|fight fought|find found|fly flew flown|forget forgot
get got gotten|give gave given|go goes went gone|grow grew grown|hear heard|hold held|keep kept
know knew known|lead led|leave left|lose lost|make made|mean meant|meet met|pay paid|rise rose risen
run ran|say said|see saw seen|seek sought|sell sold|send sent|shake shook shaken|show shown
sing sang sung|sit sat|sleep slept|speak spoke spoken|spend spent|stand stood|steal stole stolen
swim swam swum|take took taken|teach taught|tell told|think thought|throw threw thrown
understand understood|wear wore worn|win won|write wrote written|child children|man men
woman women|person people|foot feet|tooth teeth|mouse mice|good better best|bad worse worst
"""
_LEMMAS = {
    form: group.split()[0]
    for group in _IRREGULAR.strip().replace("\n", "|").split("|")
    for form in group.split()
}

# A word, with clitics split off as in "do|n't" and "it|'s".
_WORD = re.compile(r"\w+?(?=n['’]t\b)|n['’]t\b|['’](?:s|m|re|ve|d|ll)\b|\w+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_SUFFIXES = ("'s", "ings", "ing", "edly", "ed", "ies", "es", "s", "er", "est", "ly", "e", "y")
_SEVERAL = 3  # content words; an edit of as many is major
_SHORTEST_STEM = 3  # letters


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of text and what it should become, in its surroundings."""

    old: str
    new: str
    before: str = ""  # text of the sentence before it
    after: str = ""  # and after it


def words(text: str) -> tuple[str, ...]:
    """The words of a text, clitics apart, without punctuation.

    >>> words("It's not the 51st, isn't it?")
    ('It', "'s", 'not', 'the', '51st', 'is', "n't", 'it')
    """
    return tuple(match.group().replace("’", "'") for match in _WORD.finditer(text))


def content_words(text: str) -> tuple[str, ...]:
    """The words that carry meaning, in lower case: neither function words nor punctuation.

    >>> content_words("on the edge of his seat")
    ('edge', 'seat')
    """
    return tuple(word for word in _folded(text) if word not in FUNCTION_WORDS)


def changes_meaning(change: Change) -> str | None:
    """Say "number" or "negation" if the change touches one, else None.

    >>> changes_meaning(Change("in 1994", "in 1995"))
    'number'
    >>> changes_meaning(Change("can", "cannot"))
    'negation'
    """
    if Counter(_NUMBER.findall(change.old)) != Counter(_NUMBER.findall(change.new)):
        return "number"
    negations = [sum(w in NEGATIONS for w in _folded(t)) for t in (change.old, change.new)]
    return "negation" if negations[0] != negations[1] else None


def classify(change: Change) -> Rule:
    """Name the first rule of the table above that holds.

    >>> classify(Change("brink", "edge"))
    'mistranslation'
    >>> classify(Change("is", "was")), classify(Change("expect", "have expected"))
    ('function-word', 'inflection')
    >>> classify(Change("said,", "said:")), classify(Change("Zags", "zags"))
    ('punctuation', 'spelling')
    """
    old, new = words(change.old), words(change.new)
    if old == new:
        return "punctuation"
    if _letters(change.old) == _letters(change.new):
        return "spelling"
    if _is_doubled(change):
        return "duplication"
    gone, come = _difference(_folded(change.old), _folded(change.new))
    if not gone and not come:
        return "word-order"
    if len(gone) == len(come) == 1 and _is_typo(gone[0], come[0]):
        return "spelling"
    return _by_content(_content(gone), _content(come), mostly_kept=_mostly_kept(change))


def severity(
    change: Change, rule: Rule, *, confident: bool
) -> Literal["minor", "major", "critical"]:
    """How much the error matters, by the table above.

    Args:
        change: the edit.
        rule: what :func:`classify` said of it.
        confident: whether the editor is sure of it.
    """
    if changes_meaning(change):
        return "critical"
    if rule not in CONTENT_RULES:
        return "minor"
    touched = max(len(content_words(change.old)), len(content_words(change.new)))
    return "major" if confident or touched >= _SEVERAL else "minor"


def _by_content(gone: list[str], come: list[str], *, mostly_kept: bool) -> Rule:
    if not gone and not come:
        return "function-word"
    if not gone:
        return "omission"
    if not come:
        return "addition"
    if sorted(map(stem, gone)) == sorted(map(stem, come)):
        return "inflection"
    return "awkward" if mostly_kept else "mistranslation"


def _folded(text: str) -> tuple[str, ...]:
    """Words in lower case, except initials that would be taken for pronouns."""
    return tuple(word if word in _INITIALS else word.casefold() for word in words(text))


def _letters(text: str) -> str:
    return "".join(ch for ch in text.casefold() if ch.isalnum())


def _content(these: Iterable[str]) -> list[str]:
    return [word for word in these if word not in FUNCTION_WORDS]


def _difference(old: Iterable[str], new: Iterable[str]) -> tuple[list[str], list[str]]:
    """The words only in ``old`` and those only in ``new``, counted."""
    gone, come = Counter(old), Counter(new)
    return list((gone - come).elements()), list((come - gone).elements())


def _mostly_kept(change: Change) -> bool:
    """Whether more than half of the content words are still there, whatever their ending."""
    old, new = ({stem(w) for w in content_words(text)} for text in (change.old, change.new))
    return 2 * len(old & new) > max(len(old), len(new))


def _is_doubled(change: Change) -> bool:
    """Whether words are deleted that stand once more just before or just after."""
    gone = _folded(change.old)
    if not gone or words(change.new):
        return False
    n = len(gone)
    return _folded(change.before)[-n:] == gone or _folded(change.after)[:n] == gone


def stem(word: str) -> str:
    """What is left of a word without its ending, so that inflections fall together.

    Crude on purpose: it compares two versions of one place, it does not analyse.

    >>> stem("stopped") == stem("stops") and stem("went") == stem("going") == "go"
    True
    """
    word = _LEMMAS.get(word, word)
    for suffix in _SUFFIXES:
        base = word.removesuffix(suffix)
        if base != word and (len(base) >= _SHORTEST_STEM or base in _LEMMAS):
            word = _LEMMAS.get(base, base)
            break
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2]:
        word = word[:-1]  # stopp(ed)
    if len(word) > _SHORTEST_STEM and word[-1] in "eiy":
        word = word[:-1]  # mak(e), tri(ed), try
    return word


def _is_typo(old: str, new: str) -> bool:
    """Whether one is a slip of the keyboard away from the other, by length and distance."""
    longest = max(len(old), len(new))
    if old[0] != new[0] or longest < 4 or stem(old) == stem(new):
        return False
    if not (old.isalpha() and new.isalpha()):
        return False  # a wrong digit is a wrong number
    if old in FUNCTION_WORDS and new in FUNCTION_WORDS:
        return False  # there and their are words: the choice between them is grammar
    return OSA.distance(old, new) <= (1 if longest < 8 else 2)
