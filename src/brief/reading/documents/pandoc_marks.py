"""Removes what Pandoc writes in Markdown and content has no counterpart for: attributes, divs, page breaks of LaTeX."""

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import field

from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.documents.document import LossReport
from brief.reading.text_file import TextFile

_FENCE = re.compile(r"[ >]*(`{3,}|~{3,})(.*)")
# Quantifiers are possessive where a failed match would otherwise try every way to divide a line.
_DIV = re.compile(r"\s*+:{3,}+\s*+(\{[^{}]*+\}|[\w.-]*+)\s*+:*+\s*+")
_PAGE_BREAK = re.compile(r"\s*\\(?:newpage|pagebreak|clearpage)\s*")
# An identifier, classes and values: {#sec:intro .unnumbered width=50%}, {-}.
_ATTRIBUTES = r"\{\s*+(?:(?:[#.][\w:.-]++|[\w:-]++=(?:\"[^\"]*+\"|[^\s{}\"]++)|-)\s*+)++\}"
_CITATION = r"\[(?=[^\[\]]*+\](?![(\[:]))(?:[^\[\]]*[\s;(])?-?@\w[^\[\]]*+\]"
_MARK = re.compile(
    rf"(?<!!)(?<!\])\[(?P<span>[^\[\]]*+)\](?P<of_span>{_ATTRIBUTES})"
    rf"|(?<=[)\]`])(?P<behind>{_ATTRIBUTES})"
    rf"|(?:(?<=\s)|(?<=\$\$))(?P<at_end>{_ATTRIBUTES})(?=\s*+#*+\s*+$)"
    rf"|(?P<citation>{_CITATION})"
)
_TICKS = re.compile("`+")


@dataclass(slots=True)
class PandocMarks:
    """Reads the lines of a file; text in code stays as it is, and so does the number of lines."""

    file: TextFile
    report: LossReport
    counted: dict[str, list[SourceLocation]] = field(default_factory=dict)

    def remove(self) -> str:
        """Returns the text without the marks, which are reported."""
        lines = list(self._read_lines())
        for what, places in self.counted.items():
            more = f" ({len(places)} places; this is the first)" if len(places) > 1 else ""
            self.report.simplify(places[0], f"{what}{more}")
        return "".join(lines)

    def _read_lines(self) -> Iterator[str]:
        fence = ""
        for start, line in zip(self.file.line_starts, self.file.text.splitlines(keepends=True), strict=False):
            ending = line[len(line.rstrip("\r\n")) :]
            match = _FENCE.match(line)
            if match and (not fence or (match[1].startswith(fence) and not match[2].strip())):
                if not fence and "=" in match[2]:
                    self.report.omit(self.file.locate(start), "the attribute list of code", match[2].strip())
                fence = "" if fence else match[1]
                yield line
            elif fence or line.startswith(("    ", "\t")):
                yield line
            elif div := _DIV.fullmatch(line):
                if div[1]:
                    self._count(f"a div '{div[1]}' is kept as its content", start)
                yield ending
            elif _PAGE_BREAK.fullmatch(line):
                self.report.omit(
                    self.file.locate(start), f"a page break '{line.strip()}'", "", "write 'page_break: before'"
                )
                yield ending
            else:
                yield self._replace_marks(line, start)

    def _replace_marks(self, line: str, start: int) -> str:
        """Returns the line, which starts at `start`, without the marks outside of code."""
        done: list[str] = []
        at, match = 0, _MARK.search(line)
        codes = deque(_find_code(line))
        while match:
            while codes and codes[0][0] < at:
                codes.popleft()
            if codes and codes[0][0] < match.start():
                _, end = codes.popleft()
                done.append(line[at:end])
            else:
                end = match.end()
                done += line[at : match.start()], self._replace(match, start)
            at = end
            if match.start() < at:
                match = _MARK.search(line, at)
        return "".join((*done, line[at:]))

    def _replace(self, match: re.Match[str], start: int) -> str:
        place = start + match.start()
        if match["citation"]:
            self._count("citations of Pandoc are kept as typed", place)
            return match[0]
        removed = match["of_span"] or match["behind"] or match["at_end"]
        if "=" in removed:
            self.report.omit(self.file.locate(place), "an attribute list of Pandoc", removed)
        else:
            self._count("identifiers and classes of Pandoc are not kept", place)
        return match["span"] or ""

    def _count(self, what: str, start: int) -> None:
        self.counted.setdefault(what, []).append(self.file.locate(start))


def _find_code(line: str) -> Iterator[tuple[int, int]]:
    """Yields the bounds of code in a line: a run of backticks closes at the next one of its length (CommonMark 0.31.2,
    section 6.1).
    """
    runs = [match.span() for match in _TICKS.finditer(line)]
    later: defaultdict[int, deque[tuple[int, int]]] = defaultdict(deque)
    for start, end in runs:
        later[end - start].append((start, end))
    at = 0
    for start, end in runs:
        closing = later[end - start]
        while closing and closing[0][0] <= max(start, at - 1):
            closing.popleft()
        if start >= at and closing:
            at = closing[0][1]
            yield start, at
