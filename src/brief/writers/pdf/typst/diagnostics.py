"""Turns messages of Typst and missing glyphs into diagnostics, at the line of the template if one causes them."""

import re

from brief.fonts.coverage import suggest_font
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.source_location import SourceLocation
from brief.templating.template_set import TemplateSet
from brief.writers.pdf.typst.compiler import PROJECT, EngineMessage
from brief.writers.pdf.typst.set_files import MAIN

# "  ┌─ ../brief-typst-x/project/typst/blocks.typ:12:3": the file in its temporary folder, line and column.
_LOCATION = re.compile(rf"┌─ .*?/{PROJECT}/(\S+\.typ):(\d+):(\d+)")


def diagnose_failure(problem: str, template_set: TemplateSet) -> Diagnostic:
    """Returns the error for a compilation that was killed or crashed. `problem` is the message of a CompilerError."""
    location = SourceLocation(template_set.display_name(MAIN))
    hint = "look for an endless loop or recursion in the sources of the set"
    return Diagnostic("renderer-failed", f"Typst {problem}", location, hint)


def diagnose_message(message: EngineMessage, template_set: TemplateSet, severity: Severity) -> Diagnostic:
    """Returns the diagnostic for an error or warning of the engine, at the line of the set that it names."""
    match = _LOCATION.search(message.diagnostic)
    name = match[1] if match else MAIN
    line, column = (int(match[2]), int(match[3])) if match else (0, 0)
    code = "renderer-failed" if severity is Severity.ERROR else "style-ignored"
    location = SourceLocation(template_set.display_name(name), line, column)
    hints = message.hints or (("correct the Typst source of the set",) if severity is Severity.ERROR else ())
    return Diagnostic(code, message.message, location, "; ".join(hints) or None, severity)


def diagnose_missing_character(drawn: str, where: str, locale: str, template_set: TemplateSet) -> Diagnostic:
    """Returns the error for `drawn`, a character (with a variation selector, perhaps) that no font has. `where` says
    which content prints it. PDF/A forbids missing glyphs (ISO 19005-2, 6.2.11.8).
    """
    codes = " ".join(f"U+{ord(character):04X}" for character in drawn)
    message = f"no font for '{locale}' has {codes} '{drawn}', which is in {where}; Typst writes no PDF without it"
    return Diagnostic(
        "missing-glyph", message, SourceLocation(template_set.display_name("set.yaml")), suggest_font(drawn)
    )
