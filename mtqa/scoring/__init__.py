"""Scores: overlap with references, edits, error spans, MQM penalties and fluency."""
