"""Everything that can be found out about a project without printing it."""

from pathlib import Path

from brief.model.diagnostics import ContentError, Diagnostic, in_order
from brief.press.project import inspect
from brief.templating import sandbox
from brief.templating.template_set import find_set


def inspect_all(root: Path) -> tuple[Diagnostic, ...]:
    """The faults of content, wording, catalogues and templates, in order of place."""
    brief, found = inspect(root)
    diagnostics = list(found)
    try:
        diagnostics += sandbox.check(find_set(brief.settings.template_set if brief else "base", root))
    except ContentError as error:
        diagnostics += error.diagnostics
    return in_order(diagnostics)
