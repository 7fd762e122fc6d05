"""Searches an artifact for everything that its audience may not see.

The search ignores case, width, spacing, hyphens, invisible characters and the Chinese script on both sides. It looks for:

- Long texts, of at least 20 letters (12 Han characters): every stretch of this length is a copy, regardless of breaks and
  punctuation, and also if its letters or its words are in reverse order, or its letters are rotated (ROT13). A text
  with changed words counts if three quarters of it, and 20 letters (12), agree. See `brief.inspection.near_copies`.
- Shorter texts, figures and names, as whole words within one element: a heading and the line below it do not form a phrase.
  Texts of 16 letters (8 Han characters) with a word that the audience sees nowhere are also found across elements.
- All of these also where marks, lines and pages divide a word or a number, down the columns of tables, and letter by
  letter (see `brief.inspection.extract.element_text` and `brief.inspection.other_readings`).
- Figures of withheld claims and of dataset cells, also by value in any notation; a common one only next to its unit, and
  those of claims also rounded (see `brief.inspection.figures`). A number is also read with the scale or the other digits
  in the next element. In ids, links and attributes, a figure counts only with groups of digits, a scale or a currency.
- All of these also with accents, in Base64, Base32, Base85, hexadecimal, decimal codes, character references and
  escapes, and compressed (see `brief.inspection.encodings`).
- Pictures by the SHA-256 of their files and of their samples; drawings also by their words.

It does not look for the following, because a match proves nothing:

- A string that is also in content that the audience may see, or in interface words; and a near copy of withheld text where
  visible content has everything that the two have in common. (The checks of the content find figures in
  open texts that only withheld claims support.)
- Short texts: below 6 letters or 3 Han characters anywhere; below 12 letters or 6 Han characters in ids, links and style
  sheets, whose vocabulary they may share, but they are found in text, alternative text, titles, properties and comments.
- Ids and file names that are a single word ("summary"), are shorter than 8 letters, or occur in the files of the
  template set.
- Figures that are common property, like "70%" (see `brief.resolve.claim_words`).
- Short texts, figures and words of an item whose `allow_in_output` says why it may match by chance.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import field, replace
from decimal import Decimal
from functools import cached_property, lru_cache

from brief.inspection.extract import Part, extract_parts
from brief.inspection.extract.part import BREAK, join_strings
from brief.inspection.figures import is_rare, is_rare_amount, is_rare_of_its_unit
from brief.inspection.folding import (
    drop_gaps,
    fold,
    keep_letters,
    measure_length,
    rotate_letters,
)
from brief.inspection.han_variants import fold_variants, fold_words_and_variants, squeeze_variants
from brief.inspection.near_copies import find_shortest_copy
from brief.inspection.search_index import Copied, SearchIndex, Value, Wanted, Whole, WithheldPicture
from brief.inspection.seeds import SeedTables
from brief.inspection.visible_texts import VisibleTexts, digest_key
from brief.model.brief import Brief
from brief.model.figures.quantity import Quantity
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.pictures.samples import read_samples
from brief.resolve.claim_words import render_with_figures
from brief.resolve.datasets.access import list_withheld_numbers
from brief.resolve.figures import quantities, units
from brief.resolve.figures.derive import derive_quantity
from brief.resolve.walk import walk_printed_texts
from brief.resolve.withheld import SourceString, SourceStrings, WithheldKind
from brief.store import digest
from brief.templating.template_set import TemplateSet

_SHORTEST, _SHORTEST_IN_CODE, _SHORTEST_NAME = 6, 12, 8
# Fewer words may be in another order by chance, such as the words of a list.
_FEWEST_REORDERED, _SHORTEST_REORDERED = 5, 60
# The most neighbouring texts among which an item may be divided, such as a sentence in the cells of a row.
_MAX_NEIGHBOURS = 8
_FULL_STOPS = ".!?。！？;；"
_DIGITS = re.compile(r"[\d.,\s]+")
# Also in languages that the project does not have.
_PERCENT_WORDS = (
    *(
        "%",
        "٪",
        "percent",
        "per cent",
        "pct",
        "p.c.",
        "p. c.",
        "prozent",
        "pour cent",
        "por ciento",
        "por cento",
        "per cento",
    ),
    *("процент", "百分之", "个百分点", "個百分點", "パーセント", "퍼센트", "percentage point", "pp", "ppt"),
)

# The same content is folded for each audience.
_fold_authored = lru_cache(maxsize=50_000)(fold_words_and_variants)
# Template sets take most of their files from the same parent.
_squeeze_file = lru_cache(maxsize=1_000)(squeeze_variants)


@dataclass
class AudienceSearch:
    """A search on behalf of one audience, prepared once and used for all of its artifacts.

    The searches of several audiences may share `tables`.
    """

    source_strings: SourceStrings
    audience: str
    template_set: TemplateSet
    tables: SeedTables = field(default_factory=SeedTables)
    # For the digest of each part without findings: the indices of the visible texts that excused matches.
    _clean: dict[str, Set[int]] = field(default_factory=dict)
    # The last index for `has_any`, and its keys: after an edit, all files of an audience are searched for the same
    # content.
    _last_index: tuple[Set[bytes], SearchIndex] | None = None

    @cached_property
    def visible(self) -> VisibleTexts:
        return VisibleTexts(lambda: map(_fold_authored, self.source_strings.list_visible(self.audience)))

    @cached_property
    def wanted(self) -> tuple[tuple[bytes, Wanted, SourceString], ...]:
        """Everything that is searched for, each with a key that is the same in every build, and with the item that it
        is part of.
        """
        found: list[tuple[bytes, Wanted, SourceString]] = []
        for item in self.source_strings.list_withheld(self.audience):
            if item.kind is WithheldKind.PICTURE:
                found += ((digest_key(wanted), wanted, item) for wanted in self._list_picture(item))
            else:
                found += ((key, wanted, item) for key, wanted in _list_text(item.kind, item.text, item.is_allowed))
        found += ((digest_key(wanted), wanted, item) for wanted, item in self._list_values())
        return tuple(found)

    @cached_property
    def keys(self) -> frozenset[bytes]:
        """The keys of everything that is searched for."""
        return frozenset(key for key, _, _ in self.wanted)

    @cached_property
    def packed_keys(self) -> bytes:
        """The keys, sorted and joined."""
        return b"".join(sorted(self.keys))

    @cached_property
    def vocabulary(self) -> str:
        """The names and the squeezed text files of the template set, which contain its class names and ids."""
        names = self.template_set.list_names()
        files = [data for name in names for _, data in self.template_set.read_layers(name)]
        texts = [*names, *(data.decode("utf-8", "replace") for data in files if b"\0" not in data)]
        return "\n".join(map(_squeeze_file, texts))

    @cached_property
    def excuses(self) -> str:
        """A digest of the names of the template set and the visible figures, which excuse matches."""
        return digest(self.vocabulary, repr(sorted(self.visible_figures)))

    @cached_property
    def _claimed(self) -> frozenset[Decimal]:
        """The absolute values of visible claims."""
        selected = self.source_strings.selections[self.audience]
        return frozenset(abs(value) for name in selected.claims for value, _ in _list_claim_values(selected, name))

    @cached_property
    def visible_figures(self) -> frozenset[Decimal]:
        """The absolute values of visible claims and cells, from which a figure may be rounded."""
        return self._claimed.union(_list_cells(self.source_strings.selections[self.audience]))

    @cached_property
    def _index(self) -> SearchIndex:
        return self._make_index(self.keys, self.tables)

    def prepare(self) -> None:
        """Makes the index now, which adds its texts to the tables that the searches of other audiences share."""
        _ = self._index

    def _make_index(self, keys: Set[bytes], tables: SeedTables) -> SearchIndex:
        index = SearchIndex(self.visible, self.visible_figures, tables)
        for key, wanted, item in self.wanted:
            if key in keys:
                index.add(wanted, item)
        return index

    def find(self, part: Part) -> Iterator[SourceString]:
        """Yields the withheld content in the part, each item at least once.

        Files share many parts, such as style sheets and the fixed parts of workbooks; a part without findings is
        searched only once.
        """
        key = digest(part.words, part.code, *sorted(part.digests))
        if key in self._clean:
            self.visible.use(self._clean[key])
            return
        with self.visible.record() as used:
            found = tuple(self._index.find(part, self.vocabulary))
        if not found:
            self._clean[key] = used
        yield from found

    def find_typed_locations(self, items: Set[SourceString]) -> Mapping[SourceString, tuple[SourceLocation, ...]]:
        """Returns the locations of the texts, among those that the audience sees, in which each item is typed.

        There is one location, or several if the item is divided among neighbouring texts, such as the cells of a table.
        Items that are not typed anywhere are left out.
        """
        typed: dict[SourceString, tuple[SourceLocation, ...]] = {}
        if not items:
            return typed
        index = self._make_index({key for key, _, item in self.wanted if item in items}, SeedTables())
        for seen in self.source_strings.list_seen(self.audience):
            if seen.kind is WithheldKind.TEXT:
                for item in index.find(Part("", seen.text), self.vocabulary):
                    typed.setdefault(item, (seen.location,))
        if items - typed.keys():
            selected = self.source_strings.selections[self.audience]
            for locale in selected.locales:
                texts = _list_printed_texts(selected, locale)
                for item, locations in _find_in_neighbours(texts, lambda part: index.find(part, self.vocabulary)):
                    typed.setdefault(item, locations)
        return typed

    def has_any(self, keys: Set[bytes], parts: Iterable[Part]) -> bool:
        """Returns whether the parts have any of the content with the keys."""
        if self._last_index is None or self._last_index[0] != keys:
            self._last_index = keys, self._make_index(keys, SeedTables())
        index = self._last_index[1]
        return any(True for part in parts for _ in index.find(part, self.vocabulary))

    def _list_picture(self, item: SourceString) -> Iterator[Wanted]:
        """Lists what is searched for if a picture is withheld: its file, and its samples or, for a drawing, its words."""
        yield WithheldPicture(item.text)
        for image in self.source_strings.brief.images.values():
            if image.sha256 != item.text:
                continue
            pixels = read_samples(image.data)
            if pixels is not None:
                yield WithheldPicture(hashlib.sha256(pixels).hexdigest())
                continue
            for part in extract_parts(image.name, image.data):
                for line in re.split(f"[\n{BREAK}]", part.words):
                    yield from (wanted for _, wanted in _list_text(WithheldKind.TEXT, line, is_allowed=False))

    def _list_values(self) -> Iterator[tuple[Wanted, SourceString]]:
        """Lists the values of withheld claims and cells that are unlikely to match by chance and that no visible claim
        has, each with its item.
        """
        brief = self.source_strings.brief
        seen, visible = self.source_strings.selections[self.audience].claims, self._claimed
        words: dict[str, tuple[str, ...]] = {}
        for name in brief.claims.keys() - seen.keys():
            _, claim = brief.claims[name]
            item = SourceString(WithheldKind.FIGURE, name, claim.location)
            for value, unit in _list_claim_values(brief, name) if not claim.allow_in_output else ():
                if abs(value) not in visible and _is_rare_in(value, unit):
                    yield Value(value, unit, words.setdefault(unit, _list_unit_words(brief, unit)), False), item
        clearance = brief.audiences[self.audience].clearance
        for value, unit, location in list_withheld_numbers(brief, clearance):
            if abs(value) not in visible and is_rare(value):
                yield Value(value, unit, (), True), SourceString(WithheldKind.FIGURE, f"{value} {unit}", location)


def _list_printed_texts(brief: Brief, locale: str) -> list[tuple[str, SourceLocation]]:
    """Returns each text that a locale prints, with its figures inserted, and its location, in order. Empty texts are left out."""
    phrases = (text.find_phrase(locale) for text in walk_printed_texts(brief))
    texts = ((render_with_figures(each.runs, brief, locale), each.location) for each in phrases if each is not None)
    return [(text, location) for text, location in texts if text.strip()]


def _find_in_neighbours(
    texts: Sequence[tuple[str, SourceLocation]], find: Callable[[Part], Iterable[SourceString]]
) -> Iterator[tuple[SourceString, tuple[SourceLocation, ...]]]:
    """Yields each item that is divided among at most `_MAX_NEIGHBOURS` neighbouring texts, with the locations of the
    shortest row of texts that has it. `find` returns the items in a part.
    """
    missing = set(find(Part("", join_strings(text for text, _ in texts))))
    for count in range(1, _MAX_NEIGHBOURS + 1):
        for start in range(len(texts) - count + 1) if missing else ():
            window = texts[start : start + count]
            for item in missing.intersection(find(Part("", join_strings(text for text, _ in window)))):
                missing.discard(item)
                yield item, tuple(dict.fromkeys(location for _, location in window))


# Most of what one audience may not see, others may not see either.
@lru_cache(maxsize=50_000)
def _list_text(kind: WithheldKind, text: str, is_allowed: bool) -> tuple[tuple[bytes, Wanted], ...]:
    """Lists what is searched for if a text, name or figure is withheld, each with its key."""
    return tuple((digest_key(wanted), wanted) for wanted in _prepare_text(kind, text, is_allowed))


def _prepare_text(kind: WithheldKind, written: str, is_allowed: bool) -> Iterator[Wanted]:
    folded = _fold_authored(written)
    # A heading has the words of a sentence without its full stop.
    text, letters = drop_gaps(folded).rstrip(_FULL_STOPS), keep_letters(folded)
    whole = Whole(text, written, kind, in_code=measure_length(text) >= _SHORTEST_IN_CODE)
    if kind is WithheldKind.NAME:
        if _is_name(written) and len(text) >= _SHORTEST_NAME and not is_allowed:
            yield replace(whole, in_code=True)
    elif kind is not WithheldKind.FIGURE and len(letters) >= find_shortest_copy(letters):
        yield Copied(letters, _list_disguises(folded, letters), is_allowed)
    elif measure_length(text) >= _SHORTEST and not is_allowed:
        yield whole
        if kind is WithheldKind.TEXT and whole.in_code:
            yield replace(whole, text=text[::-1], is_reversed=True)
            if (rotated := rotate_letters(text)) != text:
                yield replace(whole, text=rotated, is_reversed=True)


def _list_disguises(folded: str, letters: str) -> tuple[tuple[str, int], ...]:
    """Lists other ways to write a long text: its letters reversed, its words reversed, and its letters rotated.

    With each goes the least number of letters of a copy; 0 if the usual length applies.
    """
    words = folded.split()
    reordered = keep_letters("".join(reversed(words))) if len(words) >= _FEWEST_REORDERED else letters
    disguises = {letters[::-1]: 0, reordered: min(len(letters), _SHORTEST_REORDERED), rotate_letters(letters): 0}
    return tuple((disguise, shortest) for disguise, shortest in disguises.items() if disguise != letters)


def _list_claim_values(brief: Brief, name: str) -> Iterator[tuple[Decimal, str]]:
    """Yields the values of a claim, with their unit; none if it has no quantity or cannot be computed."""
    try:
        quantity = derive_quantity(brief, name)
    except ValueError:
        return
    for value in (quantity.value, quantity.low, quantity.high) if quantity else ():
        if quantity is not None and value is not None:
            yield value, quantity.unit


def _list_cells(brief: Brief) -> Iterator[Decimal]:
    """Yields the absolute figures of all datasets."""
    for table in brief.datasets.values():
        for row in table.rows.values():
            yield from (abs(figure) for figure in row.figures if figure is not None)


def _is_rare_in(value: Decimal, unit: str) -> bool:
    return is_rare(value) or (is_rare_amount(value) if units.is_currency(unit) else is_rare_of_its_unit(value))


def _list_unit_words(brief: Brief, unit: str) -> tuple[str, ...]:
    """Returns the folded words for the unit next to a figure, in all locales of the brief, sorted."""
    found = set(map(fold_variants, _PERCENT_WORDS)) if unit == "percent" else set()
    if units.is_currency(unit):
        found.add(fold(unit))
    for catalogue in brief.catalogues.values():
        for value in (Decimal(1), Decimal(5)):
            try:
                printed = quantities.format_quantity(Quantity(value=value, unit=unit), catalogue, bare=True)
            except ValueError:
                continue
            found.update(word for word in _DIGITS.split(fold_variants(fold(printed))) if word)
    return tuple(sorted(found))


def _is_name(text: str) -> bool:
    """Returns whether an id or file name is distinctive: it has several words, or a digit."""
    return any(character in "-_./" or character.isdigit() for character in text)
