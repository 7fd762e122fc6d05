"""Plans the themes of a document in the source locale: new ones, and those imported before."""

from collections.abc import Iterator, Mapping, Sequence

from brief.model.brief import Brief, Settings, Theme
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import has_errors
from brief.model.source_location import SourceLocation
from brief.project.documents.planned_files import PlannedFiles
from brief.project.documents.restructuring import Loss, restructure_theme
from brief.project.documents.targets import ImportTarget
from brief.project.documents.theme_pairing import pair_texts
from brief.reading import text_file, yaml_nodes
from brief.reading.decode import decode
from brief.reading.documents.arrange import ArrangedDocument
from brief.reading.documents.blocks import TakenIds
from brief.reading.documents.theme_writer import ImportedTheme, Origin, write_theme
from brief.reading.layout import ASSETS, AUDIENCES, SETTINGS, THEMES
from brief.reading.rewriting import extend_list


def plan_themes(
    arranged: ArrangedDocument, target: ImportTarget, brief: Brief, planned: PlannedFiles, *, is_whole: bool
) -> tuple[str, ...]:
    """Plans the files of the themes and pictures, and returns the ids of new themes.

    `is_whole` says that the whole document is one theme. A theme that was not imported from this document is not
    replaced, but reported.
    """
    origin = Origin(target.document, is_whole=is_whole)
    own_themes = target.list_own_themes()
    settings = brief.settings
    present_ids = {
        *map(str, brief.themes),
        *(str(block.id) for theme in brief.themes.values() for block in theme.blocks),
    }
    new_themes = []
    for theme in arranged.themes:
        name = f"{THEMES}/{theme.id}.yaml"
        old, new = planned.read(name), write_theme(theme, target.locale, origin).encode()
        if not old:
            planned.add(name, b"", new)
            new_themes.append(str(theme.id))
            _report_unreadable(name, new, theme, target.locale, settings, planned.sink)
        elif theme.id not in own_themes:
            message = f"{name} exists and was not imported from {target.document}"
            hint = "rename the heading or the file, or import the document as one theme with --into"
            planned.sink.add_error("import-collision", theme.location, message, hint)
        else:
            others = {each for other in arranged.themes if other is not theme for each in _list_block_ids(other)}
            taken = TakenIds(present_ids | others)
            _update_theme(name, old, new, theme, target.locale, settings, taken, planned)
    for leftover in own_themes:
        if leftover not in [theme.id for theme in arranged.themes]:
            message = f"the document no longer has the theme '{leftover}'"
            hint = f"remove {THEMES}/{leftover}.yaml, and its name from content/brief.yaml and the audiences"
            planned.sink.add_warning("import-leftover", SourceLocation(f"{THEMES}/{leftover}.yaml"), message, hint)
    for picture, data in arranged.pictures.items():
        planned.add_picture(f"{ASSETS}/{picture}", data)
    return tuple(new_themes)


def plan_theme_lists(themes: Sequence[str], audiences: Sequence[str], planned: PlannedFiles) -> None:
    """Plans to add new themes to the lists of the brief and of audiences; warns where a list cannot be extended."""
    for name in (SETTINGS, *(f"{AUDIENCES}/{audience}.yaml" for audience in audiences)):
        old = planned.read(name)
        present = _read_theme_ids(name, old, planned)
        missing = [theme for theme in themes if theme not in present]
        new = extend_list(name, old, "themes", missing) if missing else old
        if new is None:
            message = f"the themes cannot be added to {name}"
            hint = f"add them to its 'themes:' by hand: {', '.join(missing)}"
            planned.sink.add_warning("import-leftover", SourceLocation(name), message, hint)
        elif new != old:
            planned.add(name, old, new)


def _update_theme(
    name: str,
    old: bytes,
    new: bytes,
    theme: ImportedTheme,
    locale: str,
    settings: Settings,
    taken: TakenIds,
    planned: PlannedFiles,
) -> None:
    """Plans to update a theme that was imported before, and to keep what the document does not decide; if that cannot be
    kept, to replace it. Warns about what is removed.
    """
    node = planned.parse(name, old)
    locales = [ref.name for ref in settings.locales]
    restructured = restructure_theme(theme, name, old, locales, locale, taken) if node else None
    if restructured is not None:
        if restructured.data != old:
            _report_unreadable(name, new, theme, locale, settings, planned.sink)
        planned.rewrite_texts(name, old, restructured.pairs, locale, locales, restructured.data)
        planned.outdated |= restructured.outdated
        for loss in restructured.losses:
            _report_loss(loss, name, planned)
        return
    paired = pair_texts(theme, node, locale) if node else None
    if isinstance(paired, list):
        planned.rewrite_texts(name, old, paired, locale, locales)
        return
    _report_unreadable(name, new, theme, locale, settings, planned.sink)
    written = set(_walk_keys(node)) if node else set()
    others = [other for other in locales if other != locale and other in written]
    lost = "everything that was added to it by hand" + (f" and its texts in {', '.join(others)}" if others else "")
    reason = f": {paired.message}" if paired else ""
    planned.sink.add_warning(
        "import-leftover",
        paired.location if paired else theme.location,
        f"the structure of theme '{theme.id}' has changed{reason}; replacing {name} removes {lost}",
        "compare the two, and copy what you need first",
        related=paired.related if paired else None,
    )
    planned.add_change(name, old, new)


def _list_block_ids(theme: ImportedTheme) -> list[str]:
    blocks = theme.fields["blocks"]
    return [str(block["id"]) for block in blocks if isinstance(block, Mapping)] if isinstance(blocks, list) else []


def _report_loss(loss: Loss, name: str, planned: PlannedFiles) -> None:
    texts = f"its texts in {', '.join(loss.locales)}"
    if loss.is_removed:
        message = f"the document no longer has {loss.what}; replacing {name} removes it"
        hint = "copy what you need first" if loss.locales else None
        message += f", with {texts}" if loss.locales else ""
    else:
        message = (
            f"{loss.what} has changed; replacing {name} removes {texts} that translate what the document no longer has"
        )
        hint = "copy what you need first"
    planned.sink.add_warning("import-leftover", loss.location, message, hint)


def _walk_keys(node: yaml_nodes.Node) -> Iterator[str]:
    """Yields the keys of all mappings in a file: the locales in which it has texts are among them."""
    match node:
        case yaml_nodes.MappingNode(entries=entries):
            for key, value in entries:
                yield key.text
                yield from _walk_keys(value)
        case yaml_nodes.SequenceNode(items=items):
            for item in items:
                yield from _walk_keys(item)


def _read_theme_ids(name: str, data: bytes, planned: PlannedFiles) -> list[str]:
    node = planned.parse(name, data)
    listed = yaml_nodes.find_value(node, "themes")
    items = listed.items if isinstance(listed, yaml_nodes.SequenceNode) else ()
    return [item.text for item in items if isinstance(item, yaml_nodes.ScalarNode)]


def _report_unreadable(
    name: str, data: bytes, theme: ImportedTheme, locale: str, settings: Settings, sink: DiagnosticSink
) -> None:
    """Reports the errors that reading the new theme would cause, at the location of the theme in the document."""
    theme_sink = DiagnosticSink()
    file = text_file.decode_text(name, data, theme_sink)
    node = yaml_nodes.parse(file, theme_sink) if file else None
    if file and node:
        decode(node, Theme, file, (locale,), theme_sink, clearances=settings.known_clearances)
    for problem in (each for each in theme_sink.found if has_errors([each])):
        sink.add_error(problem.code, theme.location, f"in theme '{theme.id}': {problem.message}", problem.hint)
