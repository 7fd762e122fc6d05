"""All that shapes an artifact beside the variant: the program, its engines, the fonts, the template set."""

import platform
import zlib
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import brief
from brief.fonts.stamp import installed_stamp, text_libraries
from brief.store import digest

if TYPE_CHECKING:
    from brief.model.variant import Variant
    from brief.templating.template_set import TemplateSet

# Distributions whose release may change a byte of an artifact or a check's verdict.
_DISTRIBUTIONS = (
    "babel",
    "brief",
    "cssselect2",
    "fontpkg",
    "fontpkg-inter",
    "fontpkg-source-serif-4",
    "fonttools",
    "jinja2",
    "lxml",
    "markdown-it-py",
    "markupsafe",
    "opencc",
    "pillow",
    "pydyf",
    "pyphen",
    "python-docx",
    "pyyaml",
    "tinycss2",
    "tinyhtml5",
    "uharfbuzz",
    "vl-convert-python",
    "weasyprint",
)
_PACKAGE = Path(brief.__file__).parent
# Not of the program: its template sets count for who uses them, and the starter project for nobody.
_APART = ("template_sets", "starter")


@cache
def program() -> str:
    """Digest of the program's own files and the versions of all that it prints with. The same on equal machines."""
    files = [
        f"{path.relative_to(_PACKAGE).as_posix()} {sha256(path.read_bytes()).hexdigest()}" for path in _own_files()
    ]
    versions = {name: _version(name) for name in _DISTRIBUTIONS} | text_libraries()
    return digest(*files, repr(sorted(versions.items())), platform.python_version(), zlib.ZLIB_RUNTIME_VERSION)


@cache
def _program_and_fonts(stamp: str) -> str:
    return digest(program(), stamp)


def here() -> str:
    """Digest of the program, its engines, and the fonts that this machine has.

    Raises:
        MachineError: there is no fontconfig.
    """
    return _program_and_fonts(installed_stamp())


def template_digest(look_set: "TemplateSet") -> str:
    """Digest of a set's look and of every file that it can serve, those of its parents beneath them."""
    parts: list[str | bytes] = [repr(look_set.look), look_set.name]
    for name in look_set.names():
        parts += [name, *_contents(look_set, name)]
    return digest(*parts)


def input_digest(variant: "Variant", look_set: "TemplateSet", fonts: dict[str, str]) -> str:
    """SHA-256 over all that shapes a variant's artifacts, the same on every machine that makes the same bytes."""
    # A frozen dataclass prints all of its fields, in order; pictures print their own digest, catalogues are added.
    words = repr(sorted(variant.catalogue.messages.items()))
    return digest(repr(variant), words, template_digest(look_set), repr(sorted(fonts.items())), program())


def _own_files() -> list[Path]:
    return sorted(
        path
        for path in _PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.relative_to(_PACKAGE).parts[0] not in _APART
    )


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _contents(look_set: "TemplateSet", name: str) -> tuple[bytes, ...]:
    try:
        return tuple(data for _, data in look_set.layers(name))
    except OSError:
        return ()  # what cannot be served shapes nothing
