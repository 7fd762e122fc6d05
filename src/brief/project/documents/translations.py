"""Plans the texts of a document that translates themes."""

from collections.abc import Sequence

from brief.model.counts import format_count
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import SourceLocation
from brief.project.documents.planned_files import PlannedFiles
from brief.project.documents.theme_pairing import Difference, pair_texts
from brief.project.file_changes import read_present
from brief.reading.documents.arrange import ArrangedDocument
from brief.reading.layout import ASSETS, THEMES


def plan_translation(
    arranged: ArrangedDocument, themes: Sequence[str], locale: str, locales: Sequence[str], planned: PlannedFiles
) -> None:
    """Plans to write the texts of a translation into the themes; reports where the structures differ.

    The themes of the document are in the order of `themes`.
    """
    if len(arranged.themes) != len(themes):
        location = arranged.themes[min(len(themes), len(arranged.themes) - 1)].location
        names = ", ".join(f"'{name}'" for name in themes)
        message = f"the document has {format_count(len(arranged.themes), 'theme')}, and the project has {len(themes)}: {names}"
        _report_difference(Difference(message, location, SourceLocation(f"{THEMES}/{themes[-1]}.yaml")), planned.sink)
        return
    for name, theme in zip(themes, arranged.themes, strict=True):
        file = f"{THEMES}/{name}.yaml"
        old = planned.read(file)
        node = planned.parse(file, old)
        if node is None:
            continue
        paired = pair_texts(theme, node, locale)
        if isinstance(paired, Difference):
            _report_difference(paired, planned.sink)
        else:
            planned.rewrite_texts(file, old, paired, locale, locales)
    project_pictures = {read_present(path) for path in (planned.root / ASSETS).rglob("*") if path.is_file()}
    for picture, data in arranged.pictures.items():
        if data not in project_pictures:
            message = f"the picture '{picture}' differs from the one in the project, which every locale uses"
            hint = "remove it from the translation, or use one picture for both"
            planned.sink.add_warning("import-omitted", SourceLocation(planned.document), message, hint)


def _report_difference(difference: Difference, sink: DiagnosticSink) -> None:
    hint = "give the translation the same headings, paragraphs, lists and tables, or write its texts into the themes"
    sink.add_error("import-structure", difference.location, difference.message, hint, related=difference.related)
