"""Refuses to approve or send a pack that its project would not build now."""

import sys
from collections.abc import Collection
from pathlib import Path

from brief.model.diagnostics import ContentError


def require_publishable(
    pack: Path, root: Path | None = None, *, embargoed: Collection[str] | None = None, hint: str
) -> None:
    """Ends with status 1 and the diagnostics if the project of the pack stops one of its variants: by a gate, a warning or
    an embargo.

    Prints a warning for each text that the project now marks or leaves out, and for each variant that it would build
    differently. `embargoed` and `hint` are as for
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
        show(warnings, DiagnosticFormat.TEXT, project, extra_file=pack.as_posix())
