"""A report of string metrics alone: no editor reads the text, so no model is loaded."""

from __future__ import annotations

from collections.abc import Sequence

from mtqa import __version__
from mtqa.errors import InputError
from mtqa.gate.metrics import METRICS, STRINGS, check_name
from mtqa.gate.types import Policy
from mtqa.judge import digest
from mtqa.report import DEFAULTS, SCHEMA, Report
from mtqa.scoring.overlap import OverlapMetric, score
from mtqa.text import Document


def measure(document: Document, metrics: Sequence[OverlapMetric] = STRINGS) -> Report:
    """Score a document against its references, and nothing else.

    Returns:
        A report without editor, readings and findings, whose scores are those of the text as
        it came: the same figures that a whole report compares the cleaned text with.

    Raises:
        InputError: the document has no references.
    """
    paragraphs = document.paragraphs
    if not paragraphs or not all(paragraph.references for paragraph in paragraphs):
        raise InputError(
            "there is no reference to measure against",
            where=document.path,
            hint="give --reference, or a folder with reference.txt",
        )
    texts = [paragraph.text for paragraph in paragraphs]
    streams = list(zip(*(paragraph.references for paragraph in paragraphs), strict=True))
    return Report(
        schema=SCHEMA,
        tool=f"mtqa {__version__}",
        editor=None,
        fluency_scale=None,
        options=DEFAULTS,
        input_digest=digest(document),
        document=document,
        readings=(),
        cleaned=document.text,
        fluency=(),
        scores=tuple(score(texts, streams, metric) for metric in metrics),
        floors=(),
        comparisons=(),
        findings=(),
        failures=(),
    )


def needs_editor(policy: Policy) -> bool:
    """Whether anything is asked for that only an editor can say.

    >>> needs_editor(Policy(metrics=("bleu", "ter"))), needs_editor(Policy())
    (False, True)
    """
    if policy.metrics is None or policy.fail_on is not None:
        return True
    return any(METRICS[name].from_editor for name in _asked(policy))


def string_metrics(policy: Policy) -> tuple[OverlapMetric, ...]:
    """The string metrics that a policy asks for, in a fixed order."""
    asked = _asked(policy)
    return tuple(name for name in STRINGS if name in asked)


def _asked(policy: Policy) -> frozenset[str]:
    limits = (*policy.minimum, *policy.maximum)
    names = frozenset((*(policy.metrics or ()), *(limit.metric for limit in limits)))
    for name in names:
        check_name(name)
    return names
