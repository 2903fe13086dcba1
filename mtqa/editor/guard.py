"""The guard decides which proposals may change the text.

An editor is a small language model: it will sooner or later change a year, drop a "not"
or put a famous name where an unknown one stood.  Such an edit is refused however sure
the editor is, by comparing what the sentence says before and after it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mtqa.editor import lexicon
from mtqa.editor.amounts import amounts, directions
from mtqa.editor.base import Proposal, Reading
from mtqa.editor.view import Known, View, key_of
from mtqa.edits import Edit, apply
from mtqa.errors import InputError
from mtqa.text import Segment
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
    allow: tuple[str, ...] = ()  # names and numbers that an edit may change, into any other
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
    known: Known | None = None,
) -> tuple[Proposal, ...]:
    """Decide on each proposal, the surest first.

    Args:
        text: of the segment.
        proposals: with offsets in ``text``; a verdict they already carry is dropped.
        policy: what is allowed.
        known: what the rest of the document says of its words.

    Returns:
        The same proposals in the same order, each with ``refused`` and ``detail`` set.
        The kept ones can be applied together.

    >>> from mtqa.text import Span
    >>> def sure(edit):
    ...     return Proposal(edit, 0.9, log_p_new=-0.1, log_p_keep=-9.0, error_prob=None)
    >>> edits = [Edit(Span(3, 7), "1995"), Edit(Span(11, 13), "went")]
    >>> [(p.refused, p.detail) for p in guard("In 1994 he go.", map(sure, edits), GuardPolicy())]
    [('number', '1994 -> 1995'), (None, '')]
    """
    proposals = tuple(proposals)
    before = View(text, known or Known())
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
    known: Known | None = None,
) -> Reading:
    """The reading with every proposal decided on, and ``cleaned`` made of the kept ones."""
    decided = guard(segment.text, reading.proposals, policy, known=known)
    guarded = replace(reading, proposals=decided)
    return replace(guarded, cleaned=apply(segment.text, guarded.kept))


_Check = Callable[["View", "View", GuardPolicy], str | None]
_Refusal = tuple[str | None, str]


def _refusal(
    before: View, proposal: Proposal, kept: Sequence[Edit], policy: GuardPolicy
) -> _Refusal:
    """Why a proposal is refused beside those kept so far, and what was seen."""
    edit = proposal.edit
    if proposal.confidence < policy.min_confidence:
        return "confidence", f"below {policy.min_confidence:g}"
    if any(_clash(edit, other) for other in kept):
        return "overlap", ""
    if not policy.enabled:
        return None, ""
    # All that was kept changes nothing the checks look at, so what they see is this edit's.
    after = View(apply(before.text, [*kept, edit]), before.known)
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


def _sequence_change(
    before: Sequence[str], after: Sequence[str], *, allowed: frozenset[str] = frozenset()
) -> str | None:
    """What is lost and what is gained, or what the new order is; None if all is the same.

    What is ``allowed`` to change may be lost, and as much be gained for it.
    """
    if tuple(before) == tuple(after):
        return None
    lost, gained = Counter(before) - Counter(after), Counter(after) - Counter(before)
    if allowed and allowed >= lost.keys():
        free = [key for key in gained.elements() if key_of(key) not in allowed]
        same = [[k for k in side if k not in allowed | gained.keys()] for side in (before, after)]
        if len(free) <= lost.total() and same[0] == same[1]:
            return None
    if not lost and not gained:
        return f"{', '.join(before)} -> {', '.join(after)}"
    return f"{', '.join(lost.elements()) or '(none)'} -> {', '.join(gained.elements()) or '(none)'}"


def _allowed(policy: GuardPolicy) -> frozenset[str]:
    """What may change, as it is written and as keys."""
    surfaces = [span.of(term) for term in policy.allow for span in words(term)]
    return frozenset((*surfaces, *map(key_of, surfaces)))


def _pattern(pattern: str) -> _Check:
    """A check that what a regular expression finds stays as it is."""
    compiled = re.compile(pattern)

    def check(before: View, after: View, _: GuardPolicy) -> str | None:
        return _sequence_change(compiled.findall(before.text), compiled.findall(after.text))

    return check


def _protected(before: View, after: View, policy: GuardPolicy) -> str | None:
    terms = sorted((term for term in policy.protect if term.strip()), key=len, reverse=True)
    if not terms:
        return None
    either = "|".join(map(re.escape, terms))
    found = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
    return _sequence_change(found.findall(before.text), found.findall(after.text))


def _numbers(before: View, after: View, policy: GuardPolicy) -> str | None:
    old, new = tuple(amounts(before.amount_tokens)), tuple(amounts(after.amount_tokens))
    found = _sequence_change(old, new, allowed=_allowed(policy))
    return found or _turned(before, after)


def _turned(before: View, after: View) -> str | None:
    """Whether "over 5" becomes "under 5"."""
    old, new = (Counter(directions(view.amount_tokens)) for view in (before, after))
    return f"{', '.join(old - new)} -> {', '.join(new - old)}" if old - new and new - old else None


def _negations(before: View, after: View, _: GuardPolicy) -> str | None:
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


def _negatives(view: View) -> Iterator[str]:
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


def _names(before: View, after: View, policy: GuardPolicy) -> str | None:
    found = {*before.capitals, *after.capitals, *_initial_names(before, after)}
    known = before.known.names
    keys = found | {key for view in (before, after) for key in view.keys if key in known}
    surface = dict(zip(after.keys, after.tokens, strict=True))
    surface |= dict(zip(before.keys, before.tokens, strict=True))
    old, new = ([surface[key] for key in view.keys if key in keys] for view in (before, after))
    return _sequence_change(old, new, allowed=_surfaces_of(policy, (*old, *new)))


def _initial_names(before: View, after: View) -> Iterator[str]:
    """First words that come or go and may be names: "Anna" of "Anna won" and "Maria won".

    Another form of a word that stands there ("Dog", "dogs") is no other name.
    """
    for view, other in ((before, after), (after, before)):
        for key in view.initials:
            if not any(_is_form(key, there) for there in other.keys):
                yield key


def _is_form(one: str, other: str) -> bool:
    """Whether two words are the same but for an ending."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and long.startswith(short) and long[len(short) :] in _ENDINGS


_ENDINGS = frozenset(("s", "es", "d", "ed", "ing", "er", "ly"))


def _surfaces_of(policy: GuardPolicy, surfaces: Iterable[str]) -> frozenset[str]:
    """Those of the surfaces that may change."""
    allowed = _allowed(policy)
    return allowed | {surface for surface in surfaces if key_of(surface) in allowed}


def _quotes(before: View, after: View, _: GuardPolicy) -> str | None:
    return _sequence_change(tuple(_marks(before)), tuple(_marks(after)))


def _marks(view: View) -> Iterator[str]:
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


_SAME_MARK = dict.fromkeys("‘’‚‛`´", "'") | dict.fromkeys("“”„‟«»‹›", '"')
_PAIRED = frozenset('"()[]{}「」『』')

_REST = r"\S*[^\s.,;:!?)\]}'\"’”]"
# Endings that no word after a missing space is taken for ("the end.in").
_DOMAIN = (
    r"(?<![\w@.])(?:[a-zA-Z0-9-]+\.)+"
    r"(?:com|org|net|edu|gov|mil|info|biz|int|eu|uk|de|fr|es|pl|nl|ru|ua|cn|jp|au|nz|ca|tv|io)"
    r"(?![\w-]|\.\w)"
)

# In the order of the report: the most specific reason is given.
_CHECKS: dict[str, _Check] = {
    "protected": _protected,
    "url": _pattern(rf"(?i:https?|ftp)://{_REST}|(?i:www)\.{_REST}|{_DOMAIN}(?:/{_REST})?"),
    "email": _pattern(r"[\w.+-]+@[\w-]+\.[\w.-]*\w"),
    "placeholder": _pattern(
        r"\$?\{[^{}\s]*\}|\{\{[^{}\n]*\}\}|%\(\w+\)\w|%(?:\d+\$)?[sdif]\b|__\w+?__"
        r"|</?[A-Za-z][^<>\n]*>|(?<!\w)[@#$][A-Za-z_]\w*|&(?:[A-Za-z]+|#\w+);|\\[nrt](?![A-Za-z])"
    ),
    "number": _numbers,
    "negation": _negations,
    "name": _names,
    "quotes": _quotes,
}
