"""HTML: one self-contained page, readable at any width, in light and dark, on paper, and without script or network."""

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import Place
from brief.model.variant import Variant
from brief.templating.style import custom_properties, rules
from brief.templating.template_set import TemplateSet
from brief.writers.formats import Written
from brief.writers.html.document import markup
from brief.writers.html.embedding import with_files, with_pictures

_PAGE = "screen.html.j2"
_STYLE = "screen.css"


def write(variant: Variant, look_set: TemplateSet) -> Written:
    """The variant as one HTML file in UTF-8.

    Raises:
        ContentError: a template of the set or its style sheet is faulty, or names a picture that the set does not have.
    """
    page = markup(variant, look_set, _PAGE, medium="screen", stylesheet=stylesheet(variant.locale, look_set, _STYLE))
    return Written(with_pictures(page, look_set, _PAGE).encode())


def stylesheet(locale: str, look_set: TemplateSet, *names: str) -> str:
    """The look's custom properties and the style sheets `names` of the set and its parents, fit to stand in a style element.

    Raises:
        ContentError: a style sheet is faulty.
    """
    return custom_properties(look_set.look, locale) + "".join(_rules(look_set, name) for name in names)


def _rules(look_set: TemplateSet, name: str) -> str:
    found = with_files(rules(look_set, name).text, look_set, name)
    # A style element ends at the first "</" of its own name, wherever that stands (HTML standard, 13.1.2.6).
    if "</" in found:
        raise ContentError(
            [Diagnostic("template-unsafe", "the style sheet contains '</'", Place(look_set.shown(name)))]
        )
    return found
