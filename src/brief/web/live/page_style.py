"""Makes the style sheet of the live preview in the look of the project."""

from dataclasses import replace
from functools import lru_cache
from hashlib import sha256

from brief.model.diagnostics import ContentError
from brief.templating.template_set import TemplateSet
from brief.writers.html import build_screen_stylesheet

_STYLES = ("screen.css", "preview/page.css", "web/page.css", "web/live.css")


def make_stylesheet(language: str, chosen: TemplateSet, base: TemplateSet) -> tuple[str, bytes]:
    """Returns the style sheet of the chosen set, or of the base set if a file is missing or has errors, and its digest.

    The colours are always those of the chosen set.
    """
    for template_set in (chosen, replace(base, look=chosen.look)):
        try:
            data = build_screen_stylesheet(language, template_set, *_STYLES).encode()
        except (ContentError, OSError):
            continue
        return sha256(data).hexdigest()[:16], data
    return _make_plain(language, base)


@lru_cache
def _make_plain(language: str, base: TemplateSet) -> tuple[str, bytes]:
    data = build_screen_stylesheet(language, base, *_STYLES).encode()
    return sha256(data).hexdigest()[:16], data
