"""The cache on disk: results of earlier runs under a digest of all their inputs."""

from brief.store.folder import default_store
from brief.store.store import Store, digest

__all__ = ["Store", "default_store", "digest"]
