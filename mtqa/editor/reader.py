"""Reading segments with a sequence-to-sequence model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from mtqa.editor.base import EditorInfo, Progress, Reading
from mtqa.editor.card import ModelCard
from mtqa.editor.chunks import chunks
from mtqa.editor.codec import Codec, Pieces
from mtqa.editor.network import Encoded, Ids, Network, Scored
from mtqa.editor.options import EditorOptions
from mtqa.editor.propose import Draft, Evidence, conclude
from mtqa.editor.repetition import runs_on
from mtqa.editor.surface import Casing, document_casing, rewrite
from mtqa.errors import ModelError
from mtqa.stats import FluencyScale
from mtqa.text import Segment, Span

_DEFAULT_WINDOW = 512  # tokens, for models without a limit of their own
_GROWTH = 0.8  # share of the window that a source may fill: outputs can be longer
_BATCH_LOGITS = 2**26  # numbers: 256 MiB in float32
_MIN_CONFIDENCE = 0.5  # for models that say nothing of it


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment or a part of it, before it is tokenised."""

    segment: int
    span: Span  # in the segment's text
    text: str


@dataclass(frozen=True, slots=True)
class _Unit:
    """A segment, or a part of one that is longer than the model's window."""

    segment: int
    span: Span  # in the segment's text
    text: str
    source: Pieces
    target: Pieces
    truncated: bool  # longer than the window


@dataclass(frozen=True, slots=True)
class _Read:
    """What the model made of a unit; offsets in the unit's text."""

    old: Evidence
    new: Evidence
    rewritten: str
    errors: tuple[float, ...] | None  # 0-1, one per token of ``old``


class Seq2SeqEditor:
    """An ``Editor`` made of a tokenizer and a network."""

    def __init__(
        self,
        codec: Codec,
        network: Network,
        *,
        info: EditorInfo,
        card: ModelCard,
        options: EditorOptions,
        window: int | None,
    ) -> None:
        self._codec = codec
        self._network = network
        self._info = info
        self._card = card
        self._beams = options.num_beams
        self._prefix = len(codec.sources([""])[0].ids)  # tokens of the instruction
        self._limit = self._segment_limit(window, options.max_segment_tokens)
        self._budget = options.max_batch_tokens or max(
            self._limit, min(4096, _BATCH_LOGITS // network.vocabulary)
        )

    @property
    def info(self) -> EditorInfo:
        """Name, digest and options, for the report."""
        return self._info

    @property
    def fluency_scale(self) -> FluencyScale | None:
        """The calibration of fluency that came with the model."""
        return self._card.fluency

    @property
    def default_min_confidence(self) -> float:
        """What the model's card says, else 0.5."""
        found = self._card.min_confidence
        return _MIN_CONFIDENCE if found is None else found

    def read(
        self, segments: Sequence[Segment], *, progress: Progress | None = None
    ) -> tuple[Reading, ...]:
        """Read the segments of one document; see ``Editor.read``."""
        casing = Casing(
            document=document_casing(segment.text for segment in segments),
            model=self._card.truecase or MappingProxyType({}),
        )
        units = self._units([segment.text for segment in segments])
        read: dict[int, _Read] = {}
        for batch in self._batches(units):
            done = self._read_batch([units[i] for i in batch], casing)
            read.update(zip(batch, done, strict=True))
            if progress:
                progress(len({units[i].segment for i in read}), len(segments))
        parts: list[list[int]] = [[] for _ in segments]
        for index, unit in enumerate(units):
            parts[unit.segment].append(index)
        drafts = [
            _join(s, [units[i] for i in own], [read[i] for i in own], head=self._network.has_head)
            for s, own in zip(segments, parts, strict=True)
        ]
        return conclude(drafts, self._card.calibration)

    def _segment_limit(self, window: int | None, asked: int | None) -> int:
        """How many tokens of a segment are read at once."""
        before, after = self._codec.source_template.before, self._codec.source_template.after
        around = len(before) + len(after) + self._prefix + 1
        room = (window or _DEFAULT_WINDOW) - around
        if room < 4:
            raise ModelError("the prefix fills the model's window", where=self._info.name)
        return min(room, asked or max(2, int(room * _GROWTH)))

    def _units(self, texts: Sequence[str]) -> list[_Unit]:
        """The segments, or their parts where they are too long; none of a blank one."""
        indices = [i for i, text in enumerate(texts) if text.strip()]
        wholes = self._tokenised([_Part(i, Span(0, len(texts[i])), texts[i]) for i in indices])
        units = []
        for whole in wholes:
            if not whole.truncated:
                units.append(whole)
                continue
            spans = chunks(whole.text, tokens=self._tokens, limit=self._limit)
            parts = [_Part(whole.segment, span, span.of(whole.text)) for span in spans]
            units += self._tokenised(parts)
        return units

    def _tokenised(self, parts: Sequence[_Part]) -> list[_Unit]:
        texts = [part.text for part in parts]
        return [
            _Unit(
                segment=part.segment,
                span=part.span,
                text=part.text,
                source=source,
                target=target,
                truncated=max(len(source.ids) - self._prefix, len(target.ids)) > self._limit,
            )
            for part, source, target in zip(
                parts, self._codec.sources(texts), self._codec.targets(texts), strict=True
            )
        ]

    def _tokens(self, text: str) -> Sequence[Span]:
        """The tokens of a text on the side that needs more of them."""
        (source,), (target,) = self._codec.sources([text]), self._codec.targets([text])
        return max(source.spans[self._prefix :], target.spans, key=len)

    def _batches(self, units: Sequence[_Unit]) -> Iterator[list[int]]:
        """Indices of units of about the same length, as many as fit in a batch."""
        size = [max(len(unit.source.ids), len(unit.target.ids)) + 2 for unit in units]
        batch: list[int] = []
        for index in sorted(range(len(units)), key=lambda i: -size[i]):
            if batch and (len(batch) + 1) * size[batch[0]] > self._budget:
                yield batch
                batch = []
            batch.append(index)
        if batch:
            yield batch

    def _read_batch(self, units: Sequence[_Unit], casing: Casing) -> list[_Read]:
        """Read the units: one pass for all, and two more for those that change."""
        template = self._codec.source_template
        room = self._limit + self._prefix
        encoded = self._network.encode(
            [(*template.before, *unit.source.ids[:room], *template.after) for unit in units]
        )
        labels = [unit.target.ids[: self._limit] for unit in units]
        scored = self._network.score(encoded, labels)
        errors = self._network.error_probs(encoded)
        olds = [
            Evidence(_with_end(unit.target.spans[: self._limit], unit.text), score.logprobs)
            for unit, score in zip(units, scored, strict=True)
        ]
        done = [
            _Read(old, old, unit.text, None if errors is None else self._errors(unit, errors[i]))
            for i, (unit, old) in enumerate(zip(units, olds, strict=True))
        ]
        rewritten = self._rewrite(units, labels, scored=scored, encoded=encoded, casing=casing)
        changed = [i for i, text in enumerate(rewritten) if text != units[i].text]
        for i, new in self._score_new(encoded, {i: rewritten[i] for i in changed}):
            done[i] = replace(done[i], new=new, rewritten=rewritten[i])
        return done

    def _rewrite(
        self,
        units: Sequence[_Unit],
        labels: Sequence[Ids],
        *,
        scored: Sequence[Scored],
        encoded: Encoded,
        casing: Casing,
    ) -> list[str]:
        """What the model would write instead of each unit, in the unit's own spelling.

        Greedy decoding gives back what it was fed if that was the likeliest token
        everywhere: such a unit is not decoded.  An output that was stopped by the length
        limit or that repeats itself says nothing, and the unit stays as it is.
        """
        texts = [unit.text for unit in units]
        doubtful = [i for i, score in enumerate(scored) if self._beams > 1 or not score.unchanged]
        if not doubtful:
            return texts
        outputs = self._network.generate(
            encoded.rows(doubtful),
            [self._network.most_new(len(labels[i])) for i in doubtful],
            beams=self._beams,
        )
        for i, output in zip(doubtful, outputs, strict=True):
            if not output.ended or output.ids == labels[i] or runs_on(output.ids, labels[i]):
                continue
            texts[i] = rewrite(
                texts[i],
                self._codec.decode(labels[i]),
                output=self._codec.decode(output.ids),
                script=self._codec.script,
                casing=casing,
                initial=units[i].span.start == 0,
            )
        return texts

    def _score_new(
        self, encoded: Encoded, texts: Mapping[int, str]
    ) -> Iterator[tuple[int, Evidence]]:
        """The evidence for rewritten units; none for one that outgrew the window."""
        targets = dict(zip(texts, self._codec.targets([*texts.values()]), strict=True))
        rows = [i for i, t in targets.items() if len(t.ids) < self._network.most_new(len(t.ids))]
        if not rows:
            return
        scored = self._network.score(encoded.rows(rows), [targets[i].ids for i in rows])
        for i, score in zip(rows, scored, strict=True):
            yield i, Evidence(_with_end(targets[i].spans, texts[i]), score.logprobs)

    def _errors(self, unit: _Unit, probs: Sequence[float]) -> tuple[float, ...]:
        """P(token is wrong) of each label, from the source tokens in the same place."""
        before = len(self._codec.source_template.before)
        count = min(len(unit.source.ids), self._limit + self._prefix)
        own = probs[before : before + count]
        end = 0.0  # marks of errors stand on words, so the head learnt nothing of the end
        if unit.source.ids == unit.target.ids:
            return (*own[: self._limit], end)
        places = list(zip(unit.source.spans[:count], own, strict=True))
        return (
            *(
                max((p for span, p in places if span.overlaps(label)), default=0.0)
                for label in unit.target.spans[: self._limit]
            ),
            end,
        )


def _with_end(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    return (*spans, Span(len(text), len(text)))


def _join(segment: Segment, units: Sequence[_Unit], reads: Sequence[_Read], *, head: bool) -> Draft:
    """Put the parts of a segment together again."""
    old, new, text = _Joint(), _Joint(), ""
    errors: list[float] = []
    at = 0
    for unit, read in zip(units, reads, strict=True):
        text += segment.text[at : unit.span.start]
        at = unit.span.end
        last = unit is units[-1]
        old.add(read.old, by=unit.span.start, last=last)
        new.add(read.new, by=len(text), last=last)
        errors += (read.errors or ())[: None if last else -1]
        text += read.rewritten
    return Draft(
        segment_id=segment.id,
        text=segment.text,
        rewritten=text + segment.text[at:],
        old=old.evidence(),
        new=new.evidence(),
        error_probs=tuple(errors) if head else None,
        truncated=any(unit.truncated for unit in units),
    )


class _Joint:
    """Evidence in the making."""

    def __init__(self) -> None:
        self._tokens: list[Span] = []
        self._logprobs: list[float] = []

    def add(self, evidence: Evidence, *, by: int, last: bool) -> None:
        """Add a part; only the last one's end is the end of the sentence."""
        end = None if last else -1
        self._tokens += [token.shift(by) for token in evidence.tokens[:end]]
        self._logprobs += evidence.logprobs[:end]

    def evidence(self) -> Evidence:
        return Evidence(tuple(self._tokens), tuple(self._logprobs))
