"""Applies the rules in a drawing's `<style>` elements to its shapes, as `style` attributes (CSS Cascade, 6.1)."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from typing import Any

_STYLE = "{http://www.w3.org/2000/svg}style"
# Sizes belong in attributes, not in styles.
_SIZE_PROPERTIES = frozenset(
    f"{bound}{side}" for bound in ("", "min-", "max-") for side in ("width", "height", "inline-size", "block-size")
)
# At-rules that affect no shape.
_HARMLESS_RULES = frozenset(("charset", "namespace"))

# The name of a property in lower case, its value, and whether it is important.
Declaration = tuple[str, str, bool]


class StyleRefusedError(ValueError):
    """A style is refused. The message is a predicate that follows the name of the picture."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.hint = hint


def apply_style_sheets(root: ET.Element) -> None:
    """Replaces style sheets, classes and `style` attributes with one `style` attribute for each element, in place.

    Raises:
        StyleRefusedError: a rule loads something or depends on how the drawing is displayed.
    """
    import cssselect2

    matcher = cssselect2.Matcher()
    for rules in _remove_style_sheets(root):
        for prelude, declarations in _read_rules(rules):
            try:
                for selector in cssselect2.compile_selector_list(prelude):
                    if selector.pseudo_element is None:
                        matcher.add_selector(selector, declarations)
            except cssselect2.SelectorError:
                continue  # an invalid selector selects nothing (Selectors 4, 3.9)
    for element in cssselect2.ElementWrapper.from_xml_root(root).iter_subtree():
        own_declarations = list(read_declarations(element.etree_element.attrib.pop("style", "")))
        matches = sorted(matcher.match(element), key=_get_precedence)
        sheet_declarations = [declaration for *_, declarations in matches for declaration in declarations]
        element.etree_element.attrib.pop("class", None)
        if sheet_declarations or own_declarations:
            # Important declarations of a sheet override unimportant ones of the attribute.
            ranked = sorted(sheet_declarations + own_declarations, key=lambda declaration: declaration[2])
            values = {name: value for name, value, _ in ranked}
            element.etree_element.set("style", ";".join(f"{name}:{value}" for name, value in values.items()))


def _get_precedence(match: Any) -> tuple[Any, int]:
    """Returns the specificity and the order of a rule that matches."""
    return match[0], match[1]


def _remove_style_sheets(root: ET.Element) -> Iterator[str]:
    """Removes each `<style>` element and yields its content.

    Raises:
        StyleRefusedError: it is not CSS, or only for some media.
    """
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag == _STYLE]:
            if child.get("type", "text/css") != "text/css" or child.get("media", "all") not in (
                "all",
                "screen",
                "print",
            ):
                raise StyleRefusedError(
                    "has a style sheet that is not plain CSS", "export it with styles in attributes"
                )
            yield "".join(child.itertext())
            parent.remove(child)


def _read_rules(sheet: str) -> Iterator[tuple[Sequence[Any], list[Declaration]]]:
    """Yields the tokens of the selector, and the declarations, of each rule.

    Raises:
        StyleRefusedError: the sheet has an at-rule that may affect the drawing.
    """
    import tinycss2

    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword not in _HARMLESS_RULES:
            hint = "export its texts as paths" if rule.lower_at_keyword == "font-face" else "remove the rule"
            reason = f"has a style sheet with @{rule.at_keyword}, which can load something or change with the display"
            raise StyleRefusedError(reason, hint)
        if rule.type == "qualified-rule":
            yield rule.prelude, list(_select_declarations(rule.content))


def read_declarations(style: str) -> Iterator[Declaration]:
    """Reads the declarations of a `style` attribute that affect the drawing.

    Raises:
        StyleRefusedError: the attribute has an at-rule.
    """
    return _select_declarations(style)


def _select_declarations(content: Any) -> Iterator[Declaration]:
    import tinycss2

    for item in tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True):
        if item.type == "at-rule":
            raise StyleRefusedError(f"has a style with @{item.at_keyword}, which can load something", "remove it")
        # Names that begin with a hyphen are variables, or belong to editors.
        if item.type != "declaration" or item.lower_name.startswith("-") or item.lower_name in _SIZE_PROPERTIES:
            continue
        value = _simplify_value(item.value)
        if value is not None:
            yield item.lower_name, value, item.important


def _simplify_value(tokens: Sequence[Any]) -> str | None:
    """Returns a value with `var()` and `light-dark()`, which engines do not support, replaced with the fallback or the
    light colour; None if nothing is left.
    """
    import tinycss2

    parts = []
    for token in tokens:
        if token.type == "function" and token.lower_name in ("light-dark", "var"):
            chosen = _choose_argument(token)
            if chosen is None:
                return None
            parts.append(chosen)
        elif token.type != "comment":
            parts.append(tinycss2.serialize([token]))
    return "".join(parts).strip() or None


def _choose_argument(function: Any) -> str | None:
    """Returns the light colour of `light-dark()`, or the fallback of `var()`; None if that is missing."""
    groups: list[list[Any]] = [[]]
    for token in function.arguments:
        if token.type == "literal" and token.value == "," and len(groups) == 1:
            groups.append([])
        else:
            groups[-1].append(token)
    if function.lower_name == "light-dark":
        return _simplify_value(groups[0])
    return _simplify_value(groups[1]) if len(groups) == 2 else None
