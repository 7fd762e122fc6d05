"""The user's folders: that of the store, `$BRIEF_CACHE_DIR` or `brief` in the folder for caches ("off" disables it), and that
for states.
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
    folder = Path(chosen).expanduser() if chosen else _find_user_folder()
    return Store(folder.absolute()) if folder is not None else None


def _find_user_folder() -> Path | None:
    """Returns the cache folder by the XDG Base Directory Specification, by which a relative path in the variable is ignored."""
    caches = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if caches.is_absolute():
        return caches / "brief"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "brief"


def find_states() -> Path | None:
    """Returns the folder for states by the same specification; None if the user has no home."""
    states = Path(os.environ.get("XDG_STATE_HOME", ""))
    if states.is_absolute():
        return states / "brief"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ("Library/Application Support" if sys.platform == "darwin" else ".local/state") / "brief"
