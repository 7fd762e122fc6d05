"""Reads the files of a template set for Typst, and checks them before anything is compiled.

A template is a program. It may read only the files of its set, which are all in the folder that is compiled. Packages,
which the engine would fetch from the network, plug-ins, and code in strings are refused here.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from posixpath import join, normpath

from brief.model.diagnostics import ContentError, Diagnostic, Severity
from brief.model.source_location import SourceLocation
from brief.reading.listing import FolderCache
from brief.templating.own_files import MAX_BYTES, MEDIA_TYPES, clean_picture
from brief.templating.template_set import TemplateSet
from brief.writers.pdf.typst import landscape

MAIN = "print.typ"
_SOURCE_SUFFIX = ".typ"
_SERVED_SUFFIXES = (_SOURCE_SUFFIX, ".png", ".jpg", ".jpeg", ".gif", ".svg")
# Files that affect only PDFs by WeasyPrint. A set that has such a file has a look of its own for WeasyPrint.
_OTHER_LOOK = ("print.css", "print.html.j2")
_OTHER_TEMPLATES = re.compile(r"(?:block/)?[\w-]+\.html\.j2")
_SCREEN_ONLY = ("screen.html.j2",)

# Sources are searched with their comments and strings: without parsing them, a string cannot be distinguished reliably
# from text that contains quotation marks.
_IMPORT = re.compile(r"(?<![\w-])(?:import|include)(?![\w-])(?:[ \t]*(?P<path>\"[^\"\n]*\"))?")
_READING = re.compile(
    r"(?<![\w.-])(?:std\.)?(?:read|image|json|csv|yaml|toml|xml|cbor|bibliography)\(\s*(?P<path>\"[^\"\n]*\")"
)
# With these functions, a template can evaluate text as code, or call functions under names that this search does not
# find.
_FORBIDDEN = re.compile(r"(?<![\w-])(?:eval|plugin|dictionary)(?![\w-])")
# The file that is added to the files of the set for each document, beside `landscape.FILE`.
DATA = "variant.json"
# The files of the sets used most recently, because all documents of a set have the same files.
_FILES: FolderCache[TemplateSet, Mapping[str, bytes]] = FolderCache(8)


def require_own_look(template_set: TemplateSet) -> None:
    """Checks that the nearest folder of the chain that has a look has one for this engine.

    Raises:
        ContentError: the set has no `print.typ`, or a folder that is nearer has a look written in CSS.
    """
    for folder in template_set.folders:
        if (folder / MAIN).is_file():
            return
        other_file = next((name for name in _OTHER_LOOK if (folder / name).is_file()), None)
        if other_file is not None:
            location = SourceLocation(template_set.display_name(other_file))
            message = (
                f"the PDF engine 'typst' cannot use this look: the set '{folder.name}' has {other_file} and no {MAIN}"
            )
            hint = f"add {MAIN} beside it, or write 'pdf_engine: weasyprint' in set.yaml"
            raise ContentError([Diagnostic("unusable-print-style", message, location, hint)])
    message = f"the template set '{template_set.name}' has no {MAIN}, which the PDF engine 'typst' needs"
    location = SourceLocation(template_set.display_name("set.yaml"))
    hint = f"extend a set that has {MAIN}, such as base, or write 'pdf_engine: weasyprint' in set.yaml"
    raise ContentError([Diagnostic("missing-print-template", message, location, hint)])


def find_unused_templates(template_set: TemplateSet) -> Iterator[Diagnostic]:
    """Warns about templates that affect only the web page and the other engine's PDF, in folders nearer than
    `print.typ`.
    """
    for folder in template_set.folders:
        if (folder / MAIN).is_file():
            return
        for path in sorted(folder.rglob("*.html.j2")):
            name = path.relative_to(folder).as_posix()
            if _OTHER_TEMPLATES.fullmatch(name) and name not in _SCREEN_ONLY:
                message = f"{name} does not change PDFs: the PDF engine 'typst' uses {template_set.display_name(MAIN)}"
                location = SourceLocation(template_set.display_name(name))
                yield Diagnostic("unusable-print-style", message, location, severity=Severity.WARNING)


def read_set_files(template_set: TemplateSet) -> Mapping[str, bytes]:
    """Returns the sources and pictures of the set by name, after `require_own_look`. They are read again after a
    change.

    Raises:
        ContentError: the set has no look for this engine, or a source uses something forbidden.
    """
    return _FILES.get(template_set, template_set.folders, lambda: _read_set_files(template_set))


def _read_set_files(template_set: TemplateSet) -> Mapping[str, bytes]:
    require_own_look(template_set)
    files: dict[str, bytes] = {}
    problems: list[Diagnostic] = []
    names = [name for name in template_set.list_names() if name.lower().endswith(_SERVED_SUFFIXES)]
    for name in names:
        data = template_set.read(name)
        location = SourceLocation(template_set.display_name(name))
        if len(data) > MAX_BYTES:
            problems.append(Diagnostic("forbidden-resource", f"the file is larger than {MAX_BYTES:,} bytes", location))
        elif name.endswith(_SOURCE_SUFFIX):
            problems += _check_source(name, data, location, names)
        else:
            try:
                _, data = clean_picture(data, MEDIA_TYPES[PurePosixPath(name).suffix.lower()])
            except ValueError as problem:
                problems.append(Diagnostic("forbidden-resource", str(problem), location))
        files[name] = data
    if problems:
        raise ContentError(problems)
    return files


def _check_source(name: str, data: bytes, location: SourceLocation, names: list[str]) -> Iterator[Diagnostic]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = SourceLocation(location.file, data.count(b"\n", 0, error.start) + 1)
        yield Diagnostic("template-encoding", "the template is not UTF-8", line)
        return
    for match in _FORBIDDEN.finditer(text):
        yield _refuse(text, match.start(), location, f"'{match[0]}' may not occur in a template, not even in a comment")
    for match in _IMPORT.finditer(text):
        path = match["path"]
        if path is None:
            message = f"write the file in quotes directly after '{match[0]}', and do not use this word elsewhere"
            yield _refuse(text, match.start(), location, message)
        elif path.startswith('"@'):
            yield _refuse(text, match.start(), location, f"packages may not be imported: {path}")
        elif (own := _resolve(name, path)) not in names:
            yield _refuse(text, match.start(), location, f"the template set has no file {own}")
    for match in _READING.finditer(text):
        if _resolve(name, match["path"]) not in (*names, DATA, landscape.FILE):
            yield _refuse(text, match.start(), location, f"only files of the template set may be read: {match['path']}")


def _resolve(name: str, quoted: str) -> str:
    """Resolves a path in the source `name` to a name in the set; a leading slash means the root of the set."""
    path = quoted.strip('"')
    if path.startswith("/"):
        return normpath(path.lstrip("/"))
    return normpath(join(PurePosixPath(name).parent.as_posix(), path))


def _refuse(text: str, offset: int, location: SourceLocation, message: str) -> Diagnostic:
    start = text.rfind("\n", 0, offset) + 1
    line = SourceLocation(location.file, text.count("\n", 0, offset) + 1, offset - start + 1)
    return Diagnostic("forbidden-resource", message, line)
