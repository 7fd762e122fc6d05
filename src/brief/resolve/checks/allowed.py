"""Leaves out the warnings that a block, claim or dataset allows, each with a reason of the author."""

from collections.abc import Iterable, Iterator, Sequence

from brief.model.blocks import Block
from brief.model.brief import Brief, Theme
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.evidence import Claim, Source
from brief.model.figures.dataset import Dataset
from brief.model.record import dataclass
from brief.reading.explanations import load_explanations
from brief.resolve import walk


@dataclass(frozen=True, slots=True)
class _Part:
    """A record that allows something, with its lines in its file, and the data file that it describes."""

    name: str
    record: Block | Claim | Dataset
    first: int
    last: float

    def contains(self, diagnostic: Diagnostic) -> bool:
        location = diagnostic.location
        if isinstance(self.record, Dataset) and self.record.file is not None:
            sheet = f"{self.record.file}!{self.record.sheet}!" if self.record.sheet else f"{self.record.file}!"
            if location.file == self.record.file or f"{location.file}!".startswith(sheet):
                return True
        return location.file == self.record.location.file and self.first <= location.line <= self.last


def leave_out_allowed(brief: Brief, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Returns the diagnostics without the warnings that are allowed, followed by those about allowed codes that are unknown
    or not needed.
    """
    remaining = list(diagnostics)
    sink = DiagnosticSink()
    for part in _list_parts(brief):
        location = part.record.location
        for code in part.record.allow:
            others = [diagnostic for diagnostic in remaining if not _is_allowed(diagnostic, code, part)]
            if code not in load_explanations():
                hint = suggest_name(code, load_explanations())
                sink.add_error("unknown-code", location, f"no diagnostic has the code '{code}'", hint)
            elif len(others) == len(remaining):
                is_error = any(diagnostic.code == code and part.contains(diagnostic) for diagnostic in remaining)
                reason = (
                    "which is an error, and cannot be allowed" if is_error else "and nothing in it causes that warning"
                )
                message = f"{part.name} allows '{code}', {reason}"
                sink.add_warning("unused-allow", location, message, f"remove '{code}' from 'allow'")
            remaining = others
    return [*remaining, *sink.found]


def _is_allowed(diagnostic: Diagnostic, code: str, part: _Part) -> bool:
    return diagnostic.code == code and diagnostic.severity is Severity.WARNING and part.contains(diagnostic)


def _list_parts(brief: Brief) -> Iterator[_Part]:
    """Yields the records that allow something."""
    for theme in brief.themes.values():
        yield from _divide(theme, [(f"block '{block.id}'", block) for block in theme.blocks])
    for source in brief.sources.values():
        claims = [(f"claim '{source.id}/{claim.id}'", claim) for claim in source.claims]
        datasets = [(f"dataset '{source.id}/{dataset.id}'", dataset) for dataset in source.datasets]
        yield from _divide(source, [*claims, *datasets])


def _divide(owner: Theme | Source, records: Sequence[tuple[str, Block | Claim | Dataset]]) -> Iterator[_Part]:
    """Yields the records that allow something. The lines of each end before the next record, or the next text of the owner."""
    if not any(record.allow for _, record in records):
        return
    own: tuple[object, ...]
    match owner:
        case Theme():
            own = (owner.title, owner.summary, *owner.takeaways)
        case Source():
            own = (owner.title, owner.publisher, owner.author, owner.locator, owner.note)
    starts = [record.location.line for _, record in records]
    starts += [phrase.location.line for text in walk.walk_texts(own) for phrase in text.phrases.values()]
    for name, record in records:
        if record.allow:
            first = record.location.line
            last = min((line - 1 for line in starts if line > first), default=float("inf"))
            yield _Part(name, record, first, last)
