"""Tiny random models of every family, saved as a user would find them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path

import sentencepiece
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from tokenizers.processors import TemplateProcessing
from transformers import (
    BatchEncoding,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PreTrainedTokenizerFast,
)

CORPUS = (
    "The wolf met Zoë in Paris yesterday, and they didn't speak for 3.5 hours.",
    "He said “no”; she said 'yes' (twice) — isn't it well-known?",
    "In 1994 the American president went to the bank and paid $5, or 20%.",
    "All of the people who live here go there every day: by car, by train, on foot!",
    "Naïve café owners from Zürich never answer the questions of the press.",
)

STEPS = 120


def _wordpiece() -> PreTrainedTokenizerFast:
    inner = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    inner.normalizer = normalizers.BertNormalizer(lowercase=True)
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    inner.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    inner.train_from_iterator(
        CORPUS, trainers.WordPieceTrainer(vocab_size=220, special_tokens=special)
    )
    _around(inner, "[CLS]", "[SEP]")
    return PreTrainedTokenizerFast(
        tokenizer_object=inner, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]",
        sep_token="[SEP]", mask_token="[MASK]", model_max_length=512,
    )  # fmt: skip


def _bytes() -> PreTrainedTokenizerFast:
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    inner.train_from_iterator(
        CORPUS,
        trainers.BpeTrainer(
            vocab_size=340, special_tokens=special,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        ),
    )  # fmt: skip
    _around(inner, "<s>", "</s>")
    return PreTrainedTokenizerFast(
        tokenizer_object=inner, unk_token="<unk>", pad_token="<pad>", bos_token="<s>",
        eos_token="</s>", mask_token="<mask>",
    )  # fmt: skip


def _unigram() -> PreTrainedTokenizerFast:
    inner = Tokenizer(models.Unigram())
    inner.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace("  ", " ")])
    inner.pre_tokenizer = pre_tokenizers.Metaspace()
    inner.decoder = decoders.Metaspace()
    special = ["<pad>", "</s>", "<unk>"]
    inner.train_from_iterator(
        CORPUS, trainers.UnigramTrainer(vocab_size=180, special_tokens=special, unk_token="<unk>")
    )
    _around(inner, None, "</s>")
    return PreTrainedTokenizerFast(
        tokenizer_object=inner, unk_token="<unk>", pad_token="<pad>", eos_token="</s>"
    )


def _around(inner: Tokenizer, before: str | None, after: str) -> None:
    tokens = [token for token in (before, after) if token is not None]
    inner.post_processor = TemplateProcessing(
        single=" ".join([*([before] if before else []), "$A", after]),
        special_tokens=[(token, inner.token_to_id(token)) for token in tokens],
    )


def make_t5(folder: Path) -> None:
    tokenizer = _unigram()
    config = transformers.T5Config(
        vocab_size=len(tokenizer), d_model=32, d_kv=8, d_ff=64, dropout_rate=0.0,
        num_layers=1, num_heads=4, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0,
    )  # fmt: skip
    _save(transformers.T5ForConditionalGeneration(config), tokenizer, folder)


def make_bart(folder: Path) -> None:
    tokenizer = _bytes()
    config = transformers.BartConfig(
        vocab_size=len(tokenizer), d_model=32, encoder_layers=1, decoder_layers=1,
        encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=64,
        decoder_ffn_dim=64, dropout=0.0, max_position_embeddings=128,
        pad_token_id=1, bos_token_id=0,
        eos_token_id=2, decoder_start_token_id=2,
    )  # fmt: skip
    model = transformers.BartForConditionalGeneration(config)
    # What BART's own checkpoints carry, and what an editor must not inherit.
    model.generation_config.num_beams = 4
    model.generation_config.min_length = 30
    model.generation_config.no_repeat_ngram_size = 3
    model.generation_config.forced_eos_token_id = 2
    model.generation_config.early_stopping = True
    _save(model, tokenizer, folder)


def make_bert(folder: Path) -> None:
    tokenizer = _wordpiece()
    shape = {
        "vocab_size": len(tokenizer), "hidden_size": 32, "num_hidden_layers": 1,
        "num_attention_heads": 4, "intermediate_size": 64,
        "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0,
        "max_position_embeddings": 64,
    }  # fmt: skip
    config = transformers.EncoderDecoderConfig.from_encoder_decoder_configs(
        transformers.BertConfig(**shape),
        transformers.BertConfig(**shape, is_decoder=True, add_cross_attention=True),
    )
    config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = 2, 0, 3
    model = transformers.EncoderDecoderModel(config=config)
    _save(model, tokenizer, folder)


def make_marian(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    spm = {}
    for side, size in (("source", 130), ("target", 120)):
        (folder / f"{side}.txt").write_text("\n".join(CORPUS), "utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(folder / f"{side}.txt"), model_prefix=str(folder / side), vocab_size=size,
            character_coverage=1.0, minloglevel=2, num_threads=1, hard_vocab_limit=False,
        )  # fmt: skip
        (folder / f"{side}.model").rename(folder / f"{side}.spm")
        (folder / f"{side}.txt").unlink()
        lines = (folder / f"{side}.vocab").read_text("utf-8").splitlines()
        spm[side] = [line.split("\t")[0] for line in lines]
        (folder / f"{side}.vocab").unlink()
    pieces = sorted({*spm["source"], *spm["target"]} - {"<unk>", "<s>", "</s>"})
    vocabulary = {piece: i for i, piece in enumerate(["</s>", "<unk>", *pieces, "<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tokenizer = transformers.MarianTokenizer(
            str(folder / "source.spm"), str(folder / "target.spm"), str(folder / "vocab.json")
        )
    pad = vocabulary["<pad>"]
    config = transformers.MarianConfig(
        vocab_size=len(vocabulary), d_model=32, encoder_layers=1, decoder_layers=1,
        encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=64,
        decoder_ffn_dim=64, dropout=0.0, max_position_embeddings=128,
        pad_token_id=pad, eos_token_id=0,
        bos_token_id=None, decoder_start_token_id=pad, forced_eos_token_id=0,
    )  # fmt: skip
    model = transformers.MarianMTModel(config)
    model.generation_config.bad_words_ids = [[pad]]
    _save(model, tokenizer, folder)


def make_multilingual(folder: Path) -> None:
    """An M2M100 of two languages: the first token that it writes names the language."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "text").write_text("\n".join(CORPUS), "utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(folder / "text"), model_prefix=str(folder / "m"), vocab_size=120,
        character_coverage=1.0, minloglevel=2, num_threads=1, hard_vocab_limit=False,
    )  # fmt: skip
    lines = (folder / "m.vocab").read_text("utf-8").splitlines()
    pieces = [line.split("\t")[0] for line in lines][3:]
    vocabulary = {p: i for i, p in enumerate(["<s>", "<pad>", "</s>", "<unk>", *pieces])}
    (folder / "m.json").write_text(json.dumps(vocabulary), "utf-8")
    tokenizer = transformers.M2M100Tokenizer(str(folder / "m.json"), str(folder / "m.model"))
    config = transformers.M2M100Config(
        vocab_size=tokenizer.get_lang_id("zu") + 1, d_model=32, encoder_layers=1, decoder_layers=1,
        encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=64,
        decoder_ffn_dim=64, max_position_embeddings=128, decoder_start_token_id=2,
    )  # fmt: skip
    model = transformers.M2M100ForConditionalGeneration(config)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    for path in (*folder.glob("m.*"), folder / "text"):
        path.unlink()


def _save(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, folder: Path) -> None:
    _learn(model, tokenizer)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _learn(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    """Learn to write the corpus by heart, also from copies that lack a word.

    Random weights would never end a sentence nor keep a word; after this the models do
    what editors do: they keep what they know, and mend it or talk nonsense elsewhere.
    """
    pairs = [(text, text) for text in CORPUS] * 2
    pairs += [(text.replace(f" {text.split()[n]} ", " "), text) for text in CORPUS for n in (2, 5)]
    source = tokenizer([a for a, _ in pairs], padding=True, return_tensors="pt")
    target = tokenizer(text_target=[b for _, b in pairs], padding=True, return_tensors="pt")
    labels = target.input_ids.masked_fill(target.attention_mask == 0, -100)
    if (labels[:, 0] == model.config.decoder_start_token_id).all():
        labels = labels[:, 1:].contiguous()
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # A tokenizer trained on several threads is not the same each time, so neither is how
        # long this takes: until every token of the corpus is nearly certain.
        for step in range(8 * STEPS):
            if step >= STEPS and step % 20 == 0 and _least_sure(model, source, labels) > 0.8:
                break
            model.train()
            optimizer.zero_grad()
            model(
                input_ids=source.input_ids, attention_mask=source.attention_mask, labels=labels
            ).loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
    model.eval()


@torch.inference_mode()
def _least_sure(model: PreTrainedModel, source: BatchEncoding, labels: torch.Tensor) -> float:
    """The lowest probability of any token of the unbroken sentences."""
    model.eval()
    whole = slice(0, len(CORPUS))
    logits = model(
        input_ids=source.input_ids[whole],
        attention_mask=source.attention_mask[whole],
        labels=labels[whole],
    ).logits
    wanted = labels[whole]
    probs = logits.softmax(-1).gather(-1, wanted.clamp(min=0)[..., None])[..., 0]
    return float(probs[wanted >= 0].min())


FAMILIES: dict[str, Callable[[Path], None]] = {
    "t5": make_t5,
    "bart": make_bart,
    "bert": make_bert,
    "marian": make_marian,
}
