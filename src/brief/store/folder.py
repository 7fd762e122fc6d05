"""Finds the user's cache and state folders (XDG Base Directory Specification).

`$BRIEF_CACHE_DIR` names another folder for the store, or disables it ("off").
"""

import os
import sys
from pathlib import Path

from brief.store.store import Store

_CACHE_VARIABLE = "BRIEF_CACHE_DIR"
_CACHE_OFF = "off"


def open_default_store() -> Store | None:
    """Opens the user's store; None if it is disabled."""
    value = os.environ.get(_CACHE_VARIABLE, "")
    if value == _CACHE_OFF:
        return None
    folder = Path(value).expanduser() if value else _find_user_folder("XDG_CACHE_HOME", "Library/Caches", ".cache")
    return Store(folder.absolute()) if folder is not None else None


def find_user_state_folder() -> Path | None:
    """Returns the user's folder for files that must survive clearing the cache, such as the revision numbers of mail
    ledgers; None if there is no home folder. It may not exist yet.
    """
    return _find_user_folder("XDG_STATE_HOME", "Library/Application Support", ".local/state")


def _find_user_folder(variable: str, on_mac: str, elsewhere: str) -> Path | None:
    """Returns `$variable/brief`, or the default below the home folder if the variable is unset or relative; None if there
    is no home folder.
    """
    folder = Path(os.environ.get(variable, ""))
    if folder.is_absolute():
        return folder / "brief"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / (on_mac if sys.platform == "darwin" else elsewhere) / "brief"
