"""Checks that output may be written to a folder. A project's own folders, a home folder, the root of the file system and
files are refused.
"""

import stat
from pathlib import Path

from brief.model.diagnostics import RequestError
from brief.reading.layout import PROJECT_FOLDERS, SETTINGS

# Folders of version control, in which nothing else belongs.
_REPOSITORIES = (".git", ".hg", ".svn")
_SETTINGS = Path(SETTINGS)


def require_output_folder(folder: Path, project: Path | None = None) -> None:
    """Refuses a folder in which a pack would be mixed with files that are not output, or beside the folder `project`. Links
    are resolved first.

    Raises:
        RequestError: output may not be written to the folder; the message says why.
    """
    problem = _find_problem(folder)
    if project is not None and folder.resolve() in project.resolve().parents:
        problem = problem or "the project is in it"
    if problem is not None:
        raise RequestError(f"'{folder}' cannot be the output folder: {problem}; choose another with -o")


def _find_problem(folder: Path) -> str | None:
    real = folder.resolve()
    for path in (real, *real.parents):
        if _read_mode(path) and not stat.S_ISDIR(_read_mode(path)):
            return "it is a file" if path == real else f"'{path}' is a file"
    if real == Path(real.anchor):
        return "it is the root of the file system"
    if real == _find_home():
        return "it is your home folder"
    if stat.S_ISREG(_read_mode(real / _SETTINGS)):
        return "it is the project's own folder"
    for folder_above in (real, *real.parents):
        # On a file system that ignores case, to which any project may be copied, 'Content' is the folder 'content'.
        name = folder_above.name.casefold()
        if name in PROJECT_FOLDERS and stat.S_ISREG(_read_mode(folder_above.parent / _SETTINGS)):
            return f"it is in the project's folder '{folder_above.name}'"
        if name in _REPOSITORIES:
            return f"it is in the repository's folder '{folder_above.name}'"
        if name.startswith(".") and _has_files_of_others(folder_above.parent):
            return f"it is in '{folder_above.name}', which is for the settings of other programs"
        # The content may be linked from elsewhere, under another name.
        if stat.S_ISREG(_read_mode(folder_above / _SETTINGS.name)) and stat.S_ISDIR(
            _read_mode(folder_above / "themes")
        ):
            return "it is in the content of a project"
    return None


def _has_files_of_others(folder: Path) -> bool:
    """Returns whether the folder is that of a project or a repository, whose hidden folders configure programs."""
    return stat.S_ISREG(_read_mode(folder / _SETTINGS)) or any(_read_mode(folder / name) for name in _REPOSITORIES)


def _find_home() -> Path | None:
    try:
        return Path.home().resolve()
    except RuntimeError:
        return None


def _read_mode(path: Path) -> int:
    """Returns the mode of a file; 0 if it is missing or not accessible, which writing will report."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0
