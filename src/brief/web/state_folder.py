"""The default folder in which a service keeps packs, artifacts and unfinished builds."""

import hashlib
import os
from pathlib import Path

from brief.store.folder import find_user_state_folder


def find_state_folder(root: Path) -> Path:
    """Returns the folder for the project at `root`, within the user's state folder. It need not exist.

    Raises:
        RuntimeError: the user has no home.
    """
    states = find_user_state_folder() or Path.home()
    return states / "serve" / hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
