"""Checks a whole project without laying out a page."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import product
from pathlib import Path

from brief.build.template_sets import find_template_sets
from brief.fonts import coverage, installed, latin
from brief.inspection.faces import describe_picture_faces, find_faces_of_picture
from brief.model.blocks import Figure
from brief.model.brief import Brief
from brief.model.diagnostics import ContentError, Diagnostic, MachineError, Severity, has_errors, sort_diagnostics
from brief.model.source_location import UNKNOWN_LOCATION
from brief.model.translation import TranslationState
from brief.project.check_cache import CheckCache
from brief.project.check_variants import LoadedParts, preflight_variants
from brief.project.gating import escalate_warnings, find_gated_texts
from brief.project.glyphs import find_missing_glyphs
from brief.project.loading import read_and_check
from brief.project.project_fingerprint import fingerprint_except_themes
from brief.project.saved_reading import SavedReading
from brief.resolve.checks.clean_texts import CleanTexts
from brief.resolve.gates import describe_gated
from brief.resolve.select import select
from brief.store import Store, open_default_store
from brief.templating.stray_files import find_stray_files
from brief.templating.template_set import TemplateSet, find_template_set
from brief.writers.preflight import find_unsupported

ProjectCheck = Callable[[LoadedParts], Iterable[Diagnostic]]


def check_project(root: Path, store: Store | None = None, pdf_engine: str = "") -> tuple[Diagnostic, ...]:
    """Returns the diagnostics of content, catalogues, templates, reference documents and fonts, sorted by location.

    With a `store`, template sets and variants that an earlier check has checked are not checked again. `pdf_engine` is
    as for `Project.load`.
    """
    # Computed before reading, so that the files that are read cannot be older than this digest.
    digest_except_themes = fingerprint_except_themes(root) if store else ""
    checks, saved = CheckCache.open(store), SavedReading.load(store, root)
    brief, found = read_and_check(root, saved.cache, clean=saved.clean)
    diagnostics = list(found)
    template_sets, problems = (
        find_template_sets(brief, root, pdf_engine) if brief else ({"base": find_template_set("base")}, ())
    )
    diagnostics += problems
    if brief is None:
        diagnostics += _check_sets(template_sets, checks)
    else:
        parts = LoadedParts(root, brief, template_sets, checks, saved.clean, digest_except_themes)
        diagnostics = list(_check_parts(parts, diagnostics, finds_stops=not has_errors(found)))
    saved.save()
    return sort_diagnostics(diagnostics)


def check_loaded(
    root: Path,
    brief: Brief,
    template_sets: Mapping[str, TemplateSet],
    found: Iterable[Diagnostic],
    clean: CleanTexts,
) -> tuple[Diagnostic, ...]:
    """Runs the checks that loading does not run, and returns all diagnostics as `check_project` does, with one
    exception: texts at which a variant stops have only the warning of their state.

    The brief must have no errors; `found` has the warnings of loading it.
    """
    checks = CheckCache.open(open_default_store())
    parts = LoadedParts(root, brief, template_sets, checks, clean, "")
    return sort_diagnostics(_check_parts(parts, list(found), finds_stops=False))


def _check_parts(parts: LoadedParts, diagnostics: list[Diagnostic], *, finds_stops: bool) -> tuple[Diagnostic, ...]:
    """Runs the checks of the loaded parts, and returns all diagnostics with the severities that the project's settings
    give.

    Adds to `diagnostics`. `finds_stops` must be False while the brief has errors, because it is not known then which
    texts stop variants.
    """
    diagnostics += _check_sets(parts.template_sets, parts.cache)
    for check in _CHECKS:
        diagnostics += check(parts)
    for check in _RENDERING_CHECKS:
        if not has_errors(diagnostics):
            diagnostics += check(parts)
    if finds_stops:
        diagnostics = _drop_repeated_warnings([*diagnostics, *_find_stopped_variants(parts)])
    return escalate_warnings(parts.brief.settings, diagnostics)


def _check_sets(template_sets: Mapping[str, TemplateSet], checks: CheckCache) -> Iterator[Diagnostic]:
    for template_set in template_sets.values():
        yield from checks.find_or_check(template_set, ("templates",), partial(_check_templates, template_set))


def _check_templates(template_set: TemplateSet) -> tuple[Diagnostic, ...]:
    if not template_set.has_own("*.j2"):
        return ()
    # The template engine is large, and most projects have no templates of their own.
    from brief.templating.sandbox import check_templates

    return check_templates(template_set)


def _drop_repeated_warnings(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Leaves out each warning about something that is also reported as an error, such as a stale translation at which
    an audience stops.
    """
    errors = {(each.code, each.location) for each in diagnostics if each.severity is Severity.ERROR}
    return [each for each in diagnostics if each.severity is Severity.ERROR or (each.code, each.location) not in errors]


def inspect_project(root: Path, jobs: int | None = None, pdf_engine: str = "") -> tuple[Diagnostic, ...]:
    """Builds every variant in every format, and returns the errors of the build and its inspection, or else the
    warnings.

    Raises:
        ContentError: the project has errors that keep it from being built.
    """
    from brief.project.project import Project

    project = Project.load(root, pdf_engine=pdf_engine)
    try:
        return project.build(jobs=jobs).diagnostics
    except ContentError as error:
        return error.diagnostics


def _check_fonts(parts: LoadedParts) -> Iterator[Diagnostic]:
    """Reports font families that this machine lacks or that must not be embedded, and a missing fast subsetter for
    PDFs.
    """
    locales = parts.brief.locales
    for template_set in parts.template_sets.values():
        yield from parts.cache.find_or_check(
            template_set, ("fonts", *locales), partial(_check_faces, template_set, locales)
        )
    if _list_print_sets(parts):
        yield from installed.check_subsetter()


def _check_faces(template_set: TemplateSet, locales: Iterable[str]) -> Iterator[Diagnostic]:
    look = template_set.look
    for faces in dict.fromkeys(look.find_faces(locale) for locale in locales if look.has_faces_for(locale)):
        try:
            installed.require_families(faces, provided=latin.list_bundled_families())
        except MachineError as error:
            yield Diagnostic("missing-font", str(error), UNKNOWN_LOCATION, severity=Severity.WARNING)
        for family in coverage.find_restricted_families(faces):
            message = f"the font {family} does not allow a subset of it to be embedded (OS/2 fsType)"
            hint = "name another font in 'faces' of the template set, or ask its maker"
            yield Diagnostic("font-embedding", message, UNKNOWN_LOCATION, hint, Severity.WARNING)


def _find_missing_glyphs(parts: LoadedParts) -> Iterator[Diagnostic]:
    """Reports characters that would print as empty boxes in one of the template sets."""
    sets_and_locales = ((each, parts.brief.locales) for each in parts.template_sets.values())
    yield from find_missing_glyphs(parts.root, parts.brief, sets_and_locales, parts.clean, parts.cache.machine)


def _find_pictures_in_wrong_faces(parts: LoadedParts) -> Iterator[Diagnostic]:
    """Reports pictures whose text a PDF would draw in a font for another region."""
    brief = parts.brief
    faces = {
        name: characters_by_script
        for name, image in brief.images.items()
        if image.media_type == "image/svg+xml" and (characters_by_script := find_faces_of_picture(image.data))
    }
    audiences = [
        name for name, audience in brief.audiences.items() if any(ref.name == "pdf" for ref in audience.formats)
    ]
    reported: set[tuple[str, str]] = set()
    for audience in audiences if faces else ():
        blocks = [block for theme in select(brief, audience).themes.values() for block in theme.blocks]
        for locale, block in product(brief.locales, blocks):
            if not isinstance(block, Figure) or (block.image.name, locale) in reported:
                continue
            reported.add((block.image.name, locale))
            if problem := describe_picture_faces(faces.get(block.image.name, {}), locale):
                hint = "name a font for the language in the picture, or convert its text to outlines"
                yield Diagnostic("wrong-face", f"'{block.image}': {problem}", block.image.location, hint)


def _find_gated_translations(parts: LoadedParts) -> Iterator[Diagnostic]:
    """Reports translations that are stale, derived or drafted. The reader has reported the missing ones."""
    for translation in parts.brief.translations.values():
        # Texts that a regional locale inherits are reported at their own location.
        is_own = translation.text.text.find_source_tag(translation.locale) == translation.locale
        if is_own and translation.state is not TranslationState.MISSING:
            message, hint = describe_gated(translation)
            yield Diagnostic(f"{translation.state}-translation", message, translation.location, hint, Severity.WARNING)


def _find_stopped_variants(parts: LoadedParts) -> Iterator[Diagnostic]:
    """Reports the texts that stop a variant.

    Texts that are marked or left out are not reported here, because their state has been reported.
    """
    brief = parts.brief
    gated = find_gated_texts(brief, product(brief.audiences, brief.locales))
    yield from (each for each in gated if each.severity is Severity.ERROR)


def _find_ignored_styles(parts: LoadedParts) -> Iterator[Diagnostic]:
    """Reports rules that the print engine would ignore in the style sheets of the template sets of PDFs."""
    for name in _list_print_sets(parts):
        template_set = parts.template_sets[name]
        yield from parts.cache.find_or_check(template_set, ("css",), partial(find_unsupported, template_set))


def _find_stray_template_files(parts: LoadedParts) -> Iterator[Diagnostic]:
    """Reports files among the project's template sets that nothing reads."""
    settings = parts.brief.settings
    set_names = {(audience.template_set or settings.template_set).name for audience in parts.brief.audiences.values()}
    # The parents of a set with errors are unknown.
    is_known = bool(set_names) and set_names <= parts.template_sets.keys()
    used = {folder.name for each in parts.template_sets.values() for folder in each.folders}
    yield from find_stray_files(parts.root, used if is_known else None)


def _list_print_sets(parts: LoadedParts) -> set[str]:
    """Returns the names of the template sets of audiences that get PDFs."""
    return {
        (audience.template_set or parts.brief.settings.template_set).name
        for audience in parts.brief.audiences.values()
        if any(ref.name == "pdf" for ref in audience.formats)
    }


# The first checks need only the brief, and always run. The others render, and run only if there are no errors.
_CHECKS: tuple[ProjectCheck, ...] = (
    _check_fonts,
    _find_missing_glyphs,
    _find_pictures_in_wrong_faces,
    _find_gated_translations,
    _find_stray_template_files,
)
_RENDERING_CHECKS: tuple[ProjectCheck, ...] = (preflight_variants, _find_ignored_styles)
