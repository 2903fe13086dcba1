"""The arguments of ``mtqa compare``."""

from __future__ import annotations

from typing import Annotated

import typer

from mtqa.cli import params
from mtqa.cli.outcome import leave

EPILOG = """Examples:

mtqa compare old.txt new.txt --reference ref.txt

mtqa compare a.txt b.txt c.txt --reference ref.txt -m chrf ter --json

mtqa compare references/carney --model path/to/one --model path/to/other

With three or more, p-values are corrected for the number of pairs (Holm)."""


def compare(
    context: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="A B...",
            help="Translations of the same text, one segment a line; with --model, one article.",
        ),
    ],
    reference: params.References = None,
    metrics: Annotated[
        list[params.Metric] | None,
        typer.Option(
            "--metrics",
            "-m",
            help="Several may follow one -m; the first ranks the segments.",
            show_default="chrf bleu ter",
        ),
    ] = None,
    resamples: Annotated[int, typer.Option(min=1, help="Of each test.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Of the resampling.")] = 12345,
    show: Annotated[int, typer.Option(min=0, help="How many segments that differ to show.")] = 5,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", metavar="ID", help="An editor; give two or more to compare them."),
    ] = None,
    device: params.Device = "auto",
    dtype: params.Dtype = params.DType.auto,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    output: params.Output = None,
) -> None:
    """Compare translations (or editors) with paired tests, and show where they differ most."""

    def job() -> int:
        from mtqa.cli import compare as command
        from mtqa.cli.inputs import EditorChoice

        chosen = metrics or [params.Metric.chrf, params.Metric.bleu, params.Metric.ter]
        return command.run(
            command.Request(
                files=tuple(files),
                references=tuple(reference or ()),
                metrics=tuple(dict.fromkeys(metric.value for metric in chosen)),
                resamples=resamples,
                seed=seed,
                show=show,
                json=json,
                output=output,
            ),
            tuple(model or ()),
            EditorChoice(None, "", None, None, device, dtype.value, 1, None),
        )

    leave(job, traceback=context.obj.traceback)
