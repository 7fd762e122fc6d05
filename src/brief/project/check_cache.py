"""Caches the diagnostics of `brief check` until something changes that they depend on.

The complete result is cached under a digest of every file that a check reads, of the program, its engines and the
fonts. The modules that read and write documents are imported only if that digest is new. In addition, the diagnostics
of each template set, and of each variant with its template set, are cached separately, so that after an edit only the
affected parts are checked again. `brief.project.saved_reading` caches files that were read, and texts without findings.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from brief.build import fingerprint
from brief.model.artifact import BuildSelection
from brief.model.diagnostics import Diagnostic, MachineError
from brief.model.record import dataclass
from brief.project.project_fingerprint import fingerprint_project
from brief.store import Store, digest, open_default_store
from brief.workers.collector import pause_collector

if TYPE_CHECKING:
    from brief.templating.template_set import TemplateSet


def check_unless_known(root: Path, pdf_engine: str = "") -> tuple[Diagnostic, ...]:
    """Returns the diagnostics of `check_project`, from the store if nothing has changed since an earlier check.

    Without a store or without fontconfig, checks everything.
    """
    store = open_default_store()
    key = _fingerprint_check(root, pdf_engine) if store else None
    if store is None or key is None:
        return _check_project(root, None, pdf_engine)
    diagnostics = _get_diagnostics(store, key)
    if diagnostics is None:
        diagnostics = _check_project(root, store, pdf_engine)
        # If a file has changed meanwhile, the check may have read it before or after the change.
        if _fingerprint_check(root, pdf_engine) == key:
            _put_diagnostics(store, key, diagnostics)
            store.prune()
    return diagnostics


def _check_project(root: Path, store: Store | None, pdf_engine: str) -> tuple[Diagnostic, ...]:
    # The collector's search for cycles takes a tenth of a check, and finds almost none, because records have none.
    with pause_collector():
        from brief.project.checking import check_project

        return check_project(root, store, pdf_engine)


def _fingerprint_check(root: Path, pdf_engine: str) -> str | None:
    """Returns a digest of everything that a check depends on; None without fontconfig, since fonts are then unknown."""
    try:
        return digest("check", str(root.absolute()), fingerprint_project(root, BuildSelection(), pdf_engine))
    except MachineError:
        return None


@dataclass(frozen=True, slots=True)
class CheckCache:
    """Caches the diagnostics of parts of a project; without a store, every part is checked.

    `machine` is the digest of the program and the fonts, which is computed once for a check.
    """

    store: Store | None
    machine: str

    @classmethod
    def open(cls, store: Store | None) -> "CheckCache":
        return cls(store, fingerprint.fingerprint_machine() if store else "")

    def find_or_check(
        self, template_set: "TemplateSet", inputs: tuple[str, ...], check: Callable[[], Iterable[Diagnostic]]
    ) -> tuple[Diagnostic, ...]:
        """Returns the cached diagnostics of an earlier call of `check` for the same inputs, or else calls it.

        Its diagnostics must depend only on the template set, `inputs`, the program and the fonts. They are not cached
        if the template set has changed meanwhile.
        """
        if self.store is None:
            return tuple(check())
        set_digest = fingerprint.fingerprint_template_set(template_set)
        key = digest("check part", self.machine, set_digest, *inputs)
        diagnostics = _get_diagnostics(self.store, key)
        if diagnostics is None:
            diagnostics = tuple(check())
            if fingerprint.fingerprint_template_set(template_set) == set_digest:
                _put_diagnostics(self.store, key, diagnostics)
        return diagnostics


def _get_diagnostics(store: Store, key: str) -> tuple[Diagnostic, ...] | None:
    data = store.get(key)
    return None if data is None else tuple(map(Diagnostic.from_json, json.loads(data)))


def _put_diagnostics(store: Store, key: str, diagnostics: Iterable[Diagnostic]) -> None:
    store.put(key, json.dumps([each.to_json() for each in diagnostics]).encode())
