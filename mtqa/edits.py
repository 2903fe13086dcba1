"""Edits: the difference between two texts, as a person would mark it."""

from __future__ import annotations

from dataclasses import dataclass

from mtqa.text import Span


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace ``span`` of a text by ``text``: empty text deletes, an empty span inserts.

    >>> Edit(Span(4, 8), "fox")
    Edit(span=Span(start=4, end=8), text='fox')
    """

    span: Span
    text: str
