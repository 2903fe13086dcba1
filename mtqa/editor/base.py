"""The editor protocol: what a sequence-to-sequence model is asked, and what it answers.

An editor reads sentences.  For each it gives three things from one model: how
likely each token is to stay (``logprobs``), optionally how likely each token is
to be wrong (``error_probs``), and what it would write instead (``proposals``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from mtqa.edits import Edit
from mtqa.stats import FluencyScale
from mtqa.text import Segment, Span


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit that the editor proposes, and what became of it.

    The raw numbers the confidence was made from are kept, so that another
    calibration can be fitted without running the model again.
    """

    edit: Edit  # offsets in the segment's text
    confidence: float  # 0-1, probability that the edit improves the text
    log_p_new: float  # nats, mean over the new tokens of the edit and the one after them
    log_p_keep: float  # nats, lowest of the original tokens it replaces, or goes before
    error_prob: float | None  # 0-1, highest P(token is wrong) over those tokens
    refused: str | None = None  # None when kept, else why not: "confidence", "number", "name", ...
    detail: str = ""  # for a person: what the guard saw ("1994 -> 1995")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the editor makes of one segment.  All offsets are in the segment's text."""

    segment_id: str
    proposals: tuple[Proposal, ...]  # by position; kept and refused
    cleaned: str  # the segment with the kept proposals applied
    tokens: tuple[Span, ...]  # the model's pieces; the last, empty one is the end of the sentence
    logprobs: tuple[float, ...]  # nats, one per token: log P(token | sentence, tokens before it)
    error_probs: tuple[float, ...] | None  # 0-1, one per token; None for a model without that head
    truncated: bool  # True when part of the segment was not read: never in silence

    @property
    def kept(self) -> tuple[Edit, ...]:
        """The edits that survived the guard, in order."""
        return tuple(p.edit for p in self.proposals if p.refused is None)


@dataclass(frozen=True, slots=True)
class EditorInfo:
    """What a report says of the editor, enough to tell two runs apart."""

    name: str  # "mtqa/shipped", a hub id or a folder name
    digest: str  # "sha256:..." over the weights and the tokenizer
    version: str  # of the model, if it names one, else ""
    dtype: str  # "float32", "bfloat16", ...
    device: str  # "cpu", "cuda", ...
    decoding: str  # "greedy", "beam4", ...
    prefix: str  # instruction put before each sentence, "" for none


Progress: TypeAlias = Callable[[int, int], None]  # (segments read so far, segments in all)


class Editor(Protocol):
    """Anything that can read segments."""

    @property
    def info(self) -> EditorInfo:
        """Name, digest and options, for the report."""
        ...

    @property
    def fluency_scale(self) -> FluencyScale | None:
        """The calibration of fluency, or None for a model that has none."""
        ...

    @property
    def default_min_confidence(self) -> float:
        """The confidence below which edits are refused unless the user says otherwise, 0-1."""
        ...

    def read(
        self, segments: Sequence[Segment], *, progress: Progress | None = None
    ) -> tuple[Reading, ...]:
        """Read the segments of one document; an unguarded reading for each, in the order given.

        Give all segments of the document at once: how a word is capitalised elsewhere, and
        how broken the whole is, are part of the evidence.  Nothing else about one reading
        depends on the other segments, their order or how they are batched.

        ``progress``, if given, is called after each batch.

        ``cleaned`` of an unguarded reading applies every proposal; ``mtqa.editor.guard``
        decides which survive.
        """
        ...
