"""Embeds the set's own pictures and faces in the page as data: URIs, so that it is one file."""

import base64
import re
from collections.abc import Iterator
from html import unescape

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import SourceLocation
from brief.templating.own_files import locate_address, read_own_file, resolve_own_name
from brief.templating.template_set import TemplateSet

_TAG = re.compile(r"<img\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.I)
# HTML standard, 13.2.5: attributes are separated by spaces, slashes, or by nothing after a closing quote.
_ATTRIBUTE = re.compile(r"([^\s\"'>/=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
# CSS Syntax, 4.3.6, without escapes: an address that needs them can be quoted.
_URL = re.compile(r"url\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'()]*))\s*\)", re.I)
_NAMES_NO_FILE = re.compile("data:|#|$", re.I)


class _Embedding:
    """Replaces addresses with the files of the set that they name. `refused` maps each address of anything else to the
    reason.
    """

    def __init__(self, template_set: TemplateSet) -> None:
        self.template_set = template_set
        self.refused: dict[str, str] = {}

    def embed_picture(self, tag: re.Match[str]) -> str:
        return _ATTRIBUTE.sub(self._embed_attribute, tag[0])

    def _embed_attribute(self, match: re.Match[str]) -> str:
        name = match[1].lower()
        if name == "srcset":
            self.refused["srcset"] = "each picture is embedded once; use src"
        # Browsers accept attributes without a space between them; the standard calls it an error.
        gap = "" if match.string[match.start() - 1].isspace() else " "
        return self._replace(match, f'{gap}src="{{}}"', match.groups()[1:]) if name == "src" else match[0]

    def embed_url(self, match: re.Match[str]) -> str:
        return self._replace(match, 'url("{}")', match.groups())

    def _replace(self, match: re.Match[str], form: str, groups: tuple[str | None, ...]) -> str:
        address = unescape(next((group for group in groups if group is not None), ""))
        # A fragment names a part of the page itself.
        return match[0] if _NAMES_NO_FILE.match(address) else form.format(self._make_data_url(address))

    def _make_data_url(self, address: str) -> str:
        try:
            media_type, data = read_own_file(self.template_set, resolve_own_name(address))
        except (OSError, ValueError) as error:
            self.refused[address] = str(error)
            return ""
        return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"

    def list_diagnostics(self, fallback: SourceLocation) -> Iterator[Diagnostic]:
        for address, reason in self.refused.items():
            location = locate_address(self.template_set, address) or fallback
            yield Diagnostic("forbidden-resource", f"{address[:120]}: {reason}", location)


def embed_pictures(page: str, template_set: TemplateSet, template: str) -> str:
    """Returns the page that `template` printed, with the files of the set in place of the addresses in its `<img>`
    elements.

    Raises:
        ContentError: an `<img>` names something that is not a picture of the set.
    """
    embedding = _Embedding(template_set)
    return _finish_embedding(_TAG.sub(embedding.embed_picture, page), embedding, template)


def embed_files(rules: str, template_set: TemplateSet, name: str) -> str:
    """Returns the style sheet `name` of the set with its files in place of `url()`.

    Raises:
        ContentError: a `url()` names something that is not a file of the set.
    """
    embedding = _Embedding(template_set)
    return _finish_embedding(_URL.sub(embedding.embed_url, rules), embedding, name)


def _finish_embedding(text: str, embedding: _Embedding, name: str) -> str:
    if embedding.refused:
        raise ContentError(embedding.list_diagnostics(SourceLocation(embedding.template_set.display_name(name))))
    return text
