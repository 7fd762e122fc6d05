"""Checks the codes in `stop_on`, of the diagnostics that stop a build of the project."""

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic
from brief.reading.explanations import load_explanations


def check_stop_codes(brief: Brief) -> list[Diagnostic]:
    """Reports each code in `stop_on` that no diagnostic has, because it would never stop a build."""
    sink = DiagnosticSink()
    codes = load_explanations() if brief.settings.stop_on else {}
    for ref in brief.settings.stop_on:
        if ref.name not in codes:
            message = f"no diagnostic has the code '{ref.name}'"
            sink.add_error("unknown-code", ref.location, message, suggest_name(ref.name, codes))
    return sink.found
