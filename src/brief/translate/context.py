"""Collects what translators should know about a text: its place in the brief, its readers, its figures and its terms."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from brief.model.access import Clearance, Depth
from brief.model.brief import Audience, Brief, Term, ThemeChoice
from brief.model.catalogue import Catalogue
from brief.model.inline import ClaimValue
from brief.model.locale import get_primary_language
from brief.model.record import dataclass
from brief.model.source_location import Ref, Slug, SourceLocation
from brief.model.text import LocalisedText
from brief.model.translation import Translation
from brief.reading.catalogue import list_required_messages
from brief.resolve import terms, walk
from brief.resolve.claim_words import format_claim_value
from brief.resolve.select import select


@dataclass(frozen=True, slots=True)
class TermChoice:
    """A glossary term in a text. `source` is its form in the source locale, `says` its explanation there, and empty if it
    has none. `allowed` and `avoided` have the forms to choose from, and those never to be used, in the target locale.
    """

    source: str
    allowed: tuple[str, ...]
    avoided: tuple[str, ...]
    says: str = ""


@dataclass(frozen=True, slots=True)
class TextContext:
    """What a translator should know about a text.

    `description` says what the text is part of and who reads it; `figures` maps each placeholder in the text to what it
    prints in the locale `printed_in`, which is empty if the text has no source.
    """

    description: str
    figures: Mapping[str, str] = field(default_factory=dict)
    terms: tuple[TermChoice, ...] = ()
    printed_in: str = ""


class Contexts:
    """The context of each text of a brief, for translators into one locale.

    With a `clearance`, claims, terms and readers above it are not mentioned.
    """

    def __init__(self, brief: Brief, locale: str, clearance: Clearance | None = None) -> None:
        self.is_limited = clearance is not None
        self.selections = list(list_selections(brief, clearance))
        self.brief = brief if clearance is None else _merge_selections(brief, [seen for _, seen in self.selections])
        self.locale = locale
        self.source_locale = str(brief.settings.source_locale)
        # If the catalogue of the locale is incomplete, figures would be partly in English.
        self.printed_in = locale if _is_complete(brief.catalogues[locale]) else self.source_locale
        self.readers: dict[SourceLocation, list[str]] = {}
        for audience, seen in self.selections:
            if audience:
                for text in {text.location: text for text in walk.walk_printed_texts(seen)}:
                    self.readers.setdefault(text, []).append(audience)

    def make_context(self, translation: Translation) -> TextContext:
        """Makes the context of the text of a translation."""
        text = translation.text
        in_theme = f" in {text.chapter}" if text.chapter.startswith("theme ") and text.kind != "theme" else ""
        readers = self._describe_readers(text.text.location)
        description = f"{text.kind}{in_theme}" + (f"; {readers}" if readers else "")
        phrase = text.text.phrases.get(self.source_locale)
        if phrase is None:
            return TextContext(description)
        figures = {}
        for run in walk.walk_references(text.text):
            if isinstance(run, ClaimValue) and (printed := self._format_value(run)):
                figures[f"{{{run.claim}{run.modifiers}}}"] = printed
        typed_words = terms.extract_typed_text(phrase.runs)
        names = (
            self._choose_forms(term)
            for term in self.brief.glossary.terms
            if text.id != f"term/{term.id}/name" and terms.mentions_term(term, self.source_locale, typed_words)
        )
        return TextContext(description, figures, tuple(name for name in names if name), self.printed_in)

    def list_comments(self, translation: Translation) -> Iterator[str]:
        """Yields the context line by line, for the comments of a PO file."""
        context = self.make_context(translation)
        yield context.description
        where = "" if self.printed_in == self.locale else f" in {self.printed_in}"
        for placeholder, printed in context.figures.items():
            yield f"{placeholder} prints{where}: {printed}"
        for name in context.terms:
            avoided = f" (never: {', '.join(name.avoided)})" if name.avoided else ""
            yield f"name: {name.source} = {' or '.join(name.allowed)}{avoided}"

    def _describe_readers(self, location: SourceLocation) -> str:
        audiences = self.readers.get(location, [])
        if not audiences:
            # Audiences above the clearance, which are not mentioned, may read it.
            return "" if self.is_limited else "printed in no variant"
        is_for_all = len(audiences) == sum(bool(name) for name, _ in self.selections) and len(audiences) > 1
        return f"read by {'all audiences' if is_for_all else ', '.join(audiences)}"

    def _format_value(self, run: ClaimValue) -> str:
        if run.claim.name not in self.brief.claims:
            return ""
        try:
            return format_claim_value(run, self.brief, self.brief.catalogues[self.printed_in])
        except ValueError:
            return ""

    def _choose_forms(self, term: Term) -> TermChoice | None:
        source = next(terms.list_term_forms(term, self.source_locale), "")
        allowed = tuple(dict.fromkeys(terms.list_term_forms(term, self.locale)))
        avoided = tuple(dict.fromkeys(terms.list_avoided_forms(term, self.locale)))
        says = term.says.find_phrase(self.source_locale)
        return TermChoice(source, allowed, avoided, says.source.strip() if says else "") if source and allowed else None


def list_selections(brief: Brief, clearance: Clearance | None) -> Iterator[tuple[str, Brief]]:
    """Yields the name of each audience, and the brief reduced to what the audience sees.

    With a clearance, leaves out audiences with a higher one; the last pair then has an empty name, and everything that
    a reader with that clearance may see.
    """
    for name, audience in brief.audiences.items():
        if clearance is None or audience.clearance <= clearance:
            yield name, select(brief, name)
    if clearance is not None:
        reader = Audience(
            id=Slug(""),
            title=LocalisedText(phrases={}),
            clearance=clearance,
            depth=Depth.FULL,
            themes=tuple(ThemeChoice(theme=Ref(name)) for name in brief.themes),
            formats=(),
        )
        yield "", select(replace(brief, audiences={"": reader}), "")


def list_cleared_texts(brief: Brief, clearance: Clearance) -> frozenset[SourceLocation]:
    """Returns the locations of the texts that a reader with this clearance may see."""
    selections = (selected for _, selected in list_selections(brief, clearance))
    return frozenset(
        text.location
        for selected in selections
        for record in (
            selected.settings,
            *selected.themes.values(),
            *selected.audiences.values(),
            *selected.sources.values(),
            selected.glossary,
            *selected.specifications.values(),
        )
        for text in walk.walk_texts(record)
    )


def _merge_selections(brief: Brief, selections: list[Brief]) -> Brief:
    """Returns the last selection, which includes the sources and terms of the others, with the audiences of all."""
    widest = selections[-1]
    return replace(
        widest,
        audiences={
            name: brief.audiences[name]
            for selected in selections
            for name in selected.audiences
            if name in brief.audiences
        },
    )


def _is_complete(catalogue: Catalogue) -> bool:
    """Returns whether the catalogue has every message; an English one needs none."""
    return get_primary_language(catalogue.locale) == "en" or list_required_messages() <= catalogue.messages.keys()
