"""Finds the user's folders for the store and for states, by the XDG Base Directory Specification.

`$BRIEF_CACHE_DIR` names another folder for the store, or disables it ("off").
"""

import os
import sys
from pathlib import Path

from brief.store.store import Store

VARIABLE = "BRIEF_CACHE_DIR"
OFF = "off"


def open_default_store() -> Store | None:
    """Opens the user's store; None if it is disabled."""
    chosen = os.environ.get(VARIABLE, "")
    if chosen == OFF:
        return None
    folder = Path(chosen).expanduser() if chosen else _find_user_folder("XDG_CACHE_HOME", "Library/Caches", ".cache")
    return Store(folder.absolute()) if folder is not None else None


def find_user_state_folder() -> Path | None:
    """Returns our folder for state that must last, such as witnesses of ledgers; None if the user has no home."""
    return _find_user_folder("XDG_STATE_HOME", "Library/Application Support", ".local/state")


def _find_user_folder(variable: str, on_mac: str, elsewhere: str) -> Path | None:
    """Returns our folder in the folder that the variable names (a relative path is ignored) or, without it, in the
    default folder.
    """
    named = Path(os.environ.get(variable, ""))
    if named.is_absolute():
        return named / "brief"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / (on_mac if sys.platform == "darwin" else elsewhere) / "brief"
