"""The commands and their arguments.  What they do lives in the modules they call.

Only typer is imported here: ``mtqa --help`` and ``mtqa score`` load no model.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from mtqa.cli import compare_arguments, gate_arguments, params
from mtqa.cli.many_values import ManyMetrics, ManyValues
from mtqa.cli.outcome import leave
from mtqa.errors import InputError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What is said before the command."""

    traceback: bool


def _version(wanted: bool) -> None:
    if wanted:
        from mtqa import __version__

        typer.echo(f"mtqa {__version__}")
        raise typer.Exit


@app.callback(
    epilog="""Examples:

mtqa check article.txt

mtqa clean article.txt -o cleaned.txt

mtqa score cleaned.txt --reference reference.txt -m bleu chrf ter

Exit codes: 0 pass, 1 quality below what was asked, 2 could not judge."""
)
def root(
    context: typer.Context,
    traceback: Annotated[
        bool,
        typer.Option("--traceback", envvar="MTQA_TRACEBACK", help="Show where an error came from."),
    ] = False,
    _version_wanted: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """Check machine-translated English: cleaned text, fluency, error spans."""
    context.obj = Settings(traceback)


@app.command(
    epilog="""Examples:

mtqa check article.txt

mtqa check article.txt --reference corrected.txt --json -o report.json

mtqa check article.txt -o report.html

mtqa check article.txt --fail-on major --min-fluency 60

mtqa check references/carney --allow Washington

cat article.txt | mtqa check -"""
)
def check(
    context: typer.Context,
    article: params.Article,
    reference: params.References = None,
    source: params.Source = None,
    model: params.Model = None,
    prefix: params.Prefix = "",
    source_language: params.SourceLanguage = None,
    target_language: params.TargetLanguage = None,
    device: params.Device = "auto",
    dtype: params.Dtype = params.DType.auto,
    num_beams: params.NumBeams = 1,
    batch_tokens: params.BatchTokens = None,
    min_confidence: params.MinConfidence = None,
    allow: params.Allow = None,
    protect: params.Protect = None,
    no_guard: params.NoGuard = False,
    mqm_scheme: params.MqmScheme = params.Scheme.google,
    fail_on: params.FailOn = None,
    min_fluency: params.MinFluency = None,
    json: params.Json = False,
    verbose: params.Verbose = False,
    output: params.Report = None,
) -> None:
    """Say what is wrong in an article, where, and how natural it reads."""

    def job() -> int:
        from mtqa.cli import check as command
        from mtqa.cli.inputs import EditorChoice, Inputs, options

        return command.run(
            Inputs(article, tuple(reference or ()), source),
            EditorChoice(
                model,
                prefix,
                source_language,
                target_language,
                device,
                dtype.value,
                num_beams,
                batch_tokens,
            ),
            options=options(
                min_confidence=min_confidence,
                allow=allow,
                protect=protect,
                guard=not no_guard,
                mqm_scheme=mqm_scheme.value,
            ),
            request=command.Request(
                fail_on=fail_on.value if fail_on else None,
                min_fluency=min_fluency,
                json=json,
                verbose=verbose,
                output=output,
            ),
        )

    leave(job, traceback=context.obj.traceback)


@app.command(
    epilog="""Examples:

mtqa clean article.txt -o cleaned.txt

mtqa clean article.txt --diff

mtqa clean article.txt --edits tsv | column -t -s "$(printf '\\t')"

cat article.txt | mtqa clean - > cleaned.txt"""
)
def clean(
    context: typer.Context,
    article: params.Article,
    model: params.Model = None,
    prefix: params.Prefix = "",
    source_language: params.SourceLanguage = None,
    target_language: params.TargetLanguage = None,
    device: params.Device = "auto",
    dtype: params.Dtype = params.DType.auto,
    num_beams: params.NumBeams = 1,
    batch_tokens: params.BatchTokens = None,
    min_confidence: params.MinConfidence = None,
    allow: params.Allow = None,
    protect: params.Protect = None,
    no_guard: params.NoGuard = False,
    diff: params.Diff = False,
    edits: params.Edits = None,
    output: params.Output = None,
) -> None:
    """Write the cleaned article; what was not edited stays byte for byte as it was."""

    def job() -> int:
        from mtqa.cli import clean as command
        from mtqa.cli.inputs import EditorChoice, Inputs, options

        if diff and edits:
            raise InputError("--diff and --edits cannot go together", hint="give one of them")
        return command.run(
            Inputs(article),
            EditorChoice(
                model,
                prefix,
                source_language,
                target_language,
                device,
                dtype.value,
                num_beams,
                batch_tokens,
            ),
            options=options(
                min_confidence=min_confidence, allow=allow, protect=protect, guard=not no_guard
            ),
            form="diff" if diff else edits.value if edits else "text",
            output=output,
        )

    leave(job, traceback=context.obj.traceback)


@app.command(
    cls=ManyValues,
    epilog="""Examples:

mtqa score cleaned.txt --reference reference.txt

mtqa score cleaned.txt -r ref1.txt ref2.txt -m bleu chrf ter -ci

mtqa score ref1.txt -i cleaned.txt -m bleu -b -w 2

The figures and the signatures are sacrebleu's.""",
)
def score(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[HYP] [REF]...",
            help="The hypothesis, one segment a line (- for standard input), then references; "
            "with -i, references only.",
        ),
    ] = None,
    reference: Annotated[
        list[Path] | None,
        typer.Option("--reference", "--references", "-r", metavar="FILE", help="References."),
    ] = None,
    hypothesis: Annotated[
        Path | None, typer.Option("--input", "-i", metavar="FILE", help="The hypothesis.")
    ] = None,
    metrics: Annotated[
        list[params.Metric] | None,
        typer.Option("--metrics", "-m", help="Several may follow one -m.", show_default="bleu"),
    ] = None,
    lowercase: Annotated[
        bool, typer.Option("--lowercase", "-lc", help="Ignore case (BLEU, chrF).")
    ] = False,
    tokenize: Annotated[
        str, typer.Option("--tokenize", "-tok", metavar="NAME", help="Tokenizer for BLEU.")
    ] = "13a",
    chrf_word_order: Annotated[
        int, typer.Option(min=0, help="Word n-grams in chrF: 2 is chrF++, 0 plain chrF.")
    ] = 2,
    confidence: Annotated[
        bool, typer.Option("--confidence", "-ci", help="95 % interval by bootstrap.")
    ] = False,
    confidence_n: Annotated[
        int, typer.Option("--confidence-n", "-cin", min=1, help="Bootstrap samples.")
    ] = 1000,
    score_only: Annotated[
        bool, typer.Option("--score-only", "-b", help="Print the figure and nothing else.")
    ] = False,
    form: Annotated[
        params.ScoreForm, typer.Option("--format", "-f", help="How to print.")
    ] = params.ScoreForm.json,
    width: Annotated[int, typer.Option("--width", "-w", min=0, help="Decimals.")] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No warnings.")] = False,
) -> None:
    """BLEU, chrF and TER of lines against references; loads no model."""

    def job() -> int:
        from mtqa.cli import score as command

        return command.run(
            files=tuple(files or ()),
            hypothesis=hypothesis,
            references=tuple(reference or ()),
            request=command.Request(
                # In sacrebleu's order, whatever the order they were asked for in.
                metrics=tuple(m.value for m in params.Metric if m in (metrics or [m.bleu])),
                lowercase=lowercase,
                tokenize=tokenize,
                chrf_word_order=chrf_word_order,
                samples=confidence_n if confidence else None,
                score_only=score_only,
                json=form is params.ScoreForm.json,
                width=width,
                quiet=quiet,
            ),
        )

    leave(job, traceback=context.obj.traceback)


app.command(cls=ManyMetrics, epilog=gate_arguments.EPILOG)(gate_arguments.gate)
app.command(cls=ManyMetrics, epilog=compare_arguments.EPILOG)(compare_arguments.compare)
