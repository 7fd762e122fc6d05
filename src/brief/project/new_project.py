"""Creates a project from one of the packaged starters."""

import csv
import io
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from brief.model.diagnostics import ContentError, MachineError
from brief.model.record import dataclass
from brief.reading.edits.quoting import quote_scalar
from brief.reading.locale_selection import keep_locales
from brief.reading.schema import FILES, build_schema
from brief.reading.values import is_slug

_SETTINGS = "content/brief.yaml"
_SCHEMAS = ".schema"
_YAML_LANGUAGE_SERVER = "# yaml-language-server: $schema="


# The locales of a new project if none are chosen.
DEFAULT_LOCALES = ("en", "zh-Hans", "zh-Hant")
# All locales in which the starters have texts.
LOCALES = (*DEFAULT_LOCALES, "zh-Hant-HK", "ja", "ko", "de", "fr", "es")


@dataclass(frozen=True, slots=True)
class Starter:
    """A packaged project to start from: a sentence that describes it, and its audiences in order."""

    summary: str
    audiences: tuple[str, ...]


# The only table of starters; each is a folder in `brief/starters`.
STARTERS: Mapping[str, Starter] = {
    "research": Starter("A research briefing: evidence, a chart, an open question", ("public", "council")),
    "one-page": Starter("One page: two takeaways, a chart, a decision", ("tenants", "owners")),
    "quarterly": Starter("A quarterly report: figures, lines and tables from a CSV file", ("public", "board")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProject:
    """The settings of a new project.

    Without `locales`, the project has the default locales; without `audiences`, all audiences of its starter. `titles`,
    keyed by locale, replaces the starter's title. The first locale is the source locale.
    """

    starter: str = "research"
    titles: Mapping[str, str] = field(default_factory=dict)
    locales: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    template_set: str = "base"


def find_problems(options: NewProject) -> tuple[str, ...]:
    """Returns every reason why the project cannot be created from its starter, each as a sentence; empty if it can.

    Raises:
        KeyError: there is no such starter.
    """
    starter = STARTERS[options.starter]
    problems = [
        f"'{locale}' is not one locale; write {' '.join(f'-l {each.strip()}' for each in locale.split(','))}"
        if "," in locale
        else f"the starters have no texts in '{locale}'; they have {', '.join(LOCALES)}: create the project in"
        f" one of them, then add '{locale}' to 'locales' in content/brief.yaml, and its texts"
        for locale in options.locales
        if locale not in LOCALES
    ]
    # A mistake in a locale would be reported again for the titles.
    if options.titles and not problems:
        locales = options.locales or DEFAULT_LOCALES
        unknown = [locale for locale in options.titles if locale not in locales]
        problems += [f"the title is in '{locale}', which is not a locale of the project" for locale in unknown]
        missing = [locale for locale in locales if locale not in options.titles]
        problems += [f"the title in '{locale}' is missing; add --title {locale}=TITLE" for locale in missing]
    problems += [
        f"the starter '{options.starter}' has no audience '{audience}'; it has {', '.join(starter.audiences)}"
        for audience in options.audiences
        if audience not in starter.audiences
    ]
    return tuple(problems)


def create_project(folder: Path, options: NewProject) -> None:
    """Writes the project into a folder that does not exist or is empty; `find_problems` must return nothing.

    Raises:
        MachineError: the folder cannot be written to.
    """
    root = resources.files("brief") / "starters"
    files = {**_read_files(root / "common"), **_read_files(root / options.starter)}
    starter = STARTERS[options.starter]
    locales, audiences = options.locales or DEFAULT_LOCALES, options.audiences or starter.audiences
    left_out = {f"content/audiences/{name}.yaml" for name in starter.audiences if name not in audiences}
    try:
        for name, data in files.items():
            if name not in left_out:
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(_adapt(name, data, options, locales, audiences, folder.resolve().name))
        (folder / _SCHEMAS).mkdir()
        for kind in FILES:
            schema = json.dumps(build_schema(kind), ensure_ascii=False, indent=1)
            (folder / _SCHEMAS / f"{kind}.json").write_text(schema + "\n", "utf-8")
        _accept_starter_texts(folder)
    except OSError as problem:
        raise MachineError(f"cannot write to {folder}: {problem.strerror or problem}") from problem


def _accept_starter_texts(folder: Path) -> None:
    """Records the starter's texts as accepted translations of each other: they were written together.

    The first edit of a source text is then noticed. A title with mistakes in it leaves the project without a record.
    """
    from brief.project.translations import Translations

    with suppress(ContentError):
        Translations.load(folder).accept()


def _read_files(folder: Traversable, path: str = "") -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            files |= _read_files(entry, f"{path}{entry.name}/")
        else:
            files[f"{path}{entry.name}"] = entry.read_bytes()
    return files


def _adapt(
    name: str, data: bytes, options: NewProject, locales: tuple[str, ...], audiences: tuple[str, ...], folder: str
) -> bytes:
    if name == "recipients.csv":
        return _keep_recipients(data.decode(), locales, audiences).encode()
    kind = _find_kind(name)
    if kind is None:
        return data
    text = keep_locales(data.decode(), locales, LOCALES)
    if name == _SETTINGS:
        text = _adapt_settings(text, options, locales, audiences, folder)
    up = "../" * name.count("/")
    return f"{_YAML_LANGUAGE_SERVER}{up}{_SCHEMAS}/{kind}.json\n{text}".encode()


def _find_kind(name: str) -> str | None:
    """Returns the kind of a content file, a key of `FILES`; None for other files."""
    path = PurePosixPath(name)
    if path.suffix != ".yaml":
        return None
    folder = path.parent.name
    return {"themes": "theme", "audiences": "audience", "seeds": "source"}.get(folder) or (
        path.stem if path.stem in FILES else None
    )


def _adapt_settings(
    text: str, options: NewProject, locales: tuple[str, ...], audiences: tuple[str, ...], folder: str
) -> str:
    changes = {
        "locales": f"[{', '.join(locales)}]",
        "source_locale": locales[0],
        "audiences": f"[{', '.join(audiences)}]",
        "template_set": options.template_set,
    }
    if options.titles:
        quoted = (f"{locale}: {quote_scalar(options.titles[locale])}" for locale in locales)
        changes["title"] = f"{{{', '.join(quoted)}}}"
        if is_slug(folder):
            changes["id"] = folder
    for key, value in changes.items():
        before, after = re.split(f"^{key}: .*$", text, maxsplit=1, flags=re.MULTILINE)
        text = f"{before}{key}: {value}{after}"
    return text


def _keep_recipients(text: str, locales: tuple[str, ...], audiences: tuple[str, ...]) -> str:
    """Removes the recipients whose audience or locale the project does not have."""
    header, *rows = csv.reader(io.StringIO(text))
    column = {name: header.index(name) for name in ("audience", "locale")}
    remaining = [row for row in rows if row[column["locale"]] in locales and row[column["audience"]] in audiences]
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([header, *remaining])
    return buffer.getvalue()
