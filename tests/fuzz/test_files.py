"""Files of several parts and what is read back from disk: as `test_parsers.py`, with whole archives changed at every level."""

import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from fuzzing import archives, encoded_texts, files, fuzz
from readback import docx_parts
from variant_samples import sample, write_set
from word_samples import build_numbering, element, entry, field, pack, paragraph, run, styles, table, word_parts

import brief
from brief import Project
from brief.inspection.extract import extract_parts
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import has_errors
from brief.model.evidence import Source
from brief.model.figures.dataset import Dataset
from brief.model.source_location import UNKNOWN_LOCATION
from brief.model.translation import Translation, TranslationState
from brief.publish.journal import JOURNAL, recover
from brief.publish.verify import verify_pack
from brief.reading import bibliography, text_file, yaml_nodes
from brief.reading.decode import decode
from brief.reading.documents.arrange import Arrangement, arrange_document
from brief.reading.documents.document import ImportedDocument, LossReport
from brief.reading.documents.markdown import read_markdown
from brief.reading.documents.theme_writer import Origin, write_theme
from brief.reading.documents.word import read_word
from brief.reading.po_file import read_po
from brief.reading.tables import dataset_reader, sheets, workbook
from brief.reading.tables.dataset_guess import write_dataset
from brief.reading.tables.recipients import read_recipients
from brief.reading.xliff_file import read_xliff
from brief.templating.lint import find_unsafe_places
from brief.templating.output_rules import require_permitted
from brief.templating.template_set import TemplateSet, find_template_set
from brief.translate import lockfile
from brief.translate.context import Contexts
from brief.translate.po_import import import_translations
from brief.translate.state import collect_translatable
from brief.translate.xliff_export import export_xliff
from brief.writers.docx.reference.document import open_reference

REFERENCE = docx_parts((Path(brief.__file__).parents[2] / "templates/base/reference.docx").read_bytes())
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><style>a{b:c}</style><text>a</text></svg>"


def workbook_parts() -> dict[str, bytes]:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet")
        for row, cells in enumerate(
            (("name", "address", "audience", "locale"), ("Ann", "a@example.org", "public", "en"))
        ):
            sheet.write_row(row, 0, cells)
        sheet.write_row(2, 0, ("x", 1.5, 2, "3%"))
        sheet.write_formula(3, 1, "=SUM(B2:B3)", value=2)
        sheet.merge_range("A5:B6", "merged")
    return docx_parts(buffer.getvalue())


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> TemplateSet:
    return write_set(tmp_path_factory.mktemp("set"))


def test_reference_documents(base: TemplateSet) -> None:
    variant, folder = sample(), base.folders[0]

    @fuzz(archives(REFERENCE), share=0.5)
    def run(data: bytes) -> None:
        (folder / "reference.docx").write_bytes(data)
        open_reference(variant, base)

    run()


@fuzz(archives(workbook_parts()))
def test_workbooks(data: bytes) -> None:
    sink = DiagnosticSink()
    read = sheets.read_workbook("a.xlsx", data, None, None, UNKNOWN_LOCATION, sink)
    if read is not None:
        write_dataset(read, "data/a.xlsx", None, DiagnosticSink())
    workbook.read_first_sheet("a.xlsx", data, sink)


def test_workbooks_of_recipients(starter: Project, tmp_path: Path) -> None:
    @fuzz(archives(workbook_parts()))
    def run(data: bytes) -> None:
        (tmp_path / "a.xlsx").write_bytes(data)
        read_recipients(tmp_path / "a.xlsx", starter.brief)

    run()


SOURCE = b"""\
id: s
title: S
publisher: P
date: 2026-06-30
language: en
datasets:
  - id: riders
    file: data/a.csv
    key: [city]
    columns:
      city: {header: city}
      riders: {header: Riders, unit: count}
      share: {header: Share, unit: percent}
claims: []
"""


def dataset(data: bytes) -> Dataset | None:
    sink = DiagnosticSink()
    file = text_file.decode_text("seeds/s.yaml", data, sink)
    node = yaml_nodes.parse(file, sink) if file else None
    source = decode(node, Source, file, ("en",), sink) if file and node else None
    return source.datasets[0] if source and source.datasets else None


TABLE = b'city,Riders,Share\nShenzhen,"1500",3.5\nZhuhai,20,\n'


@fuzz(files(TABLE, TABLE.replace(b",", b";"), "﻿city\tRiders\tShare\r\n深圳\t1 500\t3,5\r\n".encode()))
def test_files_of_datasets(data: bytes) -> None:
    described = dataset(SOURCE)
    assert described is not None
    dataset_reader.read_table(described, data, DiagnosticSink())


@fuzz(files(SOURCE))
def test_descriptions_of_datasets(data: bytes) -> None:
    described = dataset(data)
    if described is not None:
        dataset_reader.read_table(described, TABLE, DiagnosticSink())


BIBTEX = rb"""
@string{p = "Press"}
@article{muller2024, title = {On {Night} Buses \& {\"U}ber}, author = "M{\"u}ller, Anna and Ng, B.", journal = p # { 2},
  year = 2024, month = mar, url = {https://example.org/a_b}, doi = {10.1000/182}}
@comment{x}
"""
CSL = json.dumps(
    [
        {
            "id": "a",
            "type": "book",
            "title": "T <i>x</i>",
            "author": [{"family": "N", "given": "A"}],
            "issued": {"date-parts": [[2024, 3]]},
        }
    ]
).encode()


@pytest.mark.parametrize(("name", "sound"), [("a.bib", BIBTEX), ("a.json", CSL)])
def test_bibliographies(name: str, sound: bytes) -> None:
    @fuzz(files(sound))
    def run(data: bytes) -> None:
        bibliography.read_bibliography(name, data, DiagnosticSink())

    run()


def test_translations(starter: Project) -> None:
    texts, _ = collect_translatable(starter.brief)
    sound = [
        f'msgid ""\nmsgstr ""\n"Language: zh_Hans\\n"\n\nmsgctxt "{name}"\nmsgid "{text.text.phrases["en"].source}"\nmsgstr "译"\n'
        for name, text in list(texts.items())[:4]
        if '"' not in text.text.phrases["en"].source
    ]

    @fuzz(files(*(each.encode() for each in sound)))
    def run(data: bytes) -> None:
        sink = DiagnosticSink()
        file = text_file.decode_text("a.po", data, sink)
        po = read_po(file, sink) if file else None
        if po:
            import_translations(po, starter.brief, texts, sink)

    run()


def test_translations_in_xliff(starter: Project) -> None:
    texts, _ = collect_translatable(starter.brief)
    found = [
        Translation(text, "zh-Hans", TranslationState.MISSING, UNKNOWN_LOCATION) for text in list(texts.values())[:3]
    ]
    sound = export_xliff(starter.brief, Contexts(starter.brief, "zh-Hans"), found, {})

    @fuzz(files(sound))
    def run(data: bytes) -> None:
        sink = DiagnosticSink()
        file = text_file.decode_text("a.xlf", data, sink)
        read = read_xliff(file, sink) if file else None
        if read:
            import_translations(read, starter.brief, texts, sink)

    run()


def test_records_of_translations(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()

    @fuzz(
        files(b'{\n "theme/a/title": {"zh-Hans": "0123456789abcdef"}\n}\n', b"theme/a/title zh-Hans 0123456789abcdef\n")
    )
    def run(data: bytes) -> None:
        (tmp_path / "content/translations.lock").write_bytes(data)
        lockfile.read_lockfile(tmp_path, DiagnosticSink())

    run()


def test_journals(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    files_ = [{"path": "content/a.yaml", "old": "", "new": "eA=="}]

    @fuzz(files(json.dumps({"form": "brief journal 1", "files": files_}).encode()))
    def run(data: bytes) -> None:
        (tmp_path / JOURNAL).write_bytes(data)
        recover(tmp_path)

    run()
    assert {path.name for path in tmp_path.iterdir()} == {"content"}


def test_manifests(tmp_path: Path) -> None:
    sound = {
        "schema": 1, "brief": "b", "date": "2026-01-01", "versions": {}, "fonts": {}, "embargoes": {"a": "2026-01-01T00:00:00Z"},
        "artifacts": [
            {"path": "a/b", "audience": "a", "locale": "en", "format": "html", "media_type": "t", "bytes": 1, "sha256": "0"}
        ],
    }  # fmt: skip

    @fuzz(files(json.dumps(sound).encode()))
    def run(data: bytes) -> None:
        (tmp_path / "manifest.json").write_bytes(data)
        verify_pack(tmp_path)

    run()


PAGE = b"""<!doctype html><html><head><style>a { background: url(x.png) }</style></head>
<body><a href="{{ url }}" title='{{ x }}'>a</a><svg><use href="#a"/></svg><img src="data:image/png;base64,AA=="></body></html>"""


@fuzz(files(PAGE))
def test_pages_of_templates(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    list(find_unsafe_places(text, "a"))
    require_permitted(text, find_template_set("base"), "screen.html.j2")


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.css", "a.bin"])
def test_inspected_files(name: str) -> None:
    @fuzz(files(PAGE, SVG))
    def run(data: bytes) -> None:
        list(extract_parts(name, data))

    run()


@fuzz(archives(workbook_parts()))
def test_inspected_archives(data: bytes) -> None:
    list(extract_parts("a.zip", data))


@fuzz(encoded_texts)
def test_numbers(data: bytes) -> None:
    from brief.inspection.figures import FigureFinder

    finder: FigureFinder[str] = FigureFinder()
    finder.add(Decimal(77_700_000), "CNY", ("yuan", "cny"), "secret")
    list(finder.find(data.decode("utf-8", "replace")))


def test_the_sound_files_are_sound() -> None:
    sink = DiagnosticSink()
    described = dataset(SOURCE)
    assert described is not None
    assert dataset_reader.read_table(described, TABLE, sink) is not None
    assert [entry.id for entry in bibliography.read_bibliography("a.bib", BIBTEX, sink)] == ["muller2024"]
    assert [entry.id for entry in bibliography.read_bibliography("a.json", CSL, sink)] == ["a"]
    assert sink.found == []


MARKDOWN = (
    b"---\ntitle: T\n---\n\n# A\n\nText **b** [c](https://example.org) $x$ H~2~O[^1].\n\n[^1]: Note.\n\n| a | b |\n|---|---|\n"
    b"| c | d |\n\n> [!NOTE]\n> e\n\n1. f\n   - g\n\n```\nh\n```\n\n![i](data:image/png;base64,AA==)\n"
)


def arrange(read: Callable[[LossReport], ImportedDocument | None]) -> None:
    report = LossReport(DiagnosticSink())
    document = read(report)
    if document is not None:
        for theme in arrange_document(document, Arrangement("a"), report).themes:
            write_theme(theme, "en", Origin("a"))


def no_file(name: str) -> bytes:
    raise ValueError(name)


@fuzz(files(MARKDOWN))
def test_documents_in_markdown(data: bytes) -> None:
    arrange(lambda report: read_markdown("a.md", data, report, no_file))


def word_document() -> dict[str, bytes]:
    body = (
        paragraph("A", "H") + paragraph(run("b", "<w:b/>") + field("HYPERLINK \"https://example.org\"", "c")) + entry("d", 1)
        + table([["e", "f"], ["g", "h"]]) + paragraph('<w:r><w:footnoteReference w:id="2"/></w:r>')
        + paragraph("<m:oMath><m:f><m:num><m:r><m:t>x</m:t></m:r></m:num><m:den/></m:f></m:oMath>")
    )  # fmt: skip
    notes = element("w:footnotes", f'<w:footnote w:id="2">{paragraph("note")}</w:footnote>')
    parts = {
        "styles.xml": styles({"H": "heading 1"}),
        "numbering.xml": build_numbering("decimal"),
        "footnotes.xml": notes,
    }
    return word_parts(body, parts)


@fuzz(archives(word_document()))
def test_documents_of_word(data: bytes) -> None:
    arrange(lambda report: read_word("a.docx", data, report))


def test_the_sound_documents_are_sound() -> None:
    report = LossReport(DiagnosticSink())
    assert read_word("a.docx", pack(word_document()), report) is not None
    assert read_markdown("a.md", MARKDOWN, report, no_file) is not None
    assert not has_errors(report.sink.found)
