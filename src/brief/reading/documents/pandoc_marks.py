"""Removes the markup of Pandoc that content has no counterpart for: attributes, divs and page breaks of LaTeX."""

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
    """Removes this markup from a file. Code and the number of lines do not change, so that locations remain valid.

    `lost` has the locations of each kind of markup that is reported once.
    """

    file: TextFile
    report: LossReport
    lost: dict[str, list[SourceLocation]] = field(default_factory=dict)

    def remove(self) -> str:
        """Returns the text without the markup, and reports it."""
        lines = list(self._read_lines())
        for what, locations in self.lost.items():
            more = f" ({len(locations)} places; this is the first)" if len(locations) > 1 else ""
            self.report.simplify(locations[0], f"{what}{more}")
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
                    self._record(f"a div '{div[1]}' is kept as its content", start)
                yield ending
            elif _PAGE_BREAK.fullmatch(line):
                self.report.omit(
                    self.file.locate(start), f"a page break '{line.strip()}'", "", "write 'page_break: before'"
                )
                yield ending
            else:
                yield self._remove_from_line(line, start)

    def _remove_from_line(self, line: str, start: int) -> str:
        """Returns the line, which starts at the offset `start` in the file, without the markup outside of code."""
        pieces: list[str] = []
        position, match = 0, _MARK.search(line)
        code_spans = deque(_find_code_spans(line))
        while match:
            while code_spans and code_spans[0][0] < position:
                code_spans.popleft()
            if code_spans and code_spans[0][0] < match.start():
                _, end = code_spans.popleft()
                pieces.append(line[position:end])
            else:
                end = match.end()
                pieces += line[position : match.start()], self._replace(match, start)
            position = end
            if match.start() < position:
                match = _MARK.search(line, position)
        return "".join((*pieces, line[position:]))

    def _replace(self, match: re.Match[str], start: int) -> str:
        """Reports the markup, and returns the text to keep of it."""
        offset = start + match.start()
        if match["citation"]:
            self._record("citations of Pandoc are kept as typed", offset)
            return match[0]
        removed = match["of_span"] or match["behind"] or match["at_end"]
        if "=" in removed:
            self.report.omit(self.file.locate(offset), "an attribute list of Pandoc", removed)
        else:
            self._record("identifiers and classes of Pandoc are not kept", offset)
        return match["span"] or ""

    def _record(self, what: str, start: int) -> None:
        self.lost.setdefault(what, []).append(self.file.locate(start))


def _find_code_spans(line: str) -> Iterator[tuple[int, int]]:
    """Yields the start and end of each code span in a line.

    A run of backticks is closed by the next run of the same length (CommonMark 0.31.2, section 6.1).
    """
    runs = [match.span() for match in _TICKS.finditer(line)]
    runs_by_length: defaultdict[int, deque[tuple[int, int]]] = defaultdict(deque)
    for start, end in runs:
        runs_by_length[end - start].append((start, end))
    position = 0
    for start, end in runs:
        closing = runs_by_length[end - start]
        while closing and closing[0][0] <= max(start, position - 1):
            closing.popleft()
        if start >= position and closing:
            position = closing[0][1]
            yield start, position
