"""Model folders: where a model's files are, and what they must be."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mtqa.errors import ModelError

SHIPPED = Path(__file__).parent / "shipped"
SHIPPED_NAME = "mtqa/shipped"
ERROR_HEAD = "error_head.safetensors"

# What a model folder may consist of; everything else on a hub page stays there.
_FILES = ("*.json", "*.safetensors", "*.model", "*.spm", "*.txt", "*.tiktoken")
_TOKENIZER = ("tokenizer*", "vocab*", "merges.txt", "*.model", "*.spm")
_PICKLED = ("*.bin", "*.pt", "*.pth", "*.h5", "*.msgpack", "*.ckpt")


def find_folder(model: str | None, *, revision: str | None) -> Path:
    """The local folder that holds a model, after a download if it is a hub id.

    Raises:
        ModelError: there is none, or it does not hold a model with safe weights.
    """
    if model is None:
        folder = SHIPPED
    elif Path(model).expanduser().is_dir():
        folder = Path(model).expanduser()
    elif Path(model).exists() or model.startswith((".", "/", "~", "\\")) or model.count("/") > 1:
        hint = "give a folder, or the id of a model on huggingface.co"
        raise ModelError("there is no such model folder", hint=hint)
    else:
        folder = _download(model, revision)
    _check(folder)
    return folder


def model_name(model: str | None) -> str:
    """What a report calls a model: "mtqa/shipped", a hub id, or a folder's own name."""
    if model is None:
        return SHIPPED_NAME
    folder = Path(model).expanduser()
    return folder.resolve().name if folder.is_dir() else model


def digest(folder: Path) -> str:
    """SHA-256 over the names and contents of the files that make the model."""
    paths = sorted({path for pattern in _FILES for path in folder.glob(pattern)})
    with ThreadPoolExecutor() as pool:  # hashing leaves Python's lock to others
        digests = tuple(pool.map(_file_digest, paths))
    total = hashlib.sha256()
    for path, found in zip(paths, digests, strict=True):
        total.update(path.name.encode("utf-8", "surrogateescape") + b"\0" + found)
    return f"sha256:{total.hexdigest()}"


def _download(model: str, revision: str | None) -> Path:
    # The only line in mtqa that may go online; offline it finds what was fetched before.
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
        raise ModelError(f"cannot get the model: {reason}", hint=hint) from None


def _check(folder: Path) -> None:
    if not (folder / "config.json").is_file():
        hint = "a model folder holds config.json, *.safetensors and a tokenizer"
        raise ModelError("no config.json in the model folder", hint=hint)
    if not any(path.name != ERROR_HEAD for path in folder.glob("*.safetensors")):
        if _holds(folder, _PICKLED):
            hint = "save it again with save_pretrained, which writes safetensors"
            raise ModelError("its weights are pickled, which is not safe to load", hint=hint)
        hint = "weights are read from *.safetensors only; some models have only pickled ones"
        raise ModelError("no weights in the model folder", hint=hint)
    # Without any of these, transformers makes up an empty tokenizer for some models.
    if not _holds(folder, _TOKENIZER):
        hint = "save it there with tokenizer.save_pretrained"
        raise ModelError("no tokenizer in the model folder", hint=hint)


def _holds(folder: Path, patterns: tuple[str, ...]) -> bool:
    return any(True for pattern in patterns for _ in folder.glob(pattern))


def _file_digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
