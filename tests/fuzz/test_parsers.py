"""Every parser of what comes from outside ends in time, with a result or a diagnostic, whatever it is given.

BRIEF_FUZZ_EXAMPLES is the number of inputs for each parser; without it there are few, so that all take some 20 seconds.
"""

import contextlib
import io
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from bus_workbook import bus_workbook
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from projects import STARTER, THEME
from readback import docx_parts

import brief
from brief import Project
from brief.mail.plan.plan_file import read_plan
from brief.model.appearance.brand import Brand, SetSettings
from brief.model.assets import Image
from brief.model.brief import Glossary, Settings, Theme
from brief.model.dataset import split_cell_name
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import BriefError
from brief.model.evidence import Source
from brief.model.quantity import Period
from brief.model.source_location import Ref, SourceLocation
from brief.reading import addresses, catalogue, images, markup, text_file, yaml_nodes
from brief.reading.decode import decode
from brief.reading.po_file import read_po
from brief.reading.svg import parse_svg
from brief.reading.tables import sheets
from brief.reading.tables.recipients import read_recipients
from brief.templating.set_file import read_set_file
from brief.writers.docx.reference.scrub import scrub_members

EXAMPLES = int(os.environ.get("BRIEF_FUZZ_EXAMPLES", "40"))
SECONDS = 2.0
LOCALES = ("en", "zh-Hans", "zh-Hant")
HERE = SourceLocation("a", 1, 1)

# What parsers go wrong at: their own marks, in heaps, and what they count with.
MARKS = (
    "*",
    "**",
    "`",
    "[",
    "](",
    "{",
    "}",
    "<",
    ">",
    "&",
    "\\",
    "|",
    "-",
    ":",
    "#",
    "'",
    '"',
    "\n",
    "\t",
    " ",
    ",",
    ";",
    "%",
)
WORDS = (
    "a",
    "the",
    "年",
    "\u200b",
    "\ufeff",
    "\u202e",
    "é",
    "\U0001f600",
    "id: x\n",
    "- ",
    "msgid",
    "claims:",
    "{a/b}",
    "[@a/b]",
)
NUMBERS = ("0", "1", "-1", "1e999", "9" * 400, "0x10", "NaN", "1_000", "٣", "2026-02-30", "2025/26", "FY2025")
pieces = st.one_of(
    st.sampled_from((*MARKS, *WORDS, *NUMBERS)),
    st.text(max_size=8),
    st.builds(lambda mark, many: mark * many, st.sampled_from(MARKS), st.sampled_from((2, 50, 2_000))),
)
texts = st.lists(pieces, max_size=25).map("".join)


def mutated(*originals: bytes) -> st.SearchStrategy[bytes]:
    """Sound files with parts cut out, doubled, or replaced by what parsers go wrong at."""

    def mutate(data: bytes, changes: list[tuple[float, int, str]]) -> bytes:
        for where, length, text in changes:
            at = int(where * len(data))
            data = data[:at] + text.encode("utf-8", "surrogatepass") + data[at + length :]
        return data

    change = st.tuples(st.floats(0, 1), st.integers(0, 40), pieces)
    return st.builds(mutate, st.sampled_from(originals), st.lists(change, max_size=6))


def files(*originals: bytes) -> st.SearchStrategy[bytes]:
    """Mutated files, made-up ones, and bytes."""
    return st.one_of(
        mutated(*originals), texts.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=200)
    )


def starter_files(pattern: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(STARTER.glob(pattern)))


def fuzz(strategy: st.SearchStrategy[bytes]) -> Callable[[Callable[[bytes], object]], Callable[[], None]]:
    """Runs the test on many inputs; each ends within `SECONDS`, with a result or with one of our own errors."""

    def decorate(parse: Callable[[bytes], object]) -> Callable[[], None]:
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize="BRIEF_FUZZ_EXAMPLES" not in os.environ,
            database=None,
            phases=(Phase.generate, Phase.shrink) if EXAMPLES > 40 else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def run(data: bytes) -> None:
            began = time.process_time()
            try:
                parse(data)
            except UnicodeError:
                raise
            except (BriefError, ValueError):
                pass
            assert time.process_time() - began < SECONDS, data

        def test() -> None:
            run()

        test.__name__ = parse.__name__
        test.__doc__ = parse.__doc__
        return test

    return decorate


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


@fuzz(texts.map(lambda text: text.encode("utf-8", "surrogatepass")))
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


@fuzz(files(workbook()))
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


@fuzz(texts.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_addresses_and_headers(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    addresses.find_header_problem(text)
    for candidate in (text, f"a@{text}", f"{text}@example.org", f"{text[:60]}@{text[:60]}.org"):
        with contextlib.suppress(addresses.BadAddressError):
            addresses.parse_address(candidate)


@fuzz(texts.map(lambda text: text.encode("utf-8", "surrogatepass")))
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


@fuzz(
    files(
        b'{"form": "brief plan 1", "messages": [{"to": "a@b", "subject": 1}], "letters": {}, "ledger": null}', b"[[[]]]"
    )
)
def test_plans(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "plan.json")
        path.write_bytes(data)
        read_plan(path)


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
