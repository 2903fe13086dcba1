"""The arguments that commands share, with the words that explain them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

_EDITOR = "Editor"
_GUARD = "Guard"
_OUTPUT = "Output"


class Fail(StrEnum):
    """The severities that a user can ask to fail on."""

    minor = "minor"
    major = "major"
    critical = "critical"


class Scheme(StrEnum):
    """The weights of MQM, by the names of ``mtqa.scoring.mqm``, which is too heavy for help."""

    google = "google"
    xcomet = "xcomet"
    per_1000_words = "per-1000-words"


class DType(StrEnum):
    """The number formats a model can be run in."""

    auto = "auto"
    float32 = "float32"
    bfloat16 = "bfloat16"
    float16 = "float16"


class EditsForm(StrEnum):
    """How a list of edits is written."""

    tsv = "tsv"
    jsonl = "jsonl"


class Metric(StrEnum):
    """The string metrics."""

    bleu = "bleu"
    chrf = "chrf"
    ter = "ter"


class ScoreForm(StrEnum):
    """How scores are printed."""

    json = "json"
    text = "text"


Article = Annotated[
    str,
    typer.Argument(
        metavar="ARTICLE",
        help="The translated article: a text file, a folder with mt.txt (and reference.txt, "
        "source.txt, spans.tsv), or - for standard input.",
    ),
]
References = Annotated[
    list[Path] | None,
    typer.Option(
        "--reference",
        "-r",
        metavar="FILE",
        help="A corrected version, paragraph by paragraph; may be given several times.",
    ),
]
Source = Annotated[
    Path | None,
    typer.Option("--source", metavar="FILE", help="The original, paragraph by paragraph."),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="ID",
        help="A folder or a Hugging Face id of any sequence-to-sequence model; "
        "without it, the editor that ships with mtqa (no network).",
        rich_help_panel=_EDITOR,
    ),
]
Prefix = Annotated[
    str,
    typer.Option(
        "--prefix",
        metavar="TEXT",
        help='Instruction that the model wants before each sentence, such as "grammar: ".',
        rich_help_panel=_EDITOR,
    ),
]
SourceLanguage = Annotated[
    str | None,
    typer.Option(
        "--source-language",
        metavar="CODE",
        help="Language code of a multilingual model's input, such as en_XX.",
        rich_help_panel=_EDITOR,
    ),
]
TargetLanguage = Annotated[
    str | None,
    typer.Option(
        "--target-language",
        metavar="CODE",
        help="Language code of a multilingual model's output, such as eng_Latn.",
        rich_help_panel=_EDITOR,
    ),
]
Device = Annotated[
    str,
    typer.Option(
        "--device", metavar="NAME", help="auto, cpu, cuda, cuda:1, mps.", rich_help_panel=_EDITOR
    ),
]
Dtype = Annotated[DType, typer.Option("--dtype", help="Number format.", rich_help_panel=_EDITOR)]
NumBeams = Annotated[
    int,
    typer.Option("--num-beams", min=1, help="Beam width; 1 is greedy.", rich_help_panel=_EDITOR),
]
BatchTokens = Annotated[
    int | None,
    typer.Option(
        "--batch-tokens",
        min=1,
        help="Padded tokens per batch; less needs less memory, the results are the same.",
        rich_help_panel=_EDITOR,
    ),
]
MinConfidence = Annotated[
    float | None,
    typer.Option(
        "--min-confidence",
        min=0.0,
        max=1.0,
        metavar="0-1",
        help="Make only edits at least this sure; without it, the editor's own threshold.",
        rich_help_panel=_GUARD,
    ),
]
Allow = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="TERM",
        help="Let the editor change this name or number; may be given several times.",
        rich_help_panel=_GUARD,
    ),
]
Protect = Annotated[
    list[str] | None,
    typer.Option(
        "--protect",
        metavar="TERM",
        help="Never change this term; may be given several times.",
        rich_help_panel=_GUARD,
    ),
]
NoGuard = Annotated[
    bool,
    typer.Option(
        "--no-guard",
        help="Let edits change numbers, names, negations and quotations.",
        rich_help_panel=_GUARD,
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write there instead of to standard output; the file is replaced in one step.",
        rich_help_panel=_OUTPUT,
    ),
]
Report = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write there instead of to standard output; the file is replaced in one step. "
        "A name that ends in .html gets a page for the browser, with everything in one file.",
        rich_help_panel=_OUTPUT,
    ),
]
Json = Annotated[
    bool,
    typer.Option(
        "--json", help="The whole report as JSON, see docs/report.md.", rich_help_panel=_OUTPUT
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose",
        "-v",
        help="Every refused edit, and each finding's message.",
        rich_help_panel=_OUTPUT,
    ),
]
MqmScheme = Annotated[
    Scheme, typer.Option("--mqm-scheme", help="Weights of the MQM score; always named with it.")
]
FailOn = Annotated[
    Fail | None,
    typer.Option("--fail-on", help="Exit 1 if there is a finding this severe or worse."),
]
MinFluency = Annotated[
    float | None,
    typer.Option(
        "--min-fluency",
        min=0.0,
        max=100.0,
        metavar="0-100",
        help="Exit 1 if the article's fluency is below this.",
    ),
]
Diff = Annotated[
    bool, typer.Option("--diff", help="A unified diff instead.", rich_help_panel=_OUTPUT)
]
Edits = Annotated[
    EditsForm | None,
    typer.Option(
        "--edits", help="The edits, one a line, instead of the text.", rich_help_panel=_OUTPUT
    ),
]
