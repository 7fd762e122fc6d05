"""Lists the versions with which a pack is made: of the program, its engines, and the fonts."""

from contextlib import suppress
from functools import cache
from importlib import metadata

from brief.fonts.installed import list_installed_versions
from brief.fonts.latin import get_bundled_versions
from brief.templating.template_set import TemplateSet
from brief.writers.pdf.engines import PDF_ENGINES

# The import package and the command are named `brief`.
DISTRIBUTION = "brief-press"
_LIBRARIES = ("babel", "jinja2", "python-docx", "resvg-py", "xlsxwriter")


@cache
def list_software_versions() -> dict[str, str]:
    """Returns the versions of `brief`, of the libraries that write files, and of the installed PDF engines."""
    versions = {"brief": metadata.version(DISTRIBUTION)} | {name: metadata.version(name) for name in _LIBRARIES}
    for engine in PDF_ENGINES.values():
        with suppress(metadata.PackageNotFoundError):
            versions[engine.distributions[0]] = metadata.version(engine.distributions[0])
    return versions


def list_font_versions(template_set: TemplateSet, locale: str) -> dict[str, str]:
    """Maps every font family that the set uses for the locale to its version; "" if it is not installed."""
    faces = template_set.look.find_faces(locale)
    known = list_installed_versions() | get_bundled_versions()
    return {family: known.get(family, "") for family in faces.families}
