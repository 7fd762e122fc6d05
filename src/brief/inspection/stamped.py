"""Inspects every numbered copy, and reads only once what all copies of a file have in common."""

from brief.inspection.extract import Part
from brief.inspection.extract.pdf_changes import digest_objects, extract_changes
from brief.inspection.leaks import Inspector
from brief.model.diagnostics import Diagnostic


class CopyInspector:
    """Searches copies for content that their audience may not see.

    The first copy of each file is read completely. If nothing is found in it, only the objects that it does not have
    are read in the others: the stamp, the properties, and anything else that differs.
    """

    def __init__(self, inspector: Inspector) -> None:
        self._inspector = inspector
        self._known: dict[tuple[str, str], frozenset[bytes]] = {}

    def inspect(self, audience: str, original: str, name: str, data: bytes) -> tuple[Diagnostic, ...]:
        """Inspects the bytes and the name of a copy; `original` is the path of the file that it is a copy of."""
        key = audience, original
        changes = extract_changes(name, data, self._known[key]) if key in self._known else None
        if changes is not None:
            return self._inspector.inspect_parts(audience, name, (Part("the file's name", code=name), *changes))
        diagnostics = self._inspector.inspect_bytes(audience, name, data)
        if not diagnostics:
            self._known.setdefault(key, digest_objects(data))
        return diagnostics
