"""`set.yaml`: what a template set says about itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.locale import is_locale_tag
from brief.model.place import Place

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
    colours: Mapping[str, str]
    series: tuple[str, ...]
    faces: Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class _Node:
    """A YAML value with its place: text, a list of nodes, or pairs of nodes."""

    place: Place
    text: str | None = None
    items: "tuple[_Node, ...] | None" = None
    pairs: "tuple[tuple[_Node, _Node], ...] | None" = None


def read_set_file(path: Path, shown: str, roles: tuple[str, ...]) -> SetFile:
    """Reads `path`, named `shown` in messages; `roles` are the colours there are.

    Raises:
        ContentError: with every fault of the file.
    """
    reader = _Reader(roles)
    try:
        parsed = reader.set_file(_load(path, shown))
    except _FaultyShapeError:
        parsed = None
    if parsed is None or reader.faults:
        raise ContentError(reader.faults)
    return parsed


def _load(path: Path, shown: str) -> _Node:
    """The file as places and text; scalars stay text."""
    import yaml

    def node(raw: yaml.Node) -> _Node:
        place = Place(shown, raw.start_mark.line + 1, raw.start_mark.column + 1)
        if isinstance(raw, yaml.MappingNode):
            return _Node(place, pairs=tuple((node(key), node(value)) for key, value in raw.value))
        if isinstance(raw, yaml.SequenceNode):
            return _Node(place, items=tuple(node(item) for item in raw.value))
        return _Node(place, text=str(raw.value))

    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
        return node(root) if root is not None else _Node(Place(shown, 1, 1), pairs=())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(shown, mark.line + 1, mark.column + 1) if mark else Place(shown, 1, 1)
        raise ContentError([Diagnostic("yaml", str(error.problem or error.context), place)]) from None
    except yaml.YAMLError as error:
        raise ContentError([Diagnostic("yaml", str(error).splitlines()[0], Place(shown, 1, 1))]) from None
    except UnicodeDecodeError:
        raise ContentError([Diagnostic("encoding", "the file is not UTF-8", Place(shown, 1, 1))]) from None
    except RecursionError:
        raise ContentError([Diagnostic("yaml", "the file is nested too deeply", Place(shown, 1, 1))]) from None


class _FaultyShapeError(Exception):
    """A value has a shape that nothing more can be read from; the fault is already noted."""


class _Reader:
    def __init__(self, roles: tuple[str, ...]) -> None:
        self.roles = roles
        self.faults: list[Diagnostic] = []

    def set_file(self, root: _Node) -> SetFile:
        entries = {key: value for key, _, value in self._entries(root, _KEYS)}
        extends = entries.get("extends")
        return SetFile(
            extends=self._text(extends) if extends else None,
            extends_place=extends.place if extends else root.place,
            colours=self._colours(entries["colours"]) if "colours" in entries else {},
            series=tuple(self._colour(item) for item in self._items(entries["series"])) if "series" in entries else (),
            faces=self._faces(entries["faces"]) if "faces" in entries else {},
        )

    def _colours(self, node: _Node) -> dict[str, str]:
        return {role: self._colour(value) for role, _, value in self._entries(node, self.roles)}

    def _faces(self, node: _Node) -> dict[str, dict[str, tuple[str, ...]]]:
        faces: dict[str, dict[str, tuple[str, ...]]] = {}
        for tag, key, kinds in self._entries(node, None):
            if not is_locale_tag(tag):
                self._fault("locale", f"{tag!r} is not a locale tag", key, hint="write it like 'en' or 'zh-Hant'")
            faces[tag] = {
                kind: tuple(self._family(item) for item in self._items(families))
                for kind, _, families in self._entries(kinds, ("serif", "sans"))
            }
        return faces

    def _entries(self, node: _Node, allowed: tuple[str, ...] | None) -> Iterator[tuple[str, _Node, _Node]]:
        if node.pairs is None:
            self._fault("type", "expected a mapping", node)
            raise _FaultyShapeError
        seen: dict[str, _Node] = {}
        for key, value in node.pairs:
            name = self._text(key)
            if name in seen:
                self._fault("duplicate-key", f"{name!r} stands here twice", key, related=seen[name].place)
            elif allowed is not None and name not in allowed:
                near = get_close_matches(name, allowed, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(allowed)}"
                self._fault("unknown-field", f"there is no field {name!r}", key, hint=hint)
            else:
                seen[name] = key
                yield name, key, value

    def _items(self, node: _Node) -> tuple[_Node, ...]:
        if not node.items:
            self._fault("type", "expected a list with at least one entry", node)
            raise _FaultyShapeError
        return node.items

    def _text(self, node: _Node) -> str:
        if node.text is None:
            self._fault("type", "expected a text", node)
            raise _FaultyShapeError
        return node.text

    def _colour(self, node: _Node) -> str:
        colour = self._text(node)
        if not _COLOUR.fullmatch(colour):
            self._fault("colour", f"{colour!r} is not a colour", node, hint="write it like \"#12355b\", in quotes")
        return colour.lower()

    def _family(self, node: _Node) -> str:
        family = self._text(node)
        if not _FAMILY.fullmatch(family):
            self._fault("font-family", f"{family!r} is not a font family's name", node)
        return family

    def _fault(
        self, code: str, message: str, node: _Node, hint: str | None = None, related: Place | None = None
    ) -> None:
        self.faults.append(Diagnostic(code, message, node.place, hint=hint, related=related))
