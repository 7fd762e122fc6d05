"""The file layout of a project, and what an unreadable file may have contained."""

import re
from pathlib import PurePosixPath

from brief.model.record import dataclass

# Everything that authors and designers write is in these folders; a build reads no others.
PROJECT_FOLDERS = ("content", "seeds", "data", "templates")
SETTINGS = "content/brief.yaml"
GLOSSARY = "content/glossary.yaml"
UNITS = "content/units.yaml"
THEMES = "content/themes"
AUDIENCES = "content/audiences"
SOURCES = "seeds"
# The files of the datasets of sources.
DATA = "data"
ASSETS = "content/assets"
# Vega-Lite specifications.
VEGA = "content/vega"
CATALOGUES = "content/catalogues"
# Written by `brief translate`; it does not affect output.
TRANSLATIONS = "content/translations.lock"

_LEFT_BESIDE = re.compile(r"\..*|.*~|#.*#", re.DOTALL)


def is_hidden_or_backup(name: str) -> bool:
    """Returns whether a name is hidden (".name") or a backup ("name~", "#name#") that an editor left behind."""
    return any(_LEFT_BESIDE.fullmatch(part) for part in PurePosixPath(name).parts)


@dataclass(frozen=True, slots=True)
class IncompleteFiles:
    """The files that could not be read completely or are missing, as paths from the project's root.

    What they define is unknown, so a name that may be defined there is not reported as unknown.
    """

    files: frozenset[str] = frozenset()

    def may_define(self, what: str, name: str) -> bool:
        """Returns whether the theme, audience, claim, term or block of that name may be defined in an incomplete file."""
        match what:
            case "claim":
                return f"{SOURCES}/{name.partition('/')[0]}.yaml" in self.files
            case "term":
                return GLOSSARY in self.files
            case "theme":
                return not self.files.isdisjoint((SETTINGS, f"{THEMES}/{name}.yaml"))
            case "audience":
                return not self.files.isdisjoint((SETTINGS, f"{AUDIENCES}/{name}.yaml"))
            case "block":
                return self.contains_any(THEMES)
            case _:
                return False

    def contains_any(self, *folders: str) -> bool:
        """Returns whether one of the files is in one of the folders, or is itself named."""
        return any(file == folder or file.startswith(f"{folder}/") for file in self.files for folder in folders)
