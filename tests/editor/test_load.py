"""Loading: what is accepted, what is refused and how, and that nothing goes online."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from tiny_models import CORPUS, FAMILIES, make_multilingual

from mtqa.editor import EditorOptions, load_editor
from mtqa.errors import ModelError
from mtqa.text import Segment, Span


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def copy(folders: dict[str, Path], tmp_path: Path) -> Path:
    """A BART that may be spoilt."""
    return Path(shutil.copytree(folders["bart"], tmp_path / "copy"))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_loads_quietly(
    folders: dict[str, Path], family: str, capfd: pytest.CaptureFixture[str]
) -> None:
    editor = load_editor(str(folders[family]))
    editor.read([Segment("p1.s1", CORPUS[0], Span(0, len(CORPUS[0])), 0, 1)])
    assert capfd.readouterr() == ("", "")
    assert (editor.info.dtype, editor.info.device) == ("float32", "cpu")
    assert editor.info.decoding == "greedy"
    assert editor.info.digest.startswith("sha256:")


def _no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def _bad_config(folder: Path) -> None:
    (folder / "config.json").write_text("{", "utf-8")


def _unknown_architecture(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "no-such"}', "utf-8")


def _no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def _pickled(folder: Path) -> None:
    _no_weights(folder)
    torch.save({}, folder / "pytorch_model.bin")


def _cut_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])


def _missing_tensor(folder: Path) -> None:
    path = folder / "model.safetensors"
    tensors = load_file(path)
    del tensors["model.decoder.layers.0.fc1.weight"]
    save_file(tensors, path, metadata={"format": "pt"})


def _no_tokenizer(folder: Path) -> None:
    for path in [*folder.glob("tokenizer*"), *folder.glob("*token*")]:
        path.unlink(missing_ok=True)


def _decoder_only(folder: Path) -> None:
    transformers.GPT2Config(n_layer=1, n_embd=8, n_head=1).save_pretrained(folder)


def _encoder_only(folder: Path) -> None:
    transformers.BertConfig(num_hidden_layers=1, hidden_size=12).save_pretrained(folder)


def _own_code(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config["model_type"] = "mine"
    config["auto_map"] = {"AutoConfig": "mine.Config", "AutoModelForSeq2SeqLM": "mine.Model"}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "mine.py").write_text("raise SystemExit('remote code was run')", "utf-8")


def _bad_head(folder: Path) -> None:
    save_file(
        {"weight": torch.zeros(1, 7), "bias": torch.zeros(1)}, folder / "error_head.safetensors"
    )


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_no_config, "config.json"),
        (_bad_config, "config.json"),
        (_unknown_architecture, "config.json"),
        (_own_code, "config.json"),
        (_no_weights, "no weights"),
        (_pickled, "pickled"),
        (_cut_weights, "weights"),
        (_missing_tensor, "lack 1 tensor"),
        (_no_tokenizer, "tokenizer"),
        (_decoder_only, "'gpt2' is not a sequence-to-sequence model"),
        (_encoder_only, "'bert' is not a sequence-to-sequence model"),
        (_bad_head, "error_head"),
    ],
)
def test_a_folder_that_is_no_editor_is_refused(
    copy: Path, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(copy)
    with pytest.raises(ModelError, match=said) as caught:
        load_editor(str(copy))
    assert str(copy) in str(caught.value)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such model folder"):
        load_editor(str(tmp_path / "nowhere"))
    with pytest.raises(ModelError, match="no such model folder"):
        load_editor("./nowhere")


def test_a_hub_id_without_a_network_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="cannot get the model") as caught:
        load_editor("no-such-organisation/no-such-model")
    assert caught.value.hint is not None
    with pytest.raises(ModelError, match="cannot get the model"):
        load_editor("not a valid id!")


def test_the_digest_is_of_the_contents(copy: Path, tmp_path: Path) -> None:
    first = load_editor(str(copy)).info.digest
    moved = Path(shutil.copytree(copy, tmp_path / "elsewhere"))
    (moved / "README.md").write_text("words", "utf-8")
    assert load_editor(str(moved)).info.digest == first
    tensors = load_file(moved / "model.safetensors")
    tensors["final_logits_bias"] = tensors["final_logits_bias"] + 1e-3
    save_file(tensors, moved / "model.safetensors", metadata={"format": "pt"})
    assert load_editor(str(moved)).info.digest != first


def test_half_precision_weights_are_read_in_float32_on_a_cpu(copy: Path) -> None:
    path = copy / "model.safetensors"
    save_file({k: v.half() for k, v in load_file(path).items()}, path, metadata={"format": "pt"})
    assert load_editor(str(copy)).info.dtype == "float32"
    bfloat = load_editor(str(copy), options=EditorOptions(dtype="bfloat16"))
    assert bfloat.info.dtype == "bfloat16"


def test_languages_are_chosen_or_refused(folders: dict[str, Path], tmp_path: Path) -> None:
    make_multilingual(tmp_path)
    options = EditorOptions(source_language="en", target_language="fr")
    editor = load_editor(str(tmp_path), options=options)
    text = CORPUS[0]
    (reading,) = editor.read([Segment("p1.s1", text, Span(0, len(text)), 0, 1)])
    assert reading.tokens[0].of(text) in text
    other = load_editor(
        str(tmp_path), options=EditorOptions(source_language="en", target_language="en")
    )
    (otherwise,) = other.read([Segment("p1.s1", text, Span(0, len(text)), 0, 1)])
    assert reading.tokens == otherwise.tokens
    assert reading.logprobs != otherwise.logprobs
    with pytest.raises(ModelError, match="no language 'xx'"):
        load_editor(str(tmp_path), options=EditorOptions(target_language="xx"))
    with pytest.raises(ModelError, match="no languages"):
        load_editor(str(folders["t5"]), options=EditorOptions(target_language="en"))


def test_devices_and_numbers_that_make_no_sense_are_refused(folders: dict[str, Path]) -> None:
    with pytest.raises(ModelError, match="device"):
        load_editor(str(folders["t5"]), options=EditorOptions(device="toaster"))
    for name in ("num_beams", "max_batch_tokens", "max_segment_tokens", "threads"):
        with pytest.raises(ModelError, match=name):
            EditorOptions(**{name: 0})
