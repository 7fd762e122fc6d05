"""Every parser of what comes from outside ends in time, with a result or a diagnostic, whatever it is given.

How many they are given, `tests/support/fuzzing.py` says.
"""

import contextlib
import io
from pathlib import Path

import pytest
from bus_workbook import bus_workbook
from fuzzing import documents, encoded_texts, files, fuzz
from hypothesis import strategies as st
from mail_plans import Mailing, row, write_list
from projects import STARTER, THEME, ProjectCopy
from readback import docx_parts

import brief
from brief import Project
from brief.mail.plan.plan import compose_outgoing, require_due, require_unchanged_list
from brief.mail.plan.plan_file import read_plan
from brief.model.appearance.brand import Brand, SetSettings
from brief.model.assets import Image
from brief.model.brief import Glossary, Settings, Theme
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.evidence import Source
from brief.model.figures.dataset import split_cell_name
from brief.model.figures.quantity import Period
from brief.model.source_location import Ref, SourceLocation
from brief.reading import addresses, catalogue, text_file, yaml_nodes
from brief.reading.decode import decode
from brief.reading.pictures import images
from brief.reading.pictures.svg import parse_svg
from brief.reading.po_file import read_po
from brief.reading.tables import sheets
from brief.reading.tables.recipients import read_recipients
from brief.reading.texts import markup
from brief.templating.set_file import read_set_file
from brief.writers.docx.reference.scrub import scrub_members

LOCALES = ("en", "zh-Hans", "zh-Hant")
HERE = SourceLocation("a", 1, 1)


def starter_files(pattern: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(STARTER.glob(pattern)))


def parse_yaml(data: bytes, record: type) -> None:
    sink = DiagnosticSink()
    file = text_file.decode_text("a.yaml", data, sink)
    node = yaml_nodes.parse(file, sink) if file else None
    if file and node:
        decode(node, record, file, LOCALES, sink)


@pytest.mark.parametrize(
    ("record", "pattern"),
    [
        (Theme, "content/themes/*.yaml"),
        (Settings, "content/brief.yaml"),
        (Source, "seeds/*.yaml"),
        (Glossary, "content/glossary.yaml"),
        (SetSettings, "content/brief.yaml"),
        (Brand, "content/brief.yaml"),
    ],
)
def test_yaml(record: type, pattern: str) -> None:
    @fuzz(files(*starter_files(pattern)))
    def run(data: bytes) -> None:
        parse_yaml(data, record)

    run()


@fuzz(encoded_texts)
def test_markup(data: bytes) -> None:
    markup.parse(data.decode("utf-8", "replace"), HERE, lambda _: HERE, DiagnosticSink())


CATALOGUE = (Path(brief.__file__).parent / "catalogues/zh-Hans.po").read_bytes()[:4000]


@fuzz(files(CATALOGUE))
def test_catalogues_and_translations(data: bytes) -> None:
    sink = DiagnosticSink()
    file = text_file.decode_text("a.po", data, sink)
    if file:
        catalogue.parse(file, "zh-Hans", sink)
        read_po(file, sink)


@fuzz(files(b"city;2024;2025\nshenzhen;1,5;2\n", b'city,"a ""b""",c\n1,2,3\n'))
def test_csv_tables(data: bytes) -> None:
    sheets.read_csv("a.csv", data, frozenset(("city", "2024")), DiagnosticSink())


def workbook() -> bytes:
    return bus_workbook()


@fuzz(st.deferred(lambda: files(workbook())))
def test_workbooks(data: bytes) -> None:
    sheets.read_workbook("a.xlsx", data, "Monthly", None, HERE, DiagnosticSink())


def test_a_sound_workbook_is_read() -> None:
    sink = DiagnosticSink()
    assert sheets.read_workbook("a.xlsx", workbook(), "Monthly", None, HERE, sink) is not None
    assert sink.found == []


SVG = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><g style='fill:#123'><path d='M0 0L9 9'/><text>a</text></g></svg>"


@fuzz(files(SVG))
def test_drawings(data: bytes) -> None:
    parse_svg(data)


PEOPLE = (
    b"recipients:\n  - {name: A, address: a@example.org, audience: public, locale: en}\n",
    b"name,address,audience,locale\nA,a@example.org,public,en\n",
    b"sep=;\nname;address;audience;locale\nA;a@example.org;public;en\n",
)


@pytest.mark.parametrize("name", ["a.yaml", "a.csv", "a.xlsx"])
def test_recipients(starter: Project, tmp_path: Path, name: str) -> None:
    @fuzz(files(*PEOPLE, workbook()))
    def run(data: bytes) -> None:
        (tmp_path / name).write_bytes(data)
        read_recipients(tmp_path / name, starter.brief)

    run()


@fuzz(encoded_texts)
def test_addresses_and_headers(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    addresses.find_header_problem(text)
    for candidate in (text, f"a@{text}", f"{text}@example.org", f"{text[:60]}@{text[:60]}.org"):
        with contextlib.suppress(addresses.BadAddressError):
            addresses.parse_address(candidate)


@fuzz(encoded_texts)
def test_periods_and_cells(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    split_cell_name(text)
    split_cell_name(f"a/b[{text}].c")
    Period.parse(text)


@pytest.mark.parametrize("record", [SetSettings, Brand])
def test_set_files(tmp_path: Path, record: type[Brand]) -> None:
    @fuzz(
        files(b"extends: base\ncolours: {accent: '#123456'}\n", b"faces: {en: {serif: [A], sans: [B]}}\nlogo: a.svg\n")
    )
    def run(data: bytes) -> None:
        (tmp_path / "set.yaml").write_bytes(data)
        read_set_file(tmp_path / "set.yaml", "set.yaml", record)

    run()


def test_plans(published: ProjectCopy) -> None:
    mailing = Mailing.of(published)
    people = write_list(row("ann@example.org"), row("li@example.org", "李小明", locale="zh-Hans"))
    assert mailing.plan(people, "--not-before", "2026-07-01T00:00:00+08:00").status == 0
    path = mailing.folder / "plan.json"

    @fuzz(documents(path.read_bytes()), share=0.5)
    def run(data: bytes) -> None:
        path.write_bytes(data)
        try:
            plan = read_plan(path)
            messages = compose_outgoing(plan)
            require_due(plan)
            require_unchanged_list(plan)
            for message in messages:
                message.load()
        except ValueError as problem:
            raise AssertionError("it ends the command with a traceback") from problem

    run()


REFERENCE = docx_parts((Path(brief.__file__).parents[2] / "templates/base/reference.docx").read_bytes())
PARTS = sorted(name for name in REFERENCE if name.endswith((".xml", ".rels")))


@pytest.mark.parametrize("part", PARTS[:: max(len(PARTS) // 6, 1)])
def test_reference_documents(part: str) -> None:
    @fuzz(files(REFERENCE[part]))
    def run(data: bytes) -> None:
        # What `open_reference` reports as a damaged template.
        with contextlib.suppress(KeyError, SyntaxError):
            scrub_members({**REFERENCE, part: data})

    run()


def png() -> bytes:
    from PIL import Image as Pillow

    buffer = io.BytesIO()
    Pillow.new("RGB", (20, 20), "navy").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["a.png", "a.svg"])
def test_pictures(tmp_path: Path, name: str) -> None:
    @fuzz(files(png(), SVG))
    def run(data: bytes) -> None:
        (tmp_path / name).write_bytes(data)
        assert isinstance(images.read_image(tmp_path, Ref(name), DiagnosticSink()), Image | None)

    run()


def test_the_fuzzed_theme_is_sound() -> None:
    """What is mutated is a file that can be read, else nothing behind the first check is met."""
    sink = DiagnosticSink()
    file = text_file.decode_text(THEME, (STARTER / THEME).read_bytes(), sink)
    assert file is not None
    node = yaml_nodes.parse(file, sink)
    assert node is not None
    assert decode(node, Theme, file, LOCALES, sink) is not None
    assert sink.found == []
