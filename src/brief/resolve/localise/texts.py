"""Resolves texts: figures in the locale's format, citations, references, and the languages of passages."""

from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from typing import assert_never

from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.figures.quantity import Qualifier
from brief.model.inline import (
    AuthoredRun,
    AuthoredRuns,
    Citation,
    Cite,
    ClaimValue,
    Code,
    CrossReference,
    Emphasis,
    Footnote,
    Formula,
    LineBreak,
    Link,
    Number,
    ParagraphEnd,
    PrintedQuantity,
    Reference,
    Run,
    Runs,
    ShiftedText,
    Strong,
    Text,
    to_plain_text,
)
from brief.model.record import dataclass
from brief.model.text import LocalisedText
from brief.resolve import citations, claim_words, language_spans
from brief.resolve.citations import SourceNumbers
from brief.resolve.figures import derive
from brief.resolve.gates import TextGates
from brief.resolve.grade_appendix import Grading
from brief.resolve.prose import format_note_letter


@dataclass(slots=True)
class TextLocaliser:
    """Resolves the texts of one variant. It must be called in reading order, because it numbers sources and footnotes.

    `labels` maps the ids of blocks and sections to what references to them print. `drawn_marks` collects the marks that
    `gates` add to texts that are drawn in a chart; the chart's title gets these marks.
    """

    brief: Brief
    locale: str
    catalogue: Catalogue
    gates: TextGates
    grading: Grading
    labels: dict[str, str]
    source_numbers: SourceNumbers = field(default_factory=SourceNumbers)
    footnotes: int = 0
    drawn_marks: list[Text] = field(default_factory=list)

    def localise_plain(self, text: LocalisedText) -> str:
        """Returns the text as the locale prints it, without markup and citations, but with the mark of a gate."""
        return to_plain_text(self.localise(text))

    def localise_drawn(self, text: LocalisedText) -> str:
        """Returns a text that a chart draws, as plain text, and adds the marks of gates to `drawn_marks` instead."""
        runs = self.localise(text)
        marks = set(self.gates.marks)
        self.drawn_marks += [run for run in runs if isinstance(run, Text) and run in marks]
        return to_plain_text(tuple(run for run in runs if run not in marks))

    def take_drawn_marks(self) -> tuple[Text, ...]:
        """Returns the marks collected since the last call, each once, and forgets them."""
        marks = tuple(dict.fromkeys(self.drawn_marks))
        self.drawn_marks = []
        return marks

    def localise_heading(self, text: LocalisedText) -> Runs:
        """Returns the runs that the locale prints, without citations and grades."""
        return citations.strip_citations(self.localise(text))

    def localise_optional(self, text: LocalisedText | None) -> Runs | None:
        return self.localise(text) if text is not None else None

    def localise(self, text: LocalisedText, also: str | None = None) -> Runs:
        """Returns the runs that the locale prints, with a mark if a gate asks for one.

        `also` is the name of a claim that supports the text without occurring in it; it is cited at the end.
        """
        phrase, mark = self.gates.admit(text)
        return (*self.resolve_sentences(phrase.runs if phrase else (), also), *mark)

    def resolve_sentences(self, authored_runs: AuthoredRuns, also: str | None = None) -> Runs:
        """Resolves the runs of a text, or of one of its paragraphs, and places its citations."""
        runs = self._resolve_runs(authored_runs)
        if authored_runs and isinstance(authored_runs[0], ClaimValue) and isinstance(first := runs[0], Text | Number):
            runs = (replace(first, text=capitalise(first.text)), *runs[1:])
        return citations.arrange_citations(runs, self.cite(also) if also else None)

    def format_value(self, run: ClaimValue) -> str:
        """Formats the figure of a claim, and records that it is printed."""
        self.source_numbers.printed_claims.add(run.claim.name)
        return claim_words.format_claim_value(run, self.brief, self.catalogue)

    def get_printed_quantity(self, run: ClaimValue) -> PrintedQuantity | None:
        """Returns the figure of a claim as it is printed; None if its period is printed."""
        quantity = claim_words.resolve_quantity(run, self.brief)
        if run.part == "period" or (quantity.value is None and quantity.low is None):
            return None
        return PrintedQuantity(quantity.unit, quantity.value, quantity.low, quantity.high, quantity.qualifier)

    def _is_qualified(self, run: ClaimValue) -> bool:
        return claim_words.resolve_quantity(run, self.brief).qualifier is not Qualifier.EXACT

    def cite(self, claim: str) -> Citation:
        """Numbers the sources of a claim, including the sources of its inputs if it is derived."""
        return self.source_numbers.cite(claim, derive.list_sources(self.brief, claim))

    def list_credits(self, claims: Iterable[str]) -> Iterator[Run]:
        """Yields the publishers of the claims' sources, each followed by the grades of the claims and its citation."""
        citations_by_source: dict[str, Citation] = {}
        claims_by_source: dict[str, set[str]] = {}
        for claim in claims:
            self.cite(claim)
            for source_id in derive.list_sources(self.brief, claim):
                citations_by_source.setdefault(source_id, Citation((self.source_numbers.get_number(source_id),)))
                claims_by_source.setdefault(source_id, set()).add(claim)
        for index, (source_id, citation) in enumerate(citations_by_source.items()):
            separator = self.catalogue.get(", ", "list") if index else ""
            yield Text(separator + self.localise_plain(self.brief.sources[source_id].publisher))
            yield from self.grading.make_marks(*claims_by_source[source_id])
            yield citation

    def _resolve_runs(self, runs: AuthoredRuns) -> Runs:
        return tuple(resolved_run for run in runs for resolved_run in self._resolve_run(run))

    def _resolve_run(self, run: AuthoredRun) -> Iterator[Run]:
        match run:
            case Text(text, language) if language:
                yield run
            case Text(text):
                yield from language_spans.split_by_language(text, self.locale, self.brief.locales)
            case Code() | ShiftedText() | LineBreak() | Formula():
                yield run
            case ParagraphEnd():
                yield LineBreak()
            case Footnote(paragraphs):
                self.footnotes += 1
                label = format_note_letter(self.footnotes)
                yield Footnote(tuple(self.resolve_sentences(paragraph) for paragraph in paragraphs), label)
            case Strong(children):
                yield Strong(self._resolve_runs(children))
            case Emphasis(children):
                yield Emphasis(self._resolve_runs(children))
            case Link(url, children):
                yield Link(url, self._resolve_runs(children))
            case ClaimValue(claim, part):
                text = self.format_value(run)
                # A line may break after "about" and the like, but not between the number and its unit.
                bare = (
                    self.format_value(replace(run, part="bare"))
                    if part == "value" and self._is_qualified(run)
                    else text
                )
                if text != bare and text.endswith(bare):
                    yield Text(text.removesuffix(bare))
                    text = bare
                yield Number(text, self.get_printed_quantity(run))
                if part != "period":
                    yield from self.grading.make_marks(claim.name)
                # The sources are numbered even if no citation is printed.
                citation = self.cite(claim.name)
                if run.is_cited:
                    yield citation
            case Cite(claim):
                yield self.cite(claim.name)
            case CrossReference(target):
                yield Reference(target.name, self.labels[target.name])
            case other:
                assert_never(other)


def capitalise(text: str) -> str:
    """Capitalises the start of a cell, a tile or a sentence: "Up to 12 hours"."""
    return text[:1].upper() + text[1:]
