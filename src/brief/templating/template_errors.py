"""Turns errors of templates into diagnostics with the file and line of the innermost template involved."""

import traceback
from types import TracebackType

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError, TemplateAssertionError

from brief.model.diagnostics import Diagnostic
from brief.model.source_location import SourceLocation
from brief.templating.limits import TemplateLimitError
from brief.templating.loader import ForbiddenTemplateError, SetLoader

_LIMIT_HINT = "look for a loop or a text there that grows without end; if you find no such thing, divide the content"


class UnsafeTemplateError(TemplateAssertionError):
    """A template uses something whose result is printed without escaping."""


class NotPrintableError(Exception):
    """A template prints a value that is neither text nor a number."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def diagnose_template_error(error: Exception, name: str, loader: SetLoader) -> Diagnostic:
    """Makes the diagnostic of an error that loading or rendering the template `name` raised."""
    location = _find_innermost(error.__traceback__, loader) or SourceLocation(loader.template_set.display_name(name))
    match error:
        case UnsafeTemplateError():
            return Diagnostic("template-unsafe", error.message or "unsafe", _locate_syntax_error(error, location))
        case TemplateSyntaxError():
            return Diagnostic("template-syntax", error.message or "syntax error", _locate_syntax_error(error, location))
        case TemplateNotFound():
            return Diagnostic("template-not-found", f"the template set has no template {error.name!r}", location)
        case ForbiddenTemplateError() | SecurityError():
            return Diagnostic("template-forbidden", str(error), location)
        case UndefinedError():
            return Diagnostic("template-undefined", error.message or "undefined", location)
        case NotPrintableError():
            return Diagnostic("template-failed", str(error), location, hint=error.hint)
        case TemplateLimitError():
            return Diagnostic("template-failed", str(error), location, hint=_LIMIT_HINT)
        case MemoryError():
            return Diagnostic("template-failed", "the template ran out of memory", location, hint=_LIMIT_HINT)
        case RecursionError():
            return Diagnostic(
                "template-failed",
                "the template is nested too deeply, or its macros call each other without end",
                location,
            )
        case _:
            return Diagnostic("template-failed", f"{type(error).__name__}: {error}", location)


def _locate_syntax_error(
    error: TemplateSyntaxError | TemplateAssertionError, fallback: SourceLocation
) -> SourceLocation:
    return SourceLocation(error.filename, error.lineno) if error.filename else fallback


def _find_innermost(trace: TracebackType | None, loader: SetLoader) -> SourceLocation | None:
    """Returns the location of the deepest frame that runs a template. Jinja rewrites tracebacks to name templates and
    lines.
    """
    frames = [frame for frame in traceback.extract_tb(trace) if frame.filename in loader.display_names]
    return SourceLocation(frames[-1].filename, frames[-1].lineno or 0) if frames else None
