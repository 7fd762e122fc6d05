"""Determines which programs, libraries and fonts this machine has, of those that `brief` needs or can use."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
from collections.abc import Iterable, Iterator

from brief.fonts.installed import has_fast_subsetter, list_installed_versions
from brief.fonts.latin import list_bundled_families
from brief.fonts.system_packages import suggest_package
from brief.model.diagnostics import MachineError
from brief.model.record import dataclass
from brief.store.folder import open_default_store
from brief.templating.template_set import TemplateSet, find_template_set
from brief.writers.pdf.engines import PDF_ENGINES, PdfEngine

_DISTRIBUTION = "brief-press"
# The modules of each extra; they are imported only where they are used.
_EXTRAS = {
    "cluster": ("distributed",),
    "mail": ("css_inline", "idna", "keyring"),
    "typst": ("typst",),
    "vega": ("vl_convert",),
    "web": ("hypercorn", "starlette", "watchfiles"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A requirement. `found` is its version or path, or None if it is missing; `advice` says how to get it.

    Without a requirement that is `needed`, no briefing can be built.
    """

    name: str
    found: str | None
    advice: str = ""
    needed: bool = False


def inspect_machine(template_sets: Iterable[TemplateSet] = (), locales: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Looks for every requirement, including the fonts that the template sets use for the locales.

    The defaults are the template set `base`, and English and both scripts of Chinese.
    """
    sets, tags = tuple(template_sets) or (find_template_set("base"),), tuple(locales) or ("en", "zh-Hans", "zh-Hant")
    return (
        Finding(name="brief", found=importlib.metadata.version(_DISTRIBUTION), needed=True),
        Finding(name="Python", found=f"{platform.python_version()} on {platform.platform()}", needed=True),
        Finding(name="processors", found=str(_count_processors()), needed=True),
        *(_find_engine(engine, sets) for engine in PDF_ENGINES.values()),
        Finding(
            name="fast subsetting of fonts",
            found="libharfbuzz-subset" if has_fast_subsetter() else None,
            advice=suggest_package("harfbuzz-subset"),
        ),
        *_find_faces(sets, tags),
        Finding(name="git", found=shutil.which("git"), advice=suggest_package("git")),
        _find_cache(),
        *(_find_extra(extra, modules) for extra, modules in _EXTRAS.items()),
    )


def _count_processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _find_engine(engine: PdfEngine, template_sets: tuple[TemplateSet, ...]) -> Finding:
    name = f"PDF engine '{engine.name}'"
    is_used = engine.name in {each.look.pdf_engine.name for each in template_sets}
    try:
        return Finding(name=name, found=engine.describe_version(), needed=is_used)
    except MachineError as problem:
        return Finding(name=name, found=None, advice=str(problem), needed=is_used)


def _find_faces(template_sets: tuple[TemplateSet, ...], locales: tuple[str, ...]) -> Iterator[Finding]:
    try:
        versions = list_installed_versions()
    except MachineError as problem:
        yield Finding(name="fonts", found=None, advice=str(problem), needed=True)
        return
    bundled = list_bundled_families()
    faces = [chosen.look.find_faces(locale) for chosen in template_sets for locale in locales]
    for family in dict.fromkeys(family for each in faces for family in each.families):
        version = "bundled" if family in bundled else versions.get(family)
        advice = (
            suggest_package("han-faces")
            if " CJK " in family
            else "install it, or name another in set.yaml or brand.yaml"
        )
        yield Finding(name=f"font {family}", found=version, advice=advice, needed=True)


def _find_cache() -> Finding:
    store = open_default_store()
    if store is None:
        return Finding(name="cache", found="off")
    folder = store.folder
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return Finding(
        name="cache",
        found=str(folder) if os.access(existing, os.W_OK) else None,
        advice=f"make {existing} writable, or name another folder in BRIEF_CACHE_DIR; without it every build starts from scratch",
    )


def _find_extra(extra: str, modules: tuple[str, ...]) -> Finding:
    is_installed = all(importlib.util.find_spec(module) is not None for module in modules)
    return Finding(
        name=f"extra '{extra}'",
        found="installed" if is_installed else None,
        advice=f"pip install 'brief-press[{extra}]'",
    )
