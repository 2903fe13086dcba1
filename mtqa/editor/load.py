"""Load a model: the shipped one, a folder, or a Hugging Face hub id.

Only safetensors weights are read, and no code that comes with a model is run.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors.torch import load_file

from mtqa.editor.base import Editor, EditorInfo
from mtqa.editor.card import read_card
from mtqa.editor.codec import Codec
from mtqa.editor.folder import ERROR_HEAD, SHIPPED_NAME, digest, find_folder, model_name
from mtqa.editor.network import ErrorHead, Network, Special
from mtqa.editor.options import EditorOptions
from mtqa.editor.reader import Seq2SeqEditor
from mtqa.errors import ModelError

# Where the configurations of different models say how many positions there are.
_LIMITS = (
    "max_position_embeddings",
    "max_encoder_position_embeddings",
    "max_decoder_position_embeddings",
    "n_positions",
)


def load_model(model: str | None, *, options: EditorOptions) -> Editor:
    """Load an editor; see ``mtqa.editor.load_editor``."""
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    with _quiet():
        try:
            folder = find_folder(model, revision=options.revision)
            return _load(folder, model_name(model), options)
        except ModelError as error:
            where = error.where or model or SHIPPED_NAME
            raise ModelError(error.what, where=where, hint=error.hint) from None


def _load(folder: Path, name: str, options: EditorOptions) -> Editor:
    card = read_card(folder)
    config = _config(folder)
    tokenizer = _tokenizer(folder)
    device, dtype = _placement(options)
    loaded = _weights(folder, config, dtype)
    model = loaded.model.to(device).eval()
    codec = Codec(tokenizer, options)
    window = _window(model.config, tokenizer)
    network = Network(
        model,
        _special(loaded, codec, tokenizer, options),
        limit=window,
        head=_error_head(folder, model.get_encoder().config.hidden_size, device),
    )
    info = EditorInfo(
        name=card.name or name,
        digest=digest(folder),
        version=card.version or "",
        dtype=str(dtype).removeprefix("torch."),
        device=str(device),
        decoding="greedy" if options.num_beams == 1 else f"beam{options.num_beams}",
        prefix=options.prefix,
    )
    return Seq2SeqEditor(codec, network, info=info, card=card, options=options, window=window)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers from printing and drawing while it loads."""
    logging = transformers.utils.logging
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _config(folder: Path) -> Any:
    try:
        config = transformers.AutoConfig.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    except Exception as error:
        raise ModelError(f"its config.json cannot be used: {_first_line(error)}") from None
    known = transformers.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING
    if type(config) not in known or not config.is_encoder_decoder:
        hint = "an editor is a model such as T5, BART, Marian or an EncoderDecoderModel"
        raise ModelError(f"{config.model_type!r} is not a sequence-to-sequence model", hint=hint)
    return config


def _tokenizer(folder: Path) -> Any:
    try:
        return transformers.AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    except Exception as error:
        hint = "older models need: pip install 'mtqa[sentencepiece]'"
        raise ModelError(
            f"its tokenizer cannot be loaded: {_first_line(error)}", hint=hint
        ) from None


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A model, and the two settings of its own that decoding keeps."""

    model: Any
    never: tuple[int, ...]  # tokens that it must not write
    first: int | None  # token that every output must begin with


def _weights(folder: Path, config: Any, dtype: torch.dtype) -> _Loaded:
    try:
        model, loading = transformers.AutoModelForSeq2SeqLM.from_pretrained(
            folder,
            config=config,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=dtype,
            output_loading_info=True,
        )
    except Exception as error:
        raise ModelError(f"its weights cannot be loaded: {_first_line(error)}") from None
    lacking = sorted(loading["missing_keys"])
    if lacking:
        raise ModelError(f"its weights lack {len(lacking)} tensors, {lacking[0]!r} the first")
    settings = model.generation_config
    words = [row[0] for row in settings.bad_words_ids or [] if len(row) == 1]
    never = tuple(sorted({*words, *(settings.suppress_tokens or [])}))
    # The rest (beams, lengths, forced ends, no repeated n-grams) would change what greedy is.
    model.generation_config = transformers.GenerationConfig()
    return _Loaded(model, never, settings.forced_bos_token_id)


def _special(loaded: _Loaded, codec: Codec, tokenizer: Any, options: EditorOptions) -> Special:
    """What the decoder starts with, from the model's own way of making inputs of labels."""
    config, template = loaded.model.config, codec.target_template
    pad, start = config.pad_token_id, config.decoder_start_token_id
    pad = tokenizer.pad_token_id if pad is None else pad
    eos = tokenizer.sep_token_id if tokenizer.eos_token_id is None else tokenizer.eos_token_id
    if eos is None or pad is None or start is None:
        hint = "set pad_token_id, eos_token_id and decoder_start_token_id in its config.json"
        raise ModelError("it has no token for padding, for the end or for the start", hint=hint)
    if hasattr(loaded.model, "prepare_decoder_input_ids_from_labels"):
        labels = torch.tensor([[*template.before, eos, *template.after[1:]]])
        start = int(loaded.model.prepare_decoder_input_ids_from_labels(labels)[0, 0])
    before = template.before
    if options.forced_bos_token is not None:
        before = (codec.token_id(options.forced_bos_token),)
    elif not before and loaded.first is not None:
        before = (loaded.first,)
    if before[:1] == (start,):
        before = before[1:]
    return Special(start=start, before=before, eos=eos, pad=pad, never=loaded.never)


def _window(config: Any, tokenizer: Any) -> int | None:
    """How many tokens the model can read or write, special ones included; None without a limit."""
    parts = [config, getattr(config, "encoder", None), getattr(config, "decoder", None)]
    found = [getattr(part, name, None) for part in parts for name in _LIMITS]
    found.append(tokenizer.model_max_length)
    limits = [limit for limit in found if isinstance(limit, int) and 0 < limit < 10**6]
    return min(limits, default=None)


def _error_head(folder: Path, width: int, device: torch.device) -> ErrorHead | None:
    path = folder / ERROR_HEAD
    if not path.is_file():
        return None
    try:
        tensors = load_file(path)
        weight, bias = tensors["weight"].float(), tensors["bias"].float()
    except Exception as error:
        raise ModelError(f"cannot be read: {_first_line(error)}", where=str(path)) from None
    if tuple(weight.shape) != (1, width) or tuple(bias.shape) != (1,):
        what = f"its tensors are not weight [1, {width}] and bias [1]"
        raise ModelError(what, where=str(path))
    return ErrorHead(weight.to(device), bias.to(device))


def _placement(options: EditorOptions) -> tuple[torch.device, torch.dtype]:
    chosen = options.device
    if chosen == "auto":
        chosen = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(chosen)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        hint = "give auto, cpu, cuda or cuda:1"
        what = f"device {chosen!r} cannot be used: {_first_line(error)}"
        raise ModelError(what, hint=hint) from None
    if options.dtype != "auto":
        return device, getattr(torch, options.dtype)
    if device.type == "cpu":
        return device, torch.float32
    bf16 = device.type == "cuda" and torch.cuda.is_bf16_supported()
    return device, torch.bfloat16 if bf16 else torch.float16


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
