"""The model itself: encode, score a text by teacher forcing, decode.  All of torch is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import linear
from transformers import GenerationConfig
from transformers.modeling_outputs import BaseModelOutput

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Special:
    """The special tokens of the decoder."""

    start: int  # what the decoder is fed first
    before: Ids  # what every output begins with: a language code, BART's <s>
    eos: int
    pad: int
    never: Ids = ()  # what the model's own settings forbid: Marian's padding


@dataclass(frozen=True, slots=True)
class ErrorHead:
    """A logistic regression over the encoder's last hidden states: P(token is wrong)."""

    weight: Tensor  # [1, hidden]
    bias: Tensor  # [1]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A batch of sources after the encoder."""

    states: Tensor  # [batch, source, hidden]
    mask: Tensor  # [batch, source], 1 where there is a token
    lengths: tuple[int, ...]  # source tokens per row

    def rows(self, keep: Sequence[int]) -> Encoded:
        """Some rows, without padding that none of them needs."""
        lengths = tuple(self.lengths[i] for i in keep)
        width = max(lengths)
        index = torch.tensor(list(keep), device=self.states.device)
        return Encoded(self.states[index, :width], self.mask[index, :width], lengths)


@dataclass(frozen=True, slots=True)
class Scored:
    """A target under teacher forcing."""

    logprobs: tuple[float, ...]  # nats, one per label and one for the end of the sentence
    unchanged: bool  # whether each of them was the likeliest token in its place


@dataclass(frozen=True, slots=True)
class Output:
    """What the decoder wrote."""

    ids: Ids  # without start, prefix and end
    ended: bool  # False when the length limit stopped it


class Network:
    """A sequence-to-sequence model in evaluation mode, with its special tokens."""

    def __init__(
        self, model: Any, special: Special, *, limit: int | None, head: ErrorHead | None
    ) -> None:
        self._model = model
        self._special = special
        self._limit = limit  # positions of the decoder
        self._head = head
        self.device: torch.device = model.device
        self.vocabulary = int(model.get_output_embeddings().weight.shape[0])
        self.has_head = head is not None

    @torch.inference_mode()
    def encode(self, sources: Sequence[Ids]) -> Encoded:
        """Run the encoder over a batch of sources, special tokens included."""
        ids, mask = self._pad(sources)
        out = self._model.get_encoder()(input_ids=ids, attention_mask=mask, return_dict=True)
        return Encoded(out.last_hidden_state, mask, tuple(map(len, sources)))

    @torch.inference_mode()
    def error_probs(self, encoded: Encoded) -> tuple[tuple[float, ...], ...] | None:
        """P(token is wrong), 0-1, for each source token, special ones included."""
        if self._head is None:
            return None
        logits = linear(encoded.states.float(), self._head.weight, self._head.bias)[..., 0]
        probs = logits.sigmoid().tolist()
        return tuple(tuple(row[:n]) for row, n in zip(probs, encoded.lengths, strict=True))

    @torch.inference_mode()
    def score(self, encoded: Encoded, labels: Sequence[Ids]) -> tuple[Scored, ...]:
        """Teacher-force each row's labels; one result per row."""
        special = self._special
        skip = len(special.before)
        full = [(*special.before, *row, special.eos) for row in labels]
        inputs, _ = self._pad([(special.start, *row[:-1]) for row in full])
        logits = self._model(
            encoder_outputs=BaseModelOutput(last_hidden_state=encoded.states),
            attention_mask=encoded.mask,
            decoder_input_ids=inputs,
            use_cache=False,
            return_dict=True,
        ).logits
        # Row by row: the float32 copy and its exponentials never hold more than one text.
        return tuple(_scored(logits[i, skip : len(row)], row[skip:]) for i, row in enumerate(full))

    def most_new(self, labels: int) -> int:
        """How many tokens a text of ``labels`` tokens may become, its end included."""
        room = labels + labels // 2 + 10
        if self._limit is not None:
            room = min(room, self._limit - 1 - len(self._special.before))
        return max(1, room)

    @torch.inference_mode()
    def generate(
        self, encoded: Encoded, most_new: Sequence[int], *, beams: int
    ) -> tuple[Output, ...]:
        """Decode each row, up to its own number of new tokens."""
        special = self._special
        prompt = torch.tensor([[special.start, *special.before]], device=self.device)
        config = GenerationConfig(
            max_new_tokens=max(most_new),
            num_beams=beams,
            do_sample=False,
            decoder_start_token_id=special.start,
            eos_token_id=special.eos,
            pad_token_id=special.pad,
            suppress_tokens=list(special.never) or None,
        )
        ids = self._model.generate(
            encoder_outputs=BaseModelOutput(last_hidden_state=encoded.states),
            attention_mask=encoded.mask,
            decoder_input_ids=prompt.expand(len(most_new), -1),
            generation_config=config,
        )
        rows = ids[:, prompt.shape[1] :].tolist()
        return tuple(self._output(row, most) for row, most in zip(rows, most_new, strict=True))

    def _output(self, row: list[int], most: int) -> Output:
        end = row.index(self._special.eos) if self._special.eos in row else len(row)
        return Output(tuple(row[:end]), ended=end < min(len(row), most))

    def _pad(self, rows: Sequence[Ids]) -> tuple[Tensor, Tensor]:
        width = max(map(len, rows))
        ids = [[*row, *[self._special.pad] * (width - len(row))] for row in rows]
        mask = [[1] * len(row) + [0] * (width - len(row)) for row in rows]
        return torch.tensor(ids, device=self.device), torch.tensor(mask, device=self.device)


def _scored(logits: Tensor, labels: Ids) -> Scored:
    logits = logits.float()  # [labels, vocabulary]
    chosen = logits.gather(1, torch.tensor(labels, device=logits.device)[:, None])[:, 0]
    logprobs = chosen - logits.logsumexp(dim=1)
    return Scored(
        # Rounding can leave a certain token a hair above 0.
        tuple(min(0.0, p) for p in logprobs.tolist()),
        tuple(logits.argmax(dim=1).tolist()) == labels,
    )
