"""Outputs that go round in circles."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST_PERIOD = 8  # tokens
_COPIES = 3  # in a row that a good text may have: "no, no, no"


def runs_on(output: Sequence[int], source: Sequence[int]) -> bool:
    """Whether the output repeats itself as no good text and not its source does.

    >>> runs_on([7, 8, 7, 8, 7, 8, 7, 8], [7, 8])
    True
    >>> runs_on([5, 5, 5, 5, 5], [5, 5, 5, 5, 5, 6])
    False
    """
    return _copies(output) > max(_COPIES, _copies(source))


def _copies(ids: Sequence[int]) -> int:
    """The most copies of one run of tokens directly after another."""
    most = 1
    for period in range(1, _LONGEST_PERIOD + 1):
        same = 0
        for index in range(period, len(ids)):
            same = same + 1 if ids[index] == ids[index - period] else 0
            most = max(most, same // period + 1)
    return most
