"""The gate: two sets of reports and a policy to verdicts.  Pure, and loads no model.

findings told apart     fingerprints
what is comparable      pairing, rows
the decision            decide, thresholds
without an editor       measure
"""

from __future__ import annotations

from mtqa.gate.decide import MIN_DOCUMENTS, gate
from mtqa.gate.measure import measure, needs_editor, string_metrics
from mtqa.gate.metrics import METRICS
from mtqa.gate.types import (
    DEFAULT_POLICY,
    Amount,
    Breach,
    Located,
    Outcome,
    Policy,
    Result,
    Verdict,
)

__all__ = [
    "DEFAULT_POLICY",
    "METRICS",
    "MIN_DOCUMENTS",
    "Amount",
    "Breach",
    "Located",
    "Outcome",
    "Policy",
    "Result",
    "Verdict",
    "gate",
    "measure",
    "needs_editor",
    "string_metrics",
]
