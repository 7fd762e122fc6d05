"""What the HTML page promises: it is whole, alone, and accessible."""

import io
import os
import re
import struct
import subprocess
import sys
import tracemalloc
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import PIL.Image
import pytest
from variant_samples import WORDS, every_block, pixel, sample, text, write_set

from brief.model.assets import Image
from brief.model.diagnostics import ContentError
from brief.model.inline import to_plain_text
from brief.model.variant import Figure, Variant
from brief.resolve.citations import mark_introductions
from brief.templating.template_set import find_template_set
from brief.writers.html import write

LOCALES = tuple(WORDS)
VOID = {"meta", "img", "br", "link", "hr", "input"}


def make_empty_face() -> bytes:
    """A font with the tables that every font has, each with four bytes."""
    names = (b"cmap", b"head", b"hhea", b"hmtx", b"maxp")
    first = 12 + 16 * len(names)
    entries = [struct.pack(">4sIII", name, 0, first + 4 * number, 4) for number, name in enumerate(names)]
    return b"\0\1\0\0" + struct.pack(">HHHH", len(names), 0, 0, 0) + b"".join(entries) + b"data" * len(names)


class Page(HTMLParser):
    """Tags with their attributes, in order; `unclosed` is empty when every tag was closed in turn."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.unclosed: list[str] = []
        self.misnested: list[str] = []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.unclosed or self.unclosed.pop() != tag:
            self.misnested.append(tag)

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        return [a for t, a in self.tags if t == tag and all(a.get(k) == v for k, v in attributes.items())]


def page(variant: Variant | None = None) -> Page:
    return Page(write(variant or sample(), find_template_set("base")).data)


@pytest.mark.parametrize("locale", LOCALES)
def test_well_formed_and_in_its_language(locale: str) -> None:
    made = page(sample(locale))
    assert (made.unclosed, made.misnested) == ([], [])
    assert made.tags[0] == ("html", {"lang": locale})


def test_every_link_inside_the_page_arrives_once() -> None:
    made = page()
    ids = [attributes["id"] for _, attributes in made.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for a in made.all("a") if a["href"].startswith("#")}
    assert {"content", "compute", "costs", "source-a", "source-b", "sources", "who-is-who"} <= targets
    assert targets <= set(ids)
    described = {a["aria-labelledby"] for _, a in made.tags if "aria-labelledby" in a}
    assert described <= set(ids)


def test_pictures_are_put_into_the_page_once_it_is_made() -> None:
    """Each step would copy them: 400 pictures took ten times their memory."""
    data = os.urandom(1_000_000)
    blocks = [
        Figure(
            id=f"p{number}", image=Image(f"p{number}.png", "image/png", 9, 9, sha256(bytes([number])).hexdigest(), data),
            title=text("Title"), description="What it shows.", note=None,
        )
        for number in range(8)
    ]  # fmt: skip
    variant = sample(blocks=tuple(blocks))
    template_set = find_template_set("base")
    write(sample(), template_set)
    tracemalloc.start()
    written = write(variant, template_set).data
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert written.count(b'src="data:image/png;base64,' + b64encode(data)) == 8
    assert peak < 1.5 * len(written)


def test_nothing_is_loaded_and_nothing_runs() -> None:
    made = page()
    assert not [tag for tag, _ in made.tags if tag in ("script", "link", "iframe", "object", "base")]
    assert [a["src"][:22] for a in made.all("img")] == ["data:image/png;base64,"]
    policy = made.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"
    style = re.search(rb"<style>(.*?)</style>", write(sample(), find_template_set("base")).data, re.DOTALL)
    assert style is not None
    assert b"url(" not in style[1]
    assert b"@import" not in style[1]
    assert b"@font-face" not in style[1]


def test_landmarks_and_headings() -> None:
    made = page()
    assert [tag for tag, _ in made.tags if tag in ("nav", "main")] == ["nav", "main"]
    assert [tag for tag, _ in made.tags if re.fullmatch("h[1-6]", tag)] == ["h1", "h2", "h2", "h3", "h2", "h2"]
    assert made.all("a")[0] == {"class": "skip", "href": "#content"}


def test_wide_tables_scroll_in_a_group_that_can_be_focused() -> None:
    made = page()
    regions = made.all("div", **{"class": "scroll"})
    assert len(regions) == len(made.all("table")) == 2
    assert all(r["role"] == "group" and r["tabindex"] == "0" and r["aria-labelledby"] for r in regions)


def test_tables_name_rows_and_columns() -> None:
    data = write(
        sample(blocks=tuple(b for b in every_block() if b.id == "costs")), find_template_set("base")
    ).data.decode()
    table = data[data.index('<figure class="table"') : data.index("</figure>")]
    assert re.findall(r'<th scope="(col|row)" class="(\w+)">([^<]+)', table) == [
        ("col", "start", "Route"),
        ("col", "end", "2025"),
        ("row", "start", "Imported"),
        ("row", "start", "Domestic"),
    ]
    assert re.findall(r'<td class="(\w+)">([^<]+)', table) == [("end", "4,200"), ("end", "1,150")]
    assert (
        '<figcaption id="costs-caption"><span class="label">Table 1</span> <span class="title">Costs by route' in table
    )


def test_runs_are_escaped_and_marked_up() -> None:
    data = write(sample(), find_template_set("base")).data.decode()
    (found,) = re.findall(r'<p id="runs">(.*?)</p>', data)
    assert found.startswith("&lt;b&gt;&amp;amp;<strong>strong<em>both</em></strong><code>fp8</code>")
    held = '<span class="cited"><span class="number">RMB 2.5 million</span><a class="citation"'
    assert f'<a href="https://example.org/?a=1&amp;b=2">link</a>{held}' in found
    assert re.findall(r'href="#(source-.)" aria-label="Source (\d)[^"]*">\[(\d)\]<', found) == [
        ("source-a", "1", "1"),
        ("source-b", "2", "2"),
    ]
    assert found.endswith('<a class="reference number" href="#costs">Table 1</a>')


def test_a_citation_is_named_in_full_once_and_leads_there_and_back() -> None:
    variant = replace(sample(), sections=tuple(map(mark_introductions, sample().sections)))
    data = write(variant, find_template_set("base")).data.decode()
    assert "\u2060" not in data
    named = re.findall(
        r'<a class="citation[^"]*" (id="cited-1-1" )?href="#source-a" aria-label="(Source 1[^"]*)">', data
    )
    assert [bool(mark) for mark, _ in named].count(True) == 1
    assert {name for mark, name in named if mark} == {f"Source 1 · {to_plain_text(sample().sources[0].title)}"}
    assert {name for mark, name in named if not mark} <= {"Source 1"}
    assert '<a href="#cited-1-1">1</a>' in data
    assert f"<title>{sample().title} – {sample().audience_title}</title>" in data


def test_marking_shows_only_where_there_is_one() -> None:
    assert page().all("p", **{"class": "marking"})
    assert not page(sample(marking=None)).all("p", **{"class": "marking"})


def test_layout_is_compact_for_openings_and_headline_numbers_alone() -> None:
    blocks = every_block()
    assert sample(blocks=()).is_compact
    assert sample(blocks=blocks[:2]).is_compact
    assert not sample(blocks=blocks).is_compact


def test_a_set_changes_only_what_it_holds(tmp_path: Path) -> None:
    own = write_set(tmp_path, files={"set.yaml": 'extends: base\ncolours: {rule: "#aa0000"}\n'})
    ours, theirs = write(sample(), own).data, write(sample(), find_template_set("base")).data
    assert ours == theirs.replace(b"--rule: #c9d0d6", b"--rule: #aa0000")


def test_style_sheet_cannot_leave_its_element(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="template-unsafe"):
        write(sample(), write_set(tmp_path, files={"screen.css": "p {} </style><script>"}))


def test_bytes_are_the_same_in_another_process(tmp_path: Path) -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from variant_samples import sample;"
        "from brief.templating.template_set import find_template_set; from brief.writers.html import write;"
        "sys.stdout.buffer.write(write(sample('zh-Hant'), find_template_set('base')).data)"
    )
    command = [sys.executable, "-c", script, str(Path(__file__).parents[1] / "support")]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Taipei", "LANG": "C"}
    other = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=True).stdout
    assert other == write(sample("zh-Hant"), find_template_set("base")).data


class TestFilesOfTheSet:
    """A page carries the set's own pictures and faces itself, as the PDF does."""

    PARAGRAPH = "block/paragraph.html.j2"

    @pytest.mark.parametrize(
        "written",
        [
            '<img alt="Logo" src="{}">',
            "<img src='{}' alt='>'>",
            '<IMG alt="" class="a" SRC = {}>',
            '<img alt="" src="./logo/../{}">',
            '<img alt="" src="/{}" />',
            "<img/src='{}'>",
            "<img alt=''src='{}'>",
            "<img alt='x src=y' src='{}'>",
        ],
    )
    def test_a_picture(self, tmp_path: Path, written: str) -> None:
        name = "logo/a &#38; b.png" if '"{}"' in written else "logo/a.png"
        files: dict[str, str | bytes] = {
            self.PARAGRAPH: written.format(name),
            "logo/a & b.png": pixel().data,
            "logo/a.png": pixel().data,
        }
        made = Page(write(sample(), write_set(tmp_path, files=files)).data)
        data = b64encode(pixel().data).decode()
        assert {a["src"] for a in made.all("img")} == {f"data:image/png;base64,{data}"}

    @pytest.mark.parametrize(
        "written", ["<img/src='{}'>", '<img alt=""src={}>', "<img\tSRC\n=\n{}>", '<img src="data:,"src={}>']
    )
    def test_a_picture_of_elsewhere_is_refused_however_it_is_written(self, tmp_path: Path, written: str) -> None:
        template_set = write_set(tmp_path, files={self.PARAGRAPH: written.format("http://127.0.0.1:9/a.png")})
        with pytest.raises(ContentError, match="forbidden-resource"):
            write(sample(), template_set)

    def test_a_face_and_a_background_in_the_style_sheet(self, tmp_path: Path) -> None:
        css = "@font-face { font-family: F; src: url(faces/f.ttf) } p { background: URL( 'a.png' ); mask: url(#m) }"
        face = make_empty_face()
        files: dict[str, str | bytes] = {"screen.css": css, "a.png": pixel().data, "faces/f.ttf": face}
        page = write(sample(), write_set(tmp_path, files=files)).data.decode()
        data = b64encode(pixel().data).decode()
        assert f'background: url("data:image/png;base64,{data}"); mask: url(#m)' in page
        assert f'src: url("data:font/ttf;base64,{b64encode(face).decode()}")' in page

    @pytest.mark.parametrize("name", ["a.png", "a.jpg"])
    @pytest.mark.parametrize("damaged", [b"", b"hello", pixel().data[:40], b"\xff\xd8\xff\xe0\xff\xff"])
    def test_a_damaged_picture_of_the_set_is_refused(self, tmp_path: Path, name: str, damaged: bytes) -> None:
        css = f"p {{ background: url({name}) }}"
        with pytest.raises(ContentError, match=r"the picture is damaged|neither PNG, JPEG nor GIF"):
            write(sample(), write_set(tmp_path, files={"screen.css": css, name: damaged}))

    def test_a_picture_of_very_many_pixels_is_refused(self, tmp_path: Path) -> None:
        made = io.BytesIO()
        PIL.Image.new("1", (6400, 6300)).save(made, "PNG")
        files: dict[str, str | bytes] = {"screen.css": "p { background: url(a.png) }", "a.png": made.getvalue()}
        with pytest.raises(ContentError, match="is 6400 x 6300 pixels; the limit is 40,000,000"):
            write(sample(), write_set(tmp_path, files=files))

    def test_a_picture_of_the_set_loses_its_metadata(self, tmp_path: Path) -> None:
        files: dict[str, str | bytes] = {
            "screen.css": "p { background: url(a.png) }",
            "a.png": pixel().data + b"taken at 51.5",
        }
        data = re.search(r"image/png;base64,([^\"]+)", write(sample(), write_set(tmp_path, files=files)).data.decode())
        assert data is not None
        assert b64encode(pixel().data).decode() == data[1]

    def test_a_drawing_of_the_set_loses_what_does_not_show(self, tmp_path: Path) -> None:
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><!-- secret --><title>secret</title>'
            '<metadata>secret</metadata><rect width="9" height="9" data-from="secret" fill="#123456"/></svg>'
        )
        files: dict[str, str | bytes] = {"screen.css": "p { background: url(a.svg) }", "a.svg": drawing}
        page = write(sample(), write_set(tmp_path, files=files)).data.decode()
        data = re.search(r"image/svg\+xml;base64,([^\"]+)", page)
        assert data is not None
        shown = b64decode(data[1])
        assert b"#123456" in shown
        assert b"secret" not in shown

    def test_a_drawing_of_the_set_that_runs_a_script_is_refused(self, tmp_path: Path) -> None:
        drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>x()</script></svg>'
        files: dict[str, str | bytes] = {"screen.css": "p { background: url(a.svg) }", "a.svg": drawing}
        with pytest.raises(ContentError, match=r"forbidden-resource.*the picture"):
            write(sample(), write_set(tmp_path, files=files))

    @pytest.mark.parametrize("name", ["faces/f.ttf", "faces/f.otf"])
    @pytest.mark.parametrize(
        "damaged",
        [
            b"",
            b"\0\1\0\0",
            b"<html>",
            make_empty_face()[:-1],
            make_empty_face()[:40],
            make_empty_face().replace(b"cmap", b"camp"),
        ],
    )
    def test_a_damaged_face_is_refused(self, tmp_path: Path, name: str, damaged: bytes) -> None:
        """Browsers and WeasyPrint would show another face without a word."""
        css = f"@font-face {{ font-family: F; src: url({name}) }}"
        with pytest.raises(ContentError, match="not a TrueType or OpenType font, or a part of it is missing"):
            write(sample(), write_set(tmp_path, files={"screen.css": css, name: damaged}))

    @pytest.mark.parametrize(
        ("name", "written"),
        [
            (PARAGRAPH, '<img alt="" src="{}">'),
            (PARAGRAPH, '<img alt="" src="a.png" srcset="{} 2x">'),
            ("screen.css", "p {{ background: url({}) }}"),
        ],
    )
    @pytest.mark.parametrize(
        "url",
        ["https://example.org/a.png", "//example.org/a.png", "file:///etc/a.png", "../a.png", "nothing.png", ".a.png"],
    )
    def test_what_is_not_the_sets_own(self, tmp_path: Path, name: str, written: str, url: str) -> None:
        files: dict[str, str | bytes] = {
            name: "\n" + written.format(url),
            "a.png": pixel().data,
            ".a.png": pixel().data,
        }
        if "srcset" not in written and url == "../a.png":
            (tmp_path / "templates").mkdir()
            (tmp_path / "templates/a.png").write_bytes(pixel().data)
            files.pop("a.png")
        with pytest.raises(ContentError) as caught:
            write(sample(), write_set(tmp_path, files=files))
        (diagnostic,) = caught.value.diagnostics
        assert (diagnostic.code, diagnostic.location.file, diagnostic.location.line) == (
            "forbidden-resource",
            f"templates/mine/{name}",
            2,
        )
