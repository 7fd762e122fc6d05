"""Pictures that templates name and their set does not have, found where they are named."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from brief.model.diagnostics import Diagnostic
from brief.model.place import Place
from brief.templating.lint import marked, prints
from brief.templating.template_set import TemplateSet

CODE = "forbidden-resource"


def missing_pictures(template_set: TemplateSet, name: str) -> Iterator[Diagnostic]:
    """A fault for each `<img>` of the template `name` whose address is written out and leads to no file of the set."""
    scanner = _Scanner(template_set, template_set.shown(name))
    scanner.feed(marked(template_set.read(name).decode("utf-8-sig")))
    scanner.close()
    yield from scanner.faults


class _Scanner(HTMLParser):
    def __init__(self, template_set: TemplateSet, shown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.template_set = template_set
        self.shown = shown
        self.faults: list[Diagnostic] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = dict(attrs).get("src") or ""
        if tag != "img" or not source or prints(source) or source.startswith("data:"):
            return
        line, column = self.getpos()
        place = Place(self.shown, line, column + 1)
        parts = urlsplit(source)
        if parts.scheme or parts.netloc:
            message, hint = f"{source[:120]}: only files of the template set may be used", "put the file into the set"
            self.faults.append(Diagnostic(CODE, message, place, hint))
        elif not self._is_there(unquote(parts.path).lstrip("/")):
            message = f"{source[:120]}: the template set has no such file"
            self.faults.append(Diagnostic(CODE, message, place, "put the file into the set, or correct the name"))

    def _is_there(self, name: str) -> bool:
        try:
            self.template_set.path(name)
        except OSError:
            return False
        return True
