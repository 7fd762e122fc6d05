"""Reads the inline markup of Markdown documents."""

import re
from collections.abc import Callable
from dataclasses import field, replace
from typing import TYPE_CHECKING, Protocol

from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.documents.document import LossReport, Span, SpanForm, Spans, join_spans

if TYPE_CHECKING:
    from markdown_it.token import Token

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\s*/?>")
_TAGS = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i"), "emphasis"),
    **dict.fromkeys(("code", "kbd"), SpanForm.CODE),
    "sub": SpanForm.SUBSCRIPT,
    "sup": SpanForm.SUPERSCRIPT,
}


class InlineSource(Protocol):
    """The document around a text, with its footnotes and pictures."""

    report: LossReport

    def read_note(self, name: str, location: SourceLocation) -> Span | None:
        """Reads the footnote of that name; returns None if no footnote has it, and an empty span if it is left out."""

    def read_inline_note(self, number: int, location: SourceLocation) -> Span:
        """Reads the footnote with that index among those that are written within texts."""

    def add_picture(self, url: str, description: str, title: str, location: SourceLocation) -> None:
        """Adds a picture after the text."""


_PLAIN = Span("")


@dataclass(slots=True)
class InlineReader:
    """Reads the inline tokens of one text.

    `locate` returns the location of the next occurrence of a string. `spans` are those read so far, `form` has the
    formatting of the next span, and `outer_forms` the formatting around each open element, outermost first.
    """

    source: InlineSource
    locate: Callable[[str], SourceLocation]
    form: Span = _PLAIN
    outer_forms: list[Span] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    def read(self, tokens: "list[Token]") -> Spans:
        """Returns the spans; everything that is lost is in `source.report`."""
        for token in tokens:
            self._read(token)
        return join_spans(self.spans)

    def _read(self, token: "Token") -> None:
        match token.type:
            case "text" | "text_special":
                self._add(token.content)
            case "softbreak":
                self._add("\n")
            case "hardbreak":
                self.spans.append(Span("", SpanForm.BREAK))
            case "code_inline":
                self.spans.append(replace(self.form, text=token.content, kind=SpanForm.CODE))
            case "strong_open":
                self._open(replace(self.form, strong=True))
            case "em_open":
                self._open(replace(self.form, emphasis=True))
            case "link_open":
                self._open(replace(self.form, url=str(token.attrs.get("href", ""))))
                if title := str(token.attrs.get("title", "")):
                    self.source.report.omit(self.locate(title), "the title of a link", title)
            case "s_open":
                self.source.report.simplify(self.locate("~~"), "strikethrough is not kept")
                self._open(self.form)
            case "sub_open" | "sup_open":
                self._open(
                    replace(self.form, kind=SpanForm.SUBSCRIPT if token.type == "sub_open" else SpanForm.SUPERSCRIPT)
                )
            case "strong_close" | "em_close" | "link_close" | "s_close" | "sub_close" | "sup_close":
                self.form = self.outer_forms.pop() if self.outer_forms else Span("")
            case "math_inline" | "math_inline_double":
                self.spans.append(Span(" ".join(token.content.split()), SpanForm.FORMULA))
            case "footnote_ref":
                self._read_note(token)
            case "image":
                self._read_picture(token)
            case "html_inline":
                self._read_html(token.content)
            case kind:
                self.source.report.omit(self.locate(token.content or ""), f"markup of the kind '{kind}'", token.content)

    def _add(self, text: str) -> None:
        self.spans.append(replace(self.form, text=text))

    def _open(self, form: Span) -> None:
        self.outer_forms.append(self.form)
        self.form = form

    def _read_note(self, token: "Token") -> None:
        if "label" in token.meta:
            name = str(token.meta["label"])
            location = self.locate(f"[^{name}]")
            note = self.source.read_note(name, location)
            if note is None:
                self.source.report.simplify(location, f"'[^{name}]' is kept as text, because there is no such footnote")
                self._add(f"[^{name}]")
                return
        else:
            note = self.source.read_inline_note(int(token.meta["id"]), self.locate("^["))
        if note.kind is SpanForm.FOOTNOTE:
            self.spans.append(note)

    def _read_picture(self, token: "Token") -> None:
        location = self.locate("![")
        url, title = str(token.attrs.get("src", "")), str(token.attrs.get("title", ""))
        if self.form.url:
            self.source.report.simplify(location, f"the link of a picture to '{self.form.url}' is not kept")
        if self.spans and any(span.text.strip() for span in self.spans):
            self.source.report.simplify(location, "a picture within a text is moved after it")
        self.source.add_picture(url, token.content, title, location)

    def _read_html(self, tag: str) -> None:
        match = _TAG.fullmatch(tag)
        name = match[2].lower() if match else ""
        if name == "br":
            self.spans.append(Span("", SpanForm.BREAK))
        elif match is None or name not in _TAGS:
            what = "an HTML comment" if tag.startswith("<!--") else "an HTML tag"
            self.source.report.omit(self.locate(tag), what, tag)
        elif match[1]:
            self.form = self.outer_forms.pop() if self.outer_forms else Span("")
        else:
            form = _TAGS[name]
            if isinstance(form, SpanForm):
                self._open(replace(self.form, kind=form))
            else:
                self._open(replace(self.form, strong=True) if form == "strong" else replace(self.form, emphasis=True))
