"""Finds the themes that an imported document makes, updates or translates."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from brief.model.brief import Settings
from brief.model.diagnostic_sink import suggest_name
from brief.model.diagnostics import RequestError
from brief.model.record import dataclass
from brief.project.file_changes import read_present
from brief.reading.documents.theme_writer import Origin, find_origin
from brief.reading.layout import SETTINGS, THEMES, is_hidden_or_backup
from brief.reading.values import is_reserved_id, is_slug


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentOptions:
    """Options of an import.

    - `locale`: that of the document; None means the source locale.
    - `into`: the id of the one theme that the document becomes or translates; None means a theme for each part of it.
    - `translation_of`: the name of the imported document that this one translates; None means to find it by its name.
    - `audiences`: those whose lists get the new themes.
    - `clearance`: that of new themes and blocks.
    - `replaces`: existing files may be changed.
    """

    locale: str | None = None
    into: str | None = None
    translation_of: str | None = None
    audiences: tuple[str, ...] = ()
    clearance: str | None = None
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """The project's locale and themes that a document belongs to.

    `document` is the file name of the document. `origins` has the origin of each imported theme, in the order of the
    brief. `translated` has the themes that the document translates; it is None if the document is not a translation of
    any.
    """

    document: str
    locale: str
    origins: Mapping[str, Origin]
    translated: tuple[str, ...] | None

    def list_own_themes(self) -> tuple[str, ...]:
        """Lists the themes that were imported from the document."""
        return _list_themes(self.origins, self.document)


def find_target(root: Path, path: Path, options: DocumentOptions, settings: Settings) -> ImportTarget:
    """Finds the locale and the themes that the document belongs to.

    Raises:
        MachineError: a theme cannot be read.
        RequestError: an option does not fit the project, or it is unclear which document is translated.
    """
    locale = options.locale or str(settings.source_locale)
    _check_options(options, locale, settings)
    origins = dict(_find_origins(root, settings))
    is_translation = locale != settings.source_locale
    if options.translation_of is not None and not is_translation:
        raise RequestError("--translation-of is for translations; name the locale with -l")
    translated = _find_translated(root, path, options, locale, origins) if is_translation else None
    return ImportTarget(path.name, locale, origins, translated)


def _check_options(options: DocumentOptions, locale: str, settings: Settings) -> None:
    locales = [ref.name for ref in settings.locales]
    if locale not in locales:
        hint = suggest_name(locale, locales)
        raise RequestError(f"'{locale}' is not a locale of the brief ({hint}); add it to {SETTINGS} first")
    if options.into is not None and not is_slug(options.into):
        raise RequestError(f"'{options.into}' is not an id: use lower-case letters, digits and single hyphens")
    if options.into is not None and is_reserved_id(options.into):
        raise RequestError(f"the id '{options.into}' is reserved; choose another")
    clearances = [each.name for each in settings.known_clearances]
    if options.clearance is not None and options.clearance not in clearances:
        raise RequestError(
            f"there is no clearance '{options.clearance}': {suggest_name(options.clearance, clearances)}"
        )
    audiences = [ref.name for ref in settings.audiences]
    for audience in options.audiences:
        if audience not in audiences:
            raise RequestError(f"there is no audience '{audience}': {suggest_name(audience, audiences)}")


def _find_origins(root: Path, settings: Settings) -> Iterator[tuple[str, Origin]]:
    """Yields each imported theme with its origin, in the order of the brief."""
    theme_order = [ref.name for ref in settings.themes]
    folder = root / THEMES
    names = [path.stem for path in sorted(folder.glob("*.yaml")) if not is_hidden_or_backup(path.name)]
    for name in sorted(names, key=lambda name: theme_order.index(name) if name in theme_order else len(theme_order)):
        origin = find_origin(read_present(folder / f"{name}.yaml")[:1000].decode("utf-8", "replace"))
        if origin is not None:
            yield name, origin


def _find_translated(
    root: Path, path: Path, options: DocumentOptions, locale: str, origins: Mapping[str, Origin]
) -> tuple[str, ...] | None:
    """Returns the themes that a document in another locale than the source locale translates; None if there are none.

    Raises:
        RequestError: it is unclear which document is translated.
    """
    if options.into is not None:
        return (options.into,) if (root / THEMES / f"{options.into}.yaml").exists() else None
    documents = list(dict.fromkeys(origin.document for origin in origins.values()))
    if options.translation_of is not None:
        if options.translation_of not in documents:
            raise RequestError(
                f"nothing was imported from '{options.translation_of}': {suggest_name(options.translation_of, documents)}"
            )
        return _list_themes(origins, options.translation_of)
    if not documents:
        return None
    if path.name in documents:
        return _list_themes(origins, path.name)
    stem = path.stem
    for separator in (".", "-", "_"):
        stem = stem.removesuffix(f"{separator}{locale}")
    candidates = [document for document in documents if Path(document).stem == stem]
    if len(documents) > 1 and len(candidates) != 1:
        raise RequestError(f"name the document that it translates with --translation-of: {', '.join(documents)}")
    return _list_themes(origins, candidates[0] if candidates else documents[0])


def _list_themes(origins: Mapping[str, Origin], document: str) -> tuple[str, ...]:
    return tuple(name for name, origin in origins.items() if origin.document == document)
