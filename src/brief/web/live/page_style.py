"""Makes the style sheet of the live preview, with the project's colours and fonts."""

from dataclasses import replace
from functools import lru_cache
from hashlib import sha256

from brief.model.diagnostics import ContentError
from brief.templating.template_set import TemplateSet
from brief.writers.html import build_screen_stylesheet

_STYLES = ("screen.css", "preview/page.css", "web/page.css", "web/live.css")


def make_stylesheet(language: str, template_set: TemplateSet, base: TemplateSet) -> tuple[str, bytes]:
    """Returns the first 16 hexadecimal digits of the SHA-256 of the style sheet, and the style sheet in UTF-8.

    If a file of the template set is missing or has errors, the style sheet is that of the base set with the look of
    `template_set`; if that has errors too, it is that of the base set with its own look.
    """
    for candidate in (template_set, replace(base, look=template_set.look)):
        try:
            data = build_screen_stylesheet(language, candidate, *_STYLES).encode()
        except (ContentError, OSError):
            continue
        return sha256(data).hexdigest()[:16], data
    return _make_base_stylesheet(language, base)


@lru_cache
def _make_base_stylesheet(language: str, base: TemplateSet) -> tuple[str, bytes]:
    """Returns the digest and the style sheet of the base set, cached because it never changes while the server runs."""
    data = build_screen_stylesheet(language, base, *_STYLES).encode()
    return sha256(data).hexdigest()[:16], data
