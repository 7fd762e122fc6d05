"""Refuses to approve or send a pack whose project has come to stop at one of its texts."""

import sys
from pathlib import Path

from brief.model.diagnostics import ContentError


def require_gates(pack: Path, root: Path | None = None) -> None:
    """Ends with status 1 and the diagnostics if a gate of the pack's project stops one of its variants."""
    from brief.cli.diagnostics import DiagnosticFormat, show
    from brief.project.gating import find_project_of, require_current_pack

    try:
        require_current_pack(pack, root)
    except ContentError as error:
        show(error.diagnostics, DiagnosticFormat.TEXT, root or find_project_of(pack) or Path())
        sys.exit(1)
