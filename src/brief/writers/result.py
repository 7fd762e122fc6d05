"""What a writer returns."""

from dataclasses import field

from brief.model.artifact import Content
from brief.model.diagnostics import Diagnostic
from brief.model.record import dataclass


@dataclass(frozen=True, slots=True)
class WriterResult:
    """A writer's result. `pages` is None for formats without pages; `diagnostics` has warnings."""

    content: Content = field(repr=False)
    pages: int | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def data(self) -> bytes:
        return self.content.read()
