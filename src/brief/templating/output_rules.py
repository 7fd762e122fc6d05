"""Checks that a rendered page contains only what is permitted, independently of its templates.

A page has no script, form or frame. It links only to what a reader may open, and loads only what is embedded in it. The
permitted elements are listed, so that elements that are added to HTML later are refused until they are reviewed.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import SourceLocation
from brief.templating.own_files import locate_address
from brief.templating.template_set import TemplateSet

_ELEMENT_NAMES = (
    "a abbr address article aside b bdi bdo blockquote body br caption cite code col colgroup data dd del details dfn div dl"
    " dt em figcaption figure footer h1 h2 h3 h4 h5 h6 head header hgroup hr html i img ins kbd li link main mark menu meta"
    " nav ol p picture pre q rp rt ruby s samp search section small span strong style sub summary sup table tbody td tfoot th"
    " thead time title tr u ul var wbr"
    # Drawings: SVG 2 without script, animation, foreign elements and external pictures.
    " circle clippath defs desc ellipse g image line lineargradient marker mask metadata path pattern polygon polyline"
    " radialgradient rect stop svg symbol text textpath tspan use"
    # Formulas: MathML Core.
    " annotation math merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle"
    " msub msubsup msup mtable mtd mtext mtr munder munderover none semantics"
)
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
# Attributes that load, send or open something (HTML standard, "attributes"; SVG 2, linking).
_ADDRESS_ATTRIBUTES = frozenset(
    (
        "action",
        "archive",
        "attributionsrc",
        "background",
        "cite",
        "classid",
        "codebase",
        "data",
        "dynsrc",
        "formaction",
        "href",
        "imagesrcset",
        "longdesc",
        "lowsrc",
        "manifest",
        "ping",
        "poster",
        "profile",
        "src",
        "srcdoc",
        "srcset",
        "usemap",
        "xlink:href",
    )
)
# Attributes of drawings that refer to a part of the page by url(#id) (SVG 2, "Presentation attributes").
_PAINT_ATTRIBUTES = frozenset(
    ["clip-path", "cursor", "fill", "filter", "marker", "marker-end", "marker-mid", "marker-start", "mask", "stroke"]
)
# A mail link may set only the subject, as in content: others could add readers.
_PERMITTED_LINK = re.compile(r"#|https?://[^/\s]|mailto:[^?]*(?:\?(?:&?subject=[^&]*)*)?$", re.I)
_WITHIN_FILE = re.compile(r"#|data:|$", re.I)
_PICTURE = re.compile(r"data:image/", re.I)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|[\\/]{2}", re.I)
# Characters that browsers ignore in an address (URL standard, 4.4).
_IGNORED = re.compile(r"[\x00-\x20]+")

_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.I | re.S)
_TAG = re.compile(r"<([a-z][^\s/>]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)(>?)", re.I)
_NEEDS_CHECK = re.compile(
    r"(?:href|src|srcset|srcdoc|style|http-equiv|" + "|".join(_ADDRESS_ATTRIBUTES) + r"|\bon\w+)\s*=|\(|\\", re.I
)
_ATTRIBUTE = re.compile(r"([^\s\"'>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]*)))?")
_LOADED = re.compile(r"@import\b|(?:url|src|image-set)\(\s*[\"']?\s*([^\"')]*)", re.I)
_STRING = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_BRACKET = re.compile(r"[()]")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
# CSS Syntax 3, 4.3.7: any character of a name may be escaped.
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})(?:\r\n|\s)?|(.))", re.I | re.S)
_POLICIES = ("content-security-policy", "content-type")


def require_permitted(page: str, template_set: TemplateSet, template: str) -> str:
    """Returns the page, which the set's `template` printed.

    Raises:
        ContentError: it contains an element, a link or an address to load from that is not permitted.
    """
    problems = dict(_find_forbidden(page))
    if problems:
        fallback = SourceLocation(template_set.display_name(template))
        raise ContentError(
            Diagnostic(problem.code, message, _locate(template_set, problem.needles) or fallback, hint=problem.hint)
            for message, problem in problems.items()
        )
    return page


class _Problem(NamedTuple):
    """A diagnostic code, a hint, and `needles`: the texts to search for in the templates, the most precise first."""

    code: str
    needles: tuple[str, ...]
    hint: str | None = None


def _find_forbidden(page: str) -> Iterator[tuple[str, _Problem]]:
    """Yields the message of each problem, and the problem."""
    # Most tags of a page occur several times.
    for tag, attributes, end in dict.fromkeys(_TAG.findall(_STYLE.sub("<style></style>", page))):
        name = tag.lower()
        if name not in _ELEMENTS:
            yield f"<{name}> is not allowed in a page", _Problem("template-unsafe", (f"<{tag}",))
        elif not end:
            yield (
                f"<{name}> is not closed",
                _Problem("template-unsafe", (f"<{tag}",), "close the tag and its quotes"),
            )
        elif _NEEDS_CHECK.search(attributes):
            yield from _find_in_attributes(name, attributes)
    for style in _STYLE.finditer(page):
        for address in _list_forbidden(style[1]):
            yield (
                f"{address[:120]}: a page may load only what is embedded in it",
                _Problem("forbidden-resource", (address,)),
            )


@lru_cache(maxsize=16)
def _list_forbidden(rules: str) -> tuple[str, ...]:
    """Lists addresses of other hosts and of files that style rules load. Files of the set are already embedded as data:
    URIs.
    """
    return tuple(
        "@import" if address is None else address
        for address in _list_loaded(rules)
        if address is None or (_SCHEME.match(_IGNORED.sub("", address)) and not _WITHIN_FILE.match(address))
    )


def _list_loaded(rules: str) -> Iterator[str | None]:
    """Yields each address that style rules load; None for an @import. Escapes and comments hide nothing."""
    plain = _COMMENT.sub("", rules)
    if "\\" in plain:
        plain = _ESCAPE.sub(lambda match: _read_escape(match[1]) if match[1] else match[2], plain)
    for match in _LOADED.finditer(plain):
        yield match[1]
        if match[0].lower().startswith("image-set"):
            # One address for each resolution.
            begin = plain.index("(", match.start()) + 1
            yield from (
                quoted or single_quoted
                for quoted, single_quoted in _STRING.findall(plain, begin, _find_end(plain, begin))
            )


def _find_end(rules: str, start: int) -> int:
    """Returns the position of the bracket that closes a CSS function whose arguments start at `start`."""
    depth = 1
    for match in _BRACKET.finditer(rules, start):
        depth += 1 if match[0] == "(" else -1
        if not depth:
            return match.start()
    return len(rules)


def _read_escape(digits: str) -> str:
    return chr(number) if 0 < (number := int(digits, 16)) < 0x110000 else "\ufffd"


def _find_in_attributes(name: str, attributes: str) -> Iterator[tuple[str, _Problem]]:
    for match in _ATTRIBUTE.finditer(attributes):
        attribute = match[1].lower()
        markup = next((group for group in match.groups()[1:] if group is not None), "")
        value = unescape(markup)
        address = _IGNORED.sub("", value)
        needles = (markup, f"{match[1]}=", f"<{name}")
        if attribute.startswith("on"):
            yield f"the attribute {attribute} of <{name}> is a script", _Problem("template-unsafe", needles[1:])
        elif attribute == "http-equiv" and value.strip().lower() not in _POLICIES:
            yield f'<meta http-equiv="{value}"> is not allowed in a page', _Problem("template-unsafe", needles)
        elif attribute == "style" and any(loaded is not None for loaded in _list_loaded(value)):
            yield f"{value[:120]}: a page may load only what is embedded in it", _Problem("forbidden-resource", needles)
        elif attribute not in _ADDRESS_ATTRIBUTES:
            for loaded in _list_loaded(value) if attribute in _PAINT_ATTRIBUTES else ():
                if loaded is not None and not _WITHIN_FILE.match(_IGNORED.sub("", loaded)):
                    message = f"{value[:120]}: a page may load only what is embedded in it"
                    yield message, _Problem("forbidden-resource", needles)
        elif name == "a" and attribute == "href":
            if not _PERMITTED_LINK.match(address):
                hint = "link to https://, http://, mailto: without parameters but subject, or #a-part-of-the-page"
                yield f"a link to '{value[:120]}' is not allowed in a page", _Problem("template-unsafe", needles, hint)
        elif name == "data" or (attribute == "cite" and name in ("blockquote", "q", "ins", "del")):
            continue
        elif name in ("img", "link") and attribute in ("src", "href", "srcset"):
            # Names of files of the set, which are embedded later, or refused if the set has no such file.
            # Style rules in a data: URI would not be checked.
            if name == "link" and _SCHEME.match(address) and not _PICTURE.match(address):
                yield (
                    f"{value[:120]}: only files of the template set may be used",
                    _Problem("forbidden-resource", needles),
                )
        elif not (attribute in ("href", "xlink:href") and _WITHIN_FILE.match(address)):
            message = f"<{name} {attribute}='{value[:120]}'> is not allowed in a page"
            yield message, _Problem("forbidden-resource", needles)


def _locate(template_set: TemplateSet, needles: tuple[str, ...]) -> SourceLocation | None:
    """Returns the location of the first of `needles` that occurs in a template."""
    return next((location for needle in needles if needle and (location := locate_address(template_set, needle))), None)
