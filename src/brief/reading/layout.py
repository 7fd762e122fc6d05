"""The paths of a project's files, and which names an unreadable file may define."""

import re
from pathlib import PurePosixPath

from brief.model.record import dataclass

# The folders with everything that authors and designers write. A build reads no others.
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

# Notes for people, which no program reads.
_NOTES = re.compile(r"(readme|licen[cs]e|copying|ofl|notice|contributing|changelog)(\..*)?", re.IGNORECASE)
_HIDDEN_OR_BACKUP = re.compile(r"\..*|.*~|#.*#", re.DOTALL)


def is_hidden_or_backup(name: str) -> bool:
    """Returns whether a part of a path is hidden (".name") or a backup of an editor ("name~", "#name#")."""
    return any(_HIDDEN_OR_BACKUP.fullmatch(part) for part in PurePosixPath(name).parts)


def is_exempt_if_unused(name: str) -> bool:
    """Returns whether a file may lie beside content without being read: hidden files, backups, READMEs and licences."""
    return is_hidden_or_backup(name) or _NOTES.fullmatch(PurePosixPath(name).name) is not None


@dataclass(frozen=True, slots=True)
class IncompleteFiles:
    """The files that could not be read completely or are missing, as paths from the project's root.

    A name that may be defined in one of them is not reported as unknown.
    """

    files: frozenset[str] = frozenset()

    def may_define(self, what: str, name: str) -> bool:
        """Returns whether a "claim", "term", "theme", "audience" or "block" of that name may be in one of the files."""
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
        """Returns whether one of the files is in one of the folders, or is one of the paths itself."""
        return any(file == folder or file.startswith(f"{folder}/") for file in self.files for folder in folders)
