"""Decides whether a command may write a single file to the path that a user names."""

import json
import os
import re
from pathlib import Path

from brief.publish.paths import MANIFEST
from brief.publish.regular_files import read_regular_file
from brief.reading.layout import PROJECT_FOLDERS, SETTINGS

# Files beside a pack that must be kept: the ledger of its mail with its database's own files and its witness, and
# approvals.
_RECORDS = re.compile(r"(\.mail\.sqlite3(-wal|-shm|\.witness|\.lock)?|\.approval\.json)\Z")


def find_output_problem(path: Path) -> str | None:
    """Returns why a file must not be written to `path`, as a predicate ("is in a pack"); None if it may.

    A mistyped `-o` would otherwise replace a source of the project, a file of a pack, or the record of what was sent.
    """
    real = Path(os.path.realpath(path))
    if _RECORDS.search(real.name):
        return "is a record of mail or of an approval"
    for folder in real.parents:
        top = real.relative_to(folder).parts[0]
        # On file systems that ignore case, 'Content' is the same folder as 'content'.
        if (folder / SETTINGS).is_file() and top.casefold() in PROJECT_FOLDERS:
            return f"is in '{top}' of a project"
        if _is_pack(folder):
            return "is in a pack"
    return None


def _is_pack(folder: Path) -> bool:
    try:
        document = json.loads(read_regular_file(folder / MANIFEST))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and "artifacts" in document and "brief" in document
