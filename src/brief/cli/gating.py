"""Stops commands from approving or sending a pack that its project would not build now."""

import sys
from collections.abc import Collection
from pathlib import Path

from brief.model.diagnostics import ContentError


def require_publishable(
    pack: Path,
    root: Path | None = None,
    *,
    embargoed: Collection[str] | None = None,
    hint: str,
    is_review: bool = False,
) -> None:
    """Prints why the project of the pack stops one of its variants, and exits with 1: a gate, a warning or an embargo.

    Otherwise prints the warnings of `require_current_pack`. The project is at `root`, or found from the pack. `embargoed`, `hint` and
    `is_review` are as for `require_current_pack`.
    """
    from brief.cli.diagnostics import DiagnosticFormat, show
    from brief.project.publication import find_project_of, require_current_pack

    project = root or find_project_of(pack) or Path()
    try:
        warnings = require_current_pack(pack, root, embargoed, hint, is_review=is_review)
    except ContentError as error:
        show(error.diagnostics, DiagnosticFormat.TEXT, project)
        sys.exit(1)
    if warnings:
        show(warnings, DiagnosticFormat.TEXT, project, extra_file=pack.as_posix())
