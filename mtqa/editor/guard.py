"""The guard decides which proposals may change the text.

An editor is a small language model: it will sooner or later change a year, drop a "not"
or put a famous name where an unknown one stood.  Such an edit is refused however sure
the editor is, by comparing what the sentence says before and after it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from mtqa.editor import lexicon
from mtqa.editor.base import Proposal, Reading
from mtqa.editor.locate import fold
from mtqa.edits import Edit, apply
from mtqa.errors import InputError
from mtqa.text import Segment, Span
from mtqa.text.words import count_words, words

# Why an edit is refused.  The ids are stable: reports, rules and suppressions use them.
REASONS = {
    "confidence": "the editor is less sure of the edit than was asked for",
    "overlap": "the edit changes what a surer one has changed already",
    "protected": "the edit changes a term that the user protects",
    "url": "the edit changes a web address",
    "email": "the edit changes an e-mail address",
    "placeholder": "the edit changes a placeholder or a tag",
    "number": "the edit changes a number, an amount, a date, or their order",
    "negation": "the edit adds, drops or changes a negation",
    "name": "the edit adds, drops or changes a name, or the order of names",
    "quotes": "the edit adds, drops or turns a quotation mark or bracket",
    "too-long": "the edit rewrites too much of the sentence to be a correction",
}

_LONGEST = 8  # words that an edit may always rewrite; beyond it, half of the sentence


@dataclass(frozen=True, slots=True)
class GuardPolicy:
    """What the guard lets through."""

    min_confidence: float = 0.5  # 0-1
    protect: tuple[str, ...] = ()  # terms that no edit may change, in any case
    allow: tuple[str, ...] = ()  # terms that an edit may change though they look like names
    enabled: bool = True  # False: only confidence and overlap are looked at

    def __post_init__(self) -> None:
        if not 0 <= self.min_confidence <= 1:
            hint = "it is a probability, from 0 to 1"
            raise InputError(f"min_confidence is {self.min_confidence}", hint=hint)


def guard(
    text: str,
    proposals: Iterable[Proposal],
    policy: GuardPolicy,
    *,
    names: Collection[str] = frozenset(),
) -> tuple[Proposal, ...]:
    """Decide on each proposal, the surest first.

    Args:
        text: of the segment.
        proposals: with offsets in ``text``; a verdict they already carry is dropped.
        policy: what is allowed.
        names: folded words known to be names, wherever they stand.

    Returns:
        The same proposals in the same order, each with ``refused`` and ``detail`` set.
        The kept ones can be applied together.

    >>> def sure(edit):
    ...     return Proposal(edit, 0.9, log_p_new=-0.1, log_p_keep=-9.0, error_prob=None)
    >>> edits = [Edit(Span(3, 7), "1995"), Edit(Span(11, 13), "went")]
    >>> [(p.refused, p.detail) for p in guard("In 1994 he go.", map(sure, edits), GuardPolicy())]
    [('number', '1994 -> 1995'), (None, '')]
    """
    proposals = tuple(proposals)
    before = _View(text, frozenset(names))
    verdicts: dict[int, Proposal] = {}
    kept: list[Edit] = []
    for index in sorted(range(len(proposals)), key=lambda i: (-proposals[i].confidence, i)):
        proposal = proposals[index]
        refused, detail = _refusal(before, proposal, kept, policy)
        verdicts[index] = replace(proposal, refused=refused, detail=detail)
        if refused is None:
            kept.append(proposal.edit)
    return tuple(verdicts[index] for index in range(len(proposals)))


def apply_guard(
    reading: Reading,
    segment: Segment,
    policy: GuardPolicy,
    *,
    names: Collection[str] = frozenset(),
) -> Reading:
    """The reading with every proposal decided on, and ``cleaned`` made of the kept ones."""
    decided = guard(segment.text, reading.proposals, policy, names=names)
    guarded = replace(reading, proposals=decided)
    return replace(guarded, cleaned=apply(segment.text, guarded.kept))


def document_names(segments: Sequence[Segment]) -> frozenset[str]:
    """Folded words that stand with a capital inside some sentence of a document.

    >>> sorted(document_names([Segment("p1.s1", "We met Zoë.", Span(0, 11), 0, 1)]))
    ['zoe']
    """
    return frozenset(name for s in segments for name in _View(s.text, frozenset()).name_keys)


_Refusal = tuple[str | None, str]


def _refusal(
    before: _View, proposal: Proposal, kept: Sequence[Edit], policy: GuardPolicy
) -> _Refusal:
    """Why a proposal is refused beside those kept so far, and what was seen."""
    edit = proposal.edit
    if proposal.confidence < policy.min_confidence:
        return "confidence", f"{proposal.confidence:.2f} < {policy.min_confidence:.2f}"
    if any(_clash(edit, other) for other in kept):
        return "overlap", ""
    if not policy.enabled:
        return None, ""
    # All that was kept changes nothing the checks look at, so what they see is this edit's.
    after = _View(apply(before.text, [*kept, edit]), before.names)
    for reason, check in _CHECKS.items():
        detail = check(before, after, policy)
        if detail is not None:
            return reason, detail
    changed = max(count_words(edit.span.of(before.text)), count_words(edit.text))
    if changed > max(_LONGEST, count_words(before.text) / 2):
        return "too-long", f"{changed} words"
    return None, ""


def _clash(a: Edit, b: Edit) -> bool:
    first, second = sorted((a.span, b.span))
    return first.end > second.start or first == second


@dataclass(frozen=True)
class _View:
    """A sentence as the checks see it."""

    text: str
    names: frozenset[str]  # folded words known to be names

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        return words(self.text)

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        return tuple(span.of(self.text) for span in self.spans)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Folded tokens without a possessive ending."""
        return tuple(_without_possessive(fold(token)) for token in self.tokens)

    @cached_property
    def by_position(self) -> tuple[bool, ...]:
        """Whether each token begins a sentence or a quotation, where any word has a capital."""
        found, begins = [], True
        for token in self.tokens:
            found.append(begins)
            if any(map(str.isalnum, token)):
                begins = False
            elif token in _BEGINNERS:
                begins = True
        return tuple(found)

    @cached_property
    def name_keys(self) -> frozenset[str]:
        """The keys of tokens that look like names in their place."""
        letters = [t for t in self.tokens if t[0].isalpha() and len(t) > 3]
        # In a headline every word has a capital: only the little words are surely no names.
        loud = len(letters) > 2 and all(t[0].isupper() for t in letters)
        return frozenset(
            key
            for token, key, begins in zip(self.tokens, self.keys, self.by_position, strict=True)
            if _looks_like_name(token, key, begins=begins, loud=loud) or key in self.names
        )


_BEGINNERS = frozenset(".!?…:\"“‘'«([-–—•*")
_Check = Callable[[_View, _View, GuardPolicy], str | None]


def _looks_like_name(token: str, key: str, *, begins: bool, loud: bool) -> bool:
    if not any(map(str.isupper, token)) or any(map(str.isdigit, token)):
        return False
    if re.match(r"I(?!\w)", token):
        return False  # I, I'm
    if key in lexicon.CALENDAR or (loud and key in lexicon.ALWAYS_LOWER):
        return False
    letters = [c for c in token if c.isalpha()]
    if any(map(str.isupper, letters[1:])) and not loud:
        return True  # NATO, iPhone, McDonald
    return not begins and token[0].isupper()


def _without_possessive(key: str) -> str:
    return key.removesuffix("'s").removesuffix("'")


def _sequence_change(before: Sequence[str], after: Sequence[str]) -> str | None:
    """What is lost and what is gained, or what the new order is; None if all is the same."""
    if tuple(before) == tuple(after):
        return None
    lost, gained = Counter(before) - Counter(after), Counter(after) - Counter(before)
    if not lost and not gained:
        return f"{', '.join(before)} -> {', '.join(after)}"
    return f"{', '.join(lost.elements()) or '(none)'} -> {', '.join(gained.elements()) or '(none)'}"


def _pattern(pattern: str) -> _Check:
    """A check that what a regular expression finds stays as it is."""
    compiled = re.compile(pattern)

    def check(before: _View, after: _View, _: GuardPolicy) -> str | None:
        return _sequence_change(compiled.findall(before.text), compiled.findall(after.text))

    return check


def _protected(before: _View, after: _View, policy: GuardPolicy) -> str | None:
    terms = sorted((term for term in policy.protect if term.strip()), key=len, reverse=True)
    if not terms:
        return None
    either = "|".join(map(re.escape, terms))
    found = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
    return _sequence_change(found.findall(before.text), found.findall(after.text))


def _numbers(before: _View, after: _View, _: GuardPolicy) -> str | None:
    return _sequence_change(tuple(_amounts(before)), tuple(_amounts(after)))


def _amounts(view: _View) -> Iterator[str]:
    """Numbers, ordinals, units of amounts and parts of dates, in order."""
    previous = ""
    for token, key, begins in zip(view.tokens, view.keys, view.by_position, strict=True):
        if any(map(str.isnumeric, token)):
            yield token
        elif key in lexicon.UNITS_OF_AMOUNT:
            yield lexicon.UNIT_OF.get(key, key)
        elif key == "one":
            if previous not in lexicon.BEFORE_PRONOUN_ONE:
                yield key
        elif _is_number_word(key) or _is_date(token, key, begins=begins):
            yield key
        previous = key


def _is_number_word(key: str) -> bool:
    return not lexicon.NUMBER_WORDS.isdisjoint(key.split("-"))


def _is_date(token: str, key: str, *, begins: bool) -> bool:
    if key.removesuffix("s") in lexicon.CALENDAR:
        return True
    return key in lexicon.CALENDAR_IF_CAPITAL and token[0].isupper() and not begins


def _negations(before: _View, after: _View, _: GuardPolicy) -> str | None:
    old, new = Counter(_negatives(before)), Counter(_negatives(after))
    if old != new:
        return _sequence_change(tuple(old.elements()), tuple(new.elements()))
    removed = Counter(before.keys) - Counter(after.keys)
    added = Counter(after.keys) - Counter(before.keys)
    for one, other in ((removed, added), (added, removed)):
        for word in one:
            for longer in other:
                if _is_negative_of(longer, word):
                    left, right = (word, longer) if one is removed else (longer, word)
                    return f"{left} -> {right}"
    return None


def _negatives(view: _View) -> Iterator[str]:
    for key in view.keys:
        if key in lexicon.NEGATIONS:
            yield lexicon.NEGATIONS[key]
        elif key.endswith("n't"):
            yield "not"
        elif key.endswith("less") and key not in lexicon.NOT_LACKING:
            yield key


def _is_negative_of(longer: str, word: str) -> bool:
    """Whether one is the other with a negative prefix: "unable" of "able"."""
    stem = word[: max(3, len(word) - 2)]  # "happily" beside "unhappy"
    return len(word) > 2 and any(
        longer.startswith(prefix + stem) for prefix in lexicon.NEGATIVE_PREFIXES
    )


def _names(before: _View, after: _View, policy: GuardPolicy) -> str | None:
    allowed = {_without_possessive(fold(w)) for term in policy.allow for w in _surfaces(term)}
    keys = (before.name_keys | after.name_keys) - allowed
    surface = dict(zip(after.keys, after.tokens, strict=True))
    surface |= dict(zip(before.keys, before.tokens, strict=True))
    old, new = ([surface[key] for key in view.keys if key in keys] for view in (before, after))
    return _sequence_change(old, new)


def _surfaces(text: str) -> tuple[str, ...]:
    return tuple(span.of(text) for span in words(text))


def _quotes(before: _View, after: _View, _: GuardPolicy) -> str | None:
    return _sequence_change(tuple(_marks(before)), tuple(_marks(after)))


def _marks(view: _View) -> Iterator[str]:
    """Quotation marks and brackets in order, straight and curly alike; no apostrophes."""
    open_single = 0
    for token, span in zip(view.tokens, view.spans, strict=True):
        mark = _SAME_MARK.get(token, token)
        if mark == "'":
            opens = not view.text[: span.start][-1:].strip(' \t(["“')
            if opens and view.text[span.end : span.end + 1].strip():
                open_single += 1
                yield mark
            elif open_single:
                open_single -= 1
                yield mark
        elif mark in _PAIRED:
            yield mark


_SAME_MARK = dict.fromkeys("‘’‚‛`´", "'") | dict.fromkeys("“”„‟«»", '"')
_PAIRED = frozenset('"()[]{}')

# In the order of the report: the most specific reason is given.
_CHECKS: dict[str, _Check] = {
    "protected": _protected,
    "url": _pattern(r"(?:https?|ftp)://\S*[^\s.,;:!?)\]}'\"’”]|www\.\S*[^\s.,;:!?)\]}'\"’”]"),
    "email": _pattern(r"[\w.+-]+@[\w-]+\.[\w.-]*\w"),
    "placeholder": _pattern(
        r"\$?\{[^{}\s]*\}|\{\{[^{}\n]*\}\}|%\(\w+\)\w|%(?:\d+\$)?[sdif]\b|__\w+?__"
        r"|</?[A-Za-z][^<>\n]*>|(?<!\w)[@#]\w+"
    ),
    "number": _numbers,
    "negation": _negations,
    "name": _names,
    "quotes": _quotes,
}
