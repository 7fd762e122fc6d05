"""`set.yaml`: what a template set says about itself."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from brief.model.diagnostics import ContentError, Diagnostic, has_errors
from brief.model.locale import is_locale_tag
from brief.model.place import Place
from brief.reading.faults import Faults, suggestion
from brief.reading.text_file import decode
from brief.reading.yaml_nodes import Mapping, Node, Scalar, Sequence, parse

SETTINGS = "set.yaml"
_KEYS = ("extends", "colours", "series", "faces")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# A family name goes into style sheets and SVG between quotes.
_FAMILY = re.compile(r"[^\"'\\;{}<>\n]+")


@dataclass(frozen=True, slots=True)
class SetFile:
    """One parsed `set.yaml`; what it leaves unsaid is empty. `faces` maps a locale tag to families of serif and sans."""

    extends: str | None
    extends_place: Place
    colours: dict[str, str]
    series: tuple[str, ...]
    faces: dict[str, dict[str, tuple[str, ...]]]


def read_set_file(path: Path, shown: str, roles: tuple[str, ...]) -> SetFile:
    """Reads `path`, named `shown` in messages; `roles` are the colours there are.

    Raises:
        ContentError: with every fault of the file.
    """
    faults = Faults()
    file = decode(shown, path.read_bytes(), faults)
    root = parse(file, faults) if file and file.text.strip() else None
    parsed = None
    if root is not None:
        with suppress(_FaultyShapeError):
            parsed = _Reader(roles, faults).set_file(root)
    if parsed is None or has_errors(faults.found):
        raise ContentError(faults.found or [Diagnostic("missing-field", "the file is empty", Place(shown, 1, 1))])
    return parsed


class _FaultyShapeError(Exception):
    """A value has a shape that nothing more can be read from; the fault is already noted."""


class _Reader:
    def __init__(self, roles: tuple[str, ...], faults: Faults) -> None:
        self.roles = roles
        self.faults = faults

    def set_file(self, root: Node) -> SetFile:
        entries = {key: value for key, _, value in self._entries(root, _KEYS)}
        extends = entries.get("extends")
        return SetFile(
            extends=self._text(extends) if extends else None,
            extends_place=extends.place if extends else root.place,
            colours=self._colours(entries["colours"]) if "colours" in entries else {},
            series=tuple(self._colour(item) for item in self._items(entries["series"])) if "series" in entries else (),
            faces=self._faces(entries["faces"]) if "faces" in entries else {},
        )

    def _colours(self, node: Node) -> dict[str, str]:
        return {role: self._colour(value) for role, _, value in self._entries(node, self.roles)}

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
        if not _COLOUR.fullmatch(colour):
            self.faults.error("colour", node.place, f"{colour!r} is not a colour", 'write it like "#12355b", in quotes')
        return colour.lower()

    def _family(self, node: Node) -> str:
        family = self._text(node)
        if not _FAMILY.fullmatch(family):
            self.faults.error("font-family", node.place, f"{family!r} is not a font family's name")
        return family
