"""Computes digests of what an artifact depends on in addition to its variant: the program, its engines, the fonts, the
template set.
"""

import os
import platform
import pyexpat
import zlib
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from brief.build.distributions import find_versions
from brief.fonts.font_fingerprint import fingerprint_installed_fonts, list_text_libraries
from brief.reading.listing import FolderCache
from brief.store import digest
from brief.writers.pdf.distributions import ENGINE_DISTRIBUTIONS

if TYPE_CHECKING:
    from brief.model.variant import Variant
    from brief.templating.template_set import TemplateSet

# Packages other than PDF engines whose versions count.
_DISTRIBUTIONS = (
    "babel",
    "brief",
    "fontpkg",
    "fontpkg-inter",
    "fontpkg-source-serif-4",
    "fonttools",
    "jinja2",
    "latex2mathml",
    "lxml",
    "markdown-it-py",
    "markupsafe",
    "mdit-py-plugins",
    "opencc",
    "pikepdf",
    "pillow",
    "pypdfium2",
    "pypinyin",
    "python-calamine",
    "python-docx",
    "pyyaml",
    "resvg-py",
    "uharfbuzz",
    "vl-convert-python",
    "xlsxwriter",
    "ziamath",
)
# The digests of the last template sets, each of which is needed for several variants.
_DIGESTS: "FolderCache[TemplateSet, str]" = FolderCache(16)
_PACKAGE = Path(__file__).parents[1]
# Not part of the program: template sets count for artifacts that use them, and starter projects for none.
_EXCLUDED = ("template_sets", "starters")


@cache
def fingerprint_program() -> str:
    """Returns the digest of the program's own files and the versions of its engines. It is the same on equal machines."""
    return digest(fingerprint_code(), repr(sorted(list_engine_versions().items())))


@cache
def fingerprint_code() -> str:
    """Returns the digest of the program's own files: modules, catalogues and the data beside them."""
    return digest(*(f"{name} {sha256(Path(path).read_bytes()).hexdigest()}" for name, path in _list_own_files()))


@cache
def list_engine_versions() -> dict[str, str]:
    """Lists the versions of everything that can change an artifact or a check: interpreter, packages, libraries."""
    interpreter = {
        "python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "expat": pyexpat.EXPAT_VERSION,
    }
    distributions = {*_DISTRIBUTIONS, *(name for names in ENGINE_DISTRIBUTIONS.values() for name in names)}
    return interpreter | find_versions(sorted(distributions)) | list_text_libraries()


@cache
def _fingerprint_program_and_fonts(fonts: str) -> str:
    return digest(fingerprint_program(), fonts)


def fingerprint_machine() -> str:
    """Returns the digest of the program, its engines, and the fonts of this machine.

    Raises:
        MachineError: fontconfig is not installed.
    """
    return _fingerprint_program_and_fonts(fingerprint_installed_fonts())


def fingerprint_template_set(template_set: "TemplateSet") -> str:
    """Returns the digest of a set's look and of every file that it can serve, including those of its parents."""
    return _DIGESTS.get(template_set, template_set.folders, lambda: _digest_template_set(template_set))


def _digest_template_set(template_set: "TemplateSet") -> str:
    parts: list[str | bytes] = [repr(template_set.look), template_set.name]
    for name in template_set.list_names():
        parts += [name, *_read_layers(template_set, name)]
    return digest(*parts)


def fingerprint_inputs(variant: "Variant", template_set: "TemplateSet", fonts: dict[str, str]) -> str:
    """Returns the SHA-256 over everything that a variant's artifacts depend on.

    It is the same on every machine that makes the same bytes.
    """
    # The `repr` of a frozen dataclass has all of its fields in order; pictures print their digest, and catalogues are added.
    words = repr(sorted(variant.catalogue.messages.items()))
    return digest(
        repr(variant), words, fingerprint_template_set(template_set), repr(sorted(fonts.items())), fingerprint_program()
    )


def _list_own_files() -> Iterator[tuple[str, str]]:
    """Yields each file of the program by its name within the package, with its path, in order."""
    for folder, folders, names in os.walk(_PACKAGE):
        is_top = folder == str(_PACKAGE)
        folders[:] = sorted(each for each in folders if each != "__pycache__" and not (is_top and each in _EXCLUDED))
        for name in sorted(names):
            path = f"{folder}{os.sep}{name}"
            yield path[len(str(_PACKAGE)) + 1 :].replace(os.sep, "/"), path


def _read_layers(template_set: "TemplateSet", name: str) -> tuple[bytes, ...]:
    try:
        return tuple(data for _, data in template_set.read_layers(name))
    except OSError:
        return ()  # a file that cannot be served has no effect
