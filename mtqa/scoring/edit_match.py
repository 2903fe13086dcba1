"""Edits against the edits that lead to a reference: how many are right, and how many harm.

Two answers, because a good edit need not be the reference's.  *Matching* asks for the
same edit (the words replaced, and by which), which is ERRANT's span-based correction
(Bryant et al. 2017) on this package's own minimal edits.  *Harm* asks what each edit does
alone: whether the text comes closer to the reference or moves away from it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rapidfuzz.distance import Levenshtein

from mtqa.edits import Edit, apply, diff
from mtqa.errors import InputError, PairingError
from mtqa.scoring.metrics import METRICS, make_score, signature
from mtqa.stats import Score
from mtqa.text.words import words

Outcome: TypeAlias = Literal["helped", "neutral", "harmed"]


@dataclass(frozen=True, slots=True)
class Correction:
    """A paragraph before and after cleaning, and what it should have become."""

    raw: str
    cleaned: str
    references: tuple[str, ...]  # at least one


@dataclass(frozen=True, slots=True)
class JudgedEdit:
    """One edit, made alone, and the word edit distance to the nearest reference."""

    edit: Edit  # offsets in the raw paragraph
    before: int  # words, >= 0: insertions, deletions and substitutions without it
    after: int  # words, >= 0: the same with it

    @property
    def outcome(self) -> Outcome:
        """Whether it came closer to a reference, moved away from all, or did neither."""
        if self.after == self.before:
            return "neutral"
        return "helped" if self.after < self.before else "harmed"


@dataclass(frozen=True, slots=True)
class EditMatch:
    """How the edits of a cleaned text compare with those of its references."""

    precision: Score  # matching edits per hundred made; 100 where none was made
    recall: Score  # matching edits per hundred called for; 100 where none was
    f05: Score
    helpful: Score | None  # edits that help, per hundred made; None where none was made
    harm: Score | None  # edits that harm, per hundred made; None where none was made
    edits: tuple[tuple[JudgedEdit, ...], ...]  # one tuple per paragraph, in order


def match_edits(corrections: Sequence[Correction]) -> EditMatch:
    """Compare the edits from raw to cleaned with those from raw to reference.

    Among several references a paragraph is held to the one that gives it the highest
    F0.5 (then the most matches, then the fewest edits missed), chosen for each paragraph
    alone so that the order of paragraphs does not matter.

    Raises:
        InputError: if there is no paragraph.
        PairingError: naming the first paragraph, from 1, that has no reference.

    >>> paragraph = Correction("A wolf are here.", "A wolf is here.", ("A wolf is here!",))
    >>> match = match_edits([paragraph])
    >>> round(match.f05.value, 1), match.harm.value
    (83.3, 0.0)
    """
    if not corrections:
        raise InputError("there is no paragraph to score", hint="give at least one")
    for number, correction in enumerate(corrections, 1):
        if not correction.references:
            raise PairingError(
                f"paragraph {number} has no reference", hint="give one, or leave it out"
            )
    judged = tuple(_judge(correction) for correction in corrections)
    matches = [_match(correction) for correction in corrections]
    effects = [
        [sum(edit.outcome == outcome for edit in edits) for outcome in ("helped", "harmed")]
        + [len(edits)]
        for edits in judged
    ]
    counts = {len(correction.references) for correction in corrections}
    label = signature(nrefs=counts.pop() if len(counts) == 1 else "var", match="words", beta=0.5)

    def scored(name: str, rows: Sequence[Sequence[float]]) -> Score | None:
        return make_score(METRICS[name], rows, signature=label)

    precision, recall = scored("edit precision", matches), scored("edit recall", matches)
    f05 = scored("edit F0.5", matches)
    assert precision is not None
    assert recall is not None
    assert f05 is not None
    return EditMatch(
        precision=precision,
        recall=recall,
        f05=f05,
        helpful=scored("helpful edits", effects),
        harm=scored("harm rate", effects),
        edits=judged,
    )


def _match(correction: Correction) -> tuple[int, int, int]:
    """Matching edits, edits made, edits called for, by the best reference."""
    made = _edits_of_words(correction.raw, correction.cleaned)

    def against(reference: str) -> tuple[int, int, int]:
        gold = _edits_of_words(correction.raw, reference)
        return len(made & gold), len(made), len(gold)

    def goodness(row: tuple[int, int, int]) -> tuple[float, int, int]:
        right, proposed, gold = row
        # F0.5 = 1.25 right / (proposed + 0.25 gold), and 1 where there is no edit at all.
        f05 = 1.25 * right / (proposed + 0.25 * gold) if proposed or gold else 1.0
        return f05, right, -gold

    return max(map(against, correction.references), key=goodness)


@dataclass(frozen=True, slots=True)
class _WordEdit:
    """An edit without the white space it takes along, as ERRANT writes them."""

    start: int  # words before it
    end: int  # words before its end
    words: tuple[str, ...]


def _edits_of_words(raw: str, corrected: str) -> frozenset[_WordEdit]:
    spans = words(raw)
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    return frozenset(
        _WordEdit(
            bisect_right(ends, edit.span.start),
            bisect_left(starts, edit.span.end),
            tuple(_words(edit.text)),
        )
        for edit in diff(raw, corrected)
    )


def _judge(correction: Correction) -> tuple[JudgedEdit, ...]:
    references = [_words(reference) for reference in correction.references]

    def distance(text: str) -> int:
        tokens = _words(text)
        return min(Levenshtein.distance(tokens, reference) for reference in references)

    before = distance(correction.raw)
    return tuple(
        JudgedEdit(edit, before, distance(apply(correction.raw, [edit])))
        for edit in diff(correction.raw, correction.cleaned)
    )


def _words(text: str) -> list[str]:
    return [span.of(text) for span in words(text)]
