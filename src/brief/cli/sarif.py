"""Writes diagnostics as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), for code scanning and editors."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from brief.model.diagnostics import Diagnostic, Severity
from brief.model.source_location import SourceLocation
from brief.reading.explanations import Explanation, load_explanations

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Mapping[Severity, str] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def make_sarif(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """Makes a SARIF log of one run, with a rule for each code that occurs."""
    codes = sorted({each.code for each in diagnostics})
    explanations = load_explanations()
    driver = {
        "name": "brief",
        "semanticVersion": version("brief-press"),
        "rules": [_make_rule(explanations[code]) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        # The columns of brief count characters; the default of SARIF is UTF-16 code units.
        "columnKind": "unicodeCodePoints",
        "results": [_make_result(each, codes.index(each.code)) for each in diagnostics],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _make_rule(explanation: Explanation) -> dict[str, Any]:
    help_ = explanation.fix
    if explanation.bad is not None:
        help_ += f"\n\nBad:\n\n    {_indent(explanation.bad)}\n\nGood:\n\n    {_indent(explanation.good or '')}\n"
    return {
        "id": explanation.code,
        "shortDescription": {"text": explanation.summary},
        "fullDescription": {"text": explanation.summary},
        # The explanations are Markdown that is readable as plain text, so the two properties have the same text.
        "help": {"text": help_, "markdown": help_},
    }


def _indent(example: str) -> str:
    return example.replace("\n", "\n    ")


def _make_result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    hint = f" ({diagnostic.hint})" if diagnostic.hint else ""
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": f"{diagnostic.message}{hint}"},
    }
    if diagnostic.location.file:
        result["locations"] = [_make_location(diagnostic.location)]
    if diagnostic.related is not None and diagnostic.related.file:
        result["relatedLocations"] = [{**_make_location(diagnostic.related), "message": {"text": "the other"}}]
    return result


def _make_location(location: SourceLocation) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(location.file)}}
    if location.line:
        physical["region"] = {"startLine": location.line, "startColumn": max(location.column, 1)}
    return {"physicalLocation": physical}
