"""Load a model: the shipped one, a folder, or a Hugging Face hub id.

Only safetensors weights are read, and no code that comes with a model is run.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors.torch import load_file

from mtqa.editor.base import Editor, EditorInfo
from mtqa.editor.card import read_card
from mtqa.editor.codec import Codec
from mtqa.editor.network import ErrorHead, Network, Special
from mtqa.editor.options import EditorOptions
from mtqa.editor.reader import Seq2SeqEditor
from mtqa.errors import ModelError

SHIPPED = Path(__file__).parent / "shipped"
ERROR_HEAD = "error_head.safetensors"

# What a model folder may consist of; everything else on a hub page stays there.
_FILES = ("*.json", "*.safetensors", "*.model", "*.spm", "*.txt", "*.tiktoken")
_TOKENIZER = ("tokenizer*", "vocab*", "merges.txt", "*.model", "*.spm")
_PICKLED = ("*.bin", "*.pt", "*.pth", "*.h5", "*.msgpack", "*.ckpt")
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
    name = model or "mtqa/shipped"
    with _quiet():
        folder = _folder(model, options)
        card = read_card(folder)
        config = _config(folder, name)
        tokenizer = _tokenizer(folder, name)
        device, dtype = _placement(options, name)
        weights = _weights(folder, name, config, dtype).to(device).eval()
        try:
            codec = Codec(tokenizer, options)
        except ModelError as error:
            raise ModelError(error.what, where=name, hint=error.hint) from None
        limit = _window(weights.config, tokenizer)
        network = Network(
            weights,
            _special(weights, codec, options, tokenizer),
            limit=limit,
            head=_error_head(folder, weights.get_encoder().config.hidden_size, device),
        )
    info = EditorInfo(
        name=card.name or name,
        digest=_digest(folder),
        version=card.version or "",
        dtype=str(dtype).removeprefix("torch."),
        device=str(device),
        decoding="greedy" if options.num_beams == 1 else f"beam{options.num_beams}",
        prefix=options.prefix,
    )
    return Seq2SeqEditor(codec, network, info=info, card=card, options=options, window=limit)


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


def _folder(model: str | None, options: EditorOptions) -> Path:
    """The local folder that holds the model, after a download if it is a hub id."""
    if model is None:
        folder = SHIPPED
    elif Path(model).expanduser().is_dir():
        folder = Path(model).expanduser()
    elif Path(model).exists() or model.startswith((".", "/", "~", "\\")) or model.count("/") > 1:
        hint = "give a folder, or the id of a model on huggingface.co"
        raise ModelError("there is no such model folder", where=model, hint=hint)
    else:
        folder = _download(model, options.revision)
    _check_files(folder, model or "mtqa/shipped")
    return folder


def _download(model: str, revision: str | None) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(
            snapshot_download(
                model, revision=revision, allow_patterns=list(_FILES), ignore_patterns=["*/*"]
            )
        )
    except Exception as error:  # the hub client raises a dozen kinds, by version
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        hint = "check the spelling and the network, or give a local folder"
        raise ModelError(f"cannot get the model: {reason}", where=model, hint=hint) from None


def _check_files(folder: Path, name: str) -> None:
    if not (folder / "config.json").is_file():
        hint = "a model folder holds config.json, *.safetensors and a tokenizer"
        raise ModelError("no config.json in the model folder", where=name, hint=hint)
    if any(path.name != ERROR_HEAD for path in folder.glob("*.safetensors")):
        return
    if any(True for pattern in _PICKLED for _ in folder.glob(pattern)):
        hint = "save it again with save_pretrained, which writes safetensors"
        raise ModelError(
            "its weights are pickled, which is not safe to load", where=name, hint=hint
        )
    hint = "weights are read from *.safetensors only; some models have only pickled ones"
    raise ModelError("no weights in the model folder", where=name, hint=hint)


def _config(folder: Path, name: str) -> Any:
    try:
        config = transformers.AutoConfig.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    except Exception as error:
        raise ModelError(
            f"its config.json cannot be used: {_first_line(error)}", where=name
        ) from None
    known = transformers.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING
    if type(config) not in known or not config.is_encoder_decoder:
        hint = "an editor is a model such as T5, BART, Marian or an EncoderDecoderModel"
        raise ModelError(
            f"{config.model_type!r} is not a sequence-to-sequence model", where=name, hint=hint
        )
    return config


def _tokenizer(folder: Path, name: str) -> Any:
    # Without any file, transformers makes up an empty tokenizer for some models.
    if not any(True for pattern in _TOKENIZER for _ in folder.glob(pattern)):
        hint = "save it there with tokenizer.save_pretrained"
        raise ModelError("no tokenizer in the model folder", where=name, hint=hint)
    try:
        return transformers.AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    except Exception as error:
        hint = "older models need: pip install 'mtqa[sentencepiece]'"
        raise ModelError(
            f"its tokenizer cannot be loaded: {_first_line(error)}", where=name, hint=hint
        ) from None


def _weights(folder: Path, name: str, config: Any, dtype: torch.dtype) -> Any:
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
        raise ModelError(
            f"its weights cannot be loaded: {_first_line(error)}", where=name
        ) from None
    lacking = sorted(loading["missing_keys"])
    if lacking:
        raise ModelError(
            f"its weights lack {len(lacking)} tensors, {lacking[0]!r} the first", where=name
        )
    # A model's own settings (beams, minimum length, forced ends) would change what greedy is.
    model.never_written = _never(model.generation_config)
    model.forced_first = model.generation_config.forced_bos_token_id
    model.generation_config = transformers.GenerationConfig()
    return model


def _never(settings: Any) -> tuple[int, ...]:
    single = [row[0] for row in settings.bad_words_ids or [] if len(row) == 1]
    return tuple(sorted({*single, *(settings.suppress_tokens or [])}))


def _special(model: Any, codec: Codec, options: EditorOptions, tokenizer: Any) -> Special:
    """What the decoder starts with, from the model's own way of making inputs of labels."""
    config = model.config
    pad = config.pad_token_id if config.pad_token_id is not None else tokenizer.pad_token_id
    template = codec.target_template
    eos = tokenizer.eos_token_id
    if eos is None:
        eos = tokenizer.sep_token_id
    if eos is None or pad is None:
        raise ModelError("its tokenizer has no token for the end or for padding")
    start = config.decoder_start_token_id
    if hasattr(model, "prepare_decoder_input_ids_from_labels"):
        labels = torch.tensor([[*template.before, eos, *template.after[1:]]])
        start = int(model.prepare_decoder_input_ids_from_labels(labels)[0, 0])
    before = template.before
    if options.forced_bos_token is not None:
        before = (codec.token_id(options.forced_bos_token),)
    elif not before and model.forced_first is not None:
        before = (model.forced_first,)
    if before[:1] == (start,):
        before = before[1:]
    return Special(start=start, before=before, eos=eos, pad=pad, never=model.never_written)


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


def _placement(options: EditorOptions, name: str) -> tuple[torch.device, torch.dtype]:
    try:
        device = torch.device(
            ("cuda" if torch.cuda.is_available() else "cpu")
            if options.device == "auto"
            else options.device
        )
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        hint = "give auto, cpu, cuda or cuda:1"
        raise ModelError(
            f"device {options.device!r} cannot be used: {_first_line(error)}", where=name, hint=hint
        ) from None
    if options.dtype != "auto":
        return device, getattr(torch, options.dtype)
    if device.type == "cpu":
        return device, torch.float32
    half = (
        torch.bfloat16
        if device.type == "cuda" and torch.cuda.is_bf16_supported()
        else torch.float16
    )
    return device, half


def _digest(folder: Path) -> str:
    """SHA-256 over the names and contents of the files that make the model."""
    paths = sorted({path for pattern in _FILES for path in folder.glob(pattern)})
    with ThreadPoolExecutor() as pool:
        digests = tuple(pool.map(_file_digest, paths))
    total = hashlib.sha256()
    for path, digest in zip(paths, digests, strict=True):
        total.update(path.name.encode("utf-8", "surrogateescape") + b"\0" + digest)
    return f"sha256:{total.hexdigest()}"


def _file_digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
