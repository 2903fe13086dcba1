"""Training with checkpoints: stopped and started again at will, on a CPU or a GPU."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor

from mtqa.training.config import Recipe
from mtqa.training.model import EditorModel
from mtqa.training.pairs import IGNORE, Store
from mtqa.training.vocabulary import CLS, PAD, SEP


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded tensors of one step; ``labels`` has no columns in an encoder-only batch."""

    source: Tensor  # [batch, pieces], with CLS and SEP
    mask: Tensor  # [batch, pieces]
    wrong: Tensor  # [batch, pieces]: 0, 1 or IGNORE
    decoder: Tensor  # [batch, target pieces]: SEP CLS x
    labels: Tensor  # [batch, target pieces]: CLS x SEP, -100 where padded
    weights: Tensor  # [batch, target pieces]

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))


def collate(store: Store, chosen: list[int], changed_weight: float) -> Batch:
    """Pad the chosen pairs."""
    sources = [store.source[store.source_at[i] : store.source_at[i + 1]] for i in chosen]
    wrongs = [store.wrong[store.source_at[i] : store.source_at[i + 1]] for i in chosen]
    width = max(map(len, sources)) + 2
    source = np.zeros((len(chosen), width), np.int64)
    wrong = np.full((len(chosen), width), IGNORE, np.int64)
    for r, (pieces, marks) in enumerate(zip(sources, wrongs, strict=True)):
        source[r, : len(pieces) + 2] = [CLS, *pieces, SEP]
        wrong[r, 1 : len(pieces) + 1] = marks
    targets = [store.target[store.target_at[i] : store.target_at[i + 1]] for i in chosen]
    longest = max(map(len, targets))
    height = longest + 2 if longest else 0
    labels = np.full((len(chosen), height), -100, np.int64)
    decoder = np.zeros((len(chosen), height), np.int64)
    weights = np.zeros((len(chosen), height), np.float32)
    for r, i in enumerate(chosen):
        if not height:
            break
        pieces, n = targets[r], len(targets[r])
        changed = store.changed[store.target_at[i] : store.target_at[i + 1]]
        labels[r, : n + 2] = [CLS, *pieces, SEP]
        decoder[r, : n + 2] = [SEP, CLS, *pieces]
        weights[r, : n + 2] = 1.0
        weights[r, 1 : n + 1] += (changed_weight - 1.0) * changed
    tensors = map(
        torch.from_numpy,
        (source, (source != PAD).astype(np.int64), wrong, decoder, labels, weights),
    )
    return Batch(*tensors)


def batches(
    store: Store, pool: np.ndarray, budget: int, rng: np.random.Generator
) -> Iterator[list[int]]:
    """Index lists of ``budget`` pieces each, of similar lengths, in random order, for ever."""
    lengths = np.maximum(np.diff(store.source_at), np.diff(store.target_at)) + 2
    while True:
        chosen = rng.choice(pool, size=min(len(pool), 20_000), replace=False)
        chosen = chosen[np.argsort(lengths[chosen] + rng.random(len(chosen)))]
        groups: list[list[int]] = [[]]
        for i in chosen.tolist():
            if groups[-1] and lengths[i] * (len(groups[-1]) + 1) > budget:
                groups.append([])
            groups[-1].append(i)
        rng.shuffle(groups)
        yield from groups


class Trainer:
    """The model, its optimiser, and where both stand."""

    def __init__(self, recipe: Recipe, model: EditorModel, run: Path, device: torch.device) -> None:
        self.recipe, self.run, self.device = recipe, run, device
        self.model = model.to(device)
        self.step, self.seconds = 0, 0.0
        config = recipe.train
        pretrained = [
            p
            for n, p in model.named_parameters()
            if ".encoder." in n or "shared" in n or "embed" in n
        ]
        known = {id(p) for p in pretrained}
        fresh = [p for p in model.parameters() if id(p) not in known]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": pretrained, "peak": config.encoder_learning_rate},
                {"params": fresh, "peak": config.learning_rate},
            ],
            lr=0.0,
            betas=(0.9, 0.98),
            eps=1e-6,
            weight_decay=config.weight_decay,
            fused=True,
        )

    def rate(self) -> float:
        """Share of the peak learning rate: linear warm-up, then down to 0.03 by the clock."""
        warm = min(1.0, (self.step + 1) / self.recipe.train.warmup_steps)
        left = 1.0 - self.seconds / (3600 * self.recipe.train.hours)
        return warm * max(0.03, left)

    def loss(self, batch: Batch, candidates: Tensor, human: bool) -> dict[str, Tensor]:
        """Weighted means: ``edit`` over target pieces, ``tag`` over source pieces."""
        model, config = self.model, self.recipe.train
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            states = model.encode(batch.source, batch.mask)
            tag_logits = model.error_head(states).squeeze(-1).float()
            hidden = (
                model.decode(states, batch.mask, batch.decoder) if batch.labels.numel() else None
            )
        known = batch.wrong != IGNORE
        tag = F.binary_cross_entropy_with_logits(tag_logits[known], batch.wrong[known].float())
        losses = {"tag": tag * (config.tag_weight if human else config.synthetic_tag_weight)}
        if hidden is not None:
            real = batch.labels != -100
            pieces = torch.unique(
                torch.cat([candidates, batch.labels[real], batch.source.flatten()])
            )
            with torch.autocast(self.device.type, dtype=torch.bfloat16):
                logits = hidden[real] @ self.model.seq2seq.model.shared.weight[pieces].T
            logits = logits.float() + self.model.seq2seq.final_logits_bias[0, pieces]
            places = torch.searchsorted(pieces, batch.labels[real])
            each = F.cross_entropy(logits, places, reduction="none")
            weights = batch.weights[real]
            losses["edit"] = (each * weights).sum() / weights.sum()
        return losses

    def update(self, losses: dict[str, Tensor]) -> None:
        """One optimiser step."""
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * self.rate()
        self.optimizer.zero_grad(set_to_none=True)
        sum(losses.values()).backward()  # type: ignore[union-attr]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.train.clip_norm)
        self.optimizer.step()
        self.step += 1

    def save(self) -> None:
        """Write a checkpoint; the old one is replaced only when the new one is whole."""
        state = {
            k: v.contiguous()
            for k, v in self.model.state_dict().items()
            if "embed_tokens" not in k and "lm_head" not in k
        }
        moments: dict[str, Tensor] = {}
        for i, values in self.optimizer.state_dict()["state"].items():
            moments |= {
                f"{i}.{k}": v.contiguous() for k, v in values.items() if isinstance(v, Tensor)
            }
        save_file(state, self.run / "model.tmp")
        save_file(moments, self.run / "optimizer.tmp")
        (self.run / "state.tmp").write_text(
            json.dumps({"step": self.step, "seconds": self.seconds})
        )
        for name in ("model.safetensors", "optimizer.safetensors", "state.json"):
            (self.run / name).with_suffix(".tmp").replace(self.run / name)

    def resume(self) -> bool:
        """Go on from the checkpoint in the run folder, if there is one."""
        if not (self.run / "state.json").is_file():
            return False
        self.model.load_state_dict(load_file(self.run / "model.safetensors"), strict=False)
        saved = json.loads((self.run / "state.json").read_text())
        self.step, self.seconds = saved["step"], saved["seconds"]
        whole = self.optimizer.state_dict()
        for name, value in load_file(self.run / "optimizer.safetensors").items():
            index, key = name.split(".", 1)
            whole["state"].setdefault(int(index), {})[key] = value
        self.optimizer.load_state_dict(whole)
        return True


def mixture(folder: Path, recipe: Recipe) -> tuple[Store, np.ndarray]:
    """All streams in one store, and the pool of indices that gives each stream its share."""
    rng = np.random.default_rng(recipe.seed)
    stores = {name: Store.load(folder / f"{name}.npz") for name in recipe.data.mix}
    merged = concat(list(stores.values()))
    total = min(
        len(stores[name]) / share for name, share in recipe.data.mix.items() if share >= 0.2
    )
    pool, at = [], 0
    for name, store in stores.items():
        wanted = int(recipe.data.mix[name] * total)
        repeats, rest = divmod(wanted, len(store))
        indices = np.arange(at, at + len(store))
        pool += [np.tile(indices, repeats), rng.choice(indices, rest, replace=False)]
        at += len(store)
    return merged, np.concatenate(pool)


def concat(stores: list[Store]) -> Store:
    """One store after another."""

    def offsets(arrays: list[np.ndarray]) -> np.ndarray:
        lengths = np.concatenate([np.diff(a) for a in arrays])
        return np.concatenate([[0], np.cumsum(lengths)])

    return Store(
        source=np.concatenate([s.source for s in stores]),
        target=np.concatenate([s.target for s in stores]),
        wrong=np.concatenate([s.wrong for s in stores]),
        changed=np.concatenate([s.changed for s in stores]),
        source_at=offsets([s.source_at for s in stores]),
        target_at=offsets([s.target_at for s in stores]),
    )


def train(trainer: Trainer, pairs: Path, *, log_every: int = 50, save_every: float = 300.0) -> None:
    """Run until the recipe's hours are over, logging to ``log.jsonl`` in the run folder."""
    config = trainer.recipe.train
    trainer.resume()
    rng = np.random.default_rng([trainer.recipe.seed, trainer.step])
    store, pool = mixture(pairs, trainer.recipe)
    frequent = torch.from_numpy(
        np.argsort(-np.bincount(store.target, minlength=1))[: config.frequent_pieces].copy()
    )
    tags = Store.load(pairs / "tags.npz")
    edit_batches = batches(store, pool, config.batch_pieces, rng)
    tag_batches = batches(tags, np.arange(len(tags)), config.batch_pieces, rng)
    vocabulary = trainer.model.seq2seq.config.vocab_size
    begun, saved = time.monotonic() - trainer.seconds, time.monotonic()
    sums: dict[str, list[float]] = {}
    pieces = 0
    while trainer.seconds < 3600 * config.hours:
        human = trainer.step % config.tag_every == config.tag_every - 1
        chosen, data = (next(tag_batches), tags) if human else (next(edit_batches), store)
        batch = collate(data, chosen, config.changed_weight).to(trainer.device)
        drawn = torch.from_numpy(rng.integers(0, vocabulary, config.random_pieces))
        candidates = torch.cat([frequent, drawn]).to(trainer.device)
        losses = trainer.loss(batch, candidates, human)
        trainer.update(losses)
        trainer.seconds = time.monotonic() - begun
        pieces += int((batch.labels >= 0).sum())
        for name, value in losses.items():
            sums.setdefault(f"{'human' if human else 'pair'}_{name}", []).append(value.item())
        if trainer.step % log_every == 0:
            means = {k: round(sum(v) / len(v), 4) for k, v in sums.items()}
            line = {
                "step": trainer.step,
                "seconds": round(trainer.seconds),
                "pieces": pieces,
                **means,
            }
            assert all(math.isfinite(v) for v in means.values()), line
            with (trainer.run / "log.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")
            sums.clear()
        if time.monotonic() - saved > save_every:
            trainer.save()
            saved = time.monotonic()
    trainer.save()
