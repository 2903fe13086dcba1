"""Several values after one flag, as sacrebleu's command line takes them."""

from __future__ import annotations

from typing import Any, ClassVar

from typer.core import TyperCommand

_METRIC_FLAGS = ("-m", "--metrics")


class ManyValues(TyperCommand):
    """Reads ``-m bleu chrf ter`` and ``-r a b``: several values to one flag."""

    flags: ClassVar[tuple[str, ...]] = (*_METRIC_FLAGS, "-r", "--reference", "--references")
    metrics: ClassVar[tuple[str, ...]] = ("bleu", "chrf", "ter")

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Repeat the flag before each of its values."""
        spread: list[str] = []
        flag: str | None = None  # the one that takes more values
        for arg in args:
            if arg.startswith("-") and arg != "-":
                flag = arg if arg in self.flags else None
                spread.append(arg)
            elif flag and spread[-1] != flag and self._belongs(flag, arg):
                spread += [flag, arg]
            else:
                spread.append(arg)
        return list(super().parse_args(ctx, spread))

    def _belongs(self, flag: str, value: str) -> bool:
        return flag not in _METRIC_FLAGS or value in self.metrics


class ManyMetrics(ManyValues):
    """Reads ``-m bleu fluency``; what follows and is no metric is an article."""

    flags = _METRIC_FLAGS
    metrics = ("bleu", "chrf", "ter", "fluency", "mqm", "span-f1", "edit-f0.5", "harm")
