"""The default folder in which a service keeps packs and artifacts."""

import hashlib
import os
import sys
from pathlib import Path


def find_state_folder(root: Path) -> Path:
    """Returns the folder of the project at `root`, in the user's folder for states (XDG Base Directory Specification)."""
    given = Path(os.environ.get("XDG_STATE_HOME", ""))
    if given.is_absolute():
        states = given
    elif sys.platform == "darwin":
        states = Path.home() / "Library/Application Support"
    else:
        states = Path.home() / ".local/state"
    return states / "brief" / "serve" / hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
