"""What the engine leaves out of the structure tree: languages, the scope of table headers, what charts show.

ISO 32000-1, 14.9.2 (Lang), 14.9.3 (Alt) and 14.8.5.7 (Scope). There is no other way to it than the engine's own function
that makes an element of a box; the release series of the engine is pinned, and tests look for each of them.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint.pdf import tags

_SVG = "{http://www.w3.org/2000/svg}"
_SCOPES = {"row": "/Row", "col": "/Column"}
# What HTML never has inside its like: there it is one element laid out as two boxes, and no heading of a heading.
_NEVER_NESTED = frozenset(("/P", "/Caption", *(f"/H{level}" for level in range(1, 7))))


def complete() -> None:
    """From now on, elements carry the `lang` and `scope` of their markup, and a drawing the words of its `<desc>`."""
    if not hasattr(tags._build_box_tree, "__wrapped__"):
        tags._build_box_tree = _completing(tags._build_box_tree)


def _completing(build: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    @wraps(build)
    def built(box: Any, parent: Any, *arguments: Any) -> Iterator[Any]:
        for made in build(box, parent, *arguments):
            if made["S"] in _NEVER_NESTED and made["S"] == parent["S"]:
                made["S"] = "/NonStruct"
            # A pseudo-element's box has its element, too, and another tag.
            if box.element is not None and box.element_tag == box.element.tag:
                _complete(made, box.element)
            yield made

    return built


def _complete(made: Any, element: Any) -> None:
    if "lang" in element.attrib and element.tag != "html":
        made["Lang"] = pydyf.String(element.attrib["lang"])
    if made["S"] == "/TH" and (scope := _SCOPES.get(element.attrib.get("scope", ""))):
        made["A"]["Scope"] = scope
    if made["S"] == "/Figure" and (description := element.findtext(f"{_SVG}desc")):
        made["Alt"] = pydyf.String(description)
