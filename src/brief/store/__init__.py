"""The cache on disk: results of earlier runs under a digest of all their inputs."""

from brief.store.folder import open_default_store
from brief.store.spooled_bytes import spool
from brief.store.store import Store, digest

__all__ = ["Store", "digest", "open_default_store", "spool"]
