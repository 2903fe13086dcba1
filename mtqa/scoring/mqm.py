"""MQM: penalty points for errors, under schemes that must never be mixed up.

The same errors earn different figures under different schemes, so the scheme is part of
the score's name and of its signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mtqa.errors import InputError, PairingError
from mtqa.scoring.metrics import METRICS, MQM_CAP, make_score, signature
from mtqa.stats import Score

Severity: TypeAlias = Literal["neutral", "minor", "major", "critical"]
SchemeName: TypeAlias = Literal["google", "xcomet", "per-1000-words"]


@dataclass(frozen=True, slots=True)
class MqmError:
    """One error as an annotator would name it."""

    category: str  # MQM name, "Fluency/Punctuation"
    severity: Severity


@dataclass(frozen=True, slots=True)
class Scheme:
    """How many penalty points an error costs.

    >>> SCHEMES["google"].penalty(MqmError("Fluency/Punctuation", "minor"))
    0.1
    """

    name: SchemeName
    source: str
    severities: tuple[tuple[Severity, float], ...]  # points, >= 0
    # Points by category whatever the severity, then by category for minor errors only;
    # matched against the whole name or its first part, case and "-" aside.
    categories: tuple[tuple[str, float], ...] = ()
    minor_categories: tuple[tuple[str, float], ...] = ()
    cap: float | None = None  # points per segment
    per_word: bool = False  # whether rows are weighed by words, or all segments alike

    def penalty(self, error: MqmError) -> float:
        """Points for one error."""
        special = dict(self.categories)
        if error.severity == "minor":
            special |= dict(self.minor_categories)
        name = error.category.casefold().replace("-", " ")
        for category, points in special.items():
            if name == category or name.startswith(category + "/"):
                return points
        return dict(self.severities)[error.severity]


SCHEMES: dict[SchemeName, Scheme] = {
    # Critical errors, which Google's annotators do not mark, count as the major ones they are.
    "google": Scheme(
        "google",
        "Freitag et al. 2021, Experts, Errors, and Context",
        severities=(("neutral", 0), ("minor", 1), ("major", 5), ("critical", 5)),
        categories=(("non translation", 25), ("non translation!", 25)),
        minor_categories=(("fluency/punctuation", 0.1),),
    ),
    "xcomet": Scheme(
        "xcomet",
        "Guerreiro et al. 2024, xCOMET: 1 - points / 25, at most 25 points per segment",
        severities=(("neutral", 0), ("minor", 1), ("major", 5), ("critical", 10)),
        cap=MQM_CAP,
    ),
    "per-1000-words": Scheme(
        "per-1000-words",
        "themqm.org, linear raw scoring with 1,000 reference words and a maximum of 100: "
        "100 - points per 1,000 words, not below 0",
        severities=(("neutral", 0), ("minor", 1), ("major", 5), ("critical", 25)),
        per_word=True,
    ),
}


def mqm_score(
    errors: Sequence[Sequence[MqmError]], segments_words: Sequence[int], scheme: SchemeName
) -> Score:
    """The MQM score of a text from the errors in its segments.

    Args:
        errors: for each segment, its errors; none for a clean one.
        segments_words: words of each segment.
        scheme: "google" (penalty per segment, lower is better), "xcomet" (0-1, higher is
            better) or "per-1000-words" (0-100, higher is better).

    Raises:
        InputError: if there is no segment, or no word under a scheme that counts words.
        PairingError: if the two arguments differ in length.

    >>> clean, wrong = (), (MqmError("Fluency/Grammar", "major"),)
    >>> [mqm_score([clean, wrong], [20, 30], scheme).value for scheme in SCHEMES]
    [2.5, 0.9, 0.0]
    """
    if len(errors) != len(segments_words):
        raise PairingError(
            f"errors of {len(errors)} segments and word counts of {len(segments_words)}",
            hint="give both for every segment, an empty list of errors for a clean one",
        )
    if not errors:
        raise InputError("there is no segment to score", hint="give at least one")
    chosen = SCHEMES[scheme]
    rows = []
    for found, count in zip(errors, segments_words, strict=True):
        points = sum(chosen.penalty(error) for error in found)
        if chosen.cap is not None:
            points = min(points, chosen.cap)
        rows.append((points, float(count) if chosen.per_word else 1.0))
    made = make_score(METRICS[f"MQM ({scheme})"], rows, signature=signature(scheme=scheme))
    if made is None:
        raise InputError(
            "there are no words to count errors by", hint="use a scheme that counts segments"
        )
    return made
