"""Refuses to approve or send a pack whose project has come to stop at one of its texts."""

import sys
from collections.abc import Collection
from pathlib import Path

from brief.model.diagnostics import ContentError


def require_gates(pack: Path, root: Path | None = None, *, embargoed: Collection[str] | None = None, hint: str) -> None:
    """Ends with status 1 and the diagnostics if a gate or an embargo of the pack's project stops one of its variants.

    `embargoed` and `hint` are those of `require_current_pack`.
    """
    from brief.cli.diagnostics import DiagnosticFormat, show
    from brief.project.gating import find_project_of, require_current_pack

    try:
        require_current_pack(pack, root, embargoed, hint)
    except ContentError as error:
        show(error.diagnostics, DiagnosticFormat.TEXT, root or find_project_of(pack) or Path())
        sys.exit(1)
