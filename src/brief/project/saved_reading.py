"""Saves the parsed files of a project and the texts without findings, so that after an edit only that file is parsed.

Everything is saved under a digest of the program, and the record of a file is used only if its bytes, the locales and
the clearances of the project are still the same (`brief.reading.reading_cache`).
"""

import json
from dataclasses import field
from importlib import import_module
from pathlib import Path

from brief.build import fingerprint
from brief.model.figures.dataset import Dataset, DatasetTable
from brief.model.record import dataclass
from brief.reading.reading_cache import CachedFile, ReadingCache, dump_file, load_file
from brief.resolve.checks.clean_texts import CleanTexts
from brief.store import Store, digest

_MODEL = "brief.model."


@dataclass(slots=True)
class SavedReading:
    """The files of a project as they were read (`cache`), and the texts in which checks found nothing (`clean`).

    `loaded` has the files as they were in the store. The texts are saved separately for each `command`, because a build
    checks less than `brief check`.
    """

    store: Store | None
    root: Path
    command: str = "check"
    cache: ReadingCache = field(default_factory=dict)
    clean: CleanTexts = field(default_factory=CleanTexts)
    loaded: ReadingCache = field(default_factory=dict)

    @classmethod
    def load(cls, store: Store | None, root: Path, command: str = "check") -> "SavedReading":
        """Loads what an earlier run saved of the project; empty without a store, or if nothing was saved."""
        saved = cls(store, root, command)
        if store is None:
            return saved
        for module, name, file in json.loads(store.get(saved._make_key("files")) or b"[]"):
            data = store.get(saved._make_key("file", module, name, file))
            cached = load_file(data) if data is not None else None
            if cached is not None and module.startswith(_MODEL):
                saved.cache[file, getattr(import_module(module), name)] = cached
        saved.loaded = dict(saved.cache)
        saved.clean = CleanTexts.from_bytes(store.get(saved._make_key("clean texts", command)) or b"")
        return saved

    def save(self) -> None:
        """Saves the files that were read since loading, the list of all files, and the texts; does nothing without a
        store.
        """
        if self.store is None:
            return
        index = []
        for (file, kind), cached in self.cache.items():
            if not _is_saved(cached):
                continue
            index.append((kind.__module__, kind.__name__, file))
            if self.loaded.get((file, kind)) is not cached:
                self.store.put(self._make_key("file", *index[-1]), dump_file(cached))
        if self.loaded.keys() != self.cache.keys():
            self.store.put(self._make_key("files"), json.dumps(index).encode())
        if self.clean.has_changed:
            self.store.put(self._make_key("clean texts", self.command), self.clean.to_bytes())

    def _make_key(self, *parts: str) -> str:
        return digest("reading", fingerprint.fingerprint_program(), str(self.root.absolute()), *parts)


def _is_saved(cached: CachedFile) -> bool:
    """Returns whether the record is saved: a table that a program passed is not."""
    match cached.record:
        case (Dataset(), DatasetTable() as table):
            return not table.is_given
        case _:
            return True
