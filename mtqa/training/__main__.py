"""``python -m mtqa.training STAGE``: one command a stage."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from mtqa.errors import InputError
from mtqa.training.config import SHIPPED_RECIPE, Recipe, load_recipe


def prepare(recipe: Recipe, data: Path, run: Path) -> None:
    """Data files -> arrays of pairs in ``RUN/pairs``."""
    from mtqa.training.prepare import prepare_pairs

    prepare_pairs(recipe, data, run / "pairs")


def train(recipe: Recipe, _data: Path, run: Path) -> None:
    """Arrays of pairs -> checkpoints in ``RUN``; goes on where it stopped."""
    import torch

    from mtqa.training.loop import Trainer
    from mtqa.training.loop import train as train_loop
    from mtqa.training.model import grow
    from mtqa.training.prepare import encoder_folder

    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    rows = json.loads((run / "pairs" / "rows.json").read_text())
    model = grow(encoder_folder(), recipe.model, rows)
    train_loop(Trainer(recipe, model, run, device), run / "pairs")


def export(recipe: Recipe, data: Path, run: Path) -> None:
    """Checkpoint -> ``RUN/model``, an editor without calibration."""
    from mtqa.training.export import export as export_model

    export_model(recipe, data, run, run / "model")


def calibrate(recipe: Recipe, data: Path, run: Path) -> None:
    """Fit confidence and fluency of ``RUN/model`` on held-out data."""
    from mtqa.training.calibrate import calibrate as calibrate_model

    calibrate_model(recipe, data, run / "model", run)


def evaluate(recipe: Recipe, data: Path, run: Path) -> None:
    """The figures of ``RUN/model``, or of the shipped editor where there is none."""
    from mtqa.training.evaluate import evaluate as evaluate_model

    folder = run / "model"
    evaluate_model(recipe, data, folder if folder.is_dir() else None, run / "figures.json")


def tags(_recipe: Recipe, data: Path, run: Path) -> None:
    """How well the wrong words are marked, against human word tags."""
    from mtqa.training.tags import measure

    folder = run / "model"
    measure(data, folder if folder.is_dir() else None, run / "tags.json")


def card(recipe: Recipe, data: Path, run: Path) -> None:
    """Write the model card of ``RUN/model`` from what the other stages left behind."""
    from mtqa.training.card import write_card

    write_card(recipe, data, run, run / "model")


STAGES = {
    "prepare": prepare,
    "train": train,
    "export": export,
    "calibrate": calibrate,
    "evaluate": evaluate,
    "tags": tags,
    "card": card,
}


def main() -> None:
    """Parse the command line and run one stage."""
    parser = argparse.ArgumentParser(prog="python -m mtqa.training", description=__doc__)
    parser.add_argument("stage", choices=STAGES, help="which stage to run")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of the data files")
    parser.add_argument("--run", type=Path, default=Path("runs/shipped"), help="folder to write to")
    parser.add_argument(
        "--recipe", type=Path, help="a TOML file; without it the run's own, or the shipped one"
    )
    args = parser.parse_args()
    STAGES[args.stage](own_recipe(args.run, args.recipe), args.data, args.run)


def own_recipe(run: Path, given: Path | None) -> Recipe:
    """The recipe of a run, put into its folder at the first stage: it is the record.

    Raises:
        InputError: another recipe is given than the run was begun with.
    """
    record = run / "recipe.toml"
    recipe = load_recipe(given or (record if record.is_file() else SHIPPED_RECIPE))
    if not record.is_file():
        run.mkdir(parents=True, exist_ok=True)
        shutil.copy(given or SHIPPED_RECIPE, record)
    elif recipe != load_recipe(record):
        raise InputError(
            "the run was begun with another recipe", where=str(record), hint="choose another --run"
        )
    return recipe


if __name__ == "__main__":
    main()
