"""Leaves out the warnings that a record (a block, a theme, a claim, a term, ...) allows, each with a reason of the author."""

import sys
from collections.abc import Iterable, Iterator, Sequence

from brief.model.blocks import Block
from brief.model.brief import Audience, Brief, Term, Theme
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.evidence import Claim, Source
from brief.model.figures.dataset import Dataset
from brief.model.record import dataclass
from brief.reading.explanations import load_explanations
from brief.resolve import walk

_Nested = Block | Claim | Dataset | Term
_Record = _Nested | Theme | Source | Audience


@dataclass(frozen=True, slots=True)
class _Part:
    """A record that allows something, with its lines in its file, and the data file that it describes."""

    name: str
    record: _Record
    lines: tuple[range, ...]

    def contains(self, diagnostic: Diagnostic) -> bool:
        location = diagnostic.location
        if isinstance(self.record, Dataset) and self.record.file is not None:
            sheet = f"{self.record.file}!{self.record.sheet}!" if self.record.sheet else f"{self.record.file}!"
            if location.file == self.record.file or f"{location.file}!".startswith(sheet):
                return True
        return location.file == self.record.location.file and any(location.line in lines for lines in self.lines)


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
        texts = (theme.title, *theme.opening)
        yield from _divide(
            f"theme '{theme.id}'", theme, texts, [(f"block '{block.id}'", block) for block in theme.blocks]
        )
    for source in brief.sources.values():
        texts = (source.title, source.publisher, source.author, source.locator, source.note)
        claims = [(f"claim '{source.id}/{claim.id}'", claim) for claim in source.claims]
        datasets = [(f"dataset '{source.id}/{dataset.id}'", dataset) for dataset in source.datasets]
        yield from _divide(f"source '{source.id}'", source, texts, [*claims, *datasets])
    for audience in brief.audiences.values():
        yield from _divide(f"audience '{audience.id}'", audience, (), [])
    yield from _divide("", None, (), [(f"term '{term.id}'", term) for term in brief.glossary.terms])


def _divide(
    name: str,
    owner: Theme | Source | Audience | None,
    texts: tuple[object, ...],
    records: Sequence[tuple[str, _Nested]],
) -> Iterator[_Part]:
    """Yields the records of a file that allow something. The lines of each end before the next record, or the next of the
    owner's own texts; all other lines are the owner's.
    """
    allowing = [record for _, record in records if record.allow]
    if not allowing and not (owner and owner.allow):
        return
    ends = [record.location.line for _, record in records]
    ends += [phrase.location.line for text in walk.walk_texts(texts) for phrase in text.phrases.values()]
    rest = [range(1, sys.maxsize)]
    for record_name, record in records:
        first = record.location.line
        lines = range(first, min((line for line in ends if line > first), default=sys.maxsize))
        rest = [part for each in rest for part in _cut(each, lines)]
        if record.allow:
            yield _Part(record_name, record, (lines,))
    if owner and owner.allow:
        yield _Part(name, owner, tuple(rest))


def _cut(lines: range, cut: range) -> tuple[range, ...]:
    """Returns the lines that are not in `cut`."""
    if cut.stop <= lines.start or cut.start >= lines.stop:
        return (lines,)
    return tuple(part for part in (range(lines.start, cut.start), range(cut.stop, lines.stop)) if part)
