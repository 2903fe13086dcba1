"""Check machine-translated English: cleaned text, fluency, error spans."""

__version__ = "0.1.0"
