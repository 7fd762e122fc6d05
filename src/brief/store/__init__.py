"""Floor 1: what earlier runs made, kept on disk under a digest of all that shaped it."""

from brief.store.folder import default_store
from brief.store.store import Store, digest

__all__ = ["Store", "default_store", "digest"]
