"""Reads the files of a project folder into a brief."""

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import field, replace
from datetime import date
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import TypeVar, cast

from brief.model.access import DEFAULT_CLEARANCES, EVERY_CLEARANCE, Clearance, name_clearances
from brief.model.assets import Image, VegaSpecification
from brief.model.blocks import Figure, Vega
from brief.model.brief import Audience, Brief, Glossary, Settings, Theme
from brief.model.catalogue import Catalogue
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic, sort_diagnostics
from brief.model.evidence import Source
from brief.model.figures.declared_units import DeclaredUnits
from brief.model.locale import get_primary_language, is_locale_tag, list_locale_fallbacks
from brief.model.record import dataclass
from brief.model.source_location import LocaleTag, Located, Ref, Slug, SourceLocation
from brief.model.text import LocalisedText
from brief.reading import catalogue, text_file, yaml_nodes
from brief.reading.datasets import build_cell_claims, read_datasets
from brief.reading.declared_units import check_units, make_unit_messages
from brief.reading.decode import decode
from brief.reading.layout import (
    ASSETS,
    AUDIENCES,
    CATALOGUES,
    DATA,
    GLOSSARY,
    SETTINGS,
    SOURCES,
    THEMES,
    UNITS,
    VEGA,
    IncompleteFiles,
    is_exempt_if_unused,
    is_hidden_or_backup,
)
from brief.reading.reading_cache import CachedFile, ReadingCache
from brief.reading.special_files import describe_special, warn_of_special_files
from brief.reading.stray_files import report_misplaced, warn_of_stray_files, warn_of_unlisted_file
from brief.reading.tables.frames import GivenTable
from brief.reading.values import CHINESE_TAG_HINT, is_slug, suggest_locale_tag

T = TypeVar("T", bound=Located)


@dataclass(frozen=True, slots=True)
class ProjectReading:
    """The brief as far as it could be read (None if there is no project), all diagnostics, and the incomplete files."""

    brief: Brief | None
    diagnostics: tuple[Diagnostic, ...]
    incomplete: IncompleteFiles


def read_project(
    root: Path,
    cache: ReadingCache | None = None,
    given_tables: Mapping[str, GivenTable] | None = None,
    replacements: Mapping[str, bytes] | None = None,
) -> ProjectReading:
    """Reads the whole project at `root`. Paths in diagnostics are relative to it, with `/`.

    A file whose bytes are those in `cache` is not parsed again; what is read is added there. `given_tables` has tables
    from the caller in place of dataset files, keyed by `source/dataset`. `replacements` maps paths of content files,
    relative to the root, to bytes that are read instead, as if the files had already been changed.
    """
    reader = _ProjectReader(root, {} if cache is None else cache, given_tables or {}, replacements or {})
    brief = reader.read_brief()
    return ProjectReading(
        brief, sort_diagnostics(reader.sink.found), IncompleteFiles(frozenset(reader.sink.incomplete))
    )


@dataclass(slots=True)
class _ProjectReader:
    root: Path
    cache: ReadingCache
    given_tables: Mapping[str, GivenTable]
    replacements: Mapping[str, bytes]
    sink: DiagnosticSink = field(default_factory=DiagnosticSink)
    locales: tuple[str, ...] = ()
    required_keys: frozenset[str] = frozenset()
    clearances: tuple[Clearance, ...] = DEFAULT_CLEARANCES

    def read_brief(self) -> Brief | None:
        if not (self.root / SETTINGS).is_file():
            message = f"no project found in {self.root.resolve()}"
            hint = "go to the folder that has content/, name it with -C, or start one with 'brief new DIR'"
            self.sink.add_error("missing-file", SourceLocation(SETTINGS), message, hint)
            return None
        settings = self.read_settings()
        themes = self.read_listed(THEMES, Theme, settings.themes, "theme")
        audiences = self.read_listed(AUDIENCES, Audience, settings.audiences, "audience")
        sources = {str(source.id): source for source in self.read_each(self.list_files(SOURCES), Source).values()}
        glossary = self.read_record(GLOSSARY, Glossary) if (self.root / GLOSSARY).exists() else None
        declared = self.read_record(UNITS, DeclaredUnits) if (self.root / UNITS).exists() else None
        declared = declared or DeclaredUnits()
        check_units(declared, self.locales, self.sink)
        significant = settings.figures.significant
        if significant is not None:
            sources = {name: source.set_default_digits(significant) for name, source in sources.items()}
        if settings.fiscal_year_start > 12:
            message = f"fiscal_year_start is {settings.fiscal_year_start}, which is not a month"
            hint = "write the number of a month, as in 4 for April"
            self.sink.add_error("bad-number", settings.location, message, hint)
        elif settings.fiscal_year_start > 1:
            sources = {name: source.start_fiscal_years(settings.fiscal_year_start) for name, source in sources.items()}
        blocks = [block for theme in themes.values() for block in theme.blocks]
        pictures = [block.image for block in blocks if isinstance(block, Figure)]
        specifications = [block.specification for block in blocks if isinstance(block, Vega)]
        used = ({PurePosixPath(ref.name).as_posix() for ref in refs} for refs in (pictures, specifications))
        self.report_unused(*used)
        brief = Brief(
            settings=settings,
            themes=themes,
            audiences=audiences,
            sources=sources,
            glossary=glossary or Glossary(),
            catalogues={locale: self.read_catalogue(locale, settings, declared) for locale in self.locales},
            images=self.read_images(pictures),
            specifications=self.read_specifications(specifications),
            datasets=read_datasets(self.root, sources, self.sink, self.cache, self.given_tables),
        )
        return replace(brief, cells=build_cell_claims(brief))

    def read_settings(self) -> Settings:
        """Reads the settings; returns empty ones if they cannot be read."""
        settings = self.decode_settings()
        if settings is None:
            self.sink.incomplete.add(SETTINGS)
            empty = LocalisedText(phrases={})
            return Settings(
                id=Slug(""),
                title=empty,
                publisher=empty,
                date=date.min,
                locales=(),
                source_locale=LocaleTag(""),
                themes=(),
                audiences=(),
            )
        if len(self.locales) != len(settings.locales):
            self.sink.incomplete.add(SETTINGS)
            return replace(settings, locales=())
        return settings

    def decode_settings(self) -> Settings | None:
        """Decodes the settings; first sets `locales`, because the texts of this file are checked against them."""
        data = self.read_bytes(SETTINGS)
        parsed = self.parse(SETTINGS, data) if data is not None else None
        if parsed is None:
            return None
        file, node = parsed
        values = {key.text: value for key, value in node.entries}
        tag_list = values.get("locales")
        tags = [tag for tag in getattr(tag_list, "items", ()) if isinstance(tag, yaml_nodes.ScalarNode)]
        valid_tags = [tag.text for tag in tags if self.check_locale(tag)]
        # If a tag is invalid, the missing and superfluous texts are unknown.
        self.locales = tuple(valid_tags) if len(valid_tags) == len(tags) else ()
        source = values.get("source_locale")
        if isinstance(source, yaml_nodes.ScalarNode) and self.locales and source.text not in self.locales:
            message = f"'{source.text}' is not among the brief's locales"
            hint = suggest_name(source.text, self.locales)
            self.sink.add_error("unknown-locale", source.location, message, hint)
        explicit = values.get("explicit_clearance")
        if isinstance(explicit, yaml_nodes.ScalarNode) and explicit.text == "true":
            self.required_keys = frozenset({"clearance"})
        if "clearances" in values:
            self.clearances = self.read_clearances(values["clearances"])
        return decode(node, Settings, file, self.locales, self.sink)

    def read_clearances(self, clearance_list: yaml_nodes.Node) -> tuple[Clearance, ...]:
        """Reads the project's own clearances, lowest first; returns none if their list has an error."""
        names: list[str] = []
        is_valid = isinstance(clearance_list, yaml_nodes.SequenceNode)
        for node in getattr(clearance_list, "items", ()):
            text = node.text if isinstance(node, yaml_nodes.ScalarNode) else None
            if text in names:
                self.sink.add_error("duplicate-entry", node.location, f"'{text}' is listed twice", "remove one")
            elif text is not None and is_slug(text) and text != EVERY_CLEARANCE:
                names.append(text)
            else:
                is_valid = False
                message = f"'{str(text)[:60]}' cannot be the name of a clearance"
                hint = "use lower-case letters, digits and single hyphens"
                if text == EVERY_CLEARANCE:
                    message = f"'{text}' is reserved: in the HTTP API it means access to everything"
                    hint = "write another word, such as 'public' or 'everyone'"
                if text is not None:
                    self.sink.add_error("bad-id", node.location, message, hint)
        return name_clearances(tuple(names)) if names and is_valid else ()

    def check_locale(self, tag: yaml_nodes.ScalarNode) -> bool:
        if not is_locale_tag(tag.text):
            message = f"'{tag.text[:60]}' is not a locale tag"
            self.sink.add_error("bad-locale", tag.location, message, suggest_locale_tag(tag.text))
            return False
        if not catalogue.is_known(tag.text):
            message = f"CLDR has no number and date formats for '{tag.text}'"
            self.sink.add_error("unknown-locale", tag.location, message, "use a locale that Unicode's CLDR describes")
            return False
        return True

    def read_record(self, name: str, record: type[T]) -> T | None:
        data = self.read_bytes(name)
        cached = self.cache.get((name, record))
        names = tuple(clearance.name for clearance in self.clearances)
        state = (data, self.locales, names, self.required_keys)
        if cached is not None and (cached.data, cached.locales, cached.clearances, cached.required_keys) == state:
            self.sink.found += cached.found
            self.sink.incomplete |= set() if cached.is_whole else {name}
            return cast(T | None, cached.record)
        diagnostics_before = len(self.sink.found)
        parsed = self.parse(name, data) if data is not None else None
        value = (
            decode(parsed[1], record, parsed[0], self.locales, self.sink, self.required_keys, self.clearances)
            if parsed
            else None
        )
        if value is None:
            self.sink.incomplete.add(name)
        if data is not None:
            found, is_whole = tuple(self.sink.found[diagnostics_before:]), name not in self.sink.incomplete
            self.cache[name, record] = CachedFile(data, self.locales, value, found, is_whole, names, self.required_keys)
        return value

    def read_bytes(self, name: str) -> bytes | None:
        if name in self.replacements:
            return self.replacements[name]
        special = describe_special(self.root / name)
        if special is not None:
            message = f"this path is {special}, not a file"
            self.sink.add_error("unreadable-file", SourceLocation(name), message, "put a file there")
            return None
        try:
            with (self.root / name).open("rb") as file:
                return file.read(text_file.MAX_BYTES + 1)
        except OSError as problem:
            self.sink.add_error(
                "unreadable-file", SourceLocation(name), f"cannot be read: {problem.strerror}", "check its permissions"
            )
            return None

    def parse(self, name: str, data: bytes) -> tuple[text_file.TextFile, yaml_nodes.MappingNode] | None:
        file = text_file.decode_text(name, data, self.sink)
        node = yaml_nodes.parse(file, self.sink) if file else None
        keys = [key.text for key, _ in node.entries] if node else []
        return (file, node) if file and node and not report_misplaced(name, keys, self.sink) else None

    def list_files(self, folder: str) -> list[str]:
        """Returns the sorted paths of the YAML files in a folder, without hidden and backup files."""
        names = sorted(path.name for path in (self.root / folder).glob("*.yaml") if path.is_file())
        return [f"{folder}/{name}" for name in names if not is_hidden_or_backup(name)]

    def read_listed(self, folder: str, record: type[T], refs: tuple[Ref, ...], what: str) -> dict[str, T]:
        """Reads the records that `refs` name in a folder, in that order; without refs and settings, all of the folder.

        Reports refs without a file, and files without a ref.
        """
        files = {Path(name).stem: name for name in self.list_files(folder)}
        if not refs and SETTINGS in self.sink.incomplete:
            return self.read_each(files.values(), record)
        refs_by_name: dict[str, Ref] = {}
        for ref in refs:
            if ref.name in refs_by_name:
                self.sink.add_error("duplicate-entry", ref.location, f"{what} '{ref}' is listed twice", "remove one")
            elif ref.name not in files:
                # The missing file counts as incomplete, so that other references to it are not reported as well.
                self.sink.incomplete |= {SETTINGS, f"{folder}/{ref}.yaml"}
                self.sink.add_error(
                    f"unknown-{what}", ref.location, f"there is no {folder}/{ref}.yaml", suggest_name(ref.name, files)
                )
            refs_by_name.setdefault(ref.name, ref)
        if refs and SETTINGS not in self.sink.incomplete:
            for stem in sorted(files.keys() - refs_by_name.keys()):
                warn_of_unlisted_file(self.root, files[stem], what, self.sink)
        return self.read_each([files[stem] for stem in refs_by_name if stem in files], record)

    def read_each(self, names: Iterable[str], record: type[T]) -> dict[str, T]:
        """Returns the records of the files by their stem, which replaces an id that differs; omits unreadable files."""
        records: dict[str, T] = {}
        for name in names:
            value = self.read_record(name, record)
            if value is None:
                continue
            stem, record_id = Path(name).stem, str(getattr(value, "id", ""))
            if record_id != stem and is_slug(record_id):
                self.sink.add_error(
                    "id-mismatch",
                    value.location,
                    f"the id '{record_id}' does not match the file name '{stem}.yaml'",
                    "rename the file, or change the id",
                )
                # Other records may use either name.
                self.sink.incomplete |= {name, f"{Path(name).parent.as_posix()}/{record_id}.yaml"}
                value = replace(value, id=Slug(stem))  # type: ignore[call-arg]  # every record that has its own file has an id
            records[stem] = value
        return records

    def report_unused(self, pictures: Container[str], specifications: Container[str]) -> None:
        """Warns about files in the content folders that are not read.

        `pictures` and `specifications` are the names of those that blocks use.
        """
        warn_of_special_files(self.root, ("content", SOURCES, DATA), self.sink)
        warn_of_stray_files(self.root, self.sink)
        if self.locales:
            used = {f"{tag}.po" for locale in self.locales for tag in list_locale_fallbacks(locale)}
            message = "no locale of the brief uses this file"
            self.warn_unused(CATALOGUES, "*.po", message, f"list the locale in {SETTINGS}", used)
        if not (
            SETTINGS in self.sink.incomplete or IncompleteFiles(frozenset(self.sink.incomplete)).contains_any(THEMES)
        ):
            self.warn_unused(ASSETS, "**/*", "no block shows this picture", "use it in a block, or remove it", pictures)
            message = "no block draws this specification"
            self.warn_unused(VEGA, "**/*", message, "use it in a block, or remove it", specifications)

    def warn_unused(self, folder: str, pattern: str, message: str, hint: str, used: Container[str] = ()) -> None:
        paths = (path for path in (self.root / folder).glob(pattern) if path.is_file())
        for name in sorted(path.relative_to(self.root / folder).as_posix() for path in paths):
            if name not in used and not is_exempt_if_unused(name):
                self.sink.add_warning("unused-file", SourceLocation(f"{folder}/{name}"), message, hint)

    def read_catalogue(self, locale: str, settings: Settings, declared: DeclaredUnits) -> Catalogue:
        """Reads the interface messages of a locale and those that it falls back to, and the words of declared units.

        Messages of the project override those that are packaged with `brief`.
        """
        messages: dict[str, tuple[str, ...]] = {}
        has_catalogue = is_english = get_primary_language(locale) == "en"
        diagnostics_before = len(self.sink.found)
        # Missing messages are reported in the project's catalogue, or else in the first packaged one.
        packaged_name, project_name = "", ""
        for tag in reversed(list_locale_fallbacks(locale)):
            packaged_file = resources.files("brief") / "catalogues" / f"{tag}.po"
            project_file = self.root / CATALOGUES / f"{tag}.po"
            for name, data in (
                (f"catalogues/{tag}.po", packaged_file.read_bytes() if packaged_file.is_file() else None),
                (f"{CATALOGUES}/{tag}.po", project_file.read_bytes() if project_file.is_file() else None),
            ):
                if data is None:
                    continue
                has_catalogue = True
                if name.startswith(CATALOGUES):
                    project_name = name
                else:
                    packaged_name = packaged_name or name
                messages.update(self.read_messages(name, data, locale))
        if not has_catalogue:
            location = next((ref.location for ref in settings.locales if ref.name == locale), SourceLocation(SETTINGS))
            self.sink.add_error(
                "missing-catalogue",
                location,
                f"there are no interface texts for '{locale}'",
                CHINESE_TAG_HINT
                if get_primary_language(locale) == "zh"
                else f"copy {catalogue.TEMPLATE} to {CATALOGUES}/{locale}.po, set Language: {locale}, and translate it",
            )
        elif not is_english and len(self.sink.found) == diagnostics_before:
            catalogue.require_all_messages(
                messages, SourceLocation(project_name or packaged_name, 1, 1), locale, self.sink
            )
        return Catalogue(locale, {**messages, **make_unit_messages(declared, locale)})

    def read_messages(self, name: str, data: bytes, locale: str) -> Mapping[str, tuple[str, ...]]:
        """Reads the messages of a catalogue file, by message id with its context."""
        cached = self.cache.get((name, Catalogue))
        if cached is None or (cached.data, cached.locales) != (data, (locale,)):
            sink = DiagnosticSink()
            file = text_file.decode_text(name, data, sink)
            messages = catalogue.parse(file, locale, sink) if file else None
            cached = CachedFile(data, (locale,), messages, tuple(sink.found), is_whole=True)
            self.cache[name, Catalogue] = cached
        self.sink.found += cached.found
        return cast(Catalogue, cached.record).messages if cached.record else {}

    def read_images(self, refs: Collection[Ref]) -> dict[str, Image]:
        """Reads the pictures that blocks show, keyed by name."""
        if not refs:
            return {}
        from brief.reading.pictures import images  # on use, because many projects have no pictures

        pictures = ((ref.name, images.read_image(self.root / ASSETS, ref, self.sink)) for ref in refs)
        return {name: picture for name, picture in pictures if picture is not None}

    def read_specifications(self, refs: Collection[Ref]) -> dict[str, VegaSpecification]:
        """Reads the specifications that blocks draw, keyed by name."""
        if not refs:
            return {}
        from brief.reading.vega.specifications import read_specification  # on use, because few projects have any

        specifications = (
            (ref.name, read_specification(self.root, ref, self.locales, self.sink, self.replacements)) for ref in refs
        )
        return {name: specification for name, specification in specifications if specification is not None}
