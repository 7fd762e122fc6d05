"""Refuses to approve or send a pack that its project would not build now."""

import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import SourceLocation

_OUTDATED_HINT = "build again, unless it was built with --since: the texts above may lack their mark, or be in the pack"


def require_publishable(
    pack: Path, root: Path | None = None, *, embargoed: Collection[str] | None = None, hint: str
) -> None:
    """Ends with status 1 and the diagnostics if the project of the pack stops one of its variants: by a gate, a warning or
    an embargo.

    Prints a warning for each text that the project now marks or leaves out. `embargoed` and `hint` are as for
    `require_current_pack`.
    """
    from brief.cli.diagnostics import DiagnosticFormat, show
    from brief.project.publication import find_project_of, require_current_pack

    project = root or find_project_of(pack) or Path()
    try:
        warnings = require_current_pack(pack, root, embargoed, hint)
    except ContentError as error:
        show(error.diagnostics, DiagnosticFormat.TEXT, project)
        sys.exit(1)
    if warnings:
        found = [*warnings, *_find_outdated(pack, project)]
        show(found, DiagnosticFormat.TEXT, project, extra_file=pack.as_posix())


def _find_outdated(pack: Path, root: Path) -> Iterator[Diagnostic]:
    """Reports the variants of the pack that would be built differently now."""
    from brief.build.outdated import report_outdated
    from brief.project.project import Project
    from brief.project.publication import read_variants

    project = Project.load(root)
    known = {(audience, locale) for audience in project.brief.audiences for locale in project.brief.locales}
    for (audience, locale), inputs in read_variants(pack).items():
        if (audience, locale) in known:
            variant, template_set = project.make_variant(audience, locale), project.get_template_set(audience)
            yield from report_outdated(variant, template_set, inputs, SourceLocation(pack.as_posix()), _OUTDATED_HINT)
