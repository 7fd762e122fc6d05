"""Lists what a pack was made with: the program, its engines, and the fonts."""

from contextlib import suppress
from functools import cache
from importlib import metadata

from brief.fonts.installed import list_installed_versions
from brief.fonts.latin import list_bundled_versions
from brief.templating.template_set import TemplateSet

# The import package and the command are named `brief`.
DISTRIBUTION = "brief-press"
ENGINES = ("babel", "jinja2", "python-docx", "resvg-py", "weasyprint", "xlsxwriter")
# Those of extras, which need not be installed.
_OPTIONAL = ("typst",)


@cache
def list_software_versions() -> dict[str, str]:
    """Returns the versions of `brief` and of the engines, by distribution name."""
    versions = {"brief": metadata.version(DISTRIBUTION)} | {name: metadata.version(name) for name in ENGINES}
    for name in _OPTIONAL:
        with suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return versions


def list_font_versions(template_set: TemplateSet, locale: str) -> dict[str, str]:
    """Returns the version of every font family that the set uses for the locale."""
    faces = template_set.look.faces_for(locale)
    known = list_installed_versions() | list_bundled_versions()
    return {family: known.get(family, "") for family in (*faces.serif, *faces.sans)}
