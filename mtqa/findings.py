"""From what the editor saw to findings: where the article is wrong, and why we think so.

Three kinds, told apart by the first part of ``Finding.rule``:

- ``edit.*``: an edit that the guard kept; it is the fix.
- ``refused.*``: an edit that the editor is sure of and the guard does not allow,
  because it changes a number, a name, a negation...  For a person to look at.
- ``unlikely.*``: words that the editor doubts without having anything better.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mtqa.classify import CATEGORIES, Change, Rule, classify, content_words, severity, words
from mtqa.editor.base import Proposal, Reading
from mtqa.edits import Edit
from mtqa.report import Finding, JudgePolicy
from mtqa.text import Document, Segment, Span
from mtqa.text.words import words as pieces

# What to look at, by the guard's reason for refusing an edit that the editor is sure of.
# The other reasons say nothing against the text: too little confidence, a better edit in the
# same place, or a term, address or placeholder that is meant to stay as it is.
CHECKS = {
    "number": "the number",
    "negation": "the negation",
    "name": "the name",
    "quotes": "the quotation marks",
    "too-long": "the whole passage",
}
_GRAVE_REFUSALS = frozenset({"number", "negation"})

_REASONS: dict[Rule, str] = {
    "punctuation": "punctuation",
    "spelling": "spelling",
    "duplication": "said twice",
    "word-order": "word order",
    "function-word": "grammar",
    "inflection": "the form of the word",
    "omission": "something is missing",
    "addition": "this does not belong here",
    "awkward": "awkward wording",
    "mistranslation": "not the word meant",
}


def find(
    document: Document, readings: Sequence[Reading], *, policy: JudgePolicy
) -> tuple[Finding, ...]:
    """All findings of a document, by position.

    Args:
        document: what was read.
        readings: one per segment, in the document's order, after the guard.
        policy: when a doubt becomes a finding.
    """
    found = [
        finding
        for segment, reading in zip(document.segments, readings, strict=True)
        for finding in _in_segment(segment, reading, policy)
    ]
    found.sort(key=lambda finding: (finding.span, finding.rule))
    return tuple(found)


def _in_segment(segment: Segment, reading: Reading, policy: JudgePolicy) -> Iterator[Finding]:
    taken = list(reading.kept)
    for proposal in reading.proposals:
        if proposal.refused is None:
            yield _from_edit(segment, proposal, policy)
        elif _worth_a_look(proposal, policy):
            taken.append(proposal.edit)
            yield _from_refusal(segment, proposal)
    for doubt in doubts(segment.text, reading, policy=policy, without=taken):
        yield _from_doubt(segment, doubt, policy)


def _worth_a_look(proposal: Proposal, policy: JudgePolicy) -> bool:
    return proposal.refused in CHECKS and proposal.confidence >= policy.min_confidence


def _from_edit(segment: Segment, proposal: Proposal, policy: JudgePolicy) -> Finding:
    edit = proposal.edit
    change = _change(segment, edit)
    rule = classify(change)
    span = edit.span.shift(segment.span.start)
    return Finding(
        rule=f"edit.{rule}",
        category=CATEGORIES[rule],
        severity=severity(change, rule, confident=proposal.confidence >= policy.major_confidence),
        segment_id=segment.id,
        span=span,
        surface=change.old,
        message=f"{_REASONS[rule].capitalize()}: {_advice(change)}.",
        fix=Edit(span, edit.text),
        confidence=proposal.confidence,
    )


def _from_refusal(segment: Segment, proposal: Proposal) -> Finding:
    change = _change(segment, proposal.edit)
    reason = str(proposal.refused)
    seen = f" ({proposal.detail})" if proposal.detail else ""
    return Finding(
        rule=f"refused.{reason}",
        category=CATEGORIES[classify(change)],
        severity="major" if reason in _GRAVE_REFUSALS else "minor",
        segment_id=segment.id,
        span=proposal.edit.span.shift(segment.span.start),
        surface=change.old,
        message=f"Check {CHECKS[reason]}{seen}: the editor would {_advice(change)}; "
        "that could change the meaning, so it was left alone.",
        fix=None,
        confidence=proposal.confidence,
    )


def _change(segment: Segment, edit: Edit) -> Change:
    text, span = segment.text, edit.span
    return Change(span.of(text), edit.text, text[: span.start], text[span.end :])


def _advice(change: Change) -> str:
    """What to do, in the imperative.

    >>> _advice(Change("brink", "edge")), _advice(Change("of ", ""))
    ('write “edge” instead of “brink”', 'remove “of”')
    """
    old, new = change.old.strip(), change.new.strip()
    if old and new:
        return f"write “{new}” instead of “{old}”"
    if old:
        return f"remove “{old}”"
    if new:
        return f"add “{new}”"
    return "change the white space"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A stretch of whole words that the editor does not expect."""

    span: Span  # in the segment
    confidence: float  # 0-1, highest over its tokens


def doubts(
    text: str, reading: Reading, *, policy: JudgePolicy, without: Sequence[Edit] = ()
) -> tuple[Doubt, ...]:
    """Stretches of whole words with a doubtful token, neighbours made one.

    A token's confidence is its ``error_prob``, or without an error head
    ``1 - P(token is kept)``.

    Args:
        text: the segment's.
        reading: what the editor made of it.
        policy: the thresholds.
        without: edits whose places are spoken for already; no doubt touches them.
    """
    doubtful = _doubtful_tokens(reading, policy)
    found: list[Doubt] = []
    for word in pieces(text):
        confidence = _highest(doubtful, word)
        if confidence is None or any(_covers(edit.span, word) for edit in without):
            continue
        if found and _joins(text, found[-1].span, word, without):
            last = found.pop()
            word = Span(last.span.start, word.end)
            confidence = max(last.confidence, confidence)
        found.append(Doubt(word, confidence))
    return tuple(found)


def _doubtful_tokens(reading: Reading, policy: JudgePolicy) -> list[Doubt]:
    heads = reading.error_probs or (None,) * len(reading.tokens)
    found = []
    for token, logprob, head in zip(reading.tokens, reading.logprobs, heads, strict=True):
        unlikely = logprob <= policy.max_logprob
        if head is None:
            doubtful, confidence = unlikely, -math.expm1(min(logprob, 0.0))
        else:
            needed = policy.min_error_prob_if_unlikely if unlikely else policy.min_error_prob
            doubtful, confidence = head >= needed, head
        if doubtful and len(token):
            found.append(Doubt(token, confidence))
    return found


def _highest(doubtful: Sequence[Doubt], word: Span) -> float | None:
    """The highest confidence among the tokens that share a character with the word."""
    first = bisect_right(doubtful, word.start, key=lambda doubt: doubt.span.end)
    last = bisect_left(doubtful, word.end, key=lambda doubt: doubt.span.start)
    return max((doubt.confidence for doubt in doubtful[first:last]), default=None)


def _covers(taken: Span, word: Span) -> bool:
    """Whether they share a character, or ``taken`` inserts something inside the word."""
    if len(taken) == 0:
        return word.start < taken.start < word.end
    return taken.overlaps(word)


def _joins(text: str, last: Span, word: Span, without: Sequence[Edit]) -> bool:
    """Whether nothing but white space lies between, and no edit is made there."""
    gap = Span(last.end, word.start)
    return not gap.of(text).strip() and not any(edit.span.overlaps(gap) for edit in without)


def _from_doubt(segment: Segment, doubt: Doubt, policy: JudgePolicy) -> Finding:
    surface = doubt.span.of(segment.text)
    long = len(words(surface)) >= policy.major_words
    if content_words(surface):
        rule, category = "unlikely.words", "Style/Awkward"
    elif words(surface):
        rule, category = "unlikely.function-word", "Fluency/Grammar"
    else:
        rule, category = "unlikely.punctuation", "Fluency/Punctuation"
    return Finding(
        rule=rule,
        category=category,
        severity="major" if long and doubt.confidence >= policy.major_confidence else "minor",
        segment_id=segment.id,
        span=doubt.span.shift(segment.span.start),
        surface=surface,
        message=f"“{surface}” is not what one would expect here; "
        "the editor has nothing surer to put in its place.",
        fix=None,
        confidence=doubt.confidence,
    )
