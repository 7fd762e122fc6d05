"""Reads the runs of a paragraph of a Word document: text with its formatting, links, fields, notes, pictures and formulas."""

import re
from dataclasses import field, replace

from brief.model.record import dataclass
from brief.reading.documents.document import (
    Span,
    SpanForm,
    Spans,
    join_spans,
)
from brief.reading.documents.office_math import UnknownFormulaError, write_latex
from brief.reading.documents.word_context import (
    Field,
    WordContext,
    collect_text,
    report_comment,
    report_field_code_text,
)
from brief.reading.documents.word_drawings import read_drawing
from brief.reading.documents.word_package import Element, get_local_name, qualify_name, read_value

# Word joiner and zero width no-break space: programs insert them to prevent a line break.
_JOINERS = dict.fromkeys((0x2060, 0xFEFF))
# Fields whose results brief generates itself, such as tables of contents.
_GENERATED_FIELDS = ("TOC", "INDEX", "TOA", "BIBLIOGRAPHY")
# Fields whose last result is as good as the field, so that nothing is reported. TC has no result: it marks an entry of
# a table of contents.
_UNREPORTED_FIELDS = (
    "SEQ",
    "HYPERLINK",
    "QUOTE",
    "FORMTEXT",
    "FORMDROPDOWN",
    "SYMBOL",
    "ADDIN",
    "CITATION",
    "EQ",
    "TC",
)
# Elements without text of their own: properties, bookmarks, range markers, cached layout, and dates of today.
_IGNORED = frozenset(
    [
        "pPr",
        "rPr",
        "bookmarkStart",
        "bookmarkEnd",
        "proofErr",
        "commentRangeStart",
        "commentRangeEnd",
        "permStart",
        "permEnd",
        "lastRenderedPageBreak",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
        "customXmlInsRangeStart",
        "customXmlInsRangeEnd",
        "customXmlDelRangeStart",
        "customXmlDelRangeEnd",
        "footnoteRef",
        "endnoteRef",
        "separator",
        "continuationSeparator",
        "annotationRef",
        "softHyphen",
        "sectPr",
        "sdtPr",
        "sdtEndPr",
        "smartTagPr",
        "customXmlPr",
        "fldData",
        "dayLong",
        "monthLong",
        "yearLong",
    ]
)
_HYPERLINK = re.compile(r'HYPERLINK\s+(?:\\l\s+"([^"]*)"|"(?P<url>[^"]*)"(?:\s+\\l\s+"([^"]*)")?)')
# Word stores the characters of symbol fonts in the private use area, mostly at F000 to F0FF, where they have no
# meaning. It follows the surrogates.
_FIRST_SURROGATE = 0xD800


@dataclass(slots=True)
class ParagraphReader:
    """Reads the spans of one paragraph.

    `spans` are those read so far, and `url` is the address of the hyperlink around the current run. The flags say that
    a page break comes before or after the text, and that a formula is on a line of its own.
    """

    context: WordContext
    style: str | None
    is_code: bool = False
    spans: list[Span] = field(default_factory=list)
    url: str = ""
    has_break_before: bool = False
    has_break_after: bool = False
    has_display_formula: bool = False

    def read(self, paragraph: Element) -> Spans:
        """Returns the spans; everything that is lost is in `context.report`."""
        self._read_children(paragraph)
        return join_spans(self.spans)

    def _read_children(self, element: Element) -> None:
        for child in element:
            self._read_child(child)

    def _read_child(self, element: Element) -> None:
        context, name = self.context, get_local_name(element)
        if not name or name in _IGNORED:
            return
        match name:
            case "r":
                self._read_run(element)
            case "hyperlink":
                self._read_hyperlink(element)
            case "ins" | "moveTo":
                context.record_lost_formatting("tracked insertions are kept as text")
                self._read_children(element)
            case "del" | "moveFrom":
                if words := collect_text(element):
                    context.report.omit(context.locate(), "text deleted by tracked changes", words)
            case "fldSimple":
                self._read_simple_field(element)
            case "sdt":
                content = element.find(qualify_name("w:sdtContent"))
                if content is not None:
                    self._read_children(content)
            case "smartTag" | "customXml" | "dir" | "bdo" | "sdtContent":
                self._read_children(element)
            case "AlternateContent":
                self._read_alternate(element, Span(""))
            case "oMath":
                self._read_formula(element)
            case "oMathPara":
                self.has_display_formula = True
                for formula in element.iter(qualify_name("m:oMath")):
                    self._read_formula(formula)
            case _:
                context.report.omit(context.locate(), f"a Word element '{name}'", collect_text(element))

    def _read_run(self, run: Element) -> None:
        context = self.context
        properties = run.find(qualify_name("w:rPr"))
        word_format = context.styles.resolve_format(properties, self.style)
        character_style = read_value(properties, "w:rStyle")
        if word_format.hidden:
            if words := collect_text(run):
                context.report.omit(context.locate(), "hidden text", words)
            return
        is_code = self.is_code or context.styles.is_code_character(character_style)
        form = SpanForm.CODE if is_code else SpanForm.TEXT
        if word_format.vertical_position and not is_code:
            form = SpanForm.SUPERSCRIPT if word_format.vertical_position == "superscript" else SpanForm.SUBSCRIPT
        template = Span(
            "",
            form,
            bool(word_format.strong) and not self.is_code,
            bool(word_format.emphasis) and not self.is_code,
            self._find_url(),
        )
        has_text = any(child.tag == qualify_name("w:t") for child in run)
        if word_format.struck and has_text:
            context.record_lost_formatting("strikethrough is not kept")
        if word_format.underlined and has_text and not template.url:
            context.record_lost_formatting("underlining is not kept")
        if read_value(properties, "w:highlight") not in (None, "none") and has_text:
            context.record_lost_formatting("highlighting is not kept")
        for child in run:
            self._read_run_child(child, template)

    def _read_run_child(self, element: Element, template: Span) -> None:
        context, name = self.context, get_local_name(element)
        match name:
            case "t":
                self._add_text((element.text or "").translate(_JOINERS), template)
            case "tab" | "ptab":
                self._add_text("\t" if self.is_code else " ", template)
            case "cr":
                self._add_break(template)
            case "br":
                if element.get(qualify_name("w:type")) in ("page", "column"):
                    has_text_before = any(span.text.strip() for span in self.spans)
                    self.has_break_before, self.has_break_after = not has_text_before, has_text_before
                else:
                    self._add_break(template)
            case "noBreakHyphen":
                self._add_text("\u2011", template)
            case "sym":
                self._read_symbol(element, template)
            case "instrText" | "delInstrText":
                if context.fields:
                    context.fields[-1].code += element.text or ""
            case "fldChar":
                self._read_field_character(element.get(qualify_name("w:fldCharType"), ""))
            case "footnoteReference" | "endnoteReference":
                self._read_note(name.removesuffix("Reference"), element.get(qualify_name("w:id"), ""))
            case "commentReference":
                self._read_comment(element.get(qualify_name("w:id"), ""))
            case "drawing" | "pict" | "object":
                read_drawing(self.context, element, after_text=any(span.text.strip() for span in self.spans))
            case "AlternateContent":
                self._read_alternate(element, template)
            case "delText":
                context.report.omit(context.locate(), "text deleted by tracked changes", element.text or "")
            case "ruby":
                base, ruby_text = element.find(qualify_name("w:rubyBase")), element.find(qualify_name("w:rt"))
                if ruby_text is not None and (words := collect_text(ruby_text)):
                    context.report.omit(context.locate(), "ruby text", words)
                for run in base.iter(qualify_name("w:r")) if base is not None else ():
                    self._read_run(run)
            case _:
                if name and name not in _IGNORED:
                    words = collect_text(element)
                    context.report.omit(context.locate(), f"a Word element '{name}'", words)

    def _find_hiding_field(self) -> Field | None:
        """Returns the open field whose text is not shown: its code, or a list that brief generates itself."""
        fields = self.context.fields
        return next((field_ for field_ in fields if not field_.has_result or field_.name in _GENERATED_FIELDS), None)

    def _add_text(self, text: str, template: Span) -> None:
        hiding_field = self._find_hiding_field()
        if hiding_field is not None:
            hiding_field.hidden_text += text
            return
        self.spans.append(replace(template, text=text))

    def _add_break(self, template: Span) -> None:
        if self.is_code:
            self._add_text("\n", template)
        elif self._find_hiding_field() is None:
            self.spans.append(Span("", SpanForm.BREAK))

    def _find_url(self) -> str:
        """Returns the address of the hyperlink element or field around the run; empty without one."""
        if self.url:
            return self.url
        for field_ in self.context.fields:
            match = _HYPERLINK.search(field_.code) if field_.has_result else None
            if match:
                anchor = match[1] or match[3]
                return f"{match['url'] or ''}#{anchor}" if anchor else match["url"]
        return ""

    def _read_hyperlink(self, element: Element) -> None:
        outer_url = self.url
        relationships = self.context.package.read_relationships(self.context.part)
        relationship = relationships.get(element.get(qualify_name("r:id"), ""))
        anchor = element.get(qualify_name("w:anchor"), "")
        self.url = (relationship.target if relationship is not None else "") + (f"#{anchor}" if anchor else "")
        self._read_children(element)
        self.url = outer_url

    def _read_field_character(self, kind: str) -> None:
        context = self.context
        if kind == "begin":
            context.fields.append(Field())
        elif kind == "separate" and context.fields:
            context.fields[-1].has_result = True
        elif kind == "end" and context.fields:
            self._report_field(context.fields.pop())

    def _report_field(self, field_: Field) -> None:
        """Reports what is lost of a field that has ended."""
        context = self.context
        if field_.name in _GENERATED_FIELDS:
            hint = "brief generates the table of contents and the list of sources itself"
            context.report.omit(context.locate(), f"the generated list '{field_.name}'", field_.hidden_text, hint)
        elif field_.hidden_text.strip():
            report_field_code_text(context, field_)
        elif field_.name and field_.name not in _UNREPORTED_FIELDS:
            context.record_lost_formatting(f"the field '{field_.name}' is kept as its last result")

    def _read_simple_field(self, element: Element) -> None:
        self.context.fields.append(Field(element.get(qualify_name("w:instr"), ""), has_result=True))
        self._read_children(element)
        if self.context.fields:
            self._report_field(self.context.fields.pop())

    def _read_symbol(self, element: Element, template: Span) -> None:
        code = element.get(qualify_name("w:char"), "")
        try:
            number = int(code, 16)
        except ValueError:
            number = 0
        if 0 < number < _FIRST_SURROGATE:
            self._add_text(chr(number), template)
            return
        font = element.get(qualify_name("w:font"), "")
        self.context.report.omit(
            self.context.locate(), f"the symbol {code} of the font '{font}'", "", "write it in words"
        )

    def _read_note(self, kind: str, note_id: str) -> None:
        context = self.context
        note = context.notes.get((kind, note_id))
        if note is None:
            context.report.omit(context.locate(), f"a reference to a missing {kind}")
            return
        if (kind, note_id) in context.used_notes:
            context.report.simplify(context.locate(), f"a {kind} with two references is printed twice")
        context.used_notes.add((kind, note_id))
        span = context.read_note(note, kind)
        if span is not None:
            self.spans.append(span)

    def _read_comment(self, comment_id: str) -> None:
        comment = self.context.comments.pop(comment_id, None)
        if comment is not None:
            report_comment(self.context, comment, self.context.locate())

    def _read_alternate(self, element: Element, template: Span) -> None:
        """Reads the first choice of `mc:AlternateContent` (ECMA-376 part 3), whatever it requires, or its fallback."""
        choices = [child for child in element if get_local_name(child) in ("Choice", "Fallback")]
        for choice in choices[:1]:
            for child in choice:
                if get_local_name(child) == "r":
                    self._read_run(child)
                else:
                    self._read_run_child(child, template)

    def _read_formula(self, element: Element) -> None:
        try:
            tex = write_latex(element)
        except UnknownFormulaError as problem:
            words = collect_text(element)
            self.context.report.simplify(
                self.context.locate(),
                f"a formula is kept as text, because '{problem}' cannot be translated to LaTeX: '{words}'",
            )
            self._add_text(words, Span("", SpanForm.CODE))
            return
        if self._find_hiding_field() is not None:
            self._add_text(tex, Span(""))
        elif tex:
            self.spans.append(Span(tex, SpanForm.FORMULA))
