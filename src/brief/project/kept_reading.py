"""Keeps what was read and checked of a project in the store, so that after an edit only the edited file is parsed.

Everything is kept under a digest of the program, and what a file was read into is used only if its bytes, the locales and
the clearances of the project are still the same (`brief.reading.reading_cache`).
"""

import json
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from brief.build import fingerprint
from brief.reading.reading_cache import CachedFile, ReadingCache, dump_file, load_file
from brief.resolve.checks.clean_texts import CleanTexts
from brief.store import Store, digest

_MODEL = "brief.model."


@dataclass(slots=True)
class KeptReading:
    """The files of a project as they were read, and the texts in which checks found nothing.

    Each `command` keeps texts of its own, because a build checks less.
    """

    store: Store | None
    root: Path
    command: str = "check"
    records: ReadingCache = field(default_factory=dict)
    clean: CleanTexts = field(default_factory=CleanTexts)
    loaded: ReadingCache = field(default_factory=dict)

    @classmethod
    def load(cls, store: Store | None, root: Path, command: str = "check") -> "KeptReading":
        """Loads what an earlier run has kept of the project; nothing without a store."""
        kept = cls(store, root, command)
        if store is None:
            return kept
        for module, name, file in json.loads(store.get(kept._make_key("files")) or b"[]"):
            data = store.get(kept._make_key("file", module, name, file))
            cached = load_file(data) if data is not None else None
            if cached is not None and module.startswith(_MODEL):
                kept.records[file, getattr(import_module(module), name)] = cached
        kept.loaded = dict(kept.records)
        kept.clean = CleanTexts.from_bytes(store.get(kept._make_key("clean texts", command)) or b"")
        return kept

    def keep(self) -> None:
        """Keeps what was read since, and drops what is no longer of use."""
        if self.store is None:
            return
        names = []
        for (file, kind), cached in self.records.items():
            if not _is_small(cached):
                continue
            names.append((kind.__module__, kind.__name__, file))
            if self.loaded.get((file, kind)) is not cached:
                self.store.put(self._make_key("file", *names[-1]), dump_file(cached))
        if self.loaded.keys() != self.records.keys():
            self.store.put(self._make_key("files"), json.dumps(names).encode())
        if self.clean.has_changed:
            self.store.put(self._make_key("clean texts", self.command), self.clean.to_bytes())

    def _make_key(self, *parts: str) -> str:
        return digest("reading", fingerprint.fingerprint_program(), str(self.root.absolute()), *parts)


def _is_small(cached: CachedFile) -> bool:
    """Returns whether the record is not that of a dataset, which may be large, or given by a program."""
    return not isinstance(cached.record, tuple)
