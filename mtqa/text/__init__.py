"""Text with exact offsets: spans, paragraphs, sentences, documents."""

from mtqa.text.types import Document, Paragraph, Segment, Span

__all__ = ["Document", "Paragraph", "Segment", "Span"]
