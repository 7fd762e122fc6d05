"""Computes digests of everything on which an artifact depends: the variant, the program, its libraries, the fonts and
the template set.
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

# Packages, other than PDF engines, whose versions can change an artifact.
_DISTRIBUTIONS = (
    "babel",
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
# Digests of the 16 template sets digested most recently; several variants need each.
_DIGESTS: "FolderCache[TemplateSet, str]" = FolderCache(16)
_PACKAGE = Path(__file__).parents[1]
# Left out of the program's digest: a template set is digested only for the artifacts that use it, and starter projects
# affect no artifact.
_EXCLUDED = ("template_sets", "starters")


@cache
def fingerprint_program() -> str:
    """Returns the digest of the program's own files and the versions of its dependencies.

    Machines with the same program and the same versions have the same digest.
    """
    return digest(fingerprint_code(), repr(sorted(list_dependency_versions().items())))


@cache
def fingerprint_code() -> str:
    """Returns the digest of the program's own files: modules, catalogues and the data beside them."""
    return digest(*(f"{name} {sha256(Path(path).read_bytes()).hexdigest()}" for name, path in _list_own_files()))


@cache
def list_dependency_versions() -> dict[str, str]:
    """Maps everything that can change an artifact or the result of a check to its version: Python, packages, libraries.

    The version of a package that is not installed is empty.
    """
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
    """Returns the digest of the program, its dependencies, and the fonts of this machine.

    Raises:
        MachineError: fontconfig is not installed.
    """
    return _fingerprint_program_and_fonts(fingerprint_installed_fonts())


def fingerprint_template_set(template_set: "TemplateSet") -> str:
    """Returns the digest of a set's look and of every file that it provides, including the files of its parent sets."""
    return _DIGESTS.get(template_set, template_set.folders, lambda: _digest_template_set(template_set))


def _digest_template_set(template_set: "TemplateSet") -> str:
    parts: list[str | bytes] = [repr(template_set.look), template_set.name]
    for name in template_set.list_names():
        parts.append(name)
        parts += _read_layers(template_set, name)
    return digest(*parts)


def fingerprint_inputs(variant: "Variant", template_set: "TemplateSet", fonts: dict[str, str]) -> str:
    """Returns the SHA-256 of everything on which a variant's artifacts depend.

    `fonts` maps font families to their versions. The machine's other fonts are not covered, so machines that differ
    only in these have the same digest.
    """
    # The `repr` of a frozen dataclass lists its fields in order. A picture's `repr` has a digest instead of the data; a
    # variant's `repr` omits the catalogue, so the messages are added here.
    messages = repr(sorted(variant.catalogue.messages.items()))
    return digest(
        repr(variant),
        messages,
        fingerprint_template_set(template_set),
        repr(sorted(fonts.items())),
        fingerprint_program(),
    )


def _list_own_files() -> Iterator[tuple[str, str]]:
    """Yields the name within the package and the path of each file of the program, sorted."""
    for folder, folders, names in os.walk(_PACKAGE):
        is_top = folder == str(_PACKAGE)
        folders[:] = sorted(each for each in folders if each != "__pycache__" and not (is_top and each in _EXCLUDED))
        for name in sorted(names):
            path = f"{folder}{os.sep}{name}"
            yield path[len(str(_PACKAGE)) + 1 :].replace(os.sep, "/"), path


def _read_layers(template_set: "TemplateSet", name: str) -> tuple[bytes, ...]:
    """Returns the bytes of a file in the set and in each of its parents that have it."""
    try:
        return tuple(data for _, data in template_set.read_layers(name))
    except OSError:
        return ()  # a file that cannot be read has no effect
