"""Decides whether a pack may be approved or mailed: the current gates and embargoes of its project apply."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import ContentError, Diagnostic, Severity
from brief.model.source_location import SourceLocation
from brief.publish.approval import get_current_time
from brief.publish.embargo import find_embargoes, require_released
from brief.publish.pack import WARNINGS
from brief.publish.paths import MANIFEST
from brief.publish.regular_files import read_regular_file
from brief.reading.layout import SETTINGS

if TYPE_CHECKING:
    from brief.project.project import Project

_OUTDATED_HINT = "build again, unless it was built with --since: it may say what the project no longer says"

Variants = Mapping[tuple[str, str], Collection[str]]


def require_current_pack(
    pack: Path,
    root: Path | None = None,
    embargoed: Collection[str] | None = None,
    hint: str = "wait for that time",
    *,
    is_review: bool = False,
) -> tuple[Diagnostic, ...]:
    """Checks that neither a gate nor a warning on which the project stops would keep it from building the pack's
    variants now.

    Returns a warning for each text of the pack that the project now marks or leaves out, for each variant that it would
    build differently; and with `is_review`, for each locale of the pack with translations that were never accepted.

    Also checks that no embargo of the project on an audience of the pack is in force: an embargo may have been set or
    postponed since the build. Only the audiences in `embargoed` are checked for that; None means all of the pack's.
    `hint` is that of the diagnostic for an embargo.

    Without `root`, the project is searched above the pack's output folder. If it is not there, for example because the
    pack was moved, nothing is checked: such a pack passed the gates when it was built.

    Raises:
        ContentError: the project has errors, a gate or a warning stops a variant of the pack, or an embargo is in force.
    """
    from brief.project.project import Project

    project_root = root or find_project_of(pack)
    if project_root is None:
        return ()
    project = Project.load(project_root)
    variants = read_variants(pack)
    diagnostics = find_stopping(project, pack, variants)
    if errors := [each for each in diagnostics if each.severity is Severity.ERROR]:
        raise ContentError(errors)
    audiences = {audience for audience, _ in variants} & project.brief.audiences.keys()
    if embargoed is not None:
        audiences &= {*embargoed}
    require_released(
        find_embargoes(project.brief, audiences), get_current_time(), SourceLocation(pack.as_posix()), hint
    )
    unreviewed = _report_unreviewed(project, project_root, {locale for _, locale in variants}) if is_review else ()
    return (*diagnostics, *unreviewed, *_find_outdated(project, pack, variants))


def _report_unreviewed(project: "Project", root: Path, locales: Collection[str]) -> Iterator[Diagnostic]:
    """Yields a warning for each of the locales with translations that were never accepted."""
    from brief.translate.lockfile import read_lockfile
    from brief.translate.state import assess_brief, report_unreviewed

    assessed = assess_brief(project.brief, read_lockfile(root, DiagnosticSink()))
    yield from report_unreviewed(each for each in assessed if each.locale in locales)


def _find_outdated(project: "Project", pack: Path, variants: Variants) -> Iterator[Diagnostic]:
    from brief.build.outdated import report_outdated

    for (audience, locale), inputs in variants.items():
        if audience in project.brief.audiences and locale in project.brief.locales:
            variant, template_set = project.make_variant(audience, locale), project.get_template_set(audience)
            yield from report_outdated(variant, template_set, inputs, SourceLocation(pack.as_posix()), _OUTDATED_HINT)


def find_stopping(project: "Project", pack: Path, variants: Iterable[tuple[str, str]]) -> tuple[Diagnostic, ...]:
    """Returns an error for everything that would keep these variants from being built now, and for each warning of the
    pack's build on which the project now stops; and a warning for each text that a gate marks or leaves out.

    Variants that the project no longer has are ignored.
    """
    brief = project.brief
    current = [
        (audience, locale) for audience, locale in variants if audience in brief.audiences and locale in brief.locales
    ]
    return (*project.find_stopping(current), *_find_stopping_warnings_of_build(project, pack))


def _find_stopping_warnings_of_build(project: "Project", pack: Path) -> Iterable[Diagnostic]:
    """Reports the warnings with which the pack was built, if the project now stops on them."""
    settings = project.brief.settings
    stopping = {ref.name for ref in settings.stop_on}
    for code in read_warnings(pack):
        if settings.strict or code in stopping:
            message = f"the pack was built with warnings of code {code}, on which the project now stops"
            hint = "correct what the warnings report, then build again"
            yield Diagnostic("stopped-pack", message, SourceLocation(pack.as_posix()), hint)


def find_project_of(pack: Path) -> Path | None:
    """Returns the project in whose output folder the pack is: the nearest of the three folders above it; otherwise
    None.
    """
    folders: Sequence[Path] = (pack.absolute(), pack.resolve())
    return next(
        (above for folder in folders for above in list(folder.parents)[:3] if (above / SETTINGS).is_file()), None
    )


def read_variants(pack: Path) -> dict[tuple[str, str], set[str]]:
    """Returns the variants that the manifest lists, each with the digests of its artifacts' inputs.

    Returns an empty mapping if the manifest cannot be read; `verify_pack` reports why.
    """
    variants: dict[tuple[str, str], set[str]] = {}
    try:
        for entry in json.loads(read_regular_file(pack / MANIFEST))["artifacts"]:
            variants.setdefault((str(entry["audience"]), str(entry["locale"])), set()).add(str(entry["inputs"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    return variants


def read_warnings(pack: Path) -> tuple[str, ...]:
    """Returns the codes of the warnings with which the pack was built, from its manifest; empty if it cannot be read."""
    try:
        codes = json.loads(read_regular_file(pack / MANIFEST)).get(WARNINGS, [])
        return tuple(str(code) for code in codes)
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return ()
