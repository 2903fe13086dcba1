"""How well the error head and the keep-probabilities mark wrong words, against human tags.

Word-level Matthews correlation on post-edited MT (MLQE-PE dev, target side, no source): the
words that a post-editor changed are BAD.  The threshold is read off the tuning half.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtqa.editor import Editor, load_editor
from mtqa.text import Segment, Span
from mtqa.training import corpora
from mtqa.training.devsets import CHUNK, LANGUAGES, Part

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language's sentences."""

    wrong: NDArray[np.bool_]  # [words], by the human tags
    error_prob: Floats  # [words], 0-1, highest of the word's tokens
    logprob: Floats  # [words], nats, lowest of the word's tokens


@dataclass(frozen=True, slots=True)
class Mcc:
    """Matthews correlation of one language at one threshold."""

    language: str
    threshold: float  # 0-1 or nats
    value: float  # -1 to 1


def matthews(wrong: NDArray[np.bool_], marked: NDArray[np.bool_]) -> float:
    """Matthews correlation coefficient, 0 where one side is constant.

    >>> round(matthews(np.array([True, False]), np.array([True, False])), 6)
    1.0
    """
    if wrong.all() or marked.all() or not wrong.any() or not marked.any():
        return 0.0
    return float(np.corrcoef(wrong, marked)[0, 1])


def read_words(editor: Editor, edits: Sequence[corpora.PostEdit]) -> Words:
    """Read sentences, ``CHUNK`` at a time, and gather their words."""
    wrong: list[bool] = []
    errors: list[float] = []
    keeps: list[float] = []
    for start in range(0, len(edits), CHUNK):
        chunk = edits[start : start + CHUNK]
        segments = [
            Segment(f"p{i}.s1", e.mt, Span(0, len(e.mt)), i - 1, i) for i, e in enumerate(chunk, 1)
        ]
        for edit, reading in zip(chunk, editor.read(segments), strict=True):
            assert reading.error_probs is not None
            for span, bad in zip(_words(edit.mt), edit.bad, strict=True):
                inside = [i for i, t in enumerate(reading.tokens) if len(t) and t.overlaps(span)]
                wrong.append(bad)
                errors.append(max((reading.error_probs[i] for i in inside), default=0.0))
                keeps.append(min((reading.logprobs[i] for i in inside), default=0.0))
    return Words(np.array(wrong), np.array(errors), np.array(keeps))


def _words(text: str) -> Iterator[Span]:
    at = 0
    for word in text.split():
        at = text.index(word, at)
        yield Span(at, at + len(word))
        at += len(word)


def part(folder: Path, language: str, which: Part, limit: int) -> list[corpora.PostEdit]:
    """The tuning or the test half of one language."""
    rows = enumerate(corpora.post_edits(folder, dev=True))
    wanted = [e for i, e in rows if (i % 2 == 0) is (which == "tune") and e.lang == language]
    return wanted[:limit]


def best_threshold(tuning: Sequence[Words], signal: str) -> float:
    """The threshold with the highest mean correlation over languages."""
    grid = np.linspace(0.05, 0.95, 37) if signal == "error_prob" else np.linspace(-8, -0.2, 40)
    means = [np.mean([matthews(w.wrong, marked(w, signal, t)) for w in tuning]) for t in grid]
    return float(grid[int(np.argmax(means))])


def marked(words: Words, signal: str, threshold: float) -> NDArray[np.bool_]:
    """The words that one signal alone marks."""
    if signal == "error_prob":
        return words.error_prob >= threshold
    return words.logprob <= threshold


def measure(data: Path, folder: Path | None, out: Path, *, limit: int = 300) -> None:
    """Print and write the correlation of both signals on the test half."""
    editor = load_editor(None if folder is None else str(folder))
    tuning = [read_words(editor, part(data, lang, "tune", limit)) for lang in LANGUAGES]
    testing = [read_words(editor, part(data, lang, "test", limit)) for lang in LANGUAGES]
    rows: dict[str, list[dict[str, object]]] = {}
    for signal in ("error_prob", "logprob"):
        threshold = best_threshold(tuning, signal)
        found = [
            Mcc(lang, threshold, matthews(w.wrong, marked(w, signal, threshold)))
            for lang, w in zip(LANGUAGES, testing, strict=True)
        ]
        print(signal, f"threshold {threshold:.2f}", {m.language: round(m.value, 3) for m in found})
        print(signal, f"macro {np.mean([m.value for m in found]):.3f}")
        rows[signal] = [asdict(m) for m in found]
    out.write_text(json.dumps(rows, indent=1) + "\n")
