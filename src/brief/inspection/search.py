"""Searches an artifact for everything that its audience may not see.

The search ignores case, width, spacing, hyphens and invisible characters on both sides. It looks for:

- Long texts, of at least 20 letters (12 Han characters): every stretch of this length is a copy, regardless of breaks and
  punctuation, and also if it is reversed. A text with changed words counts if three quarters of it, and 20 letters (12), agree.
  See `brief.inspection.copies`.
- Shorter texts, figures and names, as whole words within one element: a heading and the line below it do not form a phrase.
  Texts of 16 letters (8 Han characters) with a word that the audience sees nowhere are also found across elements.
- Figures of withheld claims and of dataset cells, also by value in any notation; a common one only next to its unit, and
  those of claims also rounded (see `brief.inspection.figures`). In ids, links and attributes only with groups of digits, a scale or a currency.
- All of these also in Base64, hexadecimal, character references and escapes (see `brief.inspection.encodings`).
- Pictures by the SHA-256 of their files and of their samples; drawings also by their words.

It does not look for the following, because a match proves nothing:

- A string that is also in content that the audience may see, or in interface words; and a near copy of withheld text where
  visible content has everything that the two have in common. (The checks of the content find figures in
  open texts that only withheld claims support.)
- Short texts: below 6 letters or 3 Han characters anywhere; below 12 letters or 6 Han characters in ids, links and style
  sheets, whose vocabulary they may share, but they are found in text, alternative text, titles, properties and comments.
- Ids and file names that are a single word ("summary"), or occur in the template set's own files.
- Figures that are common property, like "70%" (see `brief.resolve.claim_words`).
- Short texts, figures and words of an item whose `allow_in_output` says why it may match by chance.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from brief.inspection.copies import CopyFinder, InspectedText, find_shortest_copy
from brief.inspection.encodings import decode_texts
from brief.inspection.extract import Part, extract_parts
from brief.inspection.extract.part import BREAK
from brief.inspection.figures import (
    FigureFinder,
    is_rare,
    is_rare_amount,
    is_rare_of_its_unit,
    keep_written_figures,
)
from brief.inspection.folding import HAN, SqueezedText, drop_gaps, fold, fold_authored, keep_letters, squeeze, weigh
from brief.model.brief import Brief
from brief.model.figures.quantity import Quantity
from brief.reading.pictures.samples import read_samples
from brief.resolve.datasets.access import list_withheld_values
from brief.resolve.figures import quantities, units
from brief.resolve.figures.derive import derive_quantity
from brief.resolve.select import select
from brief.resolve.withheld import SourceString, SourceStrings, WithheldKind
from brief.store import digest
from brief.templating.template_set import TemplateSet

_SHORTEST, _SHORTEST_IN_CODE, _SHORTEST_NAME, _SHORTEST_ACROSS = 6, 12, 8, 16
# For a short text, and for a shorter Han text: the length of a seed, and the distance between seeds that are looked up.
_SEEDS = {False: (4, 3), True: (2, 2)}
_WORD = re.compile("[a-z0-9]{3,}")
_RARE_HAN = 3
_DIGITS = re.compile(r"[\d.,\s]+")


@dataclass(frozen=True, slots=True)
class _Whole:
    """A squeezed text that is searched for as a whole; with `in_code`, also in ids, links and style sheets."""

    text: str
    item: SourceString
    in_code: bool
    is_reversed: bool = False


@dataclass(slots=True)
class _Wholes:
    """An index of short texts by their first seeds: each occurrence of a text has a seed at a position that is looked up."""

    _by_seed: dict[bool, dict[tuple[str, ...], list[_Whole]]] = field(default_factory=lambda: {False: {}, True: {}})
    _texts: set[str] = field(default_factory=set)

    def add(self, whole: _Whole) -> None:
        if whole.text in self._texts:
            return
        self._texts.add(whole.text)
        is_short = len(whole.text) < _SHORTEST
        size, step = _SEEDS[is_short]
        for seed in {tuple(whole.text[at : at + size]) for at in range(step)}:
            self._by_seed[is_short].setdefault(seed, []).append(whole)

    def list_candidates(self, *texts: str) -> Iterator[_Whole]:
        """Returns the texts that may occur in the inspected ones."""
        for is_short, table in self._by_seed.items():
            size, step = _SEEDS[is_short]
            met: set[tuple[str, ...]] = set()
            for text in texts if table else ():
                # Seeds as tuples of letters, which are cut and looked up without a step of Python for each.
                met |= table.keys() & zip(*(text[at::step] for at in range(size)), strict=False)
            yield from {whole.text: whole for seed in met for whole in table[seed]}.values()


@dataclass(slots=True)
class _PreparedPart:
    """The folded texts of a part: those for people, including texts that are encoded in them, and those for programs."""

    words: SqueezedText
    code: SqueezedText

    @classmethod
    def of(cls, part: Part) -> "_PreparedPart":
        decoded = dict.fromkeys((*decode_texts(part.words), *decode_texts(part.code)))
        return cls(SqueezedText(fold(BREAK.join((part.words, *decoded)))), SqueezedText(fold(part.code)))


@dataclass(slots=True)
class AudienceSearch:
    """A search on behalf of one audience, prepared once and used for all of its artifacts."""

    authored: SourceStrings
    audience: str
    template_set: TemplateSet
    _copies: CopyFinder[SourceString] = field(default_factory=CopyFinder)
    _wholes: _Wholes = field(default_factory=_Wholes)
    _pictures: dict[str, SourceString] = field(default_factory=dict)
    _withheld: tuple[SourceString, ...] = ()
    _clean: set[str] = field(default_factory=set)
    _values: FigureFinder[SourceString] = field(default_factory=FigureFinder)
    _visible: tuple[str, ...] | None = None
    _known: str | None = None
    _known_letters: str | None = None
    _asked: dict[str | re.Pattern[str], bool] = field(default_factory=dict)
    _known_words: frozenset[str] | None = None
    _fingerprint: str | None = None
    _vocabulary: str | None = None

    def __post_init__(self) -> None:
        self._withheld = self.authored.list_withheld(self.audience)
        for item in self._withheld:
            if item.kind is WithheldKind.PICTURE:
                self._add_picture(item)
            else:
                self._add(item)
        self._add_values()

    def _add(self, item: SourceString) -> None:
        folded = fold_authored(item.text)
        text, letters = drop_gaps(folded), keep_letters(folded)
        if item.kind is WithheldKind.NAME:
            if _is_name(item.text) and len(text) >= _SHORTEST_NAME:
                self._add_whole(text, item, in_code=True)
        elif item.kind is WithheldKind.FIGURE or len(letters) < find_shortest_copy(letters):
            if weigh(text) >= _SHORTEST:
                self._add_whole(text, item, in_code=weigh(text) >= _SHORTEST_IN_CODE)
        else:
            self._copies.add(letters, item, is_exact=item.is_allowed)

    def _add_whole(self, text: str, item: SourceString, *, in_code: bool) -> None:
        if item.is_allowed:
            return
        self._wholes.add(_Whole(text, item, in_code))
        if item.kind is WithheldKind.TEXT and weigh(text) >= _SHORTEST_IN_CODE:
            self._wholes.add(_Whole(text[::-1], item, in_code, is_reversed=True))

    def _add_picture(self, item: SourceString) -> None:
        """Adds the file, its samples, and the words of a drawing."""
        self._pictures[item.text] = item
        for image in self.authored.brief.images.values():
            if image.sha256 != item.text:
                continue
            pixels = read_samples(image.data)
            if pixels is not None:
                self._pictures[hashlib.sha256(pixels).hexdigest()] = item
                continue
            for part in extract_parts(image.name, image.data):
                for line in re.split(f"[\n{BREAK}]", part.words):
                    self._add(SourceString(WithheldKind.TEXT, line, item.location))

    def _add_values(self) -> None:
        """Adds values of withheld claims and cells that are unlikely to match by chance, and that no visible claim has."""
        brief = self.authored.brief
        selected = select(brief, self.audience)
        seen = selected.claims
        visible = {abs(value) for name in seen for value, _ in _list_claim_values(selected, name)}
        self._values = FigureFinder(frozenset(visible.union(_list_cells(selected))))
        words: dict[str, tuple[str, ...]] = {}
        for name in brief.claims.keys() - seen.keys():
            _, claim = brief.claims[name]
            item = SourceString(WithheldKind.FIGURE, name, claim.location)
            for value, unit in _list_claim_values(brief, name) if not claim.allow_in_output else ():
                if abs(value) not in visible and _is_rare_in(value, unit):
                    unit_words = words.setdefault(unit, _list_unit_words(brief, unit))
                    self._values.add(value, unit, unit_words, item)
        clearance = brief.audiences[self.audience].clearance
        for value, unit, location in list_withheld_values(brief, clearance):
            if abs(value) not in visible and is_rare(value):
                item = SourceString(WithheldKind.FIGURE, f"{value} {unit}", location)
                self._values.add(value, unit, (), item, is_exact=True)

    def find(self, part: Part) -> Iterator[SourceString]:
        """Returns the withheld content in the part, each item at least once.

        Files share many parts, such as style sheets and what every workbook has; those without findings are searched once.
        """
        key = digest(part.words, part.code, *sorted(part.digests))
        if key in self._clean:
            return
        is_clean = True
        for item in self._search(part):
            is_clean = False
            yield item
        if is_clean:
            self._clean.add(key)

    def _search(self, part: Part) -> Iterator[SourceString]:
        prepared = _PreparedPart.of(part)
        for text in (prepared.words.folded, prepared.code.folded):
            if text:
                yield from self._copies.find(InspectedText(text), self._is_known)
        for whole in self._find_wholes(prepared):
            if not (whole.text in self.known() or self._is_of_set(whole)):
                yield whole.item
        if self._values:
            decoded = prepared.words.folded[len(part.words) :]
            written = keep_written_figures(part.code)
            yield from self._values.find(BREAK.join((part.words, decoded, written)))
        for picture in part.digests.intersection(self._pictures):
            if picture not in self.known():
                yield self._pictures[picture]

    def _find_wholes(self, part: _PreparedPart) -> Iterator[_Whole]:
        """Finds the short texts in the part: first without gaps, which is fast, then as whole words."""
        joined = SqueezedText(part.words.folded, across=True)
        for whole in self._wholes.list_candidates(joined.text, part.code.text):
            text = whole.text
            if (
                part.words.has_word(text)
                or (
                    weigh(text) >= _SHORTEST_ACROSS
                    and not whole.is_reversed
                    and text in joined.text
                    and self._is_rare(whole.item.text)
                    and joined.has_word(text)
                )
                or (whole.in_code and part.code.has_word(text))
            ):
                yield whole

    def _is_of_set(self, whole: _Whole) -> bool:
        return whole.item.kind is WithheldKind.NAME and whole.text in self.vocabulary()

    def _is_rare(self, text: str) -> bool:
        """Returns whether the text has a word that the audience sees nowhere."""
        folded = fold(text)
        if self._known_words is None:
            self._known_words = frozenset(word for text in self.visible() for word in _WORD.findall(text))
        if HAN.search(folded):
            letters = keep_letters(folded)
            return any(not self._is_known(letters[at : at + _RARE_HAN]) for at in range(len(letters) - _RARE_HAN + 1))
        return any(word not in self._known_words for word in _WORD.findall(folded))

    def fingerprint(self) -> str:
        """Returns a digest of everything that affects the result: withheld and visible strings, and the template set's
        words.
        """
        if self._fingerprint is None:
            withheld = (f"{item.kind} {item.text} {item.location} {item.is_allowed}" for item in self._withheld)
            words = (self.audience, self.known(), self.vocabulary())
            self._fingerprint = digest(*words, *withheld)
        return self._fingerprint

    def visible(self) -> tuple[str, ...]:
        """Returns the folded texts that the audience may see, each once."""
        if self._visible is None:
            self._visible = tuple(dict.fromkeys(map(fold_authored, self.authored.list_visible(self.audience))))
        return self._visible

    def known(self) -> str:
        """Returns the squeezed texts that the audience may see. Rarely needed, because matches are rare."""
        if self._known is None:
            self._known = "\n".join(map(drop_gaps, self.visible()))
        return self._known

    def _is_known(self, letters: str | re.Pattern[str]) -> bool:
        if self._known_letters is None:
            self._known_letters = "\n".join(map(keep_letters, self.visible()))
        found = self._asked.get(letters)
        if found is None:
            known = self._known_letters
            found = letters in known if isinstance(letters, str) else letters.search(known) is not None
            self._asked[letters] = found
        return found

    def vocabulary(self) -> str:
        """Returns the squeezed text files of the template set, which contain its class names and ids."""
        if self._vocabulary is None:
            names = self.template_set.names()
            files = [data for name in names for _, data in self.template_set.read_layers(name)]
            texts = [*names, *(data.decode("utf-8", "replace") for data in files if b"\0" not in data)]
            self._vocabulary = "\n".join(squeeze(text) for text in texts)
        return self._vocabulary


def _list_claim_values(brief: Brief, name: str) -> Iterator[tuple[Decimal, str]]:
    """Returns the values of a claim, and their unit."""
    try:
        quantity = derive_quantity(brief, name)
    except ValueError:
        return
    for value in (quantity.value, quantity.low, quantity.high) if quantity else ():
        if quantity is not None and value is not None:
            yield value, quantity.unit


def _list_cells(brief: Brief) -> Iterator[Decimal]:
    """Returns the figures of all datasets."""
    for table in brief.datasets.values():
        for row in table.rows.values():
            yield from (abs(figure) for figure in row.figures if figure is not None)


def _is_rare_in(value: Decimal, unit: str) -> bool:
    return is_rare(value) or (is_rare_amount(value) if units.is_currency(unit) else is_rare_of_its_unit(value))


def _list_unit_words(brief: Brief, unit: str) -> tuple[str, ...]:
    """Returns the folded words for the unit next to a figure, in any locale."""
    found = {"percent", "per cent", "百分之"} if unit == "percent" else set()
    if units.is_currency(unit):
        found.add(fold(unit))
    for catalogue in brief.catalogues.values():
        for value in (Decimal(1), Decimal(5)):
            try:
                printed = quantities.format_quantity(Quantity(value=value, unit=unit), catalogue, bare=True)
            except ValueError:
                continue
            found.update(word for word in _DIGITS.split(fold(printed)) if word)
    return tuple(sorted(found))


def _is_name(text: str) -> bool:
    """Returns whether an id or file name is distinctive: it has several words, or a digit."""
    return any(character in "-_./" or character.isdigit() for character in text)
