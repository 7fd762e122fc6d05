"""Turns the print engine's log lines, errors and refused addresses into diagnostics at the line of the template set."""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from brief.model.diagnostics import ContentError, Diagnostic, Severity
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.templating.own_files import locate_address
from brief.templating.style import StyleSheetRules
from brief.templating.template_set import TemplateSet, format_path

STYLE = "print.css"
_LOGGER = logging.getLogger("weasyprint")
_MISSING_GLYPH = ".notdef glyph"
_LOCATED = re.compile(r"(.*?),?\s+at (\d+):(\d+)(?:[.,:]\s*|$)(.*)", re.DOTALL)
_DECLARATION = re.compile(r"Ignored `([^:`]+):")
# A number too large for any size on a page; engines fail when they compute with it.
_HUGE_NUMBER = re.compile(r"(?<![\w.#-])-?(?:\d{6,}(?:\.\d*)?|\d+(?:\.\d+)?e\+?\d+)", re.I)
# A length of this size makes layout endless if it does not raise an error.
_HUGE_LENGTH = re.compile(rf"{_HUGE_NUMBER.pattern}(?=px|pt|pc|in|cm|mm|q|em|rem|ex|ch|v[hw]|%)", re.I)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PrintStyleSheet:
    """The set's print style sheet. `lines_before` is the number of lines of other rules that the engine reads before
    it.
    """

    template_set: TemplateSet
    rules: StyleSheetRules
    lines_before: int

    @property
    def fallback_location(self) -> SourceLocation:
        """The location of errors without one: the style sheet of the set itself, even if it is inherited."""
        return SourceLocation(format_path(self.template_set.folders[0] / STYLE, self.template_set.folders[0]))

    def diagnose_ignored(self, message: str) -> Diagnostic | None:
        """Returns the diagnostic for a log line about something in this sheet that the engine ignored; None if it is
        about another file.
        """
        match = _LOCATED.fullmatch(message)
        if match is None:
            return None
        what, line, column, reason = match[1], int(match[2]) - self.lines_before, int(match[3]), match[4]
        declared = _DECLARATION.match(what)
        # Problems in other style sheets, to which a template links, are logged in the same form, without a file name.
        if not 0 < line <= self.rules.text.count("\n") + 1 or (
            declared and declared[1] not in self.rules.text.splitlines()[line - 1]
        ):
            return None
        message = f"{what}: {reason.rstrip('.')}" if reason else what
        return Diagnostic("style-ignored", message, self.rules.locate(line, column), severity=Severity.WARNING)

    def require_possible_lengths(self) -> None:
        """Refuses lengths that no page can have.

        Raises:
            ContentError: a length is larger than any page.
        """
        if (location := self._find_first(_HUGE_LENGTH)) is not None:
            message = "this length is larger than any page; use a smaller one"
            raise ContentError([Diagnostic("renderer-failed", message, location)])

    def find_huge_number(self) -> SourceLocation | None:
        """Returns the location of the first number that is too large for a page, the most likely cause of a layout
        error; None without one.
        """
        return self._find_first(_HUGE_NUMBER)

    def _find_first(self, pattern: re.Pattern[str]) -> SourceLocation | None:
        plain = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), self.rules.text)
        match = pattern.search(plain)
        if match is None:
            return None
        start = plain.rfind("\n", 0, match.start()) + 1
        return self.rules.locate(plain.count("\n", 0, match.start()) + 1, match.start() - start + 1)


class EngineLogHandler(logging.Handler):
    """Collects what the engine logs in this thread."""

    def __init__(self, sheet: PrintStyleSheet) -> None:
        super().__init__(logging.WARNING)
        self.sheet = sheet
        self.thread = threading.get_ident()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.records.append(record)

    def list_errors(self) -> list[Diagnostic]:
        messages = [record.getMessage() for record in self.records if record.levelno >= logging.ERROR]
        return [Diagnostic("renderer-failed", message, self.sheet.fallback_location) for message in messages]

    def list_warnings(self) -> tuple[Diagnostic, ...]:
        """Returns a warning for each character that no font has, and for each part of the style sheet that was ignored."""
        location, warnings = self.sheet.fallback_location, dict[Diagnostic, None]()
        for message in (record.getMessage() for record in self.records if record.levelno < logging.ERROR):
            if message.startswith(_MISSING_GLYPH):
                warnings[Diagnostic("missing-glyph", message, location, severity=Severity.WARNING)] = None
            elif (ignored := self.sheet.diagnose_ignored(message)) is not None:
                warnings[ignored] = None
        return tuple(warnings)


@contextmanager
def collect_engine_problems(sheet: PrintStyleSheet, refused: list[tuple[str, str]]) -> Iterator[EngineLogHandler]:
    """Raises one ContentError with what the engine raises or logs as an error in the body of the `with` statement, and
    with the addresses that it was `refused` and the reasons.
    """
    handler = EngineLogHandler(sheet)
    _LOGGER.addHandler(handler)
    try:
        yield handler
    except ContentError:
        raise
    except RecursionError:
        message = "the document is nested too deeply to be laid out"
        problems = [Diagnostic("renderer-failed", message, sheet.fallback_location)]
    except Exception as error:
        message = f"layout failed: {type(error).__name__}: {error}"
        problems = [Diagnostic("renderer-failed", message, sheet.find_huge_number() or sheet.fallback_location)]
    else:
        problems = []
    finally:
        _LOGGER.removeHandler(handler)
    forbidden = [
        Diagnostic(
            "forbidden-resource", f"{url}: {reason}", locate_address(sheet.template_set, url) or sheet.fallback_location
        )
        for url, reason in refused
    ]
    problems += forbidden or handler.list_errors()
    if problems:
        raise ContentError(problems)
