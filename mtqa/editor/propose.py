"""From what a model wrote to edits, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from mtqa.editor.base import Proposal, Reading
from mtqa.editor.calibration import (
    Calibration,
    confidence,
    edit_tokens,
    features,
    mean_keep,
    next_token,
)
from mtqa.edits import Edit, apply, diff
from mtqa.text import Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """A text under teacher forcing, given the original sentence."""

    tokens: tuple[Span, ...]  # in the text; the last one is empty and ends it
    logprobs: tuple[float, ...]  # nats, one per token


@dataclass(frozen=True, slots=True)
class Draft:
    """A segment and what the model would write instead."""

    segment_id: str
    text: str
    rewritten: str  # equal to ``text`` when there is nothing to change
    old: Evidence  # of ``text``
    new: Evidence  # of ``rewritten``
    error_probs: tuple[float, ...] | None  # 0-1, one per token of ``old``
    truncated: bool


def conclude(drafts: Sequence[Draft], calibration: Calibration | None) -> tuple[Reading, ...]:
    """The readings of a document, with a confidence for every edit."""
    bare = tuple(
        Reading(
            segment_id=draft.segment_id,
            proposals=(),
            cleaned=draft.text,
            tokens=draft.old.tokens,
            logprobs=draft.old.logprobs,
            error_probs=draft.error_probs,
            truncated=draft.truncated,
        )
        for draft in drafts
    )
    doc_keep = mean_keep(bare)
    return tuple(
        _with_proposals(draft, reading, calibration, doc_keep)
        for draft, reading in zip(drafts, bare, strict=True)
    )


def _with_proposals(
    draft: Draft, reading: Reading, calibration: Calibration | None, doc_keep: float
) -> Reading:
    found = []
    for proposal in _proposals(draft):
        values = features(proposal, reading=reading, text=draft.text, doc_keep=doc_keep)
        found.append(replace(proposal, confidence=confidence(proposal, calibration, values)))
    cleaned = apply(draft.text, [proposal.edit for proposal in found])
    return replace(reading, proposals=tuple(found), cleaned=cleaned)


def _proposals(draft: Draft) -> Iterator[Proposal]:
    """The edits between the two texts, with raw evidence and no confidence yet."""
    shift = 0
    for edit in diff(draft.text, draft.rewritten):
        written = Span(edit.span.start + shift, edit.span.start + shift + len(edit.text))
        shift += len(edit.text) - len(edit.span)
        new = {*_tokens_of(written, draft.new.tokens), *next_token(written, draft.new.tokens)}
        old = {*edit_tokens(edit.span, draft.old.tokens), *_shared_start(draft, edit.span, written)}
        yield Proposal(
            edit=Edit(edit.span, edit.text),
            confidence=0.0,
            log_p_new=sum(draft.new.logprobs[i] for i in new) / max(1, len(new)),
            log_p_keep=min((draft.old.logprobs[i] for i in old), default=0.0),
            error_prob=(
                max((draft.error_probs[i] for i in old), default=0.0)
                if draft.error_probs is not None
                else None
            ),
        )


def _shared_start(draft: Draft, old: Span, new: Span) -> range:
    """Indices of the old tokens from the edit on, to the first that the new text has not.

    Before "said", "she" begins with the same letter: if letters are tokens, what the model
    did not expect is not the "s" but the "a".  Of a doubled word it is the second.
    """
    (at, *_), (new_at, *_) = edit_tokens(old, draft.old.tokens), edit_tokens(new, draft.new.tokens)
    pairs = zip(draft.old.tokens[at:], draft.new.tokens[new_at:], strict=False)
    shared = takewhile(lambda pair: pair[0].of(draft.text) == pair[1].of(draft.rewritten), pairs)
    return range(at, min(at + sum(1 for _ in shared) + 1, len(draft.old.tokens)))


def _tokens_of(span: Span, tokens: Sequence[Span]) -> tuple[int, ...]:
    """Indices of the tokens that share a code point with ``span``."""
    return tuple(i for i, t in enumerate(tokens) if t.start < span.end and span.start < t.end)
