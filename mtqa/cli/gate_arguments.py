"""The arguments of ``mtqa gate``: how they and the policy file become one policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtqa.cli import params
from mtqa.cli.outcome import leave

if TYPE_CHECKING:
    from mtqa.gate import Amount, Policy

_POLICY = "Policy"
_OUTPUT = "Output"

EPILOG = """Examples:

mtqa gate references --baseline baseline.json --update

mtqa gate references --baseline baseline.json --output junit=gate.xml --output sarif=gate.sarif

mtqa gate mt.txt --reference ref.txt --baseline base.json -m bleu chrf ter

mtqa gate references --min-fluency 70 --max-ter 30 --fail-on critical

Exit codes: 0 pass, 1 regression or below a threshold, 2 could not judge (also: nothing that
the baseline can be compared with)."""


class GateMetric(StrEnum):
    """The metrics, by the names of ``mtqa.gate.metrics``, which is too heavy for help."""

    bleu = "bleu"
    chrf = "chrf"
    ter = "ter"
    fluency = "fluency"
    mqm = "mqm"
    span_f1 = "span-f1"
    edit_f05 = "edit-f0.5"
    harm = "harm"


class Limit(StrEnum):
    """A severity to fail on, or none."""

    minor = "minor"
    major = "major"
    critical = "critical"
    never = "never"


class Resampled(StrEnum):
    """What is resampled."""

    auto = "auto"
    document = "document"
    paragraph = "paragraph"


Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...",
        help="Articles: text files, folders with mt.txt, or folders of such folders; without "
        "any, the paths of the policy file.",
    ),
]
Baseline = Annotated[
    str | None,
    typer.Option("--baseline", metavar="FILE", help="What to compare with: saved reports."),
]
Update = Annotated[
    bool, typer.Option("--update", help="Write the baseline instead of comparing with it.")
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The policy file; else mtqa.toml or pyproject.toml here or further up.",
    ),
]
Metrics = Annotated[
    list[GateMetric] | None,
    typer.Option(
        "--metrics",
        "-m",
        help="Test only these; several may follow. With bleu, chrf and ter alone no model is "
        "loaded.",
        rich_help_panel=_POLICY,
    ),
]
Primary = Annotated[
    GateMetric | None,
    typer.Option(
        help="Tested at full strength, the others are corrected (Holm); chrf if there are "
        "references, else fluency.",
        rich_help_panel=_POLICY,
    ),
]
Alpha = Annotated[
    float | None,
    typer.Option(
        min=0.0001,
        max=0.4999,
        help="One-sided significance level.",
        show_default="0.01",
        rich_help_panel=_POLICY,
    ),
]
Resamples = Annotated[int | None, typer.Option(min=1, show_default="1000", rich_help_panel=_POLICY)]
Seed = Annotated[int | None, typer.Option(min=0, show_default="12345", rich_help_panel=_POLICY)]
Unit = Annotated[
    Resampled | None,
    typer.Option(
        help="What is resampled; auto: documents if there are eight, else paragraphs.",
        show_default="auto",
        rich_help_panel=_POLICY,
    ),
]


def _amounts(flag: str, what: str) -> object:
    return typer.Option(flag, metavar="METRIC=N", help=what, rich_help_panel=_POLICY)


MinDifference = Annotated[
    list[str] | None, _amounts("--min-difference", "A smaller drop is no regression.")
]
Matters = Annotated[
    list[str] | None,
    _amounts("--matters", "A drop of this size must be ruled out, else INCONCLUSIVE."),
]
Least = Annotated[list[str] | None, _amounts("--min", "Threshold, such as chrf=60.")]
Most = Annotated[list[str] | None, _amounts("--max", "Threshold, such as ter=30.")]
MinFluency = Annotated[
    float | None, typer.Option(help="The same as --min fluency=N.", rich_help_panel=_POLICY)
]
MaxTer = Annotated[
    float | None, typer.Option(help="The same as --max ter=N.", rich_help_panel=_POLICY)
]
FailOn = Annotated[
    Limit | None,
    typer.Option(help="Fail on any finding this severe or worse.", rich_help_panel=_POLICY),
]
FailOnNew = Annotated[
    Limit | None,
    typer.Option(
        help="Fail on a finding this severe or worse that the baseline has not.",
        show_default="major",
        rich_help_panel=_POLICY,
    ),
]
Strict = Annotated[
    bool | None,
    typer.Option(
        "--strict/--no-strict",
        help="Exit 2 where a metric is INCONCLUSIVE.",
        show_default="no-strict",
        rich_help_panel=_POLICY,
    ),
]
Outputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FORM[=FILE]",
        help="terminal, json, junit, sarif, github or markdown; may be given several times, one "
        "of them without a file.",
        rich_help_panel=_OUTPUT,
    ),
]


def gate(
    context: typer.Context,
    paths: Paths = None,
    baseline: Baseline = None,
    update: Update = False,
    reference: params.References = None,
    config: Config = None,
    metrics: Metrics = None,
    primary: Primary = None,
    alpha: Alpha = None,
    resamples: Resamples = None,
    seed: Seed = None,
    unit: Unit = None,
    min_difference: MinDifference = None,
    matters: Matters = None,
    least: Least = None,
    most: Most = None,
    min_fluency: MinFluency = None,
    max_ter: MaxTer = None,
    fail_on: FailOn = None,
    fail_on_new: FailOnNew = None,
    strict: Strict = None,
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
    mqm_scheme: Annotated[
        params.Scheme | None,
        typer.Option("--mqm-scheme", help="Weights of the MQM score.", show_default="google"),
    ] = None,
    output: Outputs = None,
) -> None:
    """Fail if articles got worse than their baseline, or are below a threshold."""

    def job() -> int:
        from mtqa.cli import gate as command
        from mtqa.cli.inputs import EditorChoice, options
        from mtqa.policy import GateConfig, find_config, read_config

        found: GateConfig = read_config(config) if config else find_config(Path.cwd())
        policy = found.policy
        given = {
            "metrics": tuple(dict.fromkeys(m.value for m in metrics)) if metrics else None,
            "primary": primary.value if primary else None,
            "alpha": alpha,
            "resamples": resamples,
            "seed": seed,
            "unit": unit.value if unit else None,
            "strict": strict,
        }
        policy = replace(policy, **{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]
        policy = _with_amounts(
            policy,
            min_difference=tuple(min_difference or ()),
            matters=tuple(matters or ()),
            minimum=(*(least or ()), *_limit("fluency", min_fluency)),
            maximum=(*(most or ()), *_limit("ter", max_ter)),
        )
        policy = _with_severities(policy, fail_on, fail_on_new)
        return command.run(
            command.Request(
                paths=tuple(paths) if paths else found.paths,
                references=tuple(reference or ()),
                baseline=baseline or found.baseline,
                update=update,
                policy=policy,
                outputs=tuple(output) if output else found.output,
            ),
            EditorChoice(
                model or found.model,
                prefix,
                source_language,
                target_language,
                device,
                dtype.value,
                num_beams,
                batch_tokens,
            ),
            options(
                min_confidence=found.min_confidence if min_confidence is None else min_confidence,
                allow=allow or found.allow,
                protect=protect or found.protect,
                guard=True,
                mqm_scheme=mqm_scheme.value if mqm_scheme else found.mqm_scheme,
            ),
        )

    leave(job, traceback=context.obj.traceback)


def _limit(metric: str, value: float | None) -> tuple[str, ...]:
    return () if value is None else (f"{metric}={value!r}",)


def _with_amounts(
    policy: Policy,
    *,
    min_difference: tuple[str, ...],
    matters: tuple[str, ...],
    minimum: tuple[str, ...],
    maximum: tuple[str, ...],
) -> Policy:
    """The policy with the figures of the command line, which win metric by metric."""
    from mtqa.policy import assignments

    return replace(
        policy,
        min_difference=_over(
            tuple(assignments(min_difference, "--min-difference")), policy.min_difference
        ),
        matters=_over(tuple(assignments(matters, "--matters")), policy.matters),
        minimum=_over(tuple(assignments(minimum, "--min")), policy.minimum),
        maximum=_over(tuple(assignments(maximum, "--max")), policy.maximum),
    )


def _over(given: Sequence[Amount], filed: Sequence[Amount]) -> tuple[Amount, ...]:
    named = {amount.metric for amount in given}
    return (*given, *(amount for amount in filed if amount.metric not in named))


def _with_severities(policy: Policy, any_: Limit | None, new: Limit | None) -> Policy:
    from mtqa.policy import severity_limit

    if any_ is not None:
        policy = replace(policy, fail_on=severity_limit(any_.value, "--fail-on"))
    if new is not None:
        policy = replace(policy, fail_on_new=severity_limit(new.value, "--fail-on-new"))
    return policy
