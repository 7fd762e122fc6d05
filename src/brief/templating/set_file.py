"""`set.yaml`, what a template set says about itself, and `brand.yaml`, what a project says about all of them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from brief.model.assets import Image
from brief.model.diagnostics import ContentError, Diagnostic, has_errors
from brief.model.faults import Faults, suggestion
from brief.model.locale import is_locale_tag
from brief.model.place import Place, Ref
from brief.reading import images
from brief.reading.text_file import decode
from brief.reading.yaml_nodes import Mapping, Node, Scalar, Sequence, parse

SETTINGS = "set.yaml"
BRAND = "brand.yaml"
_BRAND_KEYS = ("colours", "series", "faces", "logo")
_SET_KEYS = ("extends", *_BRAND_KEYS, "references", "compact")
# Where a citation's reference stands: in the list at the end alone, or also at the foot of the page.
REFERENCES = ("list", "footnotes")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# A family name goes into style sheets and SVG between quotes.
_FAMILY = re.compile(r"[^\"'\\;{}<>\n]+")


@dataclass(frozen=True, slots=True)
class SetFile:
    """One parsed file; what it leaves unsaid is empty. `faces` maps a locale tag to families of serif and sans.

    A colour is `#rrggbb` or the name of the role that it is taken from; `places` says where each role's is written.
    """

    extends: str | None
    extends_place: Place
    colours: dict[str, str]
    series: tuple[str, ...]
    faces: dict[str, dict[str, tuple[str, ...]]]
    places: dict[str, Place]
    logo: Image | None
    references: str | None
    compact: bool | None


def read_set_file(path: Path, shown: str, roles: tuple[str, ...]) -> SetFile:
    """Reads `path`, a `set.yaml` or `brand.yaml`, named `shown` in messages; `roles` are the colours there are.

    The logo it names is read from the folder beside it.

    Raises:
        ContentError: with every fault of the file.
    """
    faults = Faults()
    file = decode(shown, path.read_bytes(), faults)
    root = parse(file, faults) if file and file.text.strip() else None
    parsed = None
    if root is not None:
        with suppress(_FaultyShapeError):
            parsed = _Reader(roles, path.parent, faults).set_file(
                root, _BRAND_KEYS if path.name == BRAND else _SET_KEYS
            )
    if parsed is None or has_errors(faults.found):
        raise ContentError(faults.found or [Diagnostic("missing-field", "the file is empty", Place(shown, 1, 1))])
    return parsed


class _FaultyShapeError(Exception):
    """A value has a shape that nothing more can be read from; the fault is already noted."""


class _Reader:
    def __init__(self, roles: tuple[str, ...], folder: Path, faults: Faults) -> None:
        self.roles = roles
        self.folder = folder
        self.faults = faults

    def set_file(self, root: Node, keys: tuple[str, ...]) -> SetFile:
        entries = {key: value for key, _, value in self._entries(root, keys)}
        extends = entries.get("extends")
        colours = self._colours(entries["colours"]) if "colours" in entries else {}
        return SetFile(
            extends=self._text(extends) if extends else None,
            extends_place=extends.place if extends else root.place,
            colours={role: colour for role, (colour, _) in colours.items()},
            series=tuple(self._colour(item) for item in self._items(entries["series"])) if "series" in entries else (),
            faces=self._faces(entries["faces"]) if "faces" in entries else {},
            places={role: place for role, (_, place) in colours.items()},
            logo=self._logo(entries["logo"]) if "logo" in entries else None,
            references=self._references(entries["references"]) if "references" in entries else None,
            compact=self._truth(entries["compact"]) if "compact" in entries else None,
        )

    def _colours(self, node: Node) -> dict[str, tuple[str, Place]]:
        return {role: (self._colour(value), value.place) for role, _, value in self._entries(node, self.roles)}

    def _logo(self, node: Node) -> Image | None:
        return images.read(self.folder, Ref(self._text(node), node.place), self.faults, where="the folder of this file")

    def _truth(self, node: Node) -> bool:
        chosen = self._text(node)
        if chosen not in ("true", "false"):
            self.faults.error("bad-boolean", node.place, f"{chosen!r} is neither true nor false")
        return chosen == "true"

    def _references(self, node: Node) -> str:
        chosen = self._text(node)
        if chosen not in REFERENCES:
            hint = suggestion(chosen, REFERENCES)
            self.faults.error("unknown-references", node.place, f"references cannot stand in {chosen!r}", hint)
        return chosen

    def _faces(self, node: Node) -> dict[str, dict[str, tuple[str, ...]]]:
        faces: dict[str, dict[str, tuple[str, ...]]] = {}
        for tag, key, kinds in self._entries(node, None):
            if not is_locale_tag(tag):
                self.faults.error(
                    "locale", key.place, f"{tag!r} is not a locale tag", "write it like 'en' or 'zh-Hant'"
                )
            faces[tag] = {
                kind: tuple(self._family(item) for item in self._items(families))
                for kind, _, families in self._entries(kinds, ("serif", "sans"))
            }
        return faces

    def _entries(self, node: Node, allowed: tuple[str, ...] | None) -> Iterator[tuple[str, Scalar, Node]]:
        if not isinstance(node, Mapping):
            self.faults.error("type", node.place, "expected a mapping")
            raise _FaultyShapeError
        for key, value in node.entries:
            if allowed is not None and key.text not in allowed:
                hint = suggestion(key.text, allowed)
                self.faults.error("unknown-field", key.place, f"there is no field {key.text!r}", hint)
            else:
                yield key.text, key, value

    def _items(self, node: Node) -> tuple[Node, ...]:
        if not isinstance(node, Sequence) or not node.items:
            self.faults.error("type", node.place, "expected a list with at least one entry")
            raise _FaultyShapeError
        return node.items

    def _text(self, node: Node) -> str:
        if not isinstance(node, Scalar):
            self.faults.error("type", node.place, "expected a text")
            raise _FaultyShapeError
        return node.text

    def _colour(self, node: Node) -> str:
        colour = self._text(node)
        if colour not in self.roles and not _COLOUR.fullmatch(colour):
            hint = 'write it like "#12355b", in quotes, or name the role that has it'
            self.faults.error("colour", node.place, f"{colour!r} is not a colour", hint)
        return colour.lower()

    def _family(self, node: Node) -> str:
        family = self._text(node)
        if not _FAMILY.fullmatch(family):
            self.faults.error("font-family", node.place, f"{family!r} is not a font family's name")
        return family
