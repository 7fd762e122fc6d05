"""A project folder to a brief: which files there are, and what each is read as."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TypeVar, cast

from brief.model.assets import Image
from brief.model.blocks import Figure
from brief.model.brief import Audience, Brief, Glossary, Settings, Theme
from brief.model.catalogue import Catalogue
from brief.model.diagnostics import Diagnostic, in_order
from brief.model.evidence import Source
from brief.model.locale import fallbacks, is_locale_tag, language
from brief.model.place import Place, Ref
from brief.reading import catalogue, images, text_file, yaml_nodes
from brief.reading.decode import decode
from brief.reading.faults import Faults, suggestion

T = TypeVar("T")

SETTINGS = "content/brief.yaml"
GLOSSARY = "content/glossary.yaml"
THEMES = "content/themes"
AUDIENCES = "content/audiences"
SOURCES = "seeds"
ASSETS = "content/assets"
CATALOGUES = "content/catalogues"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a project: all faults, and the brief, unless a part of it could not be read at all."""

    brief: Brief | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a file of these bytes was read as, and the faults that were found in it."""

    data: bytes
    locales: tuple[str, ...]
    record: object
    found: tuple[Diagnostic, ...]


Records = dict[tuple[str, type], Known]


def read_project(root: Path, records: Records | None = None) -> Reading:
    """Reads the whole project at `root`. Paths in diagnostics are relative to it, with `/`.

    A file whose bytes are those in `records` is not parsed again; what is read is added there.
    """
    reader = _Reader(root, {} if records is None else records)
    return Reading(reader.brief(), in_order(reader.faults.found))


@dataclass(slots=True)
class _Reader:
    root: Path
    records: Records
    faults: Faults = field(default_factory=Faults)
    locales: tuple[str, ...] = ()
    complete: bool = True
    stated: frozenset[str] = frozenset()

    def brief(self) -> Brief | None:
        if not (self.root / SETTINGS).is_file():
            self.faults.error(
                "missing-file", Place(SETTINGS), f"there is no {SETTINGS}", "run 'brief new DIR' for a working project"
            )
            return None
        settings = self.settings()
        themes = self.listed(THEMES, Theme, settings.themes if settings else (), "theme")
        audiences = self.listed(AUDIENCES, Audience, settings.audiences if settings else (), "audience")
        sources = {str(source.id): source for source in self.each(SOURCES, Source) if source}
        glossary = self.record(GLOSSARY, Glossary) if (self.root / GLOSSARY).exists() else Glossary()
        catalogues = {locale: self.catalogue(locale, settings) for locale in self.locales}
        pictures = self.images(themes)
        if settings is None or glossary is None or not self.complete or len(self.locales) != len(settings.locales):
            return None
        return Brief(
            settings=settings,
            themes=themes,
            audiences=audiences,
            sources=sources,
            glossary=glossary,
            catalogues=catalogues,
            images=pictures,
        )

    def settings(self) -> Settings | None:
        """The settings; sets `locales` first, for the texts of this very file are checked for them."""
        data = self.content(SETTINGS)
        parsed = self.parsed(SETTINGS, data) if data is not None else None
        if parsed is None:
            return None
        file, node = parsed
        values = {key.text: value for key, value in node.entries}
        listed = values.get("locales")
        tags = [tag for tag in getattr(listed, "items", ()) if isinstance(tag, yaml_nodes.Scalar)]
        fit = [tag.text for tag in tags if self.is_locale(tag)]
        # With a tag that is none, nothing can be said on which texts are missing or too many.
        self.locales = tuple(fit) if len(fit) == len(tags) else ()
        source = values.get("source_locale")
        if isinstance(source, yaml_nodes.Scalar) and self.locales and source.text not in self.locales:
            self.faults.error(
                "unknown-locale",
                source.place,
                f"'{source.text}' is not among the brief's locales",
                suggestion(source.text, self.locales),
            )
        explicit = values.get("explicit_clearance")
        if isinstance(explicit, yaml_nodes.Scalar) and explicit.text == "true":
            self.stated = frozenset({"clearance"})
        return decode(node, Settings, file, self.locales, self.faults)

    def is_locale(self, tag: yaml_nodes.Scalar) -> bool:
        if not is_locale_tag(tag.text):
            message = f"'{tag.text[:60]}' is not a locale tag"
            self.faults.error("bad-locale", tag.place, message, "write it as in BCP 47: en, zh-Hant, zh-Hant-HK")
            return False
        if not catalogue.is_known(tag.text):
            message = f"nothing is known of the numbers and dates of '{tag.text}'"
            self.faults.error("unknown-locale", tag.place, message, "use a locale that Unicode's CLDR describes")
            return False
        return True

    def record(self, name: str, record: type[T]) -> T | None:
        data = self.content(name)
        known = self.records.get((name, record))
        if known is not None and (known.data, known.locales) == (data, self.locales):
            read = cast(T | None, known.record)
            self.faults.found += known.found
        else:
            before = len(self.faults.found)
            parsed = self.parsed(name, data) if data is not None else None
            read = decode(parsed[1], record, parsed[0], self.locales, self.faults, self.stated) if parsed else None
            if data is not None:
                self.records[name, record] = Known(data, self.locales, read, tuple(self.faults.found[before:]))
        self.complete = self.complete and read is not None
        return read

    def content(self, name: str) -> bytes | None:
        try:
            with (self.root / name).open("rb") as opened:
                return opened.read(text_file.MAX_BYTES + 1)
        except OSError as problem:
            self.faults.error("unreadable-file", Place(name), f"cannot be read: {problem.strerror}")
            return None

    def parsed(self, name: str, data: bytes) -> tuple[text_file.TextFile, yaml_nodes.Mapping] | None:
        file = text_file.decode(name, data, self.faults)
        node = yaml_nodes.parse(file, self.faults) if file else None
        return (file, node) if file and node else None

    def files(self, folder: str) -> list[str]:
        """The YAML files of a folder, sorted, by their path from the root."""
        names = []
        for path in sorted((self.root / folder).glob("*")):
            if path.suffix == ".yaml" and path.is_file():
                names.append(f"{folder}/{path.name}")
            elif path.suffix == ".yml":
                self.faults.warning(
                    "unused-file",
                    Place(f"{folder}/{path.name}"),
                    "files end in .yaml; this one is not read",
                    "rename it",
                )
        return names

    def listed(self, folder: str, record: type[T], refs: tuple[Ref, ...], what: str) -> dict[str, T]:
        """The records of a folder that `refs` name, in the order of `refs`."""
        stems = {Path(name).stem: name for name in self.files(folder)}
        read = {Path(name).stem: value for name, value in zip(stems.values(), self.each(folder, record), strict=True)}
        chosen: dict[str, T] = {}
        for ref in refs:
            if ref.name not in stems:
                self.faults.error(
                    f"unknown-{what}", ref.place, f"there is no {folder}/{ref}.yaml", suggestion(ref.name, stems)
                )
            elif ref.name in chosen:
                self.faults.error("duplicate-entry", ref.place, f"{what} '{ref}' is listed twice", "remove one")
            elif (value := read[ref.name]) is not None:
                chosen[ref.name] = value
        named = {ref.name for ref in refs}
        for stem, name in stems.items():
            if stem not in named and refs:
                self.faults.warning(
                    "unused-file", Place(name), f"{SETTINGS} does not list {what} '{stem}'", f"add it to '{what}s:'"
                )
        return chosen

    def each(self, folder: str, record: type[T]) -> Iterator[T | None]:
        for name in self.files(folder):
            value = self.record(name, record)
            stem, written = Path(name).stem, getattr(value, "id", None)
            if value is not None and written != stem:
                place = getattr(value, "place", Place(name))
                self.faults.error(
                    "id-mismatch", place, f"the id is '{written}', the file is '{stem}.yaml'", "make them agree"
                )
            yield value

    def catalogue(self, locale: str, settings: Settings | None) -> Catalogue:
        """The packaged words of the locale, with the project's own over them."""
        messages: dict[str, tuple[str, ...]] = {}
        found = english = language(locale) == "en"
        faults = len(self.faults.found)
        for tag in reversed(fallbacks(locale)):
            packaged = resources.files("brief") / "catalogues" / f"{tag}.po"
            own = self.root / CATALOGUES / f"{tag}.po"
            for name, data in (
                (f"catalogues/{tag}.po", packaged.read_bytes() if packaged.is_file() else None),
                (f"{CATALOGUES}/{tag}.po", own.read_bytes() if own.is_file() else None),
            ):
                if data is None:
                    continue
                found = True
                file = text_file.decode(name, data, self.faults)
                read = catalogue.parse(file, locale, self.faults) if file else None
                messages.update(read.messages if read else {})
        if not found:
            listed = settings.locales if settings else ()
            place = next((ref.place for ref in listed if ref.name == locale), Place(SETTINGS))
            self.faults.error(
                "missing-catalogue",
                place,
                f"there are no interface words for {locale}",
                f"add {CATALOGUES}/{locale}.po, copied from another locale's",
            )
        elif not english and len(self.faults.found) == faults:
            catalogue.require_all(messages, Place(f"{CATALOGUES}/{locale}.po", 1, 1), locale, self.faults)
        return Catalogue(locale, messages)

    def images(self, themes: Mapping[str, Theme]) -> dict[str, Image]:
        read = {}
        for theme in themes.values():
            for block in theme.blocks:
                if isinstance(block, Figure):
                    picture = images.read(self.root / ASSETS, block.image, self.faults)
                    if picture is not None:
                        read[block.image.name] = picture
        return read
