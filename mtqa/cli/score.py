"""``mtqa score``: string metrics as sacrebleu's command line gives them.  Loads no model."""

from __future__ import annotations

import json
import logging
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mtqa.cli.outcome import PASS
from mtqa.errors import InputError
from mtqa.formats.lines import NamedLines, check_parallel, read_lines
from mtqa.scoring.metrics import metric_named
from mtqa.scoring.overlap import OverlapMetric, OverlapOptions
from mtqa.scoring.overlap import score as overlap
from mtqa.stats import SEED, Interval, Score, bootstrap

TOKENIZERS = ("13a", "char", "intl", "none", "zh", "flores101", "flores200", "spm", "ja-mecab")


@dataclass(frozen=True, slots=True)
class Request:
    """Which metrics, with which options, and how to print them."""

    metrics: tuple[OverlapMetric, ...]
    lowercase: bool
    tokenize: str
    chrf_word_order: int  # words
    samples: int | None  # of the bootstrap; None: no interval is asked for
    score_only: bool
    json: bool
    width: int  # decimals
    quiet: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A score and what is printed with it."""

    score: Score
    signature: str
    verbose: str | None
    interval: Interval | None


def run(
    *,
    files: Sequence[Path],
    hypothesis: Path | None,
    references: Sequence[Path],
    request: Request,
) -> int:
    """Score a file of lines and print the figures."""
    if request.tokenize not in TOKENIZERS:
        known = ", ".join(TOKENIZERS)
        raise InputError(f"no tokenizer is called {request.tokenize!r}", hint=f"use {known}")
    hypothesis, references = _roles(files, hypothesis, references)
    named = [NamedLines(str(path), read_lines(path)) for path in (hypothesis, *references)]
    check_parallel(named)
    if request.quiet:
        logging.getLogger("sacrebleu").setLevel(logging.ERROR)
    options = OverlapOptions(
        tokenize=request.tokenize,
        lowercase=request.lowercase,
        force=request.quiet,
        chrf_word_order=request.chrf_word_order,
    )
    streams = [other.lines for other in named[1:]]
    scores = [overlap(named[0].lines, streams, m, options=options) for m in request.metrics]
    sys.stdout.write(_printed([_line(score, request) for score in scores], request))
    return PASS


def _roles(
    files: Sequence[Path], hypothesis: Path | None, references: Sequence[Path]
) -> tuple[Path, tuple[Path, ...]]:
    """Which file is the hypothesis: that of ``-i``, else the first one."""
    if hypothesis is None:
        if not files:
            raise InputError(
                "there is nothing to score", hint="try: mtqa score HYP --reference REF"
            )
        hypothesis, files = files[0], files[1:]
    references = (*files, *references)
    if not references:
        raise InputError("there is no reference", hint="try: mtqa score HYP --reference REF")
    if [str(hypothesis), *map(str, references)].count("-") > 1:
        raise InputError("standard input (-) can be read only once", hint="give files instead")
    return hypothesis, references


def _line(score: Score, request: Request) -> _Line:
    if request.samples is None:
        return _Line(score, score.signature, _verbose(score), None)
    statistic = metric_named(score.metric).statistic
    interval = bootstrap(score.stats, statistic, n=request.samples, seed=SEED)
    # As in sacrebleu's signatures, after the number of references.
    first, _, rest = score.signature.partition("|")
    signature = f"{first}|bs:{request.samples}|seed:{SEED}|{rest}"
    return _Line(score, signature, _verbose(score), interval)


def _verbose(score: Score) -> str | None:
    """What sacrebleu says after BLEU: precisions, brevity penalty and lengths.

    The columns of the rows are named in ``mtqa.scoring.metrics.bleu``.
    """
    if score.metric != "BLEU":
        return None
    sums = [math.fsum(column) for column in zip(*score.stats, strict=True)]
    length, reference, *counts = sums
    order = len(counts) // 2
    correct, total = counts[:order], counts[order:]
    precisions, halving = [], 1.0
    for right, among in zip(correct, total, strict=True):
        if right == 0 and among:
            halving /= 2
            precisions.append(100 * halving / among)
        else:
            precisions.append(100 * right / among if among else 0.0)
    penalty = 1.0 if length >= reference else math.exp(1 - reference / length) if length else 0.0
    ratio = length / reference if reference else 0.0
    shown = "/".join(f"{precision:.1f}" for precision in precisions)
    lengths = f"hyp_len = {length:.0f} ref_len = {reference:.0f}"
    return f"{shown} (BP = {penalty:.3f} ratio = {ratio:.3f} {lengths})"


def _printed(lines: Sequence[_Line], request: Request) -> str:
    if request.score_only:
        shown = [_figure(line, request.width) for line in lines]
        return "\n".join(shown) + "\n"
    if request.json:
        records = [_record(line, request.width) for line in lines]
        value: object = records[0] if len(records) == 1 else records
        return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    wide = max(len(line.score.metric) for line in lines)
    return "".join(_text(line, request.width, wide) for line in lines)


def _text(line: _Line, width: int, wide: int) -> str:
    tail = f" {line.verbose}" if line.verbose else ""
    name = f"{line.score.metric:>{wide}}|{line.signature}"
    return f"{name} = {_figure(line, width)}{tail}\n"


def _figure(line: _Line, width: int) -> str:
    interval = f" [{_bounds(line.interval, width)}]" if line.interval else ""
    return f"{line.score.value:.{width}f}{interval}"


def _bounds(interval: Interval, width: int) -> str:
    return f"{interval.low:.{width}f}, {interval.high:.{width}f}"


def _record(line: _Line, width: int) -> dict[str, object]:
    record: dict[str, object] = {
        "name": line.score.metric,
        "score": round(line.score.value, width),
        "signature": line.signature,
    }
    if line.interval:
        record["confidence_low"] = round(line.interval.low, width)
        record["confidence_high"] = round(line.interval.high, width)
        record["confidence"] = f"95 %: {_bounds(line.interval, width)}"
    if line.verbose:
        record["verbose_score"] = line.verbose
    for part in line.signature.split("|"):
        key, _, value = part.partition(":")
        record[key] = value
    return record
