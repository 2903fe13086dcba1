"""Telling new findings from old ones, whatever has moved.

A finding is known by its rule, by the words it is about and by what should stand there:
not by its line, its offset or its sentence.  Where an article has the same error several
times, it is the number of them that counts.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable

from mtqa.report import Finding, Report


def fingerprints(report: Report) -> tuple[str, ...]:
    """One fingerprint per finding, in order; no two are equal.

    Severity and confidence are left out: they depend on the whole document, and a doubt
    that grew is not another error.
    """
    seen: Counter[str] = Counter()
    found = []
    for finding in report.findings:
        kind = _kind(finding)
        seen[kind] += 1
        found.append(f"{kind}:{seen[kind]}")
    return tuple(found)


def new_findings(before: Report, after: Report) -> tuple[bool, ...]:
    """For each finding of ``after``, in order, whether ``before`` does not have it.

    Of several equal ones, those are new that stand in a sentence the baseline has not.
    """
    old: Counter[str] = Counter(map(_kind, before.findings))
    sentences = _sentences(before)
    groups: dict[str, list[int]] = defaultdict(list)
    for index, finding in enumerate(after.findings):
        groups[_kind(finding)].append(index)
    own = {segment.id: segment.text for segment in after.document.segments}
    known: set[int] = set()
    for kind, indices in groups.items():
        # A stable sort: within both halves the first ones are taken to be the old ones.
        ordered = sorted(indices, key=lambda i: own[after.findings[i].segment_id] not in sentences)
        known.update(ordered[: old[kind]])
    return tuple(index not in known for index in range(len(after.findings)))


def _sentences(report: Report) -> frozenset[str]:
    return frozenset(segment.text for segment in report.document.segments)


def _kind(finding: Finding) -> str:
    fix = "keep" if finding.fix is None else f"fix {_flat(finding.fix.text)}"
    return _digest((finding.rule, _flat(finding.surface), fix))


def _flat(text: str) -> str:
    """White space does not count: a line that was wrapped anew is the same line."""
    return " ".join(text.split())


def _digest(parts: Iterable[str]) -> str:
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:16]
