"""HTML: one self-contained page, readable at any width, in light and dark, on paper, and without script or network."""

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.place import Place
from brief.model.variant import Variant
from brief.templating.style import custom_properties
from brief.templating.template_set import TemplateSet
from brief.writers.html.document import markup
from brief.writers.registry import Written

_PAGE = "screen.html.j2"
_STYLE = "screen.css"


def write(variant: Variant, look_set: TemplateSet) -> Written:
    """The variant as one HTML file in UTF-8.

    Raises:
        ContentError: a template of the set or its style sheet is faulty.
    """
    page = markup(variant, look_set, _PAGE, medium="screen", stylesheet=stylesheet(variant.locale, look_set, _STYLE))
    return Written(page.encode())


def stylesheet(locale: str, look_set: TemplateSet, *names: str) -> str:
    """The look's custom properties and the style sheets `names` of the set and its parents, fit to stand in a style element.

    Raises:
        ContentError: a style sheet is faulty.
    """
    return custom_properties(look_set.look, locale) + "".join(_rules(look_set, name) for name in names)


def _rules(look_set: TemplateSet, name: str) -> str:
    place = Place(look_set.shown(name))
    try:
        layers = look_set.layers(name)
    except FileNotFoundError as error:
        raise ContentError([Diagnostic("template-not-found", str(error), place)]) from None
    except PermissionError as error:
        raise ContentError([Diagnostic("template-forbidden", str(error), place)]) from None
    return "".join(_checked(Place(shown), data) for shown, data in layers)


def _checked(place: Place, data: bytes) -> str:
    try:
        rules = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ContentError([Diagnostic("template-encoding", "the style sheet is not UTF-8", place)]) from None
    # A style element ends at the first "</" of its own name, wherever that stands (HTML standard, 13.1.2.6).
    if "</" in rules:
        raise ContentError([Diagnostic("template-unsafe", "the style sheet contains '</'", place)])
    return rules
