"""Training: batches, the loss, checkpoints, and stopping and starting again."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from mtqa.training import loop
from mtqa.training.config import Recipe
from mtqa.training.loop import Batch, Trainer, batches, collate, concat, mixture
from mtqa.training.pairs import IGNORE, Pair, Store, align
from mtqa.training.vocabulary import CLS, PAD, SEP

MakeTrainer = Callable[[int], Trainer]
CHECKPOINT = ("model.safetensors", "optimizer.safetensors", "state.json")


# --- batches


def test_what_a_batch_is_made_of() -> None:
    store = Store.of([align([7, 8], [7, 9, 8]), align([5], [5]), align([6, 6], [6])])
    batch = collate(store, [0, 1], 2.5)
    assert batch.source.tolist() == [[CLS, 7, 8, SEP], [CLS, 5, SEP, PAD]]
    assert batch.mask.tolist() == [[1, 1, 1, 1], [1, 1, 1, 0]]
    assert batch.wrong.tolist() == [[IGNORE, 0, 1, IGNORE], [IGNORE, 0, IGNORE, IGNORE]]
    assert batch.decoder.tolist() == [[SEP, CLS, 7, 9, 8], [SEP, CLS, 5, PAD, PAD]]
    assert batch.labels.tolist() == [[CLS, 7, 9, 8, SEP], [CLS, 5, SEP, -100, -100]]
    assert batch.weights.tolist() == [[1, 1, 2.5, 1, 1], [1, 1, 1, 0, 0]]


def test_a_batch_of_human_marks_has_no_labels() -> None:
    store = Store.of([Pair([7, 8], [], [0, 1], []), Pair([5], [], [IGNORE], [])])
    batch = collate(store, [1, 0], 2.0)
    assert batch.labels.shape == batch.decoder.shape == batch.weights.shape == (2, 0)
    assert batch.wrong.tolist() == [[IGNORE, IGNORE, IGNORE, IGNORE], [IGNORE, 0, 1, IGNORE]]


lengths = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), min_size=1, max_size=40)


@given(lengths, st.integers(10, 80), st.integers(0, 99))
@settings(max_examples=100, deadline=None)
def test_a_round_of_batches_has_every_pair_once(
    sizes: list[tuple[int, int]], budget: int, seed: int
) -> None:
    store = Store.of([align([5] * s, [6] * t) for s, t in sizes])
    pool = np.arange(len(store))
    groups = batches(store, pool, budget, np.random.default_rng(seed))
    for _ in range(2):
        seen: list[int] = []
        while len(seen) < len(store):
            group = next(groups)
            width = 2 + max(max(sizes[i]) for i in group)
            assert len(group) == 1 or len(group) * width <= budget
            seen += group
        assert sorted(seen) == pool.tolist()


@given(lengths, lengths)
@settings(max_examples=50, deadline=None)
def test_stores_one_after_another(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    pairs = [[align([5] * s, [6] * t) for s, t in sizes] for sizes in (first, second)]
    joined, whole = concat([Store.of(p) for p in pairs]), Store.of([*pairs[0], *pairs[1]])
    for name in ("source", "target", "wrong", "changed", "source_at", "target_at"):
        np.testing.assert_array_equal(getattr(joined, name), getattr(whole, name))


def test_each_stream_gets_its_share(pairs: Path, recipe: Recipe) -> None:
    merged, pool = mixture(pairs, recipe)
    ends = np.cumsum([len(Store.load(pairs / f"{name}.npz")) for name in recipe.data.mix])
    assert len(merged) == ends[-1]
    counts = np.bincount(np.searchsorted(ends, pool, side="right"), minlength=len(ends))
    for count, share in zip(counts, recipe.data.mix.values(), strict=True):
        assert count == pytest.approx(share * len(pool), abs=2)
    assert np.array_equal(pool, mixture(pairs, recipe)[1])


# --- steps


@pytest.fixture
def batch(pairs: Path) -> Batch:
    return collate(Store.load(pairs / "roundtrip.npz"), list(range(8)), 2.0)


@pytest.fixture
def human(pairs: Path) -> Batch:
    return collate(Store.load(pairs / "tags.npz"), list(range(8)), 2.0)


EVERYTHING = torch.arange(140)


def step(trainer: Trainer, batch: Batch, *, marks_only: bool = False) -> dict[str, float]:
    losses = trainer.loss(batch, EVERYTHING, marks_only)
    trainer.update(losses)
    return {name: value.item() for name, value in losses.items()}


def test_a_few_steps_reduce_the_loss(make_trainer: MakeTrainer, batch: Batch) -> None:
    trainer = make_trainer(0)
    losses = [step(trainer, batch) for _ in range(40)]
    assert trainer.step == 40
    assert losses[-1]["edit"] < 0.5 * losses[0]["edit"]
    assert losses[-1]["tag"] < losses[0]["tag"]


def test_marks_alone_train_the_encoder_and_the_head(
    make_trainer: MakeTrainer, human: Batch
) -> None:
    trainer = make_trainer(0)
    trainer.optimizer.param_groups[0]["weight_decay"] = 0.0
    trainer.optimizer.param_groups[1]["weight_decay"] = 0.0
    before = {k: v.clone() for k, v in trainer.model.state_dict().items()}
    losses = [step(trainer, human, marks_only=True) for _ in range(20)]
    assert losses[0].keys() == {"tag"}
    assert losses[-1]["tag"] < 0.9 * losses[0]["tag"]
    moved = {k for k, v in trainer.model.state_dict().items() if not torch.equal(v, before[k])}
    assert {"error_head.weight", "seq2seq.model.encoder.layers.0.fc1.weight"} <= moved
    assert not any(".decoder.layers" in name for name in moved)


def test_marks_made_by_aligning_weigh_less(
    make_trainer: MakeTrainer, batch: Batch, recipe: Recipe
) -> None:
    trainer = make_trainer(0)
    by_people, by_aligning = (trainer.loss(batch, EVERYTHING, h)["tag"] for h in (True, False))
    ratio = recipe.train.synthetic_tag_weight / recipe.train.tag_weight
    assert by_aligning.item() == pytest.approx(by_people.item() * ratio)


def test_the_loss_over_all_pieces_is_the_usual_one(make_trainer: MakeTrainer, batch: Batch) -> None:
    trainer = make_trainer(0)
    ours = trainer.loss(batch, EVERYTHING, False)["edit"].item()
    with torch.no_grad():
        logits = trainer.model.seq2seq(
            input_ids=batch.source, attention_mask=batch.mask, decoder_input_ids=batch.decoder
        ).logits
    each = torch.nn.functional.cross_entropy(
        logits.transpose(1, 2), batch.labels, ignore_index=-100, reduction="none"
    )
    expected = ((each * batch.weights).sum() / batch.weights.sum()).item()
    assert ours == pytest.approx(expected, rel=0.03)  # bfloat16 has three digits


def test_fewer_candidates_give_a_lower_loss_for_the_same_labels(
    make_trainer: MakeTrainer, batch: Batch
) -> None:
    trainer = make_trainer(0)
    few = trainer.loss(batch, torch.tensor([PAD]), False)["edit"]
    assert 0 < few.item() < trainer.loss(batch, EVERYTHING, False)["edit"].item()


def test_the_pretrained_parts_have_their_own_learning_rate(
    make_trainer: MakeTrainer, recipe: Recipe
) -> None:
    trainer = make_trainer(0)
    names = {id(p): n for n, p in trainer.model.named_parameters()}
    pretrained, fresh = (
        {names[id(p)] for p in group["params"]} for group in trainer.optimizer.param_groups
    )
    assert pretrained | fresh == set(names.values())
    assert not pretrained & fresh
    assert "seq2seq.model.shared.weight" in pretrained
    assert "seq2seq.model.encoder.layers.0.fc1.weight" in pretrained
    assert "seq2seq.model.decoder.layers.0.encoder_attn.k_proj.weight" in fresh
    assert "error_head.weight" in fresh
    peaks = [group["peak"] for group in trainer.optimizer.param_groups]
    assert peaks == [recipe.train.encoder_learning_rate, recipe.train.learning_rate]


def test_the_learning_rate_rises_by_steps_and_falls_by_the_clock(
    make_trainer: MakeTrainer, recipe: Recipe
) -> None:
    trainer = make_trainer(0)
    trainer.recipe = replace(recipe, train=replace(recipe.train, warmup_steps=4, hours=2.0))
    rising = []
    for trainer.step in range(5):
        rising.append(trainer.rate())
    assert rising == [0.25, 0.5, 0.75, 1.0, 1.0]
    trainer.seconds = 3600.0
    assert trainer.rate() == pytest.approx(0.5)
    trainer.seconds = 9000.0
    assert trainer.rate() == pytest.approx(0.03)


# --- checkpoints


def contents(trainer: Trainer) -> dict[str, Tensor]:
    """Everything that a step depends on."""
    found = {f"model.{k}": v.clone() for k, v in trainer.model.state_dict().items()}
    for index, values in trainer.optimizer.state_dict()["state"].items():
        found |= {f"optimizer.{index}.{k}": v.clone() for k, v in values.items()}
    return found


def assert_equal(a: Mapping[str, Tensor], b: Mapping[str, Tensor]) -> None:
    assert a.keys() == b.keys()
    for name, value in a.items():
        assert torch.equal(value, b[name]), name


def test_what_is_resumed_is_what_was_saved(
    make_trainer: MakeTrainer, batch: Batch, human: Batch
) -> None:
    first = make_trainer(0)
    for _ in range(3):
        step(first, batch)
        step(first, human, marks_only=True)
    first.seconds = 12.5
    first.save()
    second = make_trainer(1)
    assert second.resume()
    assert (second.step, second.seconds) == (6, 12.5)
    assert_equal(contents(second), contents(first))
    # And the steps after it are the same as well.
    for trainer in (first, second):
        step(trainer, batch)
        step(trainer, human, marks_only=True)
    assert_equal(contents(second), contents(first))
    assert any("exp_avg" in name for name in contents(first))


def test_without_the_moments_the_next_step_is_another(
    make_trainer: MakeTrainer, batch: Batch, run: Path
) -> None:
    first = make_trainer(0)
    for _ in range(3):
        step(first, batch)
    first.save()
    second = make_trainer(1)
    second.resume()
    second.optimizer.state.clear()
    for trainer in (first, second):
        step(trainer, batch)
    assert not torch.equal(
        first.model.seq2seq.model.shared.weight, second.model.seq2seq.model.shared.weight
    )


def test_there_is_nothing_to_resume_at_first(make_trainer: MakeTrainer) -> None:
    trainer = make_trainer(0)
    before = contents(trainer)
    assert not trainer.resume()
    assert_equal(contents(trainer), before)


def test_a_checkpoint_before_the_first_step(make_trainer: MakeTrainer) -> None:
    make_trainer(0).save()
    trainer = make_trainer(1)
    assert trainer.resume()
    assert trainer.step == 0


@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_checkpoint_that_fails_leaves_the_old_one(
    make_trainer: MakeTrainer,
    batch: Batch,
    run: Path,
    monkeypatch: pytest.MonkeyPatch,
    fails_at: int,
) -> None:
    trainer = make_trainer(0)
    step(trainer, batch)
    trainer.save()
    old = {name: (run / name).read_bytes() for name in CHECKPOINT}
    step(trainer, batch)
    calls = itertools.count(1)
    real = loop.save_file

    def save_file(tensors: dict[str, Tensor], path: Path) -> None:
        if next(calls) == fails_at:
            path.write_bytes(b"half of it")
            raise OSError("no space left on device")
        real(tensors, path)

    monkeypatch.setattr(loop, "save_file", save_file)
    with pytest.raises(OSError, match="no space"):
        trainer.save()
    assert {name: (run / name).read_bytes() for name in CHECKPOINT} == old
    monkeypatch.undo()
    trainer.save()
    assert {p.name for p in run.iterdir()} == {*CHECKPOINT, "pairs"}
    assert json.loads((run / "state.json").read_text())["step"] == 2


# --- the loop


def clock() -> SimpleNamespace:
    """A clock on which a second passes whenever it is read."""
    seconds = itertools.count()
    return SimpleNamespace(monotonic=lambda: float(next(seconds)))


def train_for(
    trainer: Trainer, seconds: float, monkeypatch: pytest.MonkeyPatch, **options: float
) -> None:
    config = trainer.recipe
    trainer.recipe = replace(config, train=replace(config.train, hours=seconds / 3600))
    monkeypatch.setattr(loop, "time", clock())
    loop.train(trainer, trainer.run / "pairs", **options)  # type: ignore[arg-type]


def log(run: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def test_training_goes_on_where_it_stopped(
    make_trainer: MakeTrainer, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_trainer(0)
    train_for(first, 24, monkeypatch, log_every=4)
    steps, weights = first.step, contents(first)
    assert steps > 8
    assert json.loads((run / "state.json").read_text()) == {"step": steps, "seconds": first.seconds}
    # The time is up: nothing more is done, and nothing is lost.
    same = make_trainer(1)
    train_for(same, 24, monkeypatch)
    assert (same.step, same.seconds) == (steps, first.seconds)
    assert_equal(contents(same), weights)
    # With more time it goes on counting.
    more = make_trainer(2)
    train_for(more, 48, monkeypatch, log_every=4)
    assert steps < more.step < 2.5 * steps
    assert first.seconds < more.seconds
    lines = log(run)
    assert [line["step"] for line in lines] == [4 * (i + 1) for i in range(len(lines))]
    assert lines[0].keys() == {
        *("step", "seconds", "pieces", "pair_edit", "pair_tag", "human_tag"),
    }
    assert lines[-1]["pair_edit"] < lines[0]["pair_edit"]


def test_two_runs_of_one_seed_are_the_same(
    make_trainer: MakeTrainer, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = []
    for _ in range(2):
        trainer = make_trainer(0)
        train_for(trainer, 10, monkeypatch)
        ends.append(contents(trainer))
        (run / "state.json").unlink()
    assert_equal(*ends)


def test_checkpoints_are_written_on_the_way(
    make_trainer: MakeTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = make_trainer(0)
    saved: list[int] = []
    monkeypatch.setattr(trainer, "save", lambda: saved.append(trainer.step))
    train_for(trainer, 30, monkeypatch, save_every=7)
    assert len(saved) > 2
    assert saved[-1] == trainer.step


def test_a_loss_that_is_not_a_number_stops_the_run(
    make_trainer: MakeTrainer, monkeypatch: pytest.MonkeyPatch, run: Path
) -> None:
    trainer = make_trainer(0)
    with torch.no_grad():
        trainer.model.error_head.bias.fill_(float("nan"))
    with pytest.raises(AssertionError, match="nan"):
        train_for(trainer, 30, monkeypatch, log_every=2)
    assert not (run / "state.json").exists()
