"""The proof that an artifact holds nothing that its audience may not see, made on the artifact's own bytes.

`select` takes withheld content out before any template runs. The proof does not trust it, nor the writers, nor the
template set: it divides the authored brief anew into what the audience may see and what it may not, takes the artifact
apart, and looks for the latter everywhere in it.

What is looked for, after case, width, spacing, hyphens and invisible characters have been taken out on both sides:

- Long texts are cut into overlapping pieces of 20 characters (12 where they are Chinese), and every piece is looked for.
  Whoever prints 24 characters (14) in a row of a withheld text prints a whole piece.
- Shorter texts, figures and names are looked for whole, and only as whole words.
- Figures of withheld claims are looked for by value as well, however they are written (see `brief.inspection.figures`).
- Pictures are known by the SHA-256 of their files and of their samples; drawings also by their words.

What is not looked for, because finding it proves nothing:

- A string that also stands in what the audience may see, or among the interface words. (A figure that only withheld claims
  support is found in open texts as well, by the checks of the content.)
- Short texts: below 6 letters or 3 Han characters nowhere; below 12 letters or 6 Han characters in text, alternative text,
  titles, properties and comments, but not in ids, links and style sheets, whose vocabulary they may share.
- Ids and file names of a single word ("summary"), or such as the template set's own files use.
- Figures that are nobody's, like "70%" (see `brief.resolve.claim_words`).
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from brief.inspection.extract import Part, extract_parts
from brief.inspection.figures import find_figures, is_telling
from brief.model.artifact import Artifact
from brief.model.brief import Brief
from brief.model.diagnostics import Diagnostic, sort_diagnostics
from brief.model.han import DENSE
from brief.model.variant import Variant
from brief.reading.samples import read_samples
from brief.resolve.derive import derive_quantity
from brief.resolve.select import select
from brief.resolve.withheld import SourceString, SourceStrings, WithheldKind
from brief.store import digest
from brief.templating.template_set import TemplateSet

WITHHELD_TEXT = "withheld-text"

_PIECE, _HAN_PIECE = 20, 12
_SHORTEST, _SHORTEST_IN_CODE, _SHORTEST_NAME = 6, 12, 8
_CURRENCY = re.compile("[A-Z]{3}")
_HAN = re.compile(f"[{DENSE}]")
_GAP = "[\\s\xad\u200b-\u200f\u2010-\u2015\u2028-\u202e\u2060-\u2069\ufeff_-]"
_GAPS = re.compile(f"{_GAP}+")


@dataclass(slots=True)
class AudienceSearch:
    """What to look for on behalf of one audience. Made once, used on all of its artifacts."""

    authored: SourceStrings
    audience: str
    template_set: TemplateSet
    pieces: dict[int, dict[str, SourceString]] = field(default_factory=dict)
    wholes: dict[str, SourceString] = field(default_factory=dict)
    names: dict[str, SourceString] = field(default_factory=dict)
    pictures: dict[str, SourceString] = field(default_factory=dict)
    values: dict[tuple[Decimal, bool], SourceString] = field(default_factory=dict)
    _known: str | None = None
    _fingerprint: str | None = None
    _vocabulary: str | None = None

    def __post_init__(self) -> None:
        for said in self.authored.withheld(self.audience):
            if said.kind is WithheldKind.PICTURE:
                self._add_picture(said)
            else:
                self._add(said)
        self._collect_values()

    def _add(self, said: SourceString) -> None:
        text = _squeeze(said.text)
        if said.kind is WithheldKind.NAME:
            if _is_name(said.text) and len(text) >= _SHORTEST_NAME:
                self.names.setdefault(text, said)
        elif said.kind is WithheldKind.FIGURE or len(text) < _piece_length(text):
            if _weigh(text) >= _SHORTEST:
                self.wholes.setdefault(text, said)
        else:
            table = self.pieces.setdefault(_piece_length(text), {})
            for piece in _cut_pieces(text, _piece_length(text)):
                table.setdefault(piece, said)

    def _add_picture(self, said: SourceString) -> None:
        """The file as it is, its samples, and the words of a drawing."""
        self.pictures[said.text] = said
        for image in self.authored.brief.images.values():
            if image.sha256 != said.text:
                continue
            pixels = read_samples(image.data)
            if pixels is not None:
                self.pictures[hashlib.sha256(pixels).hexdigest()] = said
                continue
            for part in extract_parts(image.name, image.data):
                for line in part.words.splitlines():
                    self._add(SourceString(WithheldKind.TEXT, line, said.location))

    def _collect_values(self) -> None:
        """The values of withheld claims that are hardly met by chance, and that no visible claim has as well."""
        brief = self.authored.brief
        seen = select(brief, self.audience).claims
        visible = {value for name in seen for value, _ in _claim_values(brief, name)}
        for name in brief.claims.keys() - seen.keys():
            for value, is_money in _claim_values(brief, name):
                said = SourceString(WithheldKind.FIGURE, str(value), brief.claims[name][1].location)
                for kind in {False, is_money}:
                    if value not in visible and is_telling(value, is_money=kind):
                        self.values[value, kind] = said

    def found(self, part: Part) -> Iterator[SourceString]:
        """What of the withheld stands in the part; each at least once."""
        words, code = _squeeze(part.words), _squeeze(part.code)
        for text in (words, code):
            for length, table in self.pieces.items():
                for piece in _list_windows(text, length).intersection(table):
                    if piece not in self.known():
                        yield table[piece]
        for text, said in self.wholes.items():
            everywhere = _weigh(text) >= _SHORTEST_IN_CODE
            if (
                _contains_word(text, words, part.words) or (everywhere and _contains_word(text, code, part.code))
            ) and text not in self.known():
                yield said
        for text, said in self.names.items():
            if (_contains_word(text, words, part.words) or _contains_word(text, code, part.code)) and not (
                text in self.known() or text in self.vocabulary()
            ):
                yield said
        for figure in find_figures(part.words) if self.values else ():
            for kind in {False, figure.is_money}:
                if (figure.value, kind) in self.values:
                    yield self.values[figure.value, kind]
        for picture in part.digests.intersection(self.pictures):
            if picture not in self.known():
                yield self.pictures[picture]

    def fingerprint(self) -> str:
        """Digest of all that decides what is found: withheld and visible strings, and the template set's own words."""
        if self._fingerprint is None:
            withheld = (f"{said.kind} {said.text} {said.location}" for said in self.authored.withheld(self.audience))
            words = (self.audience, self.known(), self.vocabulary())
            self._fingerprint = digest(*words, *withheld)
        return self._fingerprint

    def known(self) -> str:
        """What the audience may see, squeezed. Rarely needed, for rarely is anything found."""
        if self._known is None:
            self._known = "\n".join(_squeeze(text) for text in self.authored.visible(self.audience))
        return self._known

    def vocabulary(self) -> str:
        """What the template set's text files say, in which its class names and ids are; squeezed."""
        if self._vocabulary is None:
            names = self.template_set.names()
            files = [data for name in names for _, data in self.template_set.layers(name)]
            said = [*names, *(data.decode("utf-8", "replace") for data in files if b"\0" not in data)]
            self._vocabulary = "\n".join(_squeeze(text) for text in said)
        return self._vocabulary


class Inspector:
    """Proves the artifacts of a brief, audience by audience; keeps what is to be looked for, and what held nothing of it.

    `look_set_of` says which template set an audience's editions are printed in.
    """

    def __init__(self, brief: Brief, template_set_of: Callable[[str], TemplateSet]) -> None:
        self.template_set_of = template_set_of
        self.searches: dict[str, AudienceSearch] = {}
        self.authored = SourceStrings.of(brief)
        self._clean: set[tuple[str, str, bytes]] = set()

    def variant(self, variant: Variant) -> tuple[Diagnostic, ...]:
        """Faults of a variant's own strings."""
        name = f"{variant.brief}.{variant.audience}.{variant.locale}"
        return self._faults(variant.audience, name, [Part(name, "\n".join(_walk_strings(variant)))])

    def artifact(self, artifact: Artifact) -> tuple[Diagnostic, ...]:
        """Faults of an artifact's bytes, and of its name."""
        return self.bytes(artifact.audience, artifact.name, artifact.data)

    def fingerprint(self, audience: str) -> str:
        """Digest of all that decides what is found in an artifact of the audience, but for the program."""
        return self._search(audience).fingerprint()

    def bytes(self, audience: str, name: str, data: bytes) -> tuple[Diagnostic, ...]:
        """Faults of any file that an audience gets. One that had none is not taken apart again."""
        key = audience, name, hashlib.sha256(data).digest()
        if key in self._clean:
            return ()
        diagnostics = self._faults(audience, name, (Part("the file's name", code=name), *extract_parts(name, data)))
        if not diagnostics:
            self._clean.add(key)
        return diagnostics

    def _search(self, audience: str) -> AudienceSearch:
        search = self.searches.get(audience)
        if search is None:
            search = self.searches[audience] = AudienceSearch(self.authored, audience, self.template_set_of(audience))
        return search

    def _faults(self, audience: str, name: str, found: Iterable[Part]) -> tuple[Diagnostic, ...]:
        search = self._search(audience)
        locations: dict[SourceString, str] = {}
        for part in found:
            for said in search.found(part):
                locations.setdefault(said, part.name)
        return sort_diagnostics(
            Diagnostic(
                WITHHELD_TEXT,
                f"audience '{audience}' may not see this {said.kind.value}, and it stands in {where}"
                + (f" ({name})" if name not in where else ""),
                said.location,
                "look for it in the template set, its pictures and the catalogues",
            )
            for said, where in locations.items()
        )


def _claim_values(brief: Brief, name: str) -> Iterator[tuple[Decimal, bool]]:
    """The values of a claim, and whether they are money."""
    try:
        quantity = derive_quantity(*brief.claims[name])
    except ValueError:
        return
    for value in (quantity.value, quantity.low, quantity.high) if quantity else ():
        if quantity is not None and value is not None:
            yield value, _CURRENCY.fullmatch(quantity.unit) is not None


def _squeeze(text: str) -> str:
    return _GAPS.sub("", _fold(text))


def _fold(text: str) -> str:
    # For comparing only: full-width letters become ordinary ones, and ligatures of a font fall apart.
    return unicodedata.normalize("NFKC", text).casefold()


def _piece_length(text: str) -> int:
    return _HAN_PIECE if _HAN.search(text) else _PIECE


def _weigh(text: str) -> int:
    return len(text) + len(_HAN.findall(text))


def _cut_pieces(text: str, length: int) -> Iterator[str]:
    """Pieces that overlap by three quarters, the last one at the text's end."""
    for start in (*range(0, len(text) - length, length // 4), len(text) - length):
        yield text[start : start + length]


def _list_windows(text: str, length: int) -> set[str]:
    return {text[start : start + length] for start in range(len(text) - length + 1)}


def _contains_word(text: str, squeezed: str, whole: str) -> bool:
    """Whether a squeezed text stands in another: looked for there first, which is quick, then as a word of its own."""
    return text in squeezed and _word_pattern(text).search(_fold(whole)) is not None


@lru_cache(maxsize=1000)
def _word_pattern(letters: str) -> re.Pattern[str]:
    """The text as a word of its own, whatever was put between its characters to break or join lines."""
    before = "(?<![a-z0-9])" if letters[0].isascii() and letters[0].isalnum() else ""
    after = "(?![a-z0-9])" if letters[-1].isascii() and letters[-1].isalnum() else ""
    return re.compile(before + f"{_GAP}*".join(map(re.escape, letters)) + after)


def _is_name(text: str) -> bool:
    """Whether an id or file name is one of its own: of several words, or with a digit."""
    return any(character in "-_./" or character.isdigit() for character in text)


def _walk_strings(value: Any) -> Iterator[str]:
    """Every string of plain data or records, but for the interface words."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _walk_strings(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            if name != "catalogue":
                yield from _walk_strings(getattr(value, name))
