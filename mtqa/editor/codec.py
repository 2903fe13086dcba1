"""A tokenizer seen as two maps: text to pieces with exact places, and ids to text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

from mtqa.editor.locate import UNKNOWN, locate, trim
from mtqa.editor.options import EditorOptions
from mtqa.editor.surface import Script
from mtqa.errors import ModelError
from mtqa.text import Span

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Pieces:
    """A tokenised text, without the special tokens that the model wants around it."""

    ids: tuple[int, ...]
    spans: tuple[Span, ...]  # one per id, in the text; no white space at either end


@dataclass(frozen=True, slots=True)
class Template:
    """The special tokens around a text."""

    before: tuple[int, ...]
    after: tuple[int, ...]


class Tokenizer(Protocol):
    """As much of a Hugging Face tokenizer as is used here."""

    is_fast: bool
    all_special_ids: list[int]
    unk_token_id: int | None

    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def decode(self, token_ids: Sequence[int], **kwargs: Any) -> Any: ...
    def convert_ids_to_tokens(self, ids: Sequence[int]) -> Any: ...
    def convert_tokens_to_ids(self, tokens: str) -> Any: ...


class Codec:
    """Tokenises sources (with the instruction) and targets, and decodes outputs.

    Text that looks like a special token ("</s>", "[MASK]") is read as text.
    """

    def __init__(self, tokenizer: Tokenizer, options: EditorOptions) -> None:
        self._tokenizer = tokenizer
        self._prefix = options.prefix
        _set_languages(tokenizer, options)
        _keep_spaces(tokenizer)
        self._special = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
        self.source_template, self.target_template = self._templates(options)
        self.script = self._probe()

    def sources(self, texts: Sequence[str]) -> tuple[Pieces, ...]:
        """Tokenise as the encoder wants it: instruction first; its pieces have empty spans at 0."""
        by = len(self._prefix)
        return tuple(
            Pieces(
                pieces.ids,
                tuple(Span(max(0, s.start - by), max(0, s.end - by)) for s in pieces.spans),
            )
            for pieces in self._encode([self._prefix + text for text in texts], "text")
        )

    def targets(self, texts: Sequence[str]) -> tuple[Pieces, ...]:
        """Tokenise as the decoder writes it."""
        return self._encode(texts, "text_target")

    def decode(self, ids: Sequence[int]) -> str:
        """The text of output ids; ``UNKNOWN`` where the vocabulary has no word for it."""
        parts = []
        ids = [i for i in ids if i not in self._special]
        for unknown, run in groupby(ids, key=lambda i: i == self._tokenizer.unk_token_id):
            group = list(run)
            parts.append(" ".join([UNKNOWN] * len(group)) if unknown else self._decode(group))
        return " ".join(parts)

    def token_id(self, token: str) -> int:
        """The id of a token that the user named.

        Raises:
            ModelError: the vocabulary does not have it.
        """
        found = self._tokenizer.convert_tokens_to_ids(token)
        if found is None or found == self._tokenizer.unk_token_id:
            raise ModelError(f"the model's vocabulary has no token {token!r}")
        return int(found)

    def _decode(self, ids: Sequence[int]) -> str:
        text = self._tokenizer.decode(
            list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False
        )
        return str(text)

    def _encode(self, texts: Sequence[str], role: str) -> tuple[Pieces, ...]:
        if not texts:
            return ()
        fast = self._tokenizer.is_fast
        # Half a surrogate pair is no text to a tokenizer; what replaces it is as long.
        encoded = self._tokenizer(
            **{role: [_SURROGATE.sub("\ufffd", text) for text in texts]},
            add_special_tokens=False,
            split_special_tokens=True,
            truncation=False,
            verbose=False,
            return_attention_mask=False,
            **({"return_offsets_mapping": True} if fast else {}),
        )
        rows = encoded["input_ids"]
        if fast:
            places = encoded["offset_mapping"]
            found = [[Span(*place) for place in row] for row in places]
        else:
            found = [list(self._find(row, text)) for row, text in zip(rows, texts, strict=True)]
        return tuple(
            Pieces(tuple(row), tuple(trim(span, text) for span in spans))
            for row, spans, text in zip(rows, found, texts, strict=True)
        )

    def _find(self, ids: Sequence[int], text: str) -> tuple[Span, ...]:
        """The places of the pieces of a tokenizer that does not tell them."""
        if type(self._tokenizer).__name__ == "ByT5Tokenizer":
            owner = [at for at, c in enumerate(text) for _ in c.encode("utf-8", "surrogatepass")]
            if len(owner) == len(ids):
                return tuple(Span(at, at + 1) for at in owner)
        unknown = self._tokenizer.unk_token_id
        pieces = self._tokenizer.convert_ids_to_tokens(list(ids))
        return locate(
            [UNKNOWN if i == unknown else p for i, p in zip(ids, pieces, strict=True)], text
        )

    def _templates(self, options: EditorOptions) -> tuple[Template, Template]:
        """Those of sources and of targets; some tokenizers learn only here of a language."""
        asked = [code for code in (options.source_language, options.target_language) if code]
        try:
            source, target = self._template("text"), self._template("text_target")
        except KeyError:
            raise ModelError(f"the model has no language {' or '.join(map(repr, asked))}") from None
        if asked and self._tokenizer.unk_token_id in (*source.before, *target.before):
            raise ModelError(f"the model has no language {' or '.join(map(repr, asked))}")
        return source, target

    def _template(self, role: str) -> Template:
        """Find out what the tokenizer puts around a text by asking it to."""
        bare, full = (
            self._tokenizer(**{role: "a"}, add_special_tokens=special)["input_ids"]
            for special in (False, True)
        )
        width = len(bare)
        for at in range(len(full) - width + 1):
            if full[at : at + width] == bare:
                return Template(tuple(full[:at]), tuple(full[at + width :]))
        raise ModelError("its tokenizer changes a text when it adds special tokens to it")

    def _probe(self) -> Script:
        """Whether case and spaces survive tokenising."""
        texts = ("the cat, a dog", "The Cat, a Dog", "the cat , a dog")
        plain, capitals, apart = (pieces.ids for pieces in self.targets(texts))
        return Script(cased=plain != capitals, spaced=plain != apart)


def _set_languages(tokenizer: Any, options: EditorOptions) -> None:
    for side, code in (
        ("src_lang", options.source_language),
        ("tgt_lang", options.target_language),
    ):
        if code is None:
            continue
        if not hasattr(tokenizer, side):
            raise ModelError(f"the model has no languages to choose {code!r} from")
        try:
            setattr(tokenizer, side, code)
        except (KeyError, ValueError):
            raise ModelError(f"the model has no language {code!r}") from None


def _keep_spaces(tokenizer: Any) -> None:
    """Stop the WordPiece decoder from joining marks to words: that is for ``spacing`` to do."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is not None and type(backend.decoder).__name__ == "WordPiece":
        backend.decoder = type(backend.decoder)(prefix=backend.decoder.prefix, cleanup=False)
