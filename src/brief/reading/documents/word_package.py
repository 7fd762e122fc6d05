"""Opens the package of a Word document (ECMA-376 part 2), which is untrusted input.

python-docx does not expose footnotes, numbering, fields, tracked changes or formulas, and loads every part at once. The
parts are therefore parsed here on demand: without entities, network access or DTD, and within size limits. Links
to other files are not followed.
"""

import io
import posixpath
import zipfile
from dataclasses import field
from typing import TypeAlias
from urllib.parse import unquote

from lxml import etree

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.text_file import DAMAGED_ARCHIVE

MAX_BYTES = 100_000_000
MAX_UNPACKED = 400_000_000
MAX_XML = 40_000_000
MAX_MEMBERS = 5_000

_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "v": "urn:schemas-microsoft-com:vml",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
}
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
# The namespaces of Strict Open XML begin with it (ECMA-376 part 1, annex A).
_STRICT = b"purl.oclc.org/ooxml"
# [MS-CFB], 2.2: the signature of Word files before 2007 and of encrypted files.
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Element: TypeAlias = etree._Element


def qualify_name(name: str) -> str:
    """Returns the name of an element or attribute, such as `w:p`, in Clark notation: `{namespace}p`."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def get_local_name(element: Element) -> str:
    """Returns the local name of an element; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def read_value(parent: Element | None, name: str, attribute: str = "w:val") -> str | None:
    """Returns the attribute of a child element; "" if the child lacks it, and None without a child or parent."""
    child = parent.find(qualify_name(name)) if parent is not None else None
    return None if child is None else child.get(qualify_name(attribute), "")


class UnreadableDocumentError(ValueError):
    """The document cannot be read; `hint` says how to fix that."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Relationship:
    """A reference from a part to another part, whose name is `target`, or to the URL `target` if it `is_external`.

    `kind` is the last segment of its type, such as "footnotes".
    """

    kind: str
    target: str
    is_external: bool


@dataclass(slots=True)
class WordPackage:
    """The parts of a document by name; `main` is the name of the part with the text."""

    archive: zipfile.ZipFile
    names: frozenset[str]
    main: str = ""
    _parsed: dict[str, Element | None] = field(default_factory=dict)
    _relationships: dict[str, dict[str, Relationship]] = field(default_factory=dict)

    def read(self, name: str) -> bytes | None:
        """Returns the bytes of a part; None if there is no such part or it is damaged."""
        if name not in self.names:
            return None
        try:
            return self.archive.read(name)
        except DAMAGED_ARCHIVE:
            return None

    def parse(self, name: str) -> Element | None:
        """Returns the root of an XML part; None if there is no such part.

        Raises:
            UnreadableDocumentError: the part is damaged, too large, or has a document type declaration.
        """
        if name not in self._parsed:
            if name in self.names and self.archive.getinfo(name).file_size > MAX_XML:
                raise UnreadableDocumentError(f"{name} has more than {MAX_XML:,} bytes", "divide the document")
            data = self.read(name)
            if data is None and name in self.names:
                raise UnreadableDocumentError(f"{name} is damaged", "open the document in Word and save it again")
            self._parsed[name] = None if data is None else _parse(name, data)
        return self._parsed[name]

    def read_relationships(self, name: str) -> dict[str, Relationship]:
        """Returns the relationships of the part with this name, by id; those of the package if it is "".

        Raises:
            UnreadableDocumentError: they cannot be read.
        """
        if name not in self._relationships:
            folder, _, file = name.rpartition("/")
            root = self.parse(f"{folder}/_rels/{file}.rels".lstrip("/"))
            relationships: dict[str, Relationship] = {}
            for entry in root.iter(f"{_RELATIONSHIPS}Relationship") if root is not None else ():
                is_external = entry.get("TargetMode") == "External"
                target = entry.get("Target", "")
                path = (
                    target
                    if is_external
                    else posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
                )
                kind = entry.get("Type", "").rpartition("/")[2]
                relationships[entry.get("Id", "")] = Relationship(kind, path, is_external)
            self._relationships[name] = relationships
        return self._relationships[name]

    def find_related(self, kind: str) -> str | None:
        """Returns the name of the first part of that kind that the main part refers to; None if it refers to no such part.

        Raises:
            UnreadableDocumentError: the relationships of the main part cannot be read.
        """
        targets = (
            relationship.target
            for relationship in self.read_relationships(self.main).values()
            if relationship.kind == kind
        )
        return next((target for target in targets if target in self.names), None)


def open_package(name: str, data: bytes, sink: DiagnosticSink) -> WordPackage | None:
    """Opens a document; None if it cannot be read, with the reason in `sink`."""
    try:
        return _open(data)
    except UnreadableDocumentError as problem:
        sink.add_error("import-unreadable", SourceLocation(name), problem.message, problem.hint)
        return None


def _open(data: bytes) -> WordPackage:
    if len(data) > MAX_BYTES:
        raise UnreadableDocumentError(f"the document has more than {MAX_BYTES:,} bytes", "divide it")
    if data.startswith(_COMPOUND_FILE):
        raise UnreadableDocumentError(
            "the document is encrypted, or in the format of Word before 2007",
            "remove its password, and save it as 'Word Document (.docx)'",
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except DAMAGED_ARCHIVE as problem:
        raise UnreadableDocumentError(
            f"the file is not a Word document: {problem}", "save it as 'Word Document (.docx)'"
        ) from problem
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise UnreadableDocumentError(
            "the document expands to far more data than a document contains", "save it again in Word"
        )
    package = WordPackage(archive, frozenset(member.filename for member in members))
    main = [link.target for link in package.read_relationships("").values() if link.kind == "officeDocument"]
    if not main or main[0] not in package.names:
        raise UnreadableDocumentError("the file is not a Word document", "save it as 'Word Document (.docx)'")
    package.main = main[0]
    root = package.parse(package.main)
    if root is None or root.tag != qualify_name("w:document"):
        if root is not None and _STRICT in etree.tostring(root)[:4000]:
            hint = "save it as 'Word Document (.docx)', not as 'Strict Open XML Document'"
            raise UnreadableDocumentError("the document is Strict Open XML", hint)
        raise UnreadableDocumentError("the file is not a Word document", "save it as 'Word Document (.docx)'")
    return package


def _parse(name: str, data: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        hint = "open the document in Word and save it again"
        raise UnreadableDocumentError(f"{name} is damaged: {str(problem)[:200]}", hint) from problem
    # A part must not have a document type declaration (ECMA-376 part 2, 8.3.2); its entities could insert text that is
    # not visible here.
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableDocumentError(f"{name} has a document type declaration", "save the document again in Word")
    return root
