"""What goes wrong in a template, as diagnostics with the file and line of the innermost template involved."""

import traceback
from types import TracebackType

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError, TemplateAssertionError

from brief.model.diagnostics import Diagnostic
from brief.model.source_location import Place
from brief.templating.loader import ForbiddenTemplateError, SetLoader


class UnsafeTemplateError(TemplateAssertionError):
    """A template says something whose result is printed without escaping."""


class NotPrintableError(Exception):
    """A template prints a value that has no printed form."""


def fault(error: Exception, name: str, loader: SetLoader) -> Diagnostic:
    """The diagnostic for an error that loading or rendering the template `name` raised."""
    place = _innermost(error.__traceback__, loader) or Place(loader.template_set.shown(name))
    match error:
        case UnsafeTemplateError():
            return Diagnostic("template-unsafe", error.message or "unsafe", _syntax_place(error, place))
        case TemplateSyntaxError():
            return Diagnostic("template-syntax", error.message or "syntax error", _syntax_place(error, place))
        case TemplateNotFound():
            return Diagnostic("template-not-found", f"the template set has no template {error.name!r}", place)
        case ForbiddenTemplateError() | SecurityError():
            return Diagnostic("template-forbidden", str(error), place)
        case UndefinedError():
            return Diagnostic("template-undefined", error.message or "undefined", place)
        case NotPrintableError():
            return Diagnostic(
                "template-failed", str(error), place, hint="test for it first: {% if value is not none %}"
            )
        case RecursionError():
            return Diagnostic("template-failed", "templates call each other without end", place)
        case _:
            return Diagnostic("template-failed", f"{type(error).__name__}: {error}", place)


def _syntax_place(error: TemplateSyntaxError | TemplateAssertionError, otherwise: Place) -> Place:
    return Place(error.filename, error.lineno) if error.filename else otherwise


def _innermost(trace: TracebackType | None, loader: SetLoader) -> Place | None:
    """The deepest frame that runs a template. Jinja rewrites its tracebacks to name templates and their lines."""
    frames = [frame for frame in traceback.extract_tb(trace) if frame.filename in loader.shown]
    return Place(frames[-1].filename, frames[-1].lineno or 0) if frames else None
