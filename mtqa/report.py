"""The report: everything that was found out about one document, and nothing else.

A saved report is also the baseline of a later comparison; there is no second
format.  Every field, with its unit and range, is described in ``docs/report.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mtqa import codec
from mtqa.editor.base import EditorInfo, Reading
from mtqa.edits import Edit
from mtqa.errors import InputError
from mtqa.stats import FluencyScale, PairedResult, Score
from mtqa.text import Document, Span

Severity = Literal["minor", "major", "critical"]

SEVERITIES: tuple[Severity, ...] = ("minor", "major", "critical")  # from least to worst
SCHEMA = "mtqa.report/1"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in the document that is probably wrong."""

    rule: str  # stable id, "edit.grammar", "unlikely.words", ...
    category: str  # MQM name, "Fluency/Grammar"
    severity: Severity
    segment_id: str
    span: Span  # in the document
    surface: str  # document.text[span]
    message: str  # for a person
    fix: Edit | None  # offsets in the document
    confidence: float  # 0-1


@dataclass(frozen=True, slots=True)
class JudgePolicy:
    """Where a doubtful word becomes a finding, and what a finding weighs.

    A token is doubtful when the editor's error head says so, or when the error
    head half says so and the token is also unlikely to be kept.  An editor
    without that head is judged by the keep probability alone.
    """

    # The best correlation with human word tags is at 0.35; see the model card of the editor.
    min_error_prob: float = 0.35  # 0-1; at or above it a token is doubtful on this ground alone
    min_error_prob_if_unlikely: float = 0.25  # 0-1; enough for a token below max_logprob
    max_logprob: float = -1.0  # nats; at or below it a token is unlikely to be kept
    min_confidence: float = 0.5  # 0-1; a refused edit below it is not worth a finding
    major_confidence: float = 0.8  # 0-1; long doubtful spans at or above it are major
    major_words: int = 3  # words; from this length on a doubtful span counts as long


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chose, as far as it changes the report."""

    guard: bool = True  # False: every proposal above min_confidence is kept
    min_confidence: float | None = None  # 0-1; None: the editor's own default
    allow: tuple[str, ...] = ()  # terms the guard lets the editor change
    protect: tuple[str, ...] = ()  # terms the editor may never change
    mqm_scheme: str = "google"  # a key of mtqa.scoring.mqm.SCHEMES
    judge: JudgePolicy = JudgePolicy()


DEFAULTS = Options()


@dataclass(frozen=True, slots=True)
class SentenceFluency:
    """How natural one sentence is to the editor."""

    segment_id: str
    value: float | None  # 0-100, 100 = natural; None for a sentence without tokens
    mean_logprob: float | None  # nats per token, none counted below -8; None as above
    tokens: int  # the model's pieces, with the end of the sentence


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric before and after cleaning, over the same paragraphs."""

    before: Score  # of the text as it came
    after: Score  # of the cleaned text
    paired: PairedResult  # after - before


@dataclass(frozen=True, slots=True)
class Floor:
    """What an answer that needs no model would score on the same gold spans."""

    label: str  # the answer: "every character marked minor"
    score: Score


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be judged; it makes the exit code 2."""

    segment_id: str | None  # None: the whole document
    what: str  # one sentence, for a person
    hint: str | None  # what to do about it


@dataclass(frozen=True, slots=True)
class Report:
    """What was found out about one document."""

    schema: str  # SCHEMA
    tool: str  # "mtqa 0.1.0"
    editor: EditorInfo | None  # None: only string metrics, nothing was read by a model
    fluency_scale: FluencyScale | None  # None: fluency is 100 * exp(mean)
    options: Options
    input_digest: str  # "sha256:..." of the text's UTF-8 bytes, with its byte order mark
    document: Document
    readings: tuple[Reading, ...]  # one per segment, in order; empty without an editor
    cleaned: str  # the whole document with the kept edits
    fluency: tuple[SentenceFluency, ...]  # one per segment, in order; empty without an editor
    scores: tuple[Score, ...]  # of the document as it came, and of the edits
    floors: tuple[Floor, ...]  # beside the span scores; empty without gold spans
    comparisons: tuple[Comparison, ...]  # against the references; empty without them
    findings: tuple[Finding, ...]  # by position
    failures: tuple[Failure, ...]

    def score(self, metric: str) -> Score | None:
        """The document's score by that name, or None if it was not computed."""
        return next((score for score in self.scores if score.metric == metric), None)

    def _repr_html_(self) -> str:
        """How a notebook shows the report: as the HTML report, in the cell."""
        # IPython asks the object by this name; rendering stands above this module in all else.
        from mtqa.render.html import fragment

        return fragment(self)


def to_json(report: Report) -> str:
    """Write a report as JSON: the same report gives the same text."""
    return codec.dumps(report)


def from_json(text: str) -> Report:
    """Read a report that :func:`to_json` wrote.

    Raises:
        InputError: not JSON, not a report, of another schema version, or with a
            key that is missing, unknown or of the wrong type (it is named).
    """
    found = codec.parse(text)
    schema = found.get("schema") if isinstance(found, dict) else None
    if not isinstance(schema, str) or not schema.startswith("mtqa.report/"):
        raise InputError("not an mtqa report", hint="give a file that `mtqa check --json` wrote")
    if schema != SCHEMA:
        hint = f"make it again with this version of mtqa, which reads {SCHEMA}"
        raise InputError(f"the report's schema is {schema}", hint=hint)
    return codec.typed(Report, found)
