"""What a user may ask of an editor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mtqa.errors import ModelError

Device = str  # "auto", "cpu", "cuda", "cuda:1", "mps"
DType = Literal["auto", "float32", "bfloat16", "float16"]


@dataclass(frozen=True, slots=True)
class EditorOptions:
    """How a model is loaded and run.  The defaults suit every model that needs no instruction.

    >>> EditorOptions(prefix="grammar: ").num_beams
    1
    """

    device: Device = "auto"  # "auto": CUDA where there is one, else the CPU
    dtype: DType = "auto"  # "auto": float32 on the CPU, bfloat16 or float16 on an accelerator
    prefix: str = ""  # put before each sentence, for models trained with an instruction
    source_language: str | None = None  # code of the model's tokenizer, "en_XX", "eng_Latn"
    target_language: str | None = None  # likewise; the language that is written
    forced_bos_token: str | None = None  # token that every output begins with
    num_beams: int = 1  # 1 is greedy
    max_batch_tokens: int | None = None  # padded tokens per batch; None: by vocabulary size
    max_segment_tokens: int | None = None  # longer segments are split; None: by model
    threads: int | None = None  # CPU threads of the whole process; None: leave as it is
    revision: str | None = None  # branch, tag or commit of a hub id

    def __post_init__(self) -> None:
        for name in ("num_beams", "max_batch_tokens", "max_segment_tokens", "threads"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ModelError(f"{name} is {value}", hint="it must be at least 1")
