"""The inspection finds withheld text anywhere in an artifact, and reports nothing else."""

import asyncio
import base64
import gzip
import io
import weakref
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from projects import THEME, ProjectCopy
from readback import docx_parts, zip_parts
from variant_samples import pixel

from brief import Pack, Project
from brief.inspection.extract import Part, extract_parts
from brief.inspection.leaks import Inspector
from brief.model.artifact import BuildSelection
from brief.model.diagnostics import ContentError
from brief.web.build_service import BuildService
from brief.workers.pool import WorkerPool

# Of the block that only the council may see.
WITHHELD = "should also pay for shorter waits"
ANCHOR = "council-view"
CHINESE = "的支出，是否应同时用于缩短候车时间"


@pytest.fixture(scope="module")
def built(starter: Project, starter_pack: Pack) -> tuple[Inspector, dict[str, bytes]]:
    """An inspector of the starter project, and its public variant in every format."""
    edition = [artifact for artifact in starter_pack.select_audience("public") if artifact.locale == "en"]
    return Inspector(starter.brief, starter.get_template_set), {artifact.format: artifact.data for artifact in edition}


def leaks(built: tuple[Inspector, dict[str, bytes]], name: str, data: bytes) -> list[str]:
    return [
        f"{diagnostic.code} {diagnostic.location.file}" for diagnostic in built[0].inspect_bytes("public", name, data)
    ]


FOUND = [f"withheld-text {THEME}"]


def in_page(written: str) -> Callable[[bytes], bytes]:
    return lambda page: page.replace(b"</main>", f"{written}</main>".encode())


COMPRESSED = base64.b64encode(gzip.compress(WITHHELD.encode())).decode()
HTML = {
    "text": WITHHELD,
    "entities": "".join(f"&#{ord(character)};" for character in WITHHELD),
    "broken by tags": "should also <b>pay</b> for shor<i>ter</i> waits",
    "soft hyphens": WITHHELD.replace("short", "sho\xadrt").replace("pay", "p\u200bay"),
    "half of it, in capitals": "SHOULD ALSO PAY FOR SHORTER",
    "not displayed": f'<p style="display:none">{WITHHELD}</p>',
    "white": f'<p style="color:white">{WITHHELD}</p>',
    "invisible": f'<p style="opacity:0">{WITHHELD}</p>',
    "of no size": f'<p style="font-size:0">{WITHHELD}</p>',
    "comment": f"<!-- {WITHHELD} -->",
    "alt text": f'<img alt="{WITHHELD}">',
    "data attribute": f'<p data-note="{WITHHELD}"></p>',
    "class": f'<p class="{WITHHELD}"></p>',
    "style sheet": f'<style>p::after {{ content: "{WITHHELD}" }}</style>',
    "escapes in a style sheet": '<style>p::after {{ content: "{}" }}</style>'.format(
        "".join(f"\\{ord(character):06x}" for character in WITHHELD)
    ),
    "script": f"<script>let note = '{WITHHELD}'</script>",
    "link": '<a href="https://example.org/?q=should%20also%20pay%20for%20shorter%20waits">x</a>',
    "data: URI": f'<img src="data:text/plain,{WITHHELD.replace(" ", "%20")}">',
    "data: URI, base64": f'<img src="data:application/x;base64,{base64.b64encode(WITHHELD.encode()).decode()}">',
    "drawing in a data: URI": '<img src="data:image/svg+xml;base64,{}">'.format(
        base64.b64encode(f"<svg xmlns='http://www.w3.org/2000/svg'><text>{WITHHELD}</text></svg>".encode()).decode()
    ),
    "data: URI in capitals, compressed": f'<img src="DATA:application/gzip;base64,{COMPRESSED}">',
    "anchor": f'<p id="{ANCHOR}"></p>',
    "another locale": f"<p>{CHINESE}</p>",
}


@pytest.mark.parametrize("written", HTML.values(), ids=HTML.keys())
def test_in_a_page(built: tuple[Inspector, dict[str, bytes]], written: str) -> None:
    assert leaks(built, "a.html", in_page(written)(built[1]["html"])) == FOUND


def with_part(name: str, content: str | bytes) -> Callable[[bytes], bytes]:
    """A DOCX with one part more, or with more of the part that it has."""

    def change(data: bytes) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
            for entry in old.infolist():
                new.writestr(entry, old.read(entry))
            new.writestr(name, content)
        return buffer.getvalue()

    return change


def in_body(written: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
            for entry in old.infolist():
                content = old.read(entry)
                if entry.filename == "word/document.xml":
                    content = content.replace(b"<w:body>", f"<w:body>{written}".encode())
                new.writestr(entry, content)
        return buffer.getvalue()

    return change


def add_comment(data: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = WITHHELD.encode()
    return buffer.getvalue()


def nest_archives() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>{WITHHELD}</t></si></sst>")
    return buffer.getvalue()


def write_symbols(start: int) -> str:
    """Returns the withheld text as symbols of a font whose characters begin at `start`."""
    return "".join(f'<w:r><w:sym w:font="Symbol" w:char="{start + ord(letter):04X}"/></w:r>' for letter in WITHHELD)


PROPERTY = f"<Properties><property name='note'><lpwstr>{WITHHELD}</lpwstr></property></Properties>"
DOCX = {
    "text": in_body(f"<w:p><w:r><w:t>{WITHHELD}</w:t></w:r></w:p>"),
    "hidden": in_body(f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{WITHHELD}</w:t></w:r></w:p>"),
    "over runs": in_body("".join(f"<w:r><w:rPr><w:b/></w:rPr><w:t>{letter}</w:t></w:r>" for letter in WITHHELD)),
    "symbols": in_body(f"<w:p>{write_symbols(0xF000)}</w:p>"),
    "symbols by their letters": in_body(f"<w:p>{write_symbols(0)}</w:p>"),
    "comment": in_body(f"<!--{WITHHELD}-->"),
    "alt text": in_body(f'<w:x descr="{WITHHELD}"/>'),
    "bookmark": in_body('<w:bookmarkStart w:id="9" w:name="_Ref_council_view"/>'),
    "footnote": with_part("word/footnotes.xml", f"<w:x xmlns:w='w'><w:t>{WITHHELD}</w:t></w:x>"),
    "custom property": with_part("docProps/custom.xml", PROPERTY),
    "data of a form": with_part("customXml/item1.xml", f"<a b='{WITHHELD}'/>"),
    "properties of a picture": with_part("word/media/image9.png", pixel().data + b"tEXtComment\0" + WITHHELD.encode()),
    "wide characters": with_part("word/embeddings/x.bin", WITHHELD.encode("utf-16-le")),
    "workbook": with_part("word/embeddings/book.xlsx", nest_archives()),
    "name of a part": with_part(f"word/media/{ANCHOR}.png", pixel().data),
    "comment of the archive": add_comment,
}


@pytest.mark.parametrize("change", DOCX.values(), ids=DOCX.keys())
def test_in_a_word_document(built: tuple[Inspector, dict[str, bytes]], change: Callable[[bytes], bytes]) -> None:
    assert leaks(built, "a.docx", change(built[1]["docx"])) == FOUND


def info(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Note"] = WITHHELD


def xmp(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        metadata["dc:description"] = WITHHELD


def outline(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as found:
        found.root.append(pikepdf.OutlineItem(WITHHELD, 0))


def alternative(pdf: pikepdf.Pdf) -> None:
    next(iter(pdf.Root.StructTreeRoot.K)).Alt = pikepdf.String(WITHHELD)


def destination(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Dests = pikepdf.Dictionary({f"/{ANCHOR}": pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])})


def attach(pdf: pikepdf.Pdf, data: bytes) -> None:
    pdf.attachments["note"] = pikepdf.AttachedFileSpec(
        pdf, data, description="", filename="note", mime_type="", creation_date="", mod_date=""
    )


def embed_file(pdf: pikepdf.Pdf) -> None:
    attach(pdf, WITHHELD.encode())


def archive(pdf: pikepdf.Pdf) -> None:
    attach(pdf, nest_archives())


def link(pdf: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(
        S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org/" + WITHHELD.replace(" ", "%20"))
    )
    pdf.pages[0].Annots = pdf.make_indirect(
        pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)])
    )


def form(pdf: pikepdf.Pdf) -> None:
    drawn = pdf.make_stream(f"BT /F 1 Tf ({WITHHELD}) Tj ET".encode())
    drawn.Type, drawn.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    drawn.BBox = pikepdf.Array([0, 0, 1, 1])
    pdf.pages[0].add_resource(drawn, pikepdf.Name.XObject)


def actual_text(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(f"/Span << /ActualText ({WITHHELD}) >> BDC EMC".encode())


PDF = {
    f.__name__: f for f in (info, xmp, outline, alternative, destination, embed_file, archive, link, form, actual_text)
}


@pytest.mark.parametrize("change", PDF.values(), ids=PDF.keys())
def test_in_a_pdf(built: tuple[Inspector, dict[str, bytes]], change: Callable[[pikepdf.Pdf], None]) -> None:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(built[1]["pdf"])) as pdf:
        change(pdf)
        pdf.save(buffer)
    assert leaks(built, "a.pdf", buffer.getvalue()) == FOUND


def test_a_name_of_the_file(built: tuple[Inspector, dict[str, bytes]]) -> None:
    assert leaks(built, "demo.council-view.html", built[1]["html"]) == FOUND


def test_nothing_is_found_where_there_is_nothing(built: tuple[Inspector, dict[str, bytes]]) -> None:
    assert [leaks(built, f"a.{form}", data) for form, data in built[1].items()] == [[], [], []]


@pytest.mark.parametrize("words", ["should also pay", "To be", "shorter waits", "候车时间"])
def test_words_in_common_are_no_leak(built: tuple[Inspector, dict[str, bytes]], words: str) -> None:
    assert leaks(built, "a.html", in_page(words)(built[1]["html"])) == []


def test_the_council_may_see_it(built: tuple[Inspector, dict[str, bytes]]) -> None:
    page = in_page(WITHHELD)(built[1]["html"])
    assert all(
        THEME not in diagnostic.location.file for diagnostic in built[0].inspect_bytes("council", "a.html", page)
    )


class TestPictures:
    """A withheld picture is recognised in every format, even if its file was converted."""

    @pytest.fixture
    def secret(self, project: ProjectCopy) -> ProjectCopy:
        from PIL import Image

        picture = Image.new("RGB", (40, 30), "navy")
        picture.putpixel((3, 3), (255, 0, 0))
        buffer = io.BytesIO()
        picture.save(buffer, "PNG")
        project.write("content/assets/plan-of-depot.png", buffer.getvalue())
        project.write(
            THEME,
            project.read(THEME)
            + """\
  - kind: figure
    id: depot
    clearance: client
    image: plan-of-depot.png
    title: {en: The depot, zh-Hans: 车场, zh-Hant: 車場}
    description: {en: A plan., zh-Hans: 平面图。, zh-Hant: 平面圖。}
""",
        )
        return project

    @pytest.mark.parametrize("form", ["html", "pdf", "docx"])
    def test_it_is_known(self, secret: ProjectCopy, form: str) -> None:
        loaded = Project.load(secret.root)
        (artifact,) = loaded.build(["council"], ["en"], [form], jobs=1)
        found = Inspector(loaded.brief, loaded.get_template_set).inspect_bytes("public", f"a.{form}", artifact.data)
        assert any("this picture" in diagnostic.message for diagnostic in found)


def template_set(project: ProjectCopy, files: dict[str, str]) -> None:
    project.replace("content/brief.yaml", "template_set: base", "template_set: leaky")
    for name, text in {"set.yaml": "extends: base\n", **files}.items():
        project.write(f"templates/leaky/{name}", text)


BASE = Path(__file__).parents[2] / "templates/base"


def leaky(template: str, written: str) -> dict[str, str]:
    return {template: (BASE / template).read_text("utf-8").replace("<main", f"{written}<main", 1)}


class TestBuild:
    """A leak stops a build, and nothing of it is published."""

    @pytest.mark.parametrize("style", ["display: none", "color: white", "opacity: 0", "font-size: 0"])
    def test_a_set_that_prints_a_withheld_text_unseen(self, published: ProjectCopy, style: str) -> None:
        template_set(published, leaky("screen.html.j2", f'<p style="{style}">{WITHHELD}</p>'))
        before = published.files("output")
        ran = published.run("build", "-a", "public", "-l", "en", "-f", "html", "--jobs", "1", "--replace")
        assert ran.status == 1
        assert f"{THEME}:" in ran.stderr
        assert "error[withheld-text]" in ran.stderr
        assert "night-buses.public.en.html" in ran.stderr
        assert "pay for" not in ran.stderr, "the log of a build is not for withheld texts either"
        assert published.files("output") == before

    def test_a_designer_who_typed_it_into_the_reference_document(self, project: ProjectCopy) -> None:
        parts = docx_parts((BASE / "reference.docx").read_bytes())
        typed = f"<w:p><w:r><w:t>{WITHHELD}</w:t></w:r></w:p></w:hdr>"
        parts["word/header1.xml"] = parts["word/header1.xml"].replace(b"</w:hdr>", typed.encode())
        template_set(project, {})
        project.write("templates/leaky/reference.docx", zip_parts(parts))
        before = project.files()
        ran = project.run("build", "-a", "public", "-l", "en", "-f", "docx", "--jobs", "1")
        assert (ran.status, ran.stdout) == (1, "")
        assert "error[withheld-text]" in ran.stderr
        assert "word/header1.xml" in ran.stderr
        assert project.files() == before

    def test_a_print_style_sheet_that_prints_it(self, project: ProjectCopy) -> None:
        css = (BASE / "print.css").read_text("utf-8")
        template_set(project, {"print.css": f'{css}\nmain::after {{ content: "{WITHHELD}" }}\n'})
        before = project.files()
        for _ in range(2):
            ran = project.run("build", "-a", "public", "-l", "en", "-f", "pdf", "--zip", "--jobs", "1")
            assert (ran.status, ran.stdout) == (1, "")
            assert "night-buses.public.en.pdf, page " in ran.stderr
        assert project.files() == before

    def test_copies_of_what_prints_it(self, project: ProjectCopy) -> None:
        css = (BASE / "print.css").read_text("utf-8")
        template_set(project, {"print.css": f'{css}\nmain::after {{ content: "{WITHHELD}" }}\n'})
        project.write("people.yaml", "recipients:\n  - {name: Ann, audience: public, locale: en}\n")
        order = ("build", "-a", "public", "-l", "en", "-f", "pdf", "--copies", str(project.root / "people.yaml"))
        ran = project.run(*order, "--jobs", "1")
        assert (ran.status, ran.stdout) == (1, "")
        assert not list((project.root / "output").glob("*"))

    def test_a_copy_for_somebody_whose_name_says_it(self, project: ProjectCopy) -> None:
        people = f"recipients:\n  - {{name: Ann, audience: public, locale: en}}\n  - {{name: {WITHHELD!r}, audience: public, locale: en}}\n"
        project.write("people.yaml", people)
        order = ("build", "-a", "public", "-l", "en", "-f", "pdf", "--copies", str(project.root / "people.yaml"))
        ran = project.run(*order, "--jobs", "1")
        assert (ran.status, ran.stdout) == (1, "")
        assert ".0002-" in ran.stderr
        assert not list((project.root / "output").glob("*"))

    def test_the_web_page_gives_nothing_that_prints_it(self, project: ProjectCopy) -> None:
        template_set(project, leaky("screen.html.j2", f'<p style="color: white">{WITHHELD}</p>'))

        async def ask() -> Pack:
            with WorkerPool(1) as workers:
                service = BuildService(project.root, workers, 1)
                return await service.build_pack(
                    await service.get_current(), BuildSelection(("public",), ("en",), ("html",))
                )

        with pytest.raises(ContentError) as caught:
            asyncio.run(ask())
        assert {found.code for found in caught.value.diagnostics} == {"withheld-text"}

    def test_a_set_that_hides_it_only_in_print(self, project: ProjectCopy) -> None:
        template_set(project, leaky("print.html.j2", f'<p style="color: white; font-size: 1pt">{WITHHELD}</p>'))
        project.replace("content/audiences/public.yaml", "formats: [html, pdf, docx]", "formats: [pdf]")
        project.replace("content/audiences/council.yaml", "formats: [html, pdf, docx]", "formats: [html]")
        assert project.run("check").status == 0
        ran = project.run("check", "--inspect")
        assert ran.status == 1
        assert ran.stdout.count("error[withheld-text]") == 3, "one for each locale's public PDF"
        assert "night-buses.public.zh-Hant.pdf, page " in ran.stdout

    @pytest.mark.usefixtures("starter_pack")
    def test_a_valid_project_passes_inspection(
        self, project: ProjectCopy, shared_cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("BRIEF_CACHE_DIR", str(shared_cache))
        project.accept_translations()
        ran = project.run("check", "--inspect")
        assert (ran.status, ran.stdout, ran.stderr) == (0, "", "brief: 0 errors, 0 warnings\n")
        assert not (project.root / "output").exists()


def test_a_template_is_given_nothing_withheld(project: ProjectCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data passed to templates contains no withheld text, not even in hidden fields."""
    from brief.templating import sandbox

    render = sandbox.render
    given: list[object] = []

    def spy(template_set: object, template: str, context: dict[str, object], catalogue: object) -> str:
        given.append(context)
        return render(template_set, template, context, catalogue)  # type: ignore[arg-type]

    monkeypatch.setattr(sandbox, "render", spy)
    Project.load(project.root).build(["public"], ["zh-Hant"], jobs=1, formats=["html", "pdf"])
    assert len(given) == 2
    assert kinds(given) <= {dict, list, str, int, bool, type(None)}
    assert "shorter waits" not in repr(given)
    assert "council" not in repr(given)


def kinds(value: object) -> set[type]:
    found = {next((base for base in (str,) if isinstance(value, base)), type(value))}
    if isinstance(value, dict):
        found |= {kind for item in (*value.keys(), *value.values()) for kind in kinds(item)}
    elif isinstance(value, list):
        found |= {kind for item in value for kind in kinds(item)}
    return found


def test_text_is_read_through_the_fonts(built: tuple[Inspector, dict[str, bytes]]) -> None:
    said = "\n".join(part.words for part in extract_parts("a.pdf", built[1]["pdf"]))
    assert "More riders at night" in said
    assert "47.2%" in said


class _Code(str):
    """A text that says whether it is still in memory."""


def test_the_parts_of_a_file_are_inspected_one_at_a_time(built: tuple[Inspector, dict[str, bytes]]) -> None:
    """All pictures of a page together take twice the memory of the page."""
    made: list[weakref.ref[_Code]] = []
    most = 0

    def read() -> Iterator[Part]:
        nonlocal most
        for number in range(6):
            code = _Code(f"picture {number}")
            made.append(weakref.ref(code))
            most = max(most, sum(each() is not None for each in made))
            yield Part("a page", code=code)

    assert not built[0].inspect_parts("public", "page.html", read())
    assert len(made) == 6
    assert most == 2
