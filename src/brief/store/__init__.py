"""The cache on disk, which keeps results under a digest of all their inputs, and temporary files."""

from brief.store.folder import open_default_store
from brief.store.spooled_bytes import spool
from brief.store.store import Store, digest

__all__ = ["Store", "digest", "open_default_store", "spool"]
