"""Parses CommonMark inline markup, with three additions of the content format, into authored runs: text, emphasis,
links, placeholders and the like.

`{source/claim}` prints the quantity of a claim, `[@source/claim]` cites the claim, and `[](#block)` refers to a block. Raw
HTML and pictures are not supported: HTML prints as typed, and a picture is an error.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import field, replace
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.dataset import normalise_cell_name
from brief.model.han import EAST_ASIAN_CHARACTER
from brief.model.inline import (
    AuthoredRun,
    AuthoredRuns,
    Cite,
    ClaimValue,
    Code,
    CrossReference,
    Emphasis,
    LineBreak,
    Link,
    Strong,
    Text,
)
from brief.model.record import dataclass
from brief.model.source_location import Ref, SourceLocation
from brief.reading.texts import unsupported_markup
from brief.reading.texts.emphasis import emphasis_rule
from brief.reading.texts.plain_texts import CELL, split_plain

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

MAX_CHARACTERS = 40_000
MAX_BRACKETS = 1_000
MAX_NESTING = 8
# markdown-it-py pairs emphasis markers in quadratic time; this many take a few milliseconds.
MAX_MARKERS = 1_000

_PLACEHOLDER = re.compile(rf"\{{([a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*{CELL})((?::[^:{{}}]*)*)\}}")
_FLAGS = {"abs": "is_absolute", "full": "is_full", "words": "is_spelled"}
_ROUND = re.compile(r"round\(([1-9][0-9]?)\)")
_FULL_WIDTH_BRACES = re.compile(r"｛[a-z0-9-]+/[a-z0-9-]+(?::[a-z0-9()]+)*[｝}]")
_CITE = re.compile(rf"\[@([^\[\]\s]+{CELL}|[^\]\s]+)\]")
_CLAIM = re.compile(rf"[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*{CELL}")
# Figures that begin like block markup: "> 5", "+ 3.2 %", "- 12 €", and ordinals of dates and periods, which are written
# with a point in German and other languages: "3. September", "2. Quartal", "1. und 2. Halbjahr".
_SIGNED_NUMBER = r"(?:[-+>]\s[€$£¥]?[0-9.,])"
_ORDINAL = (
    r"(?:[0-9]{1,2}\.\s(?:(?:und|bis|og|och|ja|a|do|[-–])\s)?(?i:[0-9]{1,2}\.|jan|feb|m[aä]r|apr|ma[ijy]|jun|jul|aug|sep|o[kc]t|nov"
    r"|de[cz]|quartal|kvartal|halbjahr|halvår|tertial|trimester|jahrhundert|jahrzehnt|jahrgang))"
)
_BLOCK_MARKUP = re.compile(rf"(?!{_SIGNED_NUMBER}|{_ORDINAL})(#{{1,6}}|[-+*]|\d{{1,3}}[.)]|>|```|\|)\s")
_SPACE = re.compile(r"\s+")
# Block markup at the start of a line after the first. Only texts in YAML literal blocks or in quotes have several lines.
_LATER_BLOCK_MARKUP = re.compile(rf"\n[ \t]*(?:(?!{_ORDINAL})(#{{1,6}}|[-+*]|\d{{1,3}}[.)]|>)[ \t]|```|~~~)")
# CommonMark 0.31.2, section 6.7: two spaces, or a backslash that is not itself escaped, at the end of a line.
_HARD_BREAK = re.compile(r"(?:(?<! ) {2,}|(?<!\\)((?:\\\\)*)\\)\n")
# Hebrew, Arabic and other scripts that are written from right to left (Unicode Standard Annex 9, classes R and AL).
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]+"
)
_MARKERS = re.compile(r"(\*\*|__)\S*")
_SCHEMES = ("http", "https", "mailto")
_ENCODED_CONTROL = re.compile("%[01][0-9a-f]|%7f", re.IGNORECASE)

# Locates the next occurrence of a piece of markup in the file, so that a diagnostic within a text has a column.
Locate = Callable[[str], SourceLocation]


def parse(
    source: str, location: SourceLocation, locate: Locate, sink: DiagnosticSink, *, keep_hard_breaks: bool = False
) -> AuthoredRuns:
    """Parses one text into runs; markup that cannot be used is left out and reported to `sink`.

    With `keep_hard_breaks`, hard line breaks become `LineBreak` runs; otherwise they are reported and print as spaces.
    """
    if not (check_size_and_direction(source, location, sink) and check_marker_count(source, location, sink)):
        return ()
    unsupported_markup.warn_lost(source.strip(), location, sink)
    unbroken, break_count = _HARD_BREAK.subn(r"\1\n", source.strip())
    if break_count and not keep_hard_breaks:
        message = "a line break in a text is not printed"
        sink.add_warning("unsupported-markup", location, message, "write it as one line")
    text = _fold_lines(source.strip()) if break_count and keep_hard_breaks else remove_east_asian_spaces(unbroken)
    if re.search(r"\n[ \t]*\n", source.strip()):
        message, hint = "a text can have only one paragraph", "write the second one as a separate block"
        sink.add_error("several-paragraphs", location, message, hint)
    if _BLOCK_MARKUP.match(text) or _LATER_BLOCK_MARKUP.search(unbroken):
        message, hint = "block markup is printed as typed", "use the corresponding kind of block instead"
        sink.add_warning("block-markup", location, message, hint)
    for match in _FULL_WIDTH_BRACES.finditer(text):
        sink.add_error("bad-placeholder", locate(match[0]), f"'{match[0]}' has full-width braces", "write { and }")
    reader = RunReader(location, locate, sink)
    if (pieces := split_plain(text)) is not None:
        return reader.read_plain(pieces)
    return reader.read(_get_parser().parseInline(text, {})[0].children or [])


def check_size_and_direction(source: str, location: SourceLocation, sink: DiagnosticSink) -> bool:
    """Returns whether the text is within the limits and written from left to right; otherwise reports an error."""
    if not source.isascii() and (match := _RIGHT_TO_LEFT.search(source)):
        message = f"'{match[0][:20]}' is written from right to left, which is not supported"
        sink.add_error("right-to-left", location, message, "write it in Latin letters")
        return False
    if len(source) > MAX_CHARACTERS:
        message = f"one text has {len(source):,} characters; the limit is {MAX_CHARACTERS:,}"
        sink.add_error("text-too-long", location, message, "split it")
        return False
    if source.count("[") + source.count("{") > MAX_BRACKETS:
        sink.add_error(
            "markup-nesting", location, f"more than {MAX_BRACKETS:,} opening brackets in one text", "split the text"
        )
        return False
    return True


def check_marker_count(source: str, location: SourceLocation, sink: DiagnosticSink) -> bool:
    """Returns whether the text has at most `MAX_MARKERS` emphasis markers; otherwise reports an error."""
    if source.count("*") + source.count("_") > MAX_MARKERS:
        sink.add_error(
            "markup-nesting", location, f"one text has more than {MAX_MARKERS:,} emphasis markers", "split the text"
        )
        return False
    return True


def remove_east_asian_spaces(text: str) -> str:
    """Removes spaces between East Asian characters, and line ends next to one of these characters."""
    return text if text.isascii() else _SPACE.sub(_fold_space, text)


def _fold_lines(text: str) -> str:
    """Removes East Asian spaces between hard breaks, and writes each hard break with a backslash."""
    first, *others = _HARD_BREAK.split(text)
    # The pattern has a group, the escaped backslashes before a break, which `split` returns after each line.
    backslashes, lines = others[::2], [first, *others[1::2]]
    folded = (remove_east_asian_spaces(line) + (end or "") for line, end in zip(lines, [*backslashes, ""], strict=True))
    return "\\\n".join(folded)


def _fold_space(space: re.Match[str]) -> str:
    """Returns the space to print: none between East Asian characters, or at a line end next to such a character."""
    text, (start, end) = space.string, space.span()
    neighbours = text[start - 1 : start], text[end : end + 1]
    is_east_asian = [EAST_ASIAN_CHARACTER.match(neighbour) is not None for neighbour in neighbours]
    return "" if all(is_east_asian) or ("\n" in space[0] and any(is_east_asian)) else space[0]


def _measure_nesting(tokens: "list[Token]") -> int:
    """Returns how deeply markup is nested; `RunReader` recurses once per level."""
    deepest = depth = 0
    for token in tokens:
        depth += token.nesting
        deepest = max(deepest, depth)
    return deepest


def make_parser() -> "MarkdownIt":
    """Makes a parser of CommonMark that also reads placeholders, citations, and CJK emphasis."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("js-default", {"maxNesting": 100})
    parser.disable(["table", "strikethrough"])
    # markdown-it-py would silently print a forbidden link as typed; `RunReader.read_link` reports it with its location.
    parser.validateLink = accept_any_link  # type: ignore[method-assign]
    parser.inline.ruler.at("emphasis", emphasis_rule)
    parser.inline.ruler.before("link", "cite", _cite_rule)
    parser.inline.ruler.before("text", "placeholder", _claim_value_rule)
    return parser


_get_parser = cache(make_parser)


def accept_any_link(url: str) -> bool:  # noqa: ARG001
    """Accepts every link, in place of a validation that would silently keep a forbidden link as text."""
    return True


def _claim_value_rule(state: "StateInline", silent: bool) -> bool:
    if state.src[state.pos] != "{":
        return False
    end = state.src.find("}", state.pos)
    stop = end + 1 if end >= 0 else state.pos + 1
    if not silent:
        token = state.push("placeholder", "", 0)
        token.content = state.src[state.pos : stop]
    state.pos = stop
    return True


def _cite_rule(state: "StateInline", silent: bool) -> bool:
    match = _CITE.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("cite", "", 0)
        token.content = match[0]
    state.pos = match.end()
    return True


@dataclass(slots=True)
class RunReader:
    """Reads the tokens of one text into runs.

    `unpaired` has each emphasis marker that is left as text, and its location.
    """

    location: SourceLocation
    locate: Locate
    sink: DiagnosticSink
    unpaired: list[tuple[str, SourceLocation]] = field(default_factory=list)

    def read(self, tokens: "list[Token]") -> AuthoredRuns:
        """Reads the runs of all tokens of a text; markup that cannot be used is left out and reported."""
        if _measure_nesting(tokens) > MAX_NESTING:
            message = f"markup nested deeper than {MAX_NESTING} levels"
            self.sink.add_error("markup-nesting", self.location, message, "remove markers")
            return ()
        runs = self.read_runs(iter(tokens), None, 0)
        self.report_unclosed()
        return runs

    def read_plain(self, pieces: list[str]) -> AuthoredRuns:
        """Reads a text whose only markup is placeholders and citations, which are every second piece."""
        runs: list[AuthoredRun] = []
        for number, piece in enumerate(pieces):
            if number % 2:
                run = self.read_placeholder(piece) if piece.startswith("{") else self.read_citation(piece)
                if run is not None:
                    runs.append(run)
            elif piece:
                self.warn_unsupported(piece)
                if runs and isinstance(last := runs[-1], Text):
                    runs[-1] = Text(last.text + piece)
                else:
                    runs.append(Text(piece))
        return tuple(runs)

    def read_runs(self, tokens: "Iterator[Token]", closing: str | None, depth: int) -> AuthoredRuns:
        """Reads runs up to the token `closing`, or the end if that is None; `depth` counts the elements around them."""
        runs: list[AuthoredRun] = []
        for token in tokens:
            if token.type == closing:
                break
            run = self.read_run(token, tokens, depth)
            if isinstance(run, Text) and not run.text:
                continue
            if isinstance(run, Text) and runs and isinstance(last := runs[-1], Text):
                runs[-1] = Text(last.text + run.text)
            elif run is not None:
                runs.append(run)
        return tuple(runs)

    def read_run(self, token: "Token", tokens: "Iterator[Token]", depth: int) -> AuthoredRun | None:
        """Reads the run that starts with a token, up to its closing token; None, with an error, if that fails."""
        match token.type:
            case "text" | "text_special":
                self.unpaired += [(match[1], self.locate(match[0])) for match in _MARKERS.finditer(token.content)]
                self.warn_unsupported(token.content)
                return Text(token.content)
            case "softbreak":
                return Text(" ")
            case "hardbreak":
                return LineBreak()
            case "code_inline":
                return Code(token.content)
            case "strong_open":
                return Strong(self.read_runs(tokens, "strong_close", depth + 1))
            case "em_open":
                return Emphasis(self.read_runs(tokens, "em_close", depth + 1))
            case "link_open":
                url = str(token.attrs.get("href", ""))
                return self.read_link(url, self.read_runs(tokens, "link_close", depth + 1))
            case "placeholder":
                return self.read_placeholder(token.content)
            case "cite":
                return self.read_citation(token.content)
            case "image":
                self.sink.add_error(
                    "image-in-text",
                    self.locate("!["),
                    "a text cannot contain a picture, and remote pictures are not supported",
                    "put the file in content/assets/ and use a block of kind 'figure'",
                )
                return None
            case unexpected:
                raise AssertionError(unexpected)

    def warn_unsupported(self, text: str) -> None:
        # `locate` only searches forward, so pieces are reported in the order of the text.
        for piece, name in unsupported_markup.find_in_words(text):
            self.sink.add_warning(
                "unsupported-markup",
                self.locate(piece),
                f"'{piece[:60]}' is {name}, which prints as typed",
                "remove the markup, or put it in backticks to show it",
            )

    def report_unclosed(self) -> None:
        """Reports every second unpaired marker, because two in succession were probably meant as a pair."""
        for marker, location in self.unpaired[::2]:
            self.sink.add_warning(
                "unclosed-markup",
                location,
                f"'{marker}' is not closed and prints as typed",
                "close it, with no space just inside the markers",
            )

    def read_placeholder(self, source: str) -> AuthoredRun | None:
        location = self.locate(source)
        match = _PLACEHOLDER.fullmatch(source)
        if match is None:
            self.sink.add_error(
                "bad-placeholder",
                location,
                f"'{source}' is not a placeholder",
                "write the name of a claim in the braces, as in {source/claim}, or \\{ for a brace",
            )
            return None
        return self.apply_modifiers(
            ClaimValue(Ref(normalise_cell_name(match[1]), location)), match[2].split(":")[1:], location
        )

    def apply_modifiers(self, run: ClaimValue, modifiers: list[str], location: SourceLocation) -> ClaimValue | None:
        """Applies the modifiers of a placeholder; None, with an error, if one is unknown or contradicts another."""
        for modifier in modifiers:
            rounded = _ROUND.fullmatch(modifier)
            if modifier in ("bare", "period"):
                run = replace(run, part=modifier)  # type: ignore[arg-type]  # both are among its values
            elif modifier in _FLAGS:
                run = replace(run, **{_FLAGS[modifier]: True})  # type: ignore[arg-type]  # all are booleans
            elif rounded:
                run = replace(run, digits=int(rounded[1]))
            else:
                hint = "write :bare, :period, :abs, :full, :words or :round(3), or no modifier"
                message = f"unknown modifier '{modifier}' in a placeholder"
                self.sink.add_error("bad-placeholder", location, message, hint)
                return None
        has_clash = sum((run.is_full, run.is_spelled, run.digits is not None)) > 1
        has_duplicate = len(modifiers) != len(_list_modifiers(run))
        if has_clash or has_duplicate or (run.part == "period" and len(modifiers) > 1):
            message = f"the modifiers ':{':'.join(modifiers)}' contradict or repeat each other"
            self.sink.add_error("bad-placeholder", location, message, "keep one of them")
            return None
        return run

    def read_citation(self, source: str) -> AuthoredRun | None:
        location, name = self.locate(source), source[2:-1]
        if _CLAIM.fullmatch(name) is None:
            self.sink.add_error("bad-citation", location, f"'{source}' does not name a claim", "write [@source/claim]")
            return None
        return Cite(Ref(normalise_cell_name(name), location))

    def read_link(self, url: str, children: AuthoredRuns) -> AuthoredRun | None:
        if url.startswith("#"):
            location = self.locate(f"](#{url[1:]}")
            if children:
                self.sink.add_error(
                    "reference-text", location, "a cross-reference prints its own text", f"write []({url})"
                )
            return CrossReference(Ref(url[1:], location))
        location = self.locate(url)
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES:
            self.sink.add_error(
                "link-scheme", location, f"'{url[:60]}' is not a web or mail link", "use https: or mailto:"
            )
            return None
        if parts.scheme == "mailto" and any(
            not parameter.startswith("subject=") for parameter in parts.query.split("&") if parameter
        ):
            self.sink.add_error(
                "mailto-parameter", location, "a mailto link may set only the subject", "remove the other parameters"
            )
            return None
        if _ENCODED_CONTROL.search(url):
            self.sink.add_error("link-scheme", location, "the link contains an encoded control character", "remove it")
            return None
        return Link(url, children or (Text(url),))


def _list_modifiers(run: ClaimValue) -> list[str]:
    return run.modifiers.split(":")[1:]
