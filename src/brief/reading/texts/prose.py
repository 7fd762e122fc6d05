"""Parses the CommonMark of prose blocks into parts: paragraphs, headings, lists, quotations, code, tables and formulas.

Inline markup is the same as in other texts, plus `H~2~O`, `m^2^`, `[^note]` and `$x$`. Unsupported markup (thematic
breaks, HTML, strikethrough) is reported at its location.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from functools import cache, partial
from itertools import takewhile
from typing import TYPE_CHECKING

from brief.model.align import Align
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.inline import (
    AuthoredRun,
    AuthoredRuns,
    Code,
    Footnote,
    Formula,
    LineBreak,
    ParagraphEnd,
    ShiftedText,
    Text,
)
from brief.model.prose import (
    ProseCode,
    ProseFormula,
    ProseHeading,
    ProseList,
    ProseParagraph,
    ProsePart,
    ProseParts,
    ProseQuotation,
    ProseTable,
    list_texts,
)
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.model.text import LinedText, LocalisedText, Phrase, ProseText
from brief.reading.texts import markup, unsupported_markup
from brief.reading.texts.formulas import LINE_EMS, FormulaError, find_excessive_width, read_formula
from brief.reading.texts.markup import Locate, RunReader

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

MAX_DEPTH = 6
MAX_HEADING_LEVELS = 3
MAX_COLUMNS = 6

_FORMULA = re.compile(r"(?<![A-Za-z0-9\\])\$(?![\s$])((?:\\.|[^$\\])*(?:\\.|[^$\\\s]))\$(?!\d)", re.DOTALL)
_ALIGNS = {"text-align:right": Align.END, "text-align:center": Align.CENTER}
_CLOSING = {
    "bullet_list_open": "bullet_list_close",
    "ordered_list_open": "ordered_list_close",
    "blockquote_open": "blockquote_close",
    "list_item_open": "list_item_close",
    "footnote_reference_open": "footnote_reference_close",
}


def read_phrase(
    kind: type[LocalisedText],
    source: str,
    location: SourceLocation,
    make_locator: Callable[[], Locate],
    sink: DiagnosticSink,
) -> Phrase:
    """Reads the phrase of one locale; `kind` is the class of its text.

    `make_locator` makes a function that locates pieces of the phrase in order, starting from its beginning.
    """
    if not issubclass(kind, ProseText):
        runs = markup.parse(source, location, make_locator(), sink, keep_hard_breaks=issubclass(kind, LinedText))
        return Phrase(source, runs, location)
    parts = parse_prose(source, location, make_locator, sink)
    return Phrase(source, join_texts(parts), location, parts)


def parse_prose(
    source: str, location: SourceLocation, make_locator: Callable[[], Locate], sink: DiagnosticSink
) -> ProseParts[AuthoredRun]:
    """Parses a prose text into its parts; markup that cannot be used is left out and reported to `sink`.

    Returns no parts if the text is too long, too deeply nested, or has headings of too many levels.
    """
    if not markup.check_size_and_direction(source, location, sink):
        return ()
    unsupported_markup.warn_lost(source, location, sink)
    tokens = _make_parser().parse(source, {})
    deepest = max((token.level for token in tokens), default=0)
    # A list and its entries are one level each.
    if deepest > 2 * MAX_DEPTH:
        sink.add_error("markup-nesting", location, f"blocks nested deeper than {MAX_DEPTH} levels", "nest fewer")
        return ()
    body, notes = _split_footnotes(tokens, location, sink)
    levels = sorted({int(token.tag[1:]) for token in tokens if token.type == "heading_open"})
    if len(levels) > MAX_HEADING_LEVELS:
        message = f"the text has headings of {len(levels)} levels; the limit is {MAX_HEADING_LEVELS}"
        sink.add_error("heading-level", location, message, "use fewer")
        return ()
    ranks = {level: rank for rank, level in enumerate(levels, start=1)}
    reader = _ProseReader(location, make_locator, sink, source.split("\n"), notes, ranks)
    parts = reader.read_parts(iter(body), None)
    reader.check_headings()
    reader.check_footnotes()
    return parts


def join_texts(parts: ProseParts[AuthoredRun]) -> AuthoredRuns:
    """Joins the runs of all parts, then those of their footnotes, with a `ParagraphEnd` between paragraphs."""
    joined: list[AuthoredRun] = []
    notes: list[Footnote[AuthoredRun]] = []
    for text in list_texts(parts):
        notes += (run for run in text if isinstance(run, Footnote))
        joined += (*(run for run in text if not isinstance(run, Footnote)), ParagraphEnd())
    for note in notes:
        for paragraph in note.paragraphs:
            joined += (*paragraph, ParagraphEnd())
    return tuple(joined[:-1])


@cache
def _make_parser() -> "MarkdownIt":
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.subscript import sub_plugin
    from mdit_py_plugins.superscript import superscript_plugin

    parser = markup.make_parser()
    parser.enable("table")
    parser.use(sub_plugin)
    parser.use(superscript_plugin)
    parser.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    parser.use(dollarmath_plugin, allow_labels=False, allow_blank_lines=False)
    parser.inline.ruler.at("math_inline", formula_rule)
    parser.inline.ruler.before("sub", "tildes", _tildes_rule)
    return parser


def formula_rule(state: "StateInline", silent: bool) -> bool:
    """Reads a formula between dollar signs, and ignores dollar signs of amounts such as US$5 and $6.

    The rule of mdit-py-plugins, at the start of a text, looks at its last character as if that came before it.
    """
    match = _FORMULA.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("math_inline", "math", 0).content = match[1]
    state.pos = match.end()
    return True


def _tildes_rule(state: "StateInline", silent: bool) -> bool:
    """Reads ~~ as text, because it marks strikethrough, not a subscript."""
    if not state.src.startswith("~~", state.pos):
        return False
    if not silent:
        state.pending += "~~"
    state.pos += 2
    return True


def _split_footnotes(
    tokens: "Sequence[Token]", location: SourceLocation, sink: DiagnosticSink
) -> "tuple[list[Token], dict[str, list[Token]]]":
    """Returns the tokens of the body, and those of each footnote by its name."""
    body: list[Token] = []
    notes: dict[str, list[Token]] = {}
    open_notes: list[list[Token]] = []
    for token in tokens:
        if token.type == "footnote_reference_open":
            name = str(token.meta["label"])
            if name in notes:
                # The second definition, which may be within the first one, is left out.
                sink.add_error("footnote", location, f"footnote '[^{name}]' is defined twice", "remove one")
            open_notes.append([])
            notes.setdefault(name, open_notes[-1])
        elif token.type == "footnote_reference_close":
            open_notes.pop()
        else:
            (open_notes[-1] if open_notes else body).append(token)
    return body, notes


@dataclass(slots=True)
class _ProseReader:
    """Reads the tokens of one text. `lines` are its lines, `line` is the current one, from 0, `ranks` maps the levels
    of its headings to levels from 1, and `noteless_part` names the part around the tokens if it cannot have footnotes.
    """

    location: SourceLocation
    make_locator: Callable[[], Locate]
    sink: DiagnosticSink
    lines: Sequence[str]
    notes: "dict[str, list[Token]]"
    ranks: dict[int, int]
    used_notes: set[str] = field(default_factory=set)
    headings: list[tuple[int, SourceLocation]] = field(default_factory=list)
    line: int = 0
    noteless_part: str | None = None

    def read_parts(self, tokens: "Iterator[Token]", closing: str | None) -> ProseParts[AuthoredRun]:
        parts = []
        for token in tokens:
            if token.type == closing:
                break
            part = self.read_part(token, tokens)
            if part is not None:
                parts.append(part)
        return tuple(parts)

    def read_part(self, token: "Token", tokens: "Iterator[Token]") -> ProsePart[AuthoredRun] | None:
        self.line = token.map[0] if token.map else self.line
        match token.type:
            case "paragraph_open":
                return ProseParagraph(self.read_inline(tokens))
            case "heading_open":
                return self.read_heading(int(token.tag[1:]), tokens)
            case "bullet_list_open" | "ordered_list_open":
                start = int(token.attrs.get("start", 1))
                return ProseList(token.type == "ordered_list_open", start, tuple(self.read_entries(tokens, token.type)))
            case "blockquote_open":
                return ProseQuotation(self.read_parts(tokens, _CLOSING[token.type]))
            case "fence" | "code_block":
                return ProseCode((Code(token.content.rstrip("\n")),))
            case "math_block":
                formula = self.read_formula(token.content, self.locate()("$$"), is_display=True)
                return ProseFormula((formula,)) if formula else None
            case "table_open":
                return self.read_table(tokens)
            case "hr":
                message, hint = "a thematic break is not supported", "write a heading or a separate block instead"
                self.sink.add_error("unsupported-markup", self.locate()(token.markup[:1]), message, hint)
                return None
            case unexpected:
                raise AssertionError(unexpected)

    def read_heading(self, level: int, tokens: "Iterator[Token]") -> ProseHeading[AuthoredRun]:
        token = next(tokens)
        self.headings.append((self.ranks[level], self.locate()(token.content.split("\n")[0])))
        text = self.read_runs(token, "a heading")
        next(tokens)
        return ProseHeading(self.ranks[level], text)

    def read_entries(self, tokens: "Iterator[Token]", opening: str) -> Iterator[ProseParts[AuthoredRun]]:
        for token in tokens:
            if token.type == _CLOSING[opening]:
                return
            yield self.read_parts(tokens, _CLOSING[token.type])

    def read_table(self, tokens: "Iterator[Token]") -> ProseTable[AuthoredRun]:
        locate = self.locate()
        aligns: list[Align] = []
        rows: list[list[AuthoredRuns]] = []
        for token in tokens:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
                self.line = token.map[0] if token.map else self.line
            elif token.type in ("th_open", "td_open"):
                if token.type == "th_open":
                    aligns.append(_ALIGNS.get(str(token.attrs.get("style", "")), Align.START))
                rows[-1].append(self.read_runs(next(tokens), "a table header" if token.type == "th_open" else None))
        if len(aligns) > MAX_COLUMNS:
            message = f"a table in a prose block has {len(aligns)} columns; the limit is {MAX_COLUMNS}"
            self.sink.add_error("wide-prose-table", locate("|"), message, "write it as a block of kind 'table'")
        if (width := find_excessive_width(rows)) is not None:
            message = f"the formulas of a table need columns of {width:.0f} ems in all; a line has {LINE_EMS}"
            hint = "write the widest below the table, on lines of their own, between $$ and $$"
            self.sink.add_error("formula", locate("|"), message, hint)
        return ProseTable(tuple(aligns), tuple(rows[0]), tuple(tuple(row) for row in rows[1:]))

    def read_inline(self, tokens: "Iterator[Token]") -> AuthoredRuns:
        runs = self.read_runs(next(tokens), None)
        next(tokens)
        return runs

    def read_runs(self, token: "Token", noteless_part: str | None) -> AuthoredRuns:
        """Reads the runs of an inline token; `noteless_part` names a part without footnotes, such as a heading."""
        if not markup.check_marker_count(token.content, self.location, self.sink):
            return ()
        reader = _TextReader(
            self.location,
            self.locate(),
            self.sink,
            read_note=partial(self.read_note, noteless_part=noteless_part or self.noteless_part),
            formula=self.read_formula,
        )
        return _fold_lines(reader.read(token.children or []))

    def read_note(self, name: str, location: SourceLocation, noteless_part: str | None) -> Footnote[AuthoredRun] | None:
        if noteless_part is not None:
            message, hint = f"{noteless_part} cannot have a footnote", "put the mark in the text"
        elif name not in self.notes:
            message, hint = f"footnote '[^{name}]' is not defined", f"add a line '[^{name}]: ...' to the text"
        elif name in self.used_notes:
            message, hint = f"'[^{name}]' is referenced twice", "write a second footnote"
        else:
            self.used_notes.add(name)
            line, self.line, self.noteless_part = self.line, 0, "a footnote"
            parts = self.read_parts(iter(self.notes[name]), None)
            self.line, self.noteless_part = line, None
            paragraphs = tuple(part.text for part in parts if isinstance(part, ProseParagraph))
            if len(paragraphs) == len(parts) and paragraphs:
                return Footnote(paragraphs)
            message = f"footnote '[^{name}]' has something other than paragraphs"
            hint = "write it without lists, tables or code"
        self.sink.add_error("footnote", location, message, hint)
        return None

    def read_formula(self, tex: str, location: SourceLocation, *, is_display: bool) -> Formula | None:
        try:
            return read_formula(tex, is_display=is_display)
        except FormulaError as problem:
            self.sink.add_error("formula", location, problem.message, problem.hint)
            return None

    def locate(self) -> Locate:
        """Returns a function that locates pieces from the current line on; it looks for that line on first use."""
        line, locators = self.line, list[Locate]()

        def locate(piece: str) -> SourceLocation:
            if not locators:
                locators.append(self.make_locator())
                for earlier_line in filter(None, map(str.strip, self.lines[:line])):
                    locators[0](earlier_line)
            return locators[0](piece)

        return locate

    def check_headings(self) -> None:
        """Reports headings that skip a level, which would mislead readers who navigate by headings."""
        previous_rank = 0
        for rank, location in self.headings:
            if rank > previous_rank + 1:
                marker = "#" * next(level for level, other in self.ranks.items() if other == previous_rank + 1)
                self.sink.add_error("heading-level", location, "a heading skips a level", f"begin it with '{marker}'")
            previous_rank = rank

    def check_footnotes(self) -> None:
        """Reports footnotes that no mark refers to."""
        for name in self.notes:
            if name not in self.used_notes:
                location = self.make_locator()(f"[^{name}]:")
                message = f"footnote '[^{name}]' is never referenced, so it would not be printed"
                self.sink.add_error(
                    "footnote", location, message, f"write [^{name}] in the text, or remove the footnote"
                )


@dataclass(slots=True)
class _TextReader(RunReader):
    """Reads the inline markup of all texts, and that of prose blocks."""

    read_note: Callable[[str, SourceLocation], Footnote[AuthoredRun] | None] = field(kw_only=True)
    formula: Callable[..., Formula | None] = field(kw_only=True)

    def read_run(self, token: "Token", tokens: "Iterator[Token]", depth: int) -> AuthoredRun | None:
        match token.type:
            case "softbreak":
                return Text("\n")
            case "hardbreak":
                return LineBreak()
            case "sub_open" | "sup_open":
                return ShiftedText(
                    self.read_shifted_text(tokens, token.type.replace("open", "close")), token.type == "sup_open"
                )
            case "math_inline":
                return self.formula(token.content, self.locate(token.content), is_display=False)
            case "footnote_ref":
                name = str(token.meta["label"])
                location = self.locate(f"[^{name}]")
                if depth:
                    message = "a footnote mark cannot be within emphasis or a link"
                    self.sink.add_error("footnote", location, message, "put it after the emphasis or the link")
                    return None
                return self.read_note(name, location)
            case _:
                return RunReader.read_run(self, token, tokens, depth)

    def read_shifted_text(self, tokens: "Iterator[Token]", closing: str) -> str:
        return "".join(token.content for token in takewhile(lambda token: token.type != closing, tokens))


def _fold_lines(runs: AuthoredRuns) -> AuthoredRuns:
    """Replaces line ends with spaces, or removes them next to characters of scripts without spaces."""
    return tuple(
        Text(re.sub(r"\s*\n\s*", " ", markup.remove_east_asian_spaces(run.text))) if isinstance(run, Text) else run
        for run in runs
    )
