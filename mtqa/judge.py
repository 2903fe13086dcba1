"""A document and its readings to a report.  Pure: no disk, no clock, no model."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from mtqa import __version__
from mtqa.editor.base import EditorInfo, Reading
from mtqa.edits import Edit, apply, shift
from mtqa.errors import InputError
from mtqa.findings import find
from mtqa.formats.gold import GoldSpan
from mtqa.report import (
    DEFAULTS,
    SCHEMA,
    Comparison,
    Failure,
    Finding,
    Floor,
    Options,
    Report,
    SentenceFluency,
)
from mtqa.scoring.edit_match import Correction, match_edits
from mtqa.scoring.fluency import fluency, mean_logprob, sentence_fluency
from mtqa.scoring.metrics import compare
from mtqa.scoring.mqm import SCHEMES, MqmError, mqm_score
from mtqa.scoring.overlap import OverlapMetric, score
from mtqa.scoring.spans import Marked, MarkedText, floors, match_spans
from mtqa.stats import FluencyScale, Score
from mtqa.text import Document, Paragraph
from mtqa.text.words import words

_OVERLAP: tuple[OverlapMetric, ...] = ("bleu", "chrf", "ter")


def judge(
    document: Document,
    readings: Sequence[Reading],
    *,
    editor: EditorInfo,
    scale: FluencyScale | None,
    options: Options = DEFAULTS,
    gold: Sequence[GoldSpan] | None = None,
) -> Report:
    """Say what is wrong, where, how natural the text is, and how right those answers are.

    Args:
        document: with its references, if it has any.
        readings: one per segment, in the document's order, after the guard.
        editor: who read.
        scale: the editor's calibration of fluency, or None.
        options: what the user chose.
        gold: the errors that a person marked; None where nobody did.

    Raises:
        InputError: there is no text, or no MQM scheme of that name.
        ValueError: the readings are not those of the document's segments.
    """
    _check(document, readings)
    kept = _kept(document, readings)
    findings = find(document, readings, policy=options.judge)
    pairs = _cleaned_paragraphs(document, kept)
    logprobs = [reading.logprobs for reading in readings]
    by = f"{editor.name},{editor.digest},{editor.dtype}"
    scores = [fluency(logprobs, scale, editor=by), _mqm(document, findings, options)]
    limits: tuple[Floor, ...] = ()
    if gold is not None:
        marked = _marked(document, gold, findings)
        scores += _against_gold(marked)
        limits = _floors(marked)
    comparisons: tuple[Comparison, ...] = ()
    if _has_references(document):
        scores += _against_edits(pairs)
        comparisons = tuple(_compared(metric, pairs) for metric in _OVERLAP)
    return Report(
        schema=SCHEMA,
        tool=f"mtqa {__version__}",
        editor=editor,
        fluency_scale=scale,
        options=options,
        input_digest=digest(document),
        document=document,
        readings=tuple(readings),
        cleaned=apply(document.text, kept),
        fluency=tuple(_sentence(reading, scale) for reading in readings),
        scores=tuple(scores),
        floors=limits,
        comparisons=comparisons,
        findings=findings,
        failures=_failures(document, readings),
    )


def digest(document: Document) -> str:
    """What identifies the input: SHA-256 of its UTF-8 bytes, byte order mark included.

    It is what ``sha256sum`` says of the file.
    """
    mark = "\ufeff" if document.bom else ""
    data = (mark + document.text).encode("utf-8", "surrogatepass")
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@dataclass(frozen=True, slots=True)
class _Pair:
    """A paragraph before and after cleaning."""

    paragraph: Paragraph
    cleaned: str


def _check(document: Document, readings: Sequence[Reading]) -> None:
    if not document.segments:
        raise InputError(
            "there is no text to judge", where=document.path, hint="give at least one sentence"
        )
    ours = [segment.id for segment in document.segments]
    theirs = [reading.segment_id for reading in readings]
    if ours != theirs:
        raise ValueError(f"readings of {len(theirs)} segments do not match {len(ours)} segments")


def _kept(document: Document, readings: Sequence[Reading]) -> tuple[Edit, ...]:
    """The kept edits of all segments, in the document's offsets."""
    pairs = zip(document.segments, readings, strict=True)
    return tuple(
        chain.from_iterable(shift(reading.kept, segment.span.start) for segment, reading in pairs)
    )


def _cleaned_paragraphs(document: Document, kept: Iterable[Edit]) -> tuple[_Pair, ...]:
    edits: dict[int, list[Edit]] = defaultdict(list)
    remaining = iter(sorted(kept, key=lambda edit: edit.span))
    edit = next(remaining, None)
    for index, paragraph in enumerate(document.paragraphs):
        while edit is not None and edit.span.end <= paragraph.span.end:
            edits[index].append(edit)
            edit = next(remaining, None)
    return tuple(
        _Pair(paragraph, apply(paragraph.text, shift(edits[index], -paragraph.span.start)))
        for index, paragraph in enumerate(document.paragraphs)
    )


def _sentence(reading: Reading, scale: FluencyScale | None) -> SentenceFluency:
    return SentenceFluency(
        segment_id=reading.segment_id,
        value=sentence_fluency(reading.logprobs, scale),
        mean_logprob=mean_logprob(reading.logprobs),
        tokens=len(reading.logprobs),
    )


def _mqm(document: Document, findings: Iterable[Finding], options: Options) -> Score:
    scheme = next((name for name in SCHEMES if name == options.mqm_scheme), None)
    if scheme is None:
        known = ", ".join(SCHEMES)
        raise InputError(f"no MQM scheme is called {options.mqm_scheme!r}", hint=f"use {known}")
    errors: dict[str, list[MqmError]] = {segment.id: [] for segment in document.segments}
    for finding in findings:
        errors[finding.segment_id].append(MqmError(finding.category, finding.severity))
    counts = [_word_count(segment.text) for segment in document.segments]
    return mqm_score(list(errors.values()), counts, scheme)


def _word_count(text: str) -> int:
    return sum(any(ch.isalnum() for ch in span.of(text)) for span in words(text))


def _marked(
    document: Document, gold: Sequence[GoldSpan], findings: Sequence[Finding]
) -> list[MarkedText]:
    """Paragraph by paragraph, what a person marked and what we found.

    Paragraphs, not sentences: a marked error may reach over the end of a sentence.
    """
    theirs = [Marked(mark.span, mark.severity) for mark in gold]
    ours = [Marked(finding.span, finding.severity) for finding in findings]
    return [
        MarkedText(p.span, _starting_in(p, theirs), _starting_in(p, ours))
        for p in document.paragraphs
    ]


def _starting_in(paragraph: Paragraph, marks: Iterable[Marked]) -> tuple[Marked, ...]:
    start, end = paragraph.span.start, paragraph.span.end
    return tuple(mark for mark in marks if start <= mark.span.start <= end)


def _against_gold(marked: Sequence[MarkedText]) -> list[Score]:
    match = match_spans(marked)
    found = [match.precision, match.recall, match.f1, match.wmt_f1, match.touched, match.omissions]
    return [score for score in found if score is not None]


def _floors(marked: Sequence[MarkedText]) -> tuple[Floor, ...]:
    least = floors(marked)
    named = {
        "every character marked minor": least.all_minor,
        "every character marked major": least.all_major,
        "nothing marked": least.nothing,
    }
    return tuple(
        Floor(label, score) for label, match in named.items() for score in (match.f1, match.wmt_f1)
    )


def _has_references(document: Document) -> bool:
    return any(paragraph.references for paragraph in document.paragraphs)


def _against_edits(pairs: Sequence[_Pair]) -> list[Score]:
    match = match_edits(
        [Correction(p.paragraph.text, p.cleaned, p.paragraph.references) for p in pairs]
    )
    # Where no edit was kept there is nothing to be right about: 100 would read as praise.
    precision = match.precision if match.helpful else None
    found = [precision, match.recall, match.f05, match.helpful, match.harm]
    return [score for score in found if score is not None]


def _compared(metric: OverlapMetric, pairs: Sequence[_Pair]) -> Comparison:
    streams = list(zip(*(pair.paragraph.references for pair in pairs), strict=True))
    before = score([pair.paragraph.text for pair in pairs], streams, metric)
    after = score([pair.cleaned for pair in pairs], streams, metric)
    return Comparison(before, after, compare(before, after))


def _failures(document: Document, readings: Sequence[Reading]) -> tuple[Failure, ...]:
    return tuple(
        Failure(
            segment_id=segment.id,
            what=f"the sentence on line {segment.line} is longer than the editor can read, "
            "so part of it was not checked",
            hint="break it into shorter sentences, or use a model with a larger window",
        )
        for segment, reading in zip(document.segments, readings, strict=True)
        if reading.truncated
    )
