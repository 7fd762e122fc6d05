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

# Word joiner and zero width no-break space: programs put them between characters that no line may part.
_JOINERS = dict.fromkeys((0x2060, 0xFEFF))
# Fields whose results brief generates itself, such as tables of contents.
_LISTS = ("TOC", "INDEX", "TOA", "BIBLIOGRAPHY")
# Fields whose result is ordinary text: captions, symbols, East Asian layout, and form fields.
_PLAIN = ("SEQ", "HYPERLINK", "QUOTE", "FORMTEXT", "FORMDROPDOWN", "SYMBOL", "ADDIN", "CITATION", "EQ")
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
_HYPERLINK = re.compile(r'HYPERLINK\s+(?:\\l\s+"([^"]*)"|"([^"]*)"(?:\s+\\l\s+"([^"]*)")?)')
_PRIVATE_USE = range(0xE000, 0xF900)


@dataclass(slots=True)
class ParagraphReader:
    """Reads the spans of one paragraph."""

    context: WordContext
    style: str | None
    is_code: bool = False
    found: list[Span] = field(default_factory=list)
    url: str = ""
    breaks_before: bool = False
    breaks_after: bool = False
    has_display: bool = False

    def read(self, paragraph: Element) -> Spans:
        self._read_children(paragraph)
        return join_spans(self.found)

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
                self.has_display = True
                for formula in element.iter(qualify_name("m:oMath")):
                    self._read_formula(formula)
            case _:
                context.report.omit(context.locate(), f"a Word element '{name}'", collect_text(element))

    def _read_run(self, run: Element) -> None:
        context = self.context
        properties = run.find(qualify_name("w:rPr"))
        resolved = context.styles.resolve_format(properties, self.style)
        character = read_value(properties, "w:rStyle")
        if resolved.hidden:
            if words := collect_text(run):
                context.report.omit(context.locate(), "hidden text", words)
            return
        is_code = self.is_code or context.styles.is_code_character(character)
        kind = SpanForm.CODE if is_code else SpanForm.TEXT
        if resolved.raised and not is_code:
            kind = SpanForm.SUPERSCRIPT if resolved.raised == "superscript" else SpanForm.SUBSCRIPT
        form = Span(
            "",
            kind,
            bool(resolved.strong) and not self.is_code,
            bool(resolved.emphasis) and not self.is_code,
            self._find_url(),
        )
        has_text = any(each.tag == qualify_name("w:t") for each in run)
        if resolved.struck and has_text:
            context.record_lost_formatting("text is no longer struck through")
        if resolved.underlined and has_text and not form.url:
            context.record_lost_formatting("text is no longer underlined")
        if read_value(properties, "w:highlight") not in (None, "none") and has_text:
            context.record_lost_formatting("text is no longer highlighted")
        for child in run:
            self._read_run_child(child, form)

    def _read_run_child(self, element: Element, form: Span) -> None:
        context, name = self.context, get_local_name(element)
        match name:
            case "t":
                self._add_text((element.text or "").translate(_JOINERS), form)
            case "tab" | "ptab":
                self._add_text("\t" if self.is_code else " ", form)
            case "cr":
                self._add_break(form)
            case "br":
                if element.get(qualify_name("w:type")) in ("page", "column"):
                    is_first = not any(span.text.strip() for span in self.found)
                    self.breaks_before, self.breaks_after = is_first, not is_first
                else:
                    self._add_break(form)
            case "noBreakHyphen":
                self._add_text("\u2011", form)
            case "sym":
                self._read_symbol(element, form)
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
                read_drawing(self.context, element, after_text=any(span.text.strip() for span in self.found))
            case "AlternateContent":
                self._read_alternate(element, form)
            case "delText":
                context.report.omit(context.locate(), "text deleted by tracked changes", element.text or "")
            case "ruby":
                base, above = element.find(qualify_name("w:rubyBase")), element.find(qualify_name("w:rt"))
                if above is not None and (words := collect_text(above)):
                    context.report.omit(context.locate(), "the ruby text above a word", words)
                for run in base.iter(qualify_name("w:r")) if base is not None else ():
                    self._read_run(run)
            case _:
                if name and name not in _IGNORED:
                    words = collect_text(element)
                    context.report.omit(context.locate(), f"a Word element '{name}'", words)

    def _add_text(self, text: str, form: Span) -> None:
        # Word does not show text in the code of a field; lists that brief generates itself are left out.
        outside = next((each for each in self.context.fields if not each.has_result or each.name in _LISTS), None)
        if outside is not None:
            outside.words += text
            return
        self.found.append(replace(form, text=text))

    def _add_break(self, form: Span) -> None:
        if self.is_code:
            self._add_text("\n", form)
        elif not any(not each.has_result or each.name in _LISTS for each in self.context.fields):
            self.found.append(Span("", SpanForm.BREAK))

    def _find_url(self) -> str:
        if self.url:
            return self.url
        for each in self.context.fields:
            match = _HYPERLINK.search(each.code) if each.has_result else None
            if match:
                anchor = match[1] or match[3]
                return f"{match[2] or ''}#{anchor}" if anchor else match[2]
        return ""

    def _read_hyperlink(self, element: Element) -> None:
        before = self.url
        found = self.context.package.read_relationships(self.context.part).get(element.get(qualify_name("r:id"), ""))
        anchor = element.get(qualify_name("w:anchor"), "")
        self.url = (found.target if found is not None else "") + (f"#{anchor}" if anchor else "")
        self._read_children(element)
        self.url = before

    def _read_field_character(self, kind: str) -> None:
        context = self.context
        if kind == "begin":
            context.fields.append(Field())
        elif kind == "separate" and context.fields:
            context.fields[-1].has_result = True
        elif kind == "end" and context.fields:
            self._report_field(context.fields.pop())

    def _report_field(self, ended: Field) -> None:
        context = self.context
        if ended.name in _LISTS:
            hint = "brief generates the lists of contents and sources"
            context.report.omit(context.locate(), f"the list of the field '{ended.name}'", ended.words, hint)
        elif ended.words.strip():
            report_field_code_text(context, ended)
        elif ended.name and ended.name not in _PLAIN and ended.name != "TC":
            context.record_lost_formatting(f"the field '{ended.name}' is kept as its last result")

    def _read_simple_field(self, element: Element) -> None:
        self.context.fields.append(Field(element.get(qualify_name("w:instr"), ""), has_result=True))
        self._read_children(element)
        if self.context.fields:
            self._report_field(self.context.fields.pop())

    def _read_symbol(self, element: Element, form: Span) -> None:
        code = element.get(qualify_name("w:char"), "")
        try:
            number = int(code, 16)
        except ValueError:
            number = 0
        if number and number not in _PRIVATE_USE and number < 0xD800:
            self._add_text(chr(number), form)
            return
        font = element.get(qualify_name("w:font"), "")
        self.context.report.omit(
            self.context.locate(), f"the symbol {code} of the font '{font}'", "", "write it in words"
        )

    def _read_note(self, kind: str, known: str) -> None:
        context = self.context
        note = context.notes.get((kind, known))
        if note is None:
            context.report.omit(context.locate(), f"a reference to a {kind} that the document does not have")
            return
        if (kind, known) in context.used_notes:
            context.report.simplify(context.locate(), f"a {kind} with two references is printed twice")
        context.used_notes.add((kind, known))
        span = context.read_note(note, kind)
        if span is not None:
            self.found.append(span)

    def _read_comment(self, known: str) -> None:
        comment = self.context.comments.pop(known, None)
        if comment is not None:
            report_comment(self.context, comment, self.context.locate())

    def _read_alternate(self, element: Element, form: Span) -> None:
        """Reads one of several forms of the same content (ECMA-376 part 3): the first, or the fallback for older programs."""
        choices = [each for each in element if get_local_name(each) in ("Choice", "Fallback")]
        for choice in choices[:1]:
            for child in choice:
                self._read_run_child(child, form) if get_local_name(child) != "r" else self._read_run(child)

    def _read_formula(self, element: Element) -> None:
        try:
            tex = write_latex(element)
        except UnknownFormulaError as problem:
            words = collect_text(element)
            self.context.report.simplify(
                self.context.locate(), f"a formula is kept as text, because of its '{problem}': '{words}'"
            )
            self._add_text(words, Span("", SpanForm.CODE))
            return
        if any(not each.has_result or each.name in _LISTS for each in self.context.fields):
            self._add_text(tex, Span(""))
        elif tex:
            self.found.append(Span(tex, SpanForm.FORMULA))
