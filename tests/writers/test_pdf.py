"""What the PDF promises: its structure, its faces, its bytes, and that its making touches no file but the set's."""

import http.server
import io
import os
import re
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import page as validator
import pikepdf
import PIL.Image
import pydyf  # type: ignore[import-untyped]
import pytest
from variant_samples import LONG_INTRODUCTION, WORDS, pixel, sample, text, write_set

from brief.fonts import installed, latin
from brief.model.align import Align
from brief.model.appearance.look import Faces
from brief.model.diagnostics import ContentError, MachineError, Severity
from brief.model.variant import Column, ListBlock, Paragraph, Table
from brief.templating.template_set import find_template_set, list_template_sets
from brief.writers.formats import FORMATS
from brief.writers.pdf import write
from brief.writers.pdf.weasyprint import conformance, page_limits

LOCALES = tuple(WORDS)
PARAGRAPH = "block/paragraph.html.j2"


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    return {locale: write(sample(locale), find_template_set("base")).data for locale in LOCALES}


def poppler(data: bytes, *command: str) -> str:
    return subprocess.run([*command, "-", "-"], input=data, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("locale", LOCALES)
def test_metadata_and_tags(documents: dict[str, bytes], locale: str) -> None:
    with pikepdf.open(io.BytesIO(documents[locale])) as document:
        assert str(document.Root.Lang) == locale
        assert document.Root.MarkInfo.Marked
        assert str(document.docinfo.Title) == f"{WORDS[locale]['title']} – {sample(locale).audience_title}"
        assert str(document.docinfo.Author) == "Institute"
        assert str(document.docinfo.Keywords) == WORDS[locale]["theme"]
        assert str(document.docinfo.CreationDate).startswith("D:20260320")
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")


@pytest.mark.parametrize("locale", LOCALES)
def test_outline_follows_the_headings(documents: dict[str, bytes], locale: str) -> None:
    with pikepdf.open(io.BytesIO(documents[locale])) as document, document.open_outline() as outline:
        (title,) = outline.root
        assert title.title == WORDS[locale]["title"]
        theme, terms, sources = title.children
        assert theme.title.split() == ["1", *WORDS[locale]["theme"].split()]
        assert [child.title for child in theme.children] == ["Runs"]
        assert (terms.title, sources.title) == ("Who is who", "Sources")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_face_is_embedded_and_of_its_region(documents: dict[str, bytes], locale: str) -> None:
    rows = subprocess.run(["pdffonts", "-"], input=documents[locale], capture_output=True, check=True).stdout
    fonts = {row.split()[0].split("+")[1] for row in rows.decode().splitlines()[2:]}
    assert all(row.split()[-5] == "yes" for row in rows.decode().splitlines()[2:])
    latin_faces = {name for name in fonts if not name.startswith("Noto")}
    assert all(re.match("Source-Serif-4|SourceSerif4|Inter", name) for name in latin_faces), fonts
    region = {"en": "SC", "zh-Hans": "SC", "zh-Hant": "TC"}[locale]
    assert all(f"CJK-{region}" in name for name in fonts - latin_faces), fonts


@pytest.mark.parametrize("locale", LOCALES)
def test_text_can_be_taken_out_again(documents: dict[str, bytes], locale: str) -> None:
    found = poppler(documents[locale], "pdftotext", "-enc", "UTF-8").replace("\u2060", "")
    assert WORDS[locale]["quoted"] in found
    assert "RMB 2.5 million" in found
    assert "Page 2 of " in found or "Page 2 of" in found.replace("\n", " ")


def test_page_count_and_contents() -> None:
    written = write(replace(sample(), introduction=LONG_INTRODUCTION), find_template_set("base"))
    with pikepdf.open(io.BytesIO(written.data)) as document:
        assert written.pages == len(document.pages)
    contents = poppler(written.data, "pdftotext", "-layout", "-f", "2", "-l", "2")
    assert re.search(r"1\s+The cost of compute\s+3\n", contents)


def test_the_marking_is_on_every_page() -> None:
    for blocks in (None, ()):
        marked = poppler(write(sample(blocks=blocks, marking="Embargoed"), find_template_set("base")).data, "pdftotext")
        assert all("Embargoed" in found for found in marked.split("\f")[:-1])


def test_compact_variant_has_neither_cover_nor_contents() -> None:
    written = write(sample(blocks=()), find_template_set("base"))
    assert written.pages == 1
    assert "Contents" not in poppler(written.data, "pdftotext")


def test_table_heads_are_repeated_and_rows_kept() -> None:
    (table,) = (block for block in sample().sections[0].blocks if isinstance(block, Table))
    rows = tuple((text(f"Row {number}"), text(str(number))) for number in range(120))
    written = write(
        sample(blocks=(replace(table, rows=rows), *sample().sections[0].blocks[:2])), find_template_set("base")
    )
    pages = poppler(written.data, "pdftotext", "-layout").split("\f")
    for found in (p for p in pages if "Row " in p):
        assert re.search(r"Route\s+2025\n", found)
    assert re.findall(r"Row (\d+)\s+\1\n", "\n".join(pages)) == [str(number) for number in range(120)]


def test_a_sentence_at_the_end_of_its_column_stays_in_it() -> None:
    heads = (Column(title=text("Remark"), align=Align.END), Column(title=text("Price"), align=Align.END))
    rows = ((text("The price of gas rose twice in that winter, which nobody expected. " * 3), text("€1,240")),)
    table = Table(id="long", title=text("Long"), columns=heads, rows=rows, note=None)
    written = write(sample(blocks=(table,)), find_template_set("base")).data
    words = re.findall(
        r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">(.*?)<', poppler(written, "pdftotext", "-bbox")
    )
    (price,) = (float(start) for start, _, word in words if word == "€1,240")
    assert max(float(end) for _, end, word in words if word in ("gas", "nobody", "expected.")) < price


def test_a_character_that_no_font_has_is_a_warning() -> None:
    written = write(sample(blocks=(Paragraph(id="p", text=text("\U000e0fff\ue000")),)), find_template_set("base"))
    assert {(d.code, d.severity) for d in written.diagnostics} == {("missing-glyph", Severity.WARNING)}
    assert write(sample(), find_template_set("base")).diagnostics == ()


def test_missing_fonts_are_named_with_their_package() -> None:
    faces = Faces(serif=("Source Serif 4", "Noto Serif CJK XX"), sans=("Inter",))
    with pytest.raises(MachineError, match="Noto Serif CJK XX; on Debian: apt-get install fonts-noto-cjk"):
        installed.require_families(faces, provided=latin.list_bundled_families())


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and the paths that were asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}/probe", asked
        httpd.shutdown()


IN_MARKUP = [
    '<img alt="" src="{}">',
    '<link rel="stylesheet" href="{}">',
    '<object data="{}"></object>',
    '<embed src="{}">',
    "<style>p {{ background: url({}) }}</style>",
    '<style>@import "{}";</style>',
    '<div><style>@font-face {{ font-family: F; src: url({}) }}</style><p style="font-family: F">x</p></div>',
    '<svg viewBox="0 0 9 9" width="9" height="9"><title>x</title><image href="{}" width="9" height="9"/></svg>',
]
IN_STYLE = [
    "html {{ background: url({}) }}",
    "li {{ list-style-image: url({}) }}",
    "h2::before {{ content: url({}) }}",
    "@font-face {{ font-family: F; src: url({}) }}",
    "@page {{ background-image: url({}) }}",
]
PLACES = [(PARAGRAPH, probe) for probe in IN_MARKUP] + [("print.css", probe) for probe in IN_STYLE]


@pytest.mark.parametrize(("name", "probe"), PLACES)
def test_no_file_and_no_host_is_reached(tmp_path: Path, server: tuple[str, list[str]], name: str, probe: str) -> None:
    address, asked = server
    secret = tmp_path / "secret.png"
    secret.write_bytes(pixel().data)
    short = sample(
        blocks=tuple(each for each in sample().sections[0].blocks if isinstance(each, Paragraph | ListBlock))
    )
    for url in (
        address,
        secret.as_uri(),
        "//127.0.0.1/x.png",
        "../secret.png",
        "https://brief.invalid/..%2fsecret.png",
    ):
        template_set = write_set(tmp_path, files={name: probe.format(url)})
        with pytest.raises(ContentError) as caught:
            write(short, template_set)
        # Elements that only load something are refused as such, with any address.
        refused = "template-unsafe" if probe.startswith(("<object", "<embed")) else "forbidden-resource"
        assert {d.code for d in caught.value.diagnostics} == {refused}, url
        assert {d.location.file for d in caught.value.diagnostics} == {f"templates/mine/{name}"}
    assert asked == []


def test_an_import_in_the_style_sheet_reaches_no_host(tmp_path: Path, server: tuple[str, list[str]]) -> None:
    address, asked = server
    write(sample(), write_set(tmp_path, files={"print.css": f'@import "{address}"; p {{ color: red }}'}))
    assert asked == []


@pytest.mark.parametrize(
    ("rules", "code", "where", "said"),
    [
        ("\n\np { margin: 0; widht: 3px }", "style-ignored", (3, 16), "widht: 3px"),
        ("p { color: bananas }", "style-ignored", (1, 5), "invalid value"),
        ("p { color: red }\n p\n", "style-ignored", (2, 3), "Parse error"),
        ("@bogus;\n", "style-ignored", (1, 1), "bogus"),
    ],
)
def test_what_the_engine_passes_over_is_a_warning_at_its_line(
    tmp_path: Path, rules: str, code: str, where: tuple[int, int], said: str
) -> None:
    (found, *_) = write(sample(blocks=()), write_set(tmp_path, files={"print.css": rules})).diagnostics
    assert (found.code, found.severity) == (code, Severity.WARNING)
    assert (found.location.file, found.location.line, found.location.column) == ("templates/mine/print.css", *where)
    assert said in found.message


@pytest.mark.parametrize(
    ("rules", "code", "where"),
    [
        (b"p {\n  font-size: 1e9px }", "renderer-failed", (2, 14)),
        (b"/* 1e9 */ p {\n color: \xff }", "template-encoding", (2, 0)),
        (
            b"h1 { color: red }\nh2 { color: red } li::marker { content: 'x' }\np { margin: 0 }",
            "renderer-failed",
            (2, 19),
        ),
        (b"p { margin: 0 }\n@page { size: 1mm 1mm }", "page-limit", (2, 0)),
        (b"@page { margin: 5mm }\n\n@page { margin: 1cm 102mm }", "page-limit", (3, 0)),
        (b"\n@media print {\n @page { size: 80mm 20mm; margin: 6mm } }", "page-limit", (3, 0)),
    ],
)
def test_a_style_sheet_that_cannot_be_used_is_reported_with_its_line(
    tmp_path: Path, rules: bytes, code: str, where: tuple[int, int]
) -> None:
    with pytest.raises(ContentError) as caught:
        write(sample(), write_set(tmp_path, files={"print.css": rules}))
    (found,) = caught.value.diagnostics
    assert (found.code, found.location.file) == (code, "templates/mine/print.css")
    assert (found.location.line, found.location.column) == where


def test_a_layout_of_endless_pages_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_limits, "MAX_PAGES", 3)
    rules = b"\np { font-size: 30pt; break-before: page }"
    with pytest.raises(ContentError) as caught:
        write(sample(), write_set(tmp_path, files={"print.css": rules}))
    (found,) = caught.value.diagnostics
    assert (found.code, found.location.file) == ("page-limit", "templates/mine/print.css")
    assert "more than 3 pages" in found.message


def test_a_style_sheet_that_leads_out_of_the_set_is_refused(tmp_path: Path) -> None:
    own = write_set(tmp_path)
    (tmp_path / "secret.css").write_text("p { color: red }")
    (own.folders[0] / "print.css").symlink_to(tmp_path / "secret.css")
    with pytest.raises(ContentError, match="template-forbidden"):
        write(sample(), own)


@pytest.mark.parametrize("name", [".logo.png", "logo.png~", ".git/logo.png"])
def test_what_a_set_does_not_list_is_not_printed(tmp_path: Path, name: str) -> None:
    """It is no part of the digest that a cache goes by."""
    files: dict[str, str | bytes] = {PARAGRAPH: f'<img alt="" src="{name}">', name: pixel().data}
    with pytest.raises(ContentError, match="forbidden-resource"):
        write(sample(), write_set(tmp_path, files=files))


def test_files_of_the_set_may_be_used(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {PARAGRAPH: '<p><img alt="Logo" src="logo/a.png"></p>', "logo/a.png": pixel().data}
    assert write(sample(), write_set(tmp_path, files=files)).pages


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP", "TIFF"])
@pytest.mark.parametrize("address", ["a.png", "data:image/png;base64,{}", "data:text/css;base64,{}"])
def test_a_small_file_of_very_many_pixels_is_refused(tmp_path: Path, form: str, address: str) -> None:
    """13,000 x 13,000 pixels in half a megabyte took 1.4 GB."""
    made = io.BytesIO()
    PIL.Image.new("1", (6400, 6300)).save(made, form)
    rules = f"main {{ background: url({address.format(b64encode(made.getvalue()).decode())}) }}"
    with pytest.raises(ContentError) as refused:
        write(sample(), write_set(tmp_path, files={"print.css": rules, "a.png": made.getvalue()}))
    (found,) = refused.value.diagnostics
    assert (found.code, found.location.file, found.location.line) == (
        "forbidden-resource",
        "templates/mine/print.css",
        1,
    )
    if address != "a.png" or form in ("PNG", "GIF"):
        assert "is 6400 x 6300 pixels; the limit is 40,000,000 pixels in total; scale it down" in found.message


def test_bytes_are_the_same_in_another_process(tmp_path: Path, documents: dict[str, bytes]) -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from variant_samples import sample;"
        "from brief.templating.template_set import find_template_set; from brief.writers.pdf import write;"
        "sys.stdout.buffer.write(write(sample('zh-Hant'), find_template_set('base')).data)"
    )
    command = [sys.executable, "-c", script, str(Path(__file__).parents[1] / "support")]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Taipei", "LANG": "C"}
    other = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=True).stdout
    assert other == documents["zh-Hant"]


@cache
def write_with(name: str) -> bytes:
    return write(sample("zh-Hans"), find_template_set(name)).data


@pytest.mark.parametrize("profile", ["ua1", "2a"])
@pytest.mark.parametrize("name", list_template_sets())
def test_every_look_is_fit_for_readers_and_archives(name: str, profile: str) -> None:
    report = validator.validate_pdf_bytes(write_with(name), profile=profile)
    assert [failure.message for failure in report.failures] == []


def test_a_stream_that_ends_in_a_carriage_return_is_not_read_as_a_byte_shorter() -> None:
    conformance.ensure_conformance()
    assert pydyf.Stream([b"q\r"]).data.endswith(b"stream\nq\r\r\nendstream")
    assert pydyf.Stream([b"q"]).data.endswith(b"stream\nq\nendstream")


def test_registry_writes_the_formats_it_names() -> None:
    assert FORMATS["pdf"].write(sample(blocks=()), find_template_set("base")).data.startswith(b"%PDF-")
    assert FORMATS["html"].write(sample(blocks=()), find_template_set("base")).data.startswith(b"<!DOCTYPE html>")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere libraries are searched for")
def test_no_program_is_started_to_find_the_engines_libraries() -> None:
    program = (
        "import sys; started = []; sys.addaudithook(lambda name, found: started.append(found) if name in "
        "('subprocess.Popen', 'os.posix_spawn', 'os.fork') else None); import brief.writers.pdf; print(started)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert ran.stdout == "[]\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere libraries are searched for")
def test_library_lookups_by_other_threads_still_work() -> None:
    program = (
        "import threading; from ctypes.util import find_library; import ctypes.util\n"
        "before, during, ended = find_library('c'), set(), threading.Event()\n"
        "def look():\n"
        "    while not ended.is_set(): during.add(ctypes.util.find_library('c'))\n"
        "looking = threading.Thread(target=look); looking.start()\n"
        "import brief.writers.pdf\n"
        "ended.set(); looking.join(); print(during == {before} and ctypes.util.find_library is find_library)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert ran.stdout == "True\n"
