"""Inspects numbered copies: each one, without reading again what all copies of a file have in common."""

from brief.inspection.extract import Part
from brief.inspection.extract.pdf_changes import digest_objects, extract_changes
from brief.inspection.leaks import Inspector
from brief.model.diagnostics import Diagnostic


class CopyInspector:
    """Inspects copies for what their audience may not see. Of each file the first copy is read in full; of the others the
    objects that the first has not: the stamp, the properties, and whatever else is there.
    """

    def __init__(self, inspector: Inspector) -> None:
        self._inspector = inspector
        self._known: dict[tuple[str, str], frozenset[bytes]] = {}

    def inspect(self, audience: str, original: str, name: str, data: bytes) -> tuple[Diagnostic, ...]:
        """Inspects a copy of the file `original`: its bytes and its name."""
        key = audience, original
        changes = extract_changes(name, data, self._known[key]) if key in self._known else None
        if changes is not None:
            return self._inspector.parts(audience, name, (Part("the file's name", code=name), *changes))
        found = self._inspector.bytes(audience, name, data)
        if not found:
            self._known.setdefault(key, digest_objects(data))
        return found
