"""Assembles a variant from the localised sections, terms and sources of a brief."""

from collections.abc import Iterator

from brief.model import blocks as authored
from brief.model.access import Depth
from brief.model.brief import Brief, Term, Theme
from brief.model.evidence import Source
from brief.model.inline import Runs, Text, to_plain_text
from brief.model.locale import get_primary_language
from brief.model.variant import Section, SourceEntry, TermEntry, Variant
from brief.resolve import citations, terms, walk
from brief.resolve.block_labels import label_numbered_blocks, quote_headings
from brief.resolve.collation import sort_by_name
from brief.resolve.figures import periods
from brief.resolve.gates import TextGates
from brief.resolve.grade_appendix import GRADES, Grading
from brief.resolve.localise.blocks import BlockLocaliser
from brief.resolve.localise.source_notes import list_notes
from brief.resolve.localise.texts import TextLocaliser
from brief.resolve.notices import format_cut_off, format_rounding
from brief.resolve.prose import assign_appendix_letters
from brief.resolve.source_links import list_source_links


def localise(brief: Brief, locale: str) -> Variant:
    """Localises a brief that `select` has reduced to one audience. The brief must have passed the checks."""
    return localise_gated(brief, locale)[0]


def localise_gated(brief: Brief, locale: str, *, only_charts: bool = False) -> tuple[Variant, TextGates]:
    """Localises a brief as `localise` does. Returns the variant, and the gates, whose `affected` has the texts that they
    stopped, marked and left out.

    With `only_charts`, the sections contain only charts, and there are no terms and sources.
    """
    gates = TextGates(brief, locale)
    return _VariantLocaliser(gates.omit(), locale, gates, only_charts).resolve(), gates


class _VariantLocaliser:
    def __init__(self, brief: Brief, locale: str, gates: TextGates, only_charts: bool) -> None:
        self.brief = brief
        self.locale = locale
        self.catalogue = brief.catalogues[locale]
        self.only_charts = only_charts
        labels = quote_headings(brief, gates.find_phrase, locale, self.catalogue) | label_numbered_blocks(
            brief, self.catalogue
        )
        self.grading = Grading.grade_brief(brief, self.catalogue)
        self.texts = TextLocaliser(brief, locale, self.catalogue, gates, self.grading, labels)
        self.blocks = BlockLocaliser(self.texts)

    def resolve(self) -> Variant:
        settings = self.brief.settings
        (audience,) = self.brief.audiences.values()
        introduction = self.texts.localise_optional(audience.introduction)
        sections = tuple(
            self._resolve_section(number, theme) for number, theme in enumerate(self.brief.themes.values(), 1)
        )
        appendices = {str(name) for name, theme in self.brief.themes.items() if theme.appendix}
        if grades := self.grading.make_appendix(
            len(sections) + 1, self.texts.source_numbers, self.texts.localise_heading
        ):
            sections, appendices = (*sections, grades), appendices | {GRADES}
        sections = assign_appendix_letters(sections, appendices)
        entries = self._list_terms(sections) if audience.depth is Depth.FULL and not self.only_charts else ()
        return Variant(
            brief=settings.id,
            audience=audience.id,
            locale=self.locale,
            title=self.texts.localise_plain(settings.title),
            subtitle=self.texts.localise_plain(settings.subtitle) if settings.subtitle else None,
            publisher=self.texts.localise_plain(settings.publisher),
            audience_title=self.texts.localise_plain(audience.title),
            marking=self.texts.localise_plain(audience.marking) if audience.marking else None,
            date=settings.date.isoformat(),
            date_text=periods.format_day(settings.date, self.catalogue),
            cut_off_text=format_cut_off(settings, self.catalogue),
            introduction=introduction,
            sections=sections,
            terms=tuple(sort_by_name(entries, lambda term: term.name, self.locale)),
            sources=() if self.only_charts else tuple(self._list_sources()),
            template_set=(audience.template_set or settings.template_set).name,
            catalogue=self.catalogue,
            compact=audience.compact,
            rounding=format_rounding(settings, self.locale, self.catalogue),
        )

    def _resolve_section(self, number: int, theme: Theme) -> Section:
        if self.only_charts:
            blocks = tuple(
                self.blocks.localise(block)
                for block in theme.blocks
                if isinstance(block, authored.Chart | authored.Vega)
            )
            return Section(id=theme.id, number=number, title=(), summary=(), takeaways=(), blocks=blocks)
        return citations.mark_introductions(
            Section(
                id=theme.id,
                number=number,
                title=self.texts.localise_heading(theme.title),
                finding=self.texts.localise_heading(theme.finding) if theme.finding else None,
                summary=self.texts.localise(theme.summary),
                takeaways=tuple(self.texts.localise(takeaway.text) for takeaway in theme.takeaways),
                blocks=tuple(self.blocks.localise(block) for block in theme.blocks),
                page_break=theme.page_break is not None,
            )
        )

    def _list_terms(self, sections: tuple[Section, ...]) -> Iterator[TermEntry]:
        by_id = {str(term.id): term for term in self.brief.glossary.terms}
        # A name that the variant does not mention may belong to withheld content.
        for term, mentions in self._find_mentions(sections):
            yield TermEntry(
                id=term.id,
                kind=self.catalogue.get(term.kind.value),
                name=self.texts.localise_plain(term.name),
                owner=self.texts.localise_plain(by_id[term.owner.name].name)
                if term.owner and term.owner.name in by_id
                else None,
                says=citations.strip_citations(self.texts.localise(term.says)),
                mentions=mentions,
            )

    def _find_mentions(self, sections: tuple[Section, ...]) -> Iterator[tuple[Term, tuple[int, ...]]]:
        """Yields each term that the variant mentions, with the numbers of the sections that mention it.

        A term without a name in the locale cannot be recognised in texts of the locale. It counts as mentioned in the
        sections of themes that mention it in any language.
        """
        words = {section.number: "\n".join(walk.collect_printed_words(section)) for section in sections}
        by_presence: dict[bool, list[Term]] = {True: [], False: []}
        for term in self.brief.glossary.terms:
            by_presence[not self.texts.gates.is_missing(term.name)].append(term)
        yield from terms.find_mentions(by_presence[True], self.locale, words)
        for term in by_presence[False]:
            mentions = {
                number
                for tag in self.brief.locales
                for number, theme in enumerate(self.brief.themes.values(), 1)
                if terms.mentions_term(term, tag, f"{words[number]}\n{_collect_typed_words(theme, tag)}")
            }
            if mentions:
                yield term, tuple(sorted(mentions))

    def _list_sources(self) -> Iterator[SourceEntry]:
        for number, source_id in enumerate(self.texts.source_numbers.order, 1):
            source = self.brief.sources[source_id]
            yield SourceEntry(
                number=number,
                anchor=f"source-{number}",
                title=self._resolve_source_title(source),
                publisher=self.texts.localise_plain(source.publisher),
                author=self.texts.localise_plain(source.author) if source.author else None,
                date=periods.format_period(source.date, self.catalogue),
                language=source.language,
                notes=tuple(
                    list_notes(
                        source,
                        self.texts.source_numbers,
                        self.brief,
                        self.locale,
                        self.catalogue,
                        self.texts.localise_heading,
                    )
                ),
                links=tuple(
                    list_source_links(
                        source, self.texts.source_numbers, self.brief, self.catalogue, self.texts.localise_heading
                    )
                ),
            )

    def _resolve_source_title(self, source: Source) -> Runs:
        """Returns the title for this locale. A title without locales is marked as being in the language of its source."""
        title = self.texts.localise_heading(source.title)
        if self.texts.gates.is_missing(source.title):
            return title
        if self.locale in source.title.phrases or get_primary_language(source.language) == get_primary_language(
            self.locale
        ):
            return title
        return (Text(to_plain_text(title), source.language),)


def _collect_typed_words(theme: Theme, locale: str) -> str:
    """Returns the words that the author of a theme typed in the locale, without placeholders."""
    phrases = (text.find_phrase(locale) for text in walk.walk_texts(theme))
    return "\n".join(terms.extract_typed_text(phrase.runs) for phrase in phrases if phrase is not None)
