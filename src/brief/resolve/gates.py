"""Applies an audience's gates to texts without an accepted translation: stops the build, marks them or leaves them out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, fields, replace
from typing import assert_never

from brief.model.blocks import (
    Block,
    Callout,
    Chart,
    Figure,
    ListBlock,
    Metrics,
    Paragraph,
    Prose,
    Quote,
    Table,
    Timeline,
    Vega,
)
from brief.model.brief import Brief, Gate, Gates, Glossary, Theme
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.inline import AuthoredRun, AuthoredRuns, CrossReference, Emphasis, Footnote, Link, Strong, Text
from brief.model.record import dataclass
from brief.model.scripts import find_han_region
from brief.model.text import LocalisedText, Phrase
from brief.model.translation import GATED_STATES, Origin, Translation, TranslationState
from brief.resolve import walk
from brief.resolve.block_labels import LABELS
from brief.resolve.prose import resolve_parts

# The interface words that mark a text in each state.
MARKS: Mapping[TranslationState, str] = {
    TranslationState.MISSING: "[not translated]",
    TranslationState.STALE: "[translation not up to date]",
    TranslationState.DERIVED: "[converted automatically]",
    TranslationState.DRAFTED: "[draft translation]",
}


@dataclass(slots=True)
class TextGates:
    """The gates of an audience in one locale. `affected` has the texts that they stopped, marked or omitted, by id.

    `brief` is what the audience sees; it has no other audience.
    """

    brief: Brief
    locale: str
    affected: dict[Gate, dict[str, Translation]] = field(default_factory=lambda: {gate: {} for gate in Gate})
    _trials: dict[Gates, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def gates(self) -> Gates:
        (audience,) = self.brief.audiences.values()
        return audience.gates

    @property
    def can_omit(self) -> bool:
        return any(getattr(self.gates, gate.name) is Gate.OMIT for gate in fields(self.gates))

    @property
    def marks(self) -> tuple[Text, ...]:
        return tuple(self._make_mark(state) for state in MARKS)

    def admit(self, text: LocalisedText) -> tuple[Phrase | None, tuple[Text, ...]]:
        """Returns the phrase to print for the text, or None without one, and the marks to print after it. Records in
        `affected` if the text is marked or stops the variant.

        A missing text prints in the source language, with a mark even if it stops the variant: a preview must not hide it
        either.
        """
        phrase = self.find_phrase(text)
        translation = self.brief.translations.get((text.location, self.locale))
        action = self.gates.find_strictest(translation.conditions) if translation is not None else None
        if translation is None or action is None:
            return phrase, ()
        # `omit` has already removed the texts that can be left out; a text without words cannot be marked.
        applied = Gate.MARK if action is Gate.MARK and phrase is not None else Gate.STOP
        self.affected[applied][translation.text.id] = translation
        if applied is Gate.STOP and translation.state is not TranslationState.MISSING:
            return phrase, ()
        return phrase, tuple(self._make_mark(state) for state in translation.conditions if state in GATED_STATES)

    def omit(self) -> Brief:
        """Returns the brief without the texts that the audience omits, and records them in `affected`.

        In lists, tables that are not from a dataset, timelines and headline figures, the entry is removed. Of other kinds,
        the whole block is removed, unless another text refers to it. Titles, summaries, the marking, and texts of sources
        and claims cannot be removed, and stop the build instead.
        """
        if not any(self._is_omitted(text) for text in walk.walk_printed_texts(self.brief)):
            return self.brief
        brief = self.brief
        (name, audience), *_ = brief.audiences.items()
        settings = brief.settings
        if settings.subtitle is not None and self._is_omitted(settings.subtitle):
            settings = replace(settings, subtitle=None)
        if audience.introduction is not None and self._is_omitted(audience.introduction):
            audience = replace(audience, introduction=None)
        terms = tuple(term for term in brief.glossary.terms if not self._has_omitted((term.name, term.says)))
        trimmed = replace(
            brief,
            settings=settings,
            audiences={name: audience},
            themes={theme_id: self._trim_theme(theme) for theme_id, theme in brief.themes.items()},
            glossary=Glossary(terms=terms),
        )
        remaining = {text.location for text in walk.walk_printed_texts(trimmed)}
        for text in walk.walk_printed_texts(brief):
            if text.location not in remaining and self._is_omitted(text):
                translation = brief.translations[text.location, self.locale]
                self.affected[Gate.OMIT][translation.text.id] = translation
        return trimmed

    def can_leave_out(self, translation: Translation) -> bool:
        """Returns whether the text would be left out if the audience omitted texts in its state."""
        (audience,) = self.brief.audiences.values()

        def choose(state: TranslationState) -> Gate:
            return Gate.OMIT if state in translation.conditions else getattr(audience.gates, state.value)

        gates = Gates(
            stale=choose(TranslationState.STALE),
            missing=choose(TranslationState.MISSING),
            derived=choose(TranslationState.DERIVED),
            drafted=choose(TranslationState.DRAFTED),
        )
        # Hundreds of texts ask for the same few gates.
        if gates not in self._trials:
            self._trials[gates] = self._list_omitted(gates)
        return translation.text.id in self._trials[gates]

    def _list_omitted(self, gates: Gates) -> frozenset[str]:
        """Returns the ids of the texts that the audience would omit with other gates."""
        ((name, audience),) = self.brief.audiences.items()
        trial = TextGates(replace(self.brief, audiences={name: replace(audience, gates=gates)}), self.locale)
        trial.omit()
        return frozenset(trial.affected[Gate.OMIT])

    def _trim_theme(self, theme: Theme) -> Theme:
        blocks = (self._trim_block(block) for block in theme.blocks)
        return replace(
            theme,
            takeaways=tuple(item for item in theme.takeaways if not self._is_omitted(item.text)),
            blocks=tuple(block for block in blocks if block is not None),
        )

    def _trim_block(self, block: Block) -> Block | None:
        """Returns the block without omitted texts; None if it is omitted. A block to which a text refers is unchanged."""
        if not self._has_omitted(block):
            return block
        if block.heading is not None and self._is_omitted(block.heading):
            # References to a block without a number print its heading.
            if type(block) not in LABELS and str(block.id) in self._find_targets():
                return block
            block = replace(block, heading=None)
        trimmed = self._trim_entries(block)
        if trimmed is None or self._has_omitted(trimmed):
            return block if str(block.id) in self._find_targets() else None
        return trimmed

    def _trim_entries(self, block: Block) -> Block | None:
        match block:
            case ListBlock():
                items = tuple(item for item in block.items if not self._is_omitted(item.text))
                return replace(block, items=items) if items else None
            case Table() if block.from_ is None:
                rows = tuple(row for row in block.rows if not self._has_omitted(row.cells))
                note = block.note if block.note is None or not self._is_omitted(block.note) else None
                return replace(block, rows=rows, note=note) if rows else None
            case Timeline():
                events = tuple(event for event in block.events if not self._is_omitted(event.text))
                return replace(block, events=events) if events else None
            case Metrics():
                metrics = tuple(metric for metric in block.metrics if not self._is_omitted(metric.label))
                return replace(block, metrics=metrics) if metrics else None
            case Table() | Paragraph() | Prose() | Chart() | Callout() | Quote() | Figure() | Vega():
                return block
            case other:
                assert_never(other)

    def _find_targets(self) -> set[str]:
        """Returns the ids of the blocks to which the printed texts refer, with source texts in place of missing ones."""
        printed = (
            text
            for text in walk.walk_printed_texts(self.brief)
            if not (self.is_missing(text) and self._is_omitted(text))
        )
        phrases = map(self.find_phrase, printed)
        runs = (run for phrase in phrases if phrase for run in walk.walk_run_references(phrase.runs))
        return {run.target.name for run in runs if isinstance(run, CrossReference)}

    def _has_omitted(self, record: object) -> bool:
        return any(self._is_omitted(text) for text in walk.walk_texts(record))

    def _is_omitted(self, text: LocalisedText) -> bool:
        translation = self.brief.translations.get((text.location, self.locale))
        return translation is not None and self.gates.find_strictest(translation.conditions) is Gate.OMIT

    def find_phrase(self, text: LocalisedText) -> Phrase | None:
        """Returns the phrase that is printed for the text: the locale's own or, if that is missing, the source's; None
        if the source language has no words either.
        """
        return self._find_source_phrase(text) if self.is_missing(text) else text.find_phrase(self.locale)

    def is_missing(self, text: LocalisedText) -> bool:
        translation = self.brief.translations.get((text.location, self.locale))
        return translation is not None and translation.state is TranslationState.MISSING

    def _find_source_phrase(self, text: LocalisedText) -> Phrase | None:
        language = str(self.brief.settings.source_locale)
        phrase = text.find_phrase(language)
        if phrase is None or not phrase.source.strip():
            return None
        parts = resolve_parts(phrase.parts, lambda runs: tuple(_mark_language(runs, language)))  # type: ignore[arg-type]
        return replace(phrase, runs=tuple(_mark_language(phrase.runs, language)), parts=parts)  # type: ignore[arg-type]

    def _make_mark(self, state: TranslationState) -> Text:
        # Full-width brackets include their own space.
        space = "" if find_han_region(self.locale) else " "
        return Text(space + self.brief.catalogues[self.locale].get(MARKS[state], "translation"))


def _mark_language(runs: AuthoredRuns, language: str) -> Iterator[AuthoredRun]:
    for run in runs:
        match run:
            case Text(text):
                yield Text(text, language)
            case Strong(children) | Emphasis(children) | Link(_, children):
                yield replace(run, children=tuple(_mark_language(children, language)))
            case Footnote(paragraphs):
                marked = tuple(tuple(_mark_language(paragraph, language)) for paragraph in paragraphs)
                yield replace(run, paragraphs=marked)
            case _:
                yield run


# What a gate does to a text, for one audience and for several.
_CONSEQUENCES: Mapping[Gate, tuple[str, str]] = {
    Gate.STOP: ("it stops the variant of audience {}", "it stops the variants of audiences {}"),
    Gate.MARK: ("audience {} gets it with a mark", "audiences {} get it with a mark"),
    Gate.OMIT: ("audience {} does not get it", "audiences {} do not get it"),
}

# What else an author can do about a text that stops a variant: by what its gate asks for, and whether the text can be marked
# and left out.
_CAN_DO: Mapping[tuple[bool, bool], str] = {
    (True, True): "; or set 'gates' in the audience's file to mark or omit it",
    (True, False): "; or set 'gates' in the audience's file to mark it: it cannot be left out",
    (
        False,
        True,
    ): "; or set 'gates' in the audience's file to omit it: the source language has no text that could be marked",
    (False, False): "; it can be neither marked nor left out",
}
_CANNOT_MARK = "; it cannot be marked: the source language has no text that could be printed"


def report_gated(applied: Iterable[tuple[str, TextGates]]) -> tuple[Diagnostic, ...]:
    """Returns a diagnostic for each text that gates affected: an error if it stops a variant, otherwise a warning. The
    gates are given with the names of their audiences.
    """
    readers: dict[tuple[Gate, str, str, str], dict[str, Translation]] = {}
    for audience, gates in applied:
        for gate, translations in gates.affected.items():
            for translation in translations.values():
                remedy = _find_remedy(gates, translation) if gate is Gate.STOP else ""
                key = gate, remedy, translation.text.id, translation.locale
                readers.setdefault(key, {})[audience] = translation
    return tuple(
        _make_diagnostic(gate, remedy, tuple(by_audience), next(iter(by_audience.values())))
        for (gate, remedy, *_), by_audience in readers.items()
    )


def _find_remedy(gates: TextGates, translation: Translation) -> str:
    """Returns what else an author can do about a text that stops the variant, as the end of a hint."""
    can_mark = gates.find_phrase(translation.text.text) is not None
    match gates.gates.find_strictest(translation.conditions):
        case Gate.MARK:
            return _CANNOT_MARK
        case Gate.OMIT:
            return _CAN_DO[can_mark, False]
        case _:
            return _CAN_DO[can_mark, gates.can_leave_out(translation)]


def _make_diagnostic(gate: Gate, remedy: str, audiences: tuple[str, ...], translation: Translation) -> Diagnostic:
    singular, plural = _CONSEQUENCES[gate]
    names = ", ".join(f"'{name}'" for name in audiences)
    consequence = (singular if len(audiences) == 1 else plural).format(names)
    message, hint = describe_gated(translation)
    severity = Severity.ERROR if gate is Gate.STOP else Severity.WARNING
    return Diagnostic(
        f"{translation.state}-translation", f"{message}; {consequence}", translation.location, hint + remedy, severity
    )


# How a program made a stale text that no person has accepted.
_ORIGINS: Mapping[Origin, str] = {
    TranslationState.DERIVED: "converted from another locale",
    TranslationState.DRAFTED: "drafted by a program",
}


def describe_gated(translation: Translation) -> tuple[str, str]:
    """Returns the message and the hint for a text on which a gate decides."""
    # A text that a regional locale inherits is accepted in the locale in which it is written.
    name = translation.text.id
    locale = translation.text.text.find_source_tag(translation.locale) or translation.locale
    accept = f"review it, then run 'brief translate accept -l {locale} {name}'"
    match translation.state:
        case TranslationState.MISSING:
            message = f"no '{locale}' text for {name}"
            return message, f"add a text in '{locale}', or run 'brief translate export -l {locale}'"
        case TranslationState.STALE:
            event = _ORIGINS[translation.origin] if translation.origin else "accepted"
            return f"the source text has changed since this '{locale}' text was {event}", accept
        case TranslationState.DERIVED:
            return f"this '{locale}' text was converted from another locale and is not accepted yet", accept
        case _:
            return f"this '{locale}' text is a draft by a program and is not accepted yet", accept
