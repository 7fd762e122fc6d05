"""Removes what Pandoc writes in Markdown and content has no counterpart for: attributes, divs, page breaks of LaTeX."""

import re
from collections.abc import Callable, Iterator
from dataclasses import field

from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.documents.document import LossReport
from brief.reading.text_file import TextFile

_FENCE = re.compile(r"[ >]*(`{3,}|~{3,})(.*)")
_DIV = re.compile(r"\s*:{3,}\s*(\{[^{}]*\}|[\w.-]*)\s*:*\s*")
_PAGE_BREAK = re.compile(r"\s*\\(?:newpage|pagebreak|clearpage)\s*")
# An identifier, classes and values: {#sec:intro .unnumbered width=50%}, {-}.
_ATTRIBUTES = r"\{\s*(?:(?:[#.][\w:.-]+|-|[\w:-]+=(?:\"[^\"]*\"|[^\s{}\"]+))\s*)+\}"
_CITATION = r"\[(?:[^\[\]]*[\s;(])?-?@\w[^\[\]]*\](?![(\[:])"
# Code is matched first, because nothing is removed within it.
_MARK = re.compile(
    rf"(?P<code>(?P<ticks>`+)(?:(?!(?P=ticks)).)+(?P=ticks))"
    rf"|(?<!!)(?<!\])\[(?P<span>[^\[\]]*)\](?P<of_span>{_ATTRIBUTES})"
    rf"|(?<=[)\]`])(?P<behind>{_ATTRIBUTES})"
    rf"|(?P<gap>(?:(?<=\s)|(?<=\$\$)))(?P<at_end>{_ATTRIBUTES})(?=\s*#*\s*$)"
    rf"|(?P<citation>{_CITATION})"
)


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
                yield _MARK.sub(self._make_replacement(start), line)

    def _make_replacement(self, start: int) -> Callable[[re.Match[str]], str]:
        def replace(match: re.Match[str]) -> str:
            if match["code"]:
                return match[0]
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

        return replace

    def _count(self, what: str, start: int) -> None:
        self.counted.setdefault(what, []).append(self.file.locate(start))
