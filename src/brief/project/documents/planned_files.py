"""Collects the files that an import would write."""

from collections.abc import Iterable, Sequence
from dataclasses import field
from pathlib import Path

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.record import dataclass
from brief.project.documents.theme_pairing import ImportPair
from brief.project.file_changes import diff_lines, read_present
from brief.reading import text_file, yaml_nodes
from brief.reading.rewriting import Rewrite, UnwritableError, rewrite_file


@dataclass(slots=True)
class PlannedFiles:
    """The files that an import of `document` would write: their paths in the project, with the old and new bytes.

    Old bytes are empty for a new file. `changes` describes how files that exist would change. `outdated` has the locales
    in which texts would translate an earlier wording. Problems are added to `sink`.
    """

    root: Path
    document: str
    sink: DiagnosticSink
    files: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    outdated: set[str] = field(default_factory=set)

    def read(self, name: str) -> bytes:
        """Returns the current bytes of a file; empty if it does not exist.

        Raises:
            MachineError: the file cannot be read.
        """
        return read_present(self.root / name)

    def parse(self, name: str, data: bytes) -> yaml_nodes.MappingNode | None:
        """Parses the bytes of a YAML file; returns None and reports why if they cannot be parsed."""
        file = text_file.decode_text(name, data, self.sink)
        return yaml_nodes.parse(file, self.sink) if file else None

    def add(self, name: str, old: bytes, new: bytes) -> None:
        """Adds a file that is new, or whose existing content is only extended, so that the user need not see the
        change.
        """
        self.files[name] = (old, new)

    def add_picture(self, name: str, data: bytes) -> None:
        """Adds a picture unless it is unchanged; if it would replace another one, adds that to `changes`."""
        old = self.read(name)
        if old and old != data:
            self.changes.append(f"{name}: the picture differs\n")
        if old != data:
            self.add(name, old, data)

    def add_change(self, name: str, old: bytes, new: bytes) -> None:
        """Adds a file that exists, and its diff to `changes`."""
        self.add(name, old, new)
        if old != new:
            lines = diff_lines(old, new, name, f"{name} (from {self.document})")
            self.changes.append("".join(f"{line}\n" for line in lines))

    def rewrite_texts(
        self,
        name: str,
        old: bytes,
        pairs: Iterable[ImportPair],
        locale: str,
        locales: Sequence[str],
        restructured: bytes | None = None,
    ) -> None:
        """Plans the theme file `name` with the imported texts in one of the brief's `locales`, and nothing else
        changed.

        `restructured` has the bytes in which the pairs were found, if these are not `old`. Reports texts that cannot be written where they belong.
        """
        changed = [pair for pair in pairs if pair.current != pair.imported.markup]
        base = old if restructured is None else restructured
        if not changed and base == old:
            return
        earlier_locales = tuple(locales[: locales.index(locale)])
        try:
            new = rewrite_file(
                name, base, [Rewrite(pair.location, locale, pair.imported.markup, earlier_locales) for pair in changed]
            )
        except UnwritableError as problem:
            for rewrite in problem.rewrites:
                message = f"the '{rewrite.locale}' text '{rewrite.text[:60]}' cannot be written here"
                self.sink.add_error("import-unwritable", rewrite.location, message, "write it by hand")
            return
        for pair in changed:
            if pair.current is not None:
                self.outdated.update(each for each in pair.locales if each != locale)
        if base != old or any(pair.current is not None for pair in changed):
            self.add_change(name, old, new)
        else:
            self.add(name, old, new)
