"""Every metric as a function of summed rows, in one table, and how two scores compare.

The statistics repeat sacrebleu's and others' formulas over a whole array of resamples
at once; the tests hold them to the originals.  Nothing here needs sacrebleu.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from mtqa.errors import PairingError
from mtqa.stats import SEED, Floats, PairedResult, Rows, Score, Statistic, bootstrap, paired_test
from mtqa.stats import value as value_of

MQM_CAP = 25.0  # penalty points

# Raised whenever a figure of ours would change on the same input, be it by a formula here,
# by ``diff`` or by ``words``: scores made before and after are then not compared.
FORMULAS = 1


@dataclass(frozen=True, slots=True)
class Metric:
    """What is needed to make a score of rows."""

    name: str
    unit: str
    higher_is_better: bool
    statistic: Statistic


def make_score(
    metric: Metric, rows: Rows, *, signature: str, value: float | None = None
) -> Score | None:
    """The score over all rows with its bootstrap interval; None where it is not defined.

    ``value`` is given where a reference implementation has computed it.
    """
    if value is None:
        value = value_of(rows, metric.statistic)
    if value is None:
        return None
    interval = bootstrap(rows, metric.statistic)
    return Score(
        metric=metric.name,
        value=value,
        unit=metric.unit,
        higher_is_better=metric.higher_is_better,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        signature=signature,
        stats=tuple(tuple(float(cell) for cell in row) for row in rows),
    )


def signature(**fields: str | int | float) -> str:
    """A signature as sacrebleu writes them, with the version of our formulas at the end.

    >>> signature(beta=0.5, case="mixed")
    'beta:0.5|case:mixed|version:mtqa.1'
    """
    parts = [f"{name}:{field}" for name, field in fields.items()]
    return "|".join([*parts, f"version:mtqa.{FORMULAS}"])


def compare(
    before: Score,
    after: Score,
    *,
    n: int = 1000,
    seed: int = SEED,
    clusters: Sequence[Hashable] | None = None,
) -> PairedResult:
    """Whether ``after`` differs from ``before``: two scores of the same segments.

    Raises:
        PairingError: if they are not the same metric under the same signature, or not
            over the same number of segments.
    """
    for what, one, other in (
        ("metrics", before.metric, after.metric),
        ("signatures", before.signature, after.signature),
    ):
        if one != other:
            raise PairingError(
                f"scores with unlike {what} cannot be compared: {one!r} before and {other!r} after",
                where=before.metric,
                hint="score both versions with the same options and the same release",
            )
    if len(before.stats) != len(after.stats):
        raise PairingError(
            f"{len(before.stats)} segments before and {len(after.stats)} after",
            where=before.metric,
            hint="compare two versions of the same segments, in the same order",
        )
    statistic = metric_named(before.metric).statistic
    return paired_test(before.stats, after.stats, statistic, n=n, seed=seed, clusters=clusters)


def metric_named(name: str) -> Metric:
    """The metric of a score's ``metric`` field.

    Raises:
        KeyError: if there is none.

    >>> metric_named("chrF2++").higher_is_better
    True
    """
    if match := re.fullmatch(r"chrF(\d+)(\+*)", name):
        return Metric(name, "0-100", True, partial(chrf, beta=int(match[1])))
    return METRICS[name]


def bleu(sums: Floats) -> Floats:
    """BLEU with exponential smoothing (Papineni et al. 2002), as sacrebleu computes it.

    Columns: hypothesis length, reference length, matches by order, n-grams by order.
    """
    lengths, references = sums[:, 0], sums[:, 1]
    order = (sums.shape[1] - 2) // 2
    correct, total = sums[:, 2 : 2 + order], sums[:, 2 + order :]
    # The k-th order without a match counts as 1 / 2^k matches.
    halvings = np.cumsum(correct == 0, axis=1)
    smoothed = np.where(correct == 0, 0.5**halvings, correct)
    usable = correct.any(axis=1) & (total > 0).all(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.exp(np.log(smoothed / total).mean(axis=1))
        brevity = np.where(lengths < references, np.exp(1 - references / lengths), 1.0)
        return np.where(usable, 100 * brevity * precision, 0.0)


def chrf(sums: Floats, *, beta: int) -> Floats:
    """ChrF without epsilon smoothing (Popović 2015, 2017), as sacrebleu computes it.

    Columns: for each order, n-grams of the hypothesis, of the reference, and matches.
    """
    hypothesis, reference, match = sums[:, 0::3], sums[:, 1::3], sums[:, 2::3]
    effective = (hypothesis > 0) & (reference > 0)
    orders = np.maximum(effective.sum(axis=1), 1)
    precision = np.where(effective, _ratio(match, hypothesis), 0).sum(axis=1) / orders
    recall = np.where(effective, _ratio(match, reference), 0).sum(axis=1) / orders
    return 100 * _f(precision, recall, beta)


def ter(sums: Floats) -> Floats:
    """TER (Snover et al. 2006).  Columns: edits, average reference length in words."""
    edits, words = sums[:, 0], sums[:, 1]
    return 100 * np.where(words > 0, _ratio(edits, words), edits > 0)


def share(sums: Floats, *, of: int, among: int) -> Floats:
    """Column ``of`` per hundred of column ``among``; not defined where that is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sums[:, among] > 0, 100 * sums[:, of] / sums[:, among], np.nan)


def precision(sums: Floats, *, right: int = 0, claimed: int = 1) -> Floats:
    """Claims that are right, per hundred; nothing claimed is nothing wrong (ERRANT)."""
    return 100 * np.where(sums[:, claimed] > 0, _ratio(sums[:, right], sums[:, claimed]), 1.0)


def f_score(
    sums: Floats, *, beta: float, right: int = 0, claimed: int = 1, gold: int = 2
) -> Floats:
    """F-beta from columns of right claims, claims, and what there was to find, 0-100."""
    p = precision(sums, right=right, claimed=claimed) / 100
    r = precision(sums, right=right, claimed=gold) / 100
    return 100 * _f(p, r, beta)


def mean(sums: Floats) -> Floats:
    """The first column over the second; not defined where that is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sums[:, 1] > 0, sums[:, 0] / sums[:, 1], np.nan)


def xcomet(sums: Floats) -> Floats:
    """1 - penalty / cap, averaged.  Columns: capped penalty, segments."""
    return 1 - mean(sums) / MQM_CAP


def per_1000_words(sums: Floats) -> Floats:
    """100 - penalty per 1,000 words, from 0.  Columns: penalty, words."""
    return np.maximum(0, 100 - 1000 * mean(sums))


def _ratio(above: Floats, below: Floats) -> Floats:
    """Their quotient, 0 where ``below`` is 0."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def _f(precision: Floats, recall: Floats, beta: float) -> Floats:
    factor = beta**2
    return _ratio((1 + factor) * precision * recall, factor * precision + recall)


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("BLEU", "0-100", True, bleu),
        Metric("TER", "0-100 and above", False, ter),
        # Rows of mtqa.scoring.edit_match: right, proposed, gold; helped, harmed, kept.
        Metric("edit precision", "0-100", True, precision),
        Metric("edit recall", "0-100", True, partial(precision, claimed=2)),
        Metric("edit F0.5", "0-100", True, partial(f_score, beta=0.5)),
        Metric("helpful edits", "0-100", True, partial(share, of=0, among=2)),
        Metric("harm rate", "0-100", False, partial(share, of=1, among=2)),
        # Rows of mtqa.scoring.spans: right, credited, predicted, gold characters.
        Metric("span precision", "0-100", True, partial(precision, claimed=2)),
        Metric("span recall", "0-100", True, partial(precision, claimed=3)),
        Metric("span F1", "0-100", True, partial(f_score, beta=1, claimed=2, gold=3)),
        Metric(
            "WMT23 span F1", "0-100", True, partial(f_score, beta=1, right=1, claimed=2, gold=3)
        ),
        Metric("errors touched", "0-100", True, partial(share, of=0, among=1)),
        Metric("omissions touched", "0-100", True, partial(share, of=0, among=1)),
        # Rows of mtqa.scoring.mqm.
        Metric("MQM (google)", "penalty per segment, from 0", False, mean),
        Metric("MQM (xcomet)", "0-1", True, xcomet),
        Metric("MQM (per-1000-words)", "0-100", True, per_1000_words),
        # Rows of mtqa.scoring.fluency: sentence score times tokens, tokens.
        Metric("fluency", "0-100", True, mean),
    )
}
