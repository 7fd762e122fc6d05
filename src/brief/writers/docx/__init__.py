"""Layer 4: variants as Word documents, on a reference document that a designer edits in Word."""

from brief.writers.docx.writer import write

__all__ = ["write"]
