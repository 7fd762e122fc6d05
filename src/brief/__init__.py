"""The public API of `brief`; everything else may change between releases."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from brief.mail.compose.compose import compose
    from brief.mail.compose.letter import Letter, compose_letter
    from brief.model.artifact import Artifact, BuildSelection
    from brief.model.diagnostics import (
        BriefError,
        ContentError,
        Diagnostic,
        MachineError,
        OutputLockedError,
        RequestError,
        Severity,
        WorkerError,
    )
    from brief.model.source_location import SourceLocation
    from brief.model.variant import Variant
    from brief.project.project import Project
    from brief.publish.pack import Pack

# Imported on first use: `import brief` alone costs nothing.
_MODULES = {
    "Artifact": "brief.model.artifact",
    "BriefError": "brief.model.diagnostics",
    "ContentError": "brief.model.diagnostics",
    "Diagnostic": "brief.model.diagnostics",
    "Letter": "brief.mail.compose.letter",
    "MachineError": "brief.model.diagnostics",
    "BuildSelection": "brief.model.artifact",
    "RequestError": "brief.model.diagnostics",
    "OutputLockedError": "brief.model.diagnostics",
    "Pack": "brief.publish.pack",
    "SourceLocation": "brief.model.source_location",
    "Project": "brief.project.project",
    "Severity": "brief.model.diagnostics",
    "Variant": "brief.model.variant",
    "WorkerError": "brief.model.diagnostics",
    "compose": "brief.mail.compose.compose",
    "compose_letter": "brief.mail.compose.letter",
}

__all__ = [
    "Artifact",
    "BriefError",
    "BuildSelection",
    "ContentError",
    "Diagnostic",
    "Letter",
    "MachineError",
    "OutputLockedError",
    "Pack",
    "Project",
    "RequestError",
    "Severity",
    "SourceLocation",
    "Variant",
    "WorkerError",
    "compose",
    "compose_letter",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _MODULES:
        raise AttributeError(f"module 'brief' has no attribute '{name}'")
    return getattr(import_module(_MODULES[name]), name)
