"""Personal copies have only their recipient's name on every page, and stay tagged and valid."""

import io
import json
import subprocess
import time
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import page
import pikepdf
import pytest
from expected_diagnostics import Where
from projects import HERE, THEME, ProjectCopy
from readback import pdf_page_image, pdf_text

from brief import Artifact, Project
from brief.inspection.extract import extract_parts
from brief.inspection.leaks import Inspector
from brief.model.source_location import Slug
from brief.model.variant import Variant
from brief.publish.copy_files import Copies
from brief.publish.pack import Pack
from brief.publish.personal_copies import inspect_copies, make_copies, make_copy_name, make_stamp, read_copy_recipients
from brief.publish.verify import verify_pack
from brief.publish.watermark import Stamper
from brief.writers.formats import FORMATS

NAMES = {
    "Latin": "Zoë O’Connor-Łukasz",
    "Simplified Chinese": "李小明",
    "Traditional Chinese": "陳憲龍",
    "Japanese": "ひらがな カタカナ",
    "Korean": "김민수",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Ёлкина Щука",
    "Arabic": "محمد",
    "Hebrew": "דוד",
    "Armenian": "Արամ",
    "markup": "A & B <c>",
    "decomposed": unicodedata.normalize("NFD", "Zoë Å"),
}


@pytest.fixture(scope="module")
def loaded(starter: Project) -> Project:
    return starter


@pytest.fixture(scope="module")
def pack(starter_pack: Pack) -> Pack:
    """The council's variants as PDF."""
    return replace(
        starter_pack, artifacts=tuple(a for a in starter_pack.select_audience("council") if a.format == "pdf")
    )


def copy_pack(loaded: Project, pack: Pack, folder: Path, *recipients: str) -> Copies:
    file = folder / "recipients.yaml"
    file.write_text("recipients:\n" + "".join(f"  - {written}\n" for written in recipients), "utf-8")
    listed = read_copy_recipients(loaded.brief, loaded.get_template_set, file)
    return make_copies(loaded.brief, loaded.get_template_set, pack, listed)


def one(loaded: Project, pack: Pack, name: str, locale: str = "en", number: int = 7) -> bytes:
    look = loaded.template_set.look
    with Stamper(pack["council", locale, "pdf"].data) as stamper:
        return stamper.stamp(make_stamp(name, number, loaded.brief.catalogues[locale], look))


def squeeze_text(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).replace("\u202b", "").replace("\u202c", "").split())


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_the_name_is_on_every_page(loaded: Project, pack: Pack, name: str, locale: str) -> None:
    data = one(loaded, pack, name, locale)
    for text in pdf_text(data).split("\n----\n"):
        assert squeeze_text(name) in squeeze_text(text)
    before = pdf_text(pack["council", locale, "pdf"].data).split("\n----\n")
    assert len(before) == len(pdf_text(data).split("\n----\n"))


@pytest.mark.parametrize("count", [200, 255, 256, 600])
def test_a_name_of_more_glyphs_than_a_font_has_is_stamped_whole(
    loaded: Project, pack: Pack, tmp_path: Path, count: int
) -> None:
    name = (
        "".join(map(chr, range(0x5F00, 0x5F00 + count - 52))) + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    )
    data = one(loaded, pack, name, "zh-Hans")
    for text in pdf_text(data).split("\n----\n"):
        assert name in squeeze_text(text)
    report = page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_A_2A)
    assert report.is_compliant, [failure.message for failure in report.failures]
    (tmp_path / "copy.pdf").write_bytes(data)
    assert "No syntax or stream" in subprocess.check_output(["qpdf", "--check", tmp_path / "copy.pdf"], text=True)
    drawn = "".join(squeeze_text(part.words) for part in extract_parts("copy.pdf", data))
    assert drawn.count(name) >= 2, "the foot and the mark are inspected whole"


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_it_stays_valid_tagged_and_searchable(loaded: Project, pack: Pack, tmp_path: Path, locale: str) -> None:
    data = one(loaded, pack, "Li Xiaoming 李小明", locale)
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
        report = page.validate_pdf_bytes(data, profile=profile)
        assert report.is_compliant, [failure.message for failure in report.failures]
    path = tmp_path / "copy.pdf"
    path.write_bytes(data)
    assert "No syntax or stream encoding errors" in subprocess.check_output(["qpdf", "--check", path], text=True)
    with pikepdf.open(io.BytesIO(data)) as copy, pikepdf.open(io.BytesIO(pack["council", locale, "pdf"].data)) as old:
        assert copy.Root.MarkInfo.Marked
        assert len(copy.Root.StructTreeRoot.ParentTree.Nums) == len(old.Root.StructTreeRoot.ParentTree.Nums)
        assert len(copy.pages) == len(old.pages)
        with copy.open_outline() as found, old.open_outline() as expected:
            assert [item.title for item in found.root] == [item.title for item in expected.root]
    title = loaded.make_variant("council", locale).sections[0].takeaways[0]
    assert squeeze_text(title[0].text)[:10] in squeeze_text(pdf_text(data))  # type: ignore[union-attr]


def test_properties_name_the_recipient(loaded: Project, pack: Pack) -> None:
    with pikepdf.open(io.BytesIO(one(loaded, pack, NAMES["markup"], number=12))) as copy:
        assert str(copy.docinfo["/Recipient"]) == "A & B <c>"
        assert str(copy.docinfo["/CopyNumber"]) == "12"
        assert str(copy.docinfo.Title) == "Night buses after one year – Council version"
        with copy.open_metadata() as metadata:
            assert metadata["pdfx:Recipient"] == "A & B <c>"
            assert metadata["pdfx:CopyNumber"] == "12"
            assert metadata["pdfuaid:part"] == "1"


def test_the_page_is_the_same_under_the_mark(loaded: Project, pack: Pack) -> None:
    """Ink is added, and none moves: every pixel is as dark as before, or darker, but for a hair's breadth of rounding."""
    from PIL import Image, ImageChops

    before, after = (
        Image.open(io.BytesIO(pdf_page_image(data, 2))).convert("L")
        for data in (pack["council", "en", "pdf"].data, one(loaded, pack, "Li Xiaoming"))
    )
    assert before.size == after.size
    lighter = ImageChops.subtract(after, before)
    assert lighter.getbbox() is None or max(lighter.tobytes()) <= 8
    assert ImageChops.subtract(before, after).getbbox() is not None


def test_a_copy_names_no_other_recipient(loaded: Project, pack: Pack) -> None:
    """Not in its fonts either: the outlines of another's name are not in the file."""
    look = loaded.template_set.look
    catalogue = loaded.brief.catalogues["en"]
    with Stamper(pack["council", "en", "pdf"].data) as stamper:
        first = stamper.stamp(make_stamp("龔鵬", 1, catalogue, look))
        second = stamper.stamp(make_stamp("Ann", 2, catalogue, look))
        again = stamper.stamp(make_stamp("龔鵬", 1, catalogue, look))
    assert first == again, "the same bytes whatever was stamped before"
    said = "".join(part.words + part.code for part in extract_parts("second.pdf", second))
    assert "Ann" in said
    assert not set("龔鵬") & set(said)
    with pikepdf.open(io.BytesIO(second)) as copy:
        (font,) = (
            found
            for found in copy.objects
            if isinstance(found, pikepdf.Dictionary) and found.get("/Subtype") == "/Type3"
        )
        assert len(font.CharProcs) == len(set("Copy 2 for Ann"))


def test_no_stream_of_a_copy_seems_a_byte_shorter_than_it_is(loaded: Project) -> None:
    """One that ends in a carriage return, before the line feed that qpdf adds, does so to validators."""
    drawn = next(
        data for number in range(9_999) if zlib.compress(data := b"% " + str(number).encode(), 9).endswith(b"\r")
    )
    original = pikepdf.new()
    page = original.add_blank_page(page_size=(200, 200))
    page.Contents = pikepdf.Stream(original, zlib.compress(drawn, 9), Filter=pikepdf.Name.FlateDecode)
    buffer = io.BytesIO()
    original.save(buffer)
    assert b"\r\nendstream" in buffer.getvalue()
    with Stamper(buffer.getvalue()) as stamper:
        for number in range(1, 30):
            stamp = make_stamp(f"Reader {number}", number, loaded.brief.catalogues["en"], loaded.template_set.look)
            copied = stamper.stamp(stamp)
            assert b"\r\nendstream" not in copied
    with pikepdf.open(io.BytesIO(copied)) as pdf:
        assert drawn in b"".join(part.read_bytes() for part in pdf.pages[0].obj.Contents)


def test_copies_in_the_pack(loaded: Project, pack: Pack, tmp_path: Path) -> None:
    made = copy_pack(
        loaded,
        pack,
        tmp_path,
        "{name: 李小明, audience: council, locale: zh-Hans, address: li@example.org, formats: [pdf], clearance: client}",
        "{name: Ann, audience: council, locale: en, copy: 1}",
        "{name: Bob, audience: public, locale: en}",
    )
    names = ["night-buses.council.zh-Hans.0002-李小明.pdf", "night-buses.council.en.0001-Ann.pdf"]
    assert list(made) == [f"copies/council/{name}" for name in names], "and none of a variant that was not built"
    link = replace(pack, copies=made).write(tmp_path / "output")
    manifest = json.loads((link / "manifest.json").read_text("utf-8"))
    assert [listed["recipient"] for listed in manifest["copies"]] == ["李小明", "Ann"]
    for listed in manifest["copies"]:
        data = (link / listed["path"]).read_bytes()
        assert len(data) == listed["bytes"]
        assert (link / listed["of"]).is_file()
        assert data == made[listed["path"]]
    assert verify_pack(link).is_consistent
    (link / manifest["copies"][0]["path"]).write_bytes(b"another's")
    assert [diagnostic.code for diagnostic in verify_pack(link).diagnostics] == ["pack-changed"]


@pytest.mark.parametrize("name", ["con", "a" * 120])
def test_an_audience_may_have_the_name_of_a_device_or_a_long_one(
    loaded: Project, pack: Pack, tmp_path: Path, name: str
) -> None:
    """Copies and the paths of their originals are in the folders that the pack has for such an audience."""
    council = loaded.brief.audiences["council"]
    brief = replace(loaded.brief, audiences={name: replace(council, id=Slug(name))})
    artifacts = tuple(replace(artifact, audience=name) for artifact in pack)
    file = tmp_path / "recipients.yaml"
    file.write_text(f"recipients:\n  - {{name: Ann Lee, audience: {name}, locale: en}}\n", "utf-8")
    recipients = read_copy_recipients(brief, lambda _: loaded.template_set, file)
    copies = make_copies(brief, lambda _: loaded.template_set, artifacts, recipients)
    (copy,) = copies.records
    files = replace(pack, artifacts=artifacts, copies=copies).list_files()
    assert copy.path in files
    assert copy.of in files


def test_what_one_audience_gets_of_a_pack_has_no_copies(loaded: Project, pack: Pack, tmp_path: Path) -> None:
    made = copy_pack(loaded, pack, tmp_path, "{name: Ann Lee, audience: council, locale: en}")
    whole = replace(pack, copies=made)
    assert any("Ann-Lee" in name for name in whole.list_files())
    for audience in ("council", "public"):
        part = whole.select_audience(audience)
        assert not any("Ann-Lee" in name for name in part.list_files())
        assert b"Ann Lee" not in part.make_manifest()


@pytest.fixture(scope="module")
def three(loaded: Project, pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Copies:
    people = (f"{{name: {name}, audience: council, locale: en}}" for name in ("Ann", "Bob", "Cecilia Hu-Ng"))
    return copy_pack(loaded, pack, tmp_path_factory.mktemp("three"), *people)


def alter_copy(copies: Copies, number: int, change: Callable[[pikepdf.Pdf], None]) -> Copies:
    """The same copies, one of them changed."""
    made = Copies()
    for place, copy in enumerate(copies.records):
        data = copies[copy.path]
        if place == number:
            with pikepdf.open(io.BytesIO(data)) as pdf:
                change(pdf)
                buffer = io.BytesIO()
                pdf.save(buffer)
            data = buffer.getvalue()
        made.add(copy, data)
    return made


PLANNED = "The northern stations will be sold next spring"


def draw(pdf: pikepdf.Pdf) -> None:
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page = pdf.pages[0]
    page.add_resource(font, pikepdf.Name.Font, pikepdf.Name("/Leak"))
    page.contents_add(f"BT /Leak 9 Tf 9 9 Td ({PLANNED}) Tj ET".encode())


def stamp(pdf: pikepdf.Pdf) -> None:
    form = pdf.pages[0].obj.Resources.XObject["/BriefCopy"]
    form.Resources.Font["/L"] = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1)
    form.write(form.read_bytes() + f" BT /L 9 Tf ({PLANNED}) Tj ET".encode())


def attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = PLANNED.encode()


def outline(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(PLANNED, 0))


def annotate(pdf: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=pikepdf.String(PLANNED)
    )
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


def describe(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Recipient"] = pikepdf.String(PLANNED)


def tell_programs(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        metadata["dc:description"] = PLANNED


def hide(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Hidden = pdf.make_stream(PLANNED.encode())


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("change", [draw, stamp, attach, outline, annotate, describe, tell_programs, hide])
def test_each_copy_is_inspected(
    leaky: Inspector, three: Copies, number: int, change: Callable[[pikepdf.Pdf], None]
) -> None:
    copies = alter_copy(three, number, change)
    found = inspect_copies(copies, leaky)
    assert {each.code for each in found} == {"withheld-text"}
    name = three.records[number].path.rpartition("/")[2]
    assert all(name in each.message for each in found)
    assert [copy.inspected for copy in copies.records] == [place != number for place in range(3)]


@pytest.fixture(scope="module")
def leaky(tmp_path_factory: pytest.TempPathFactory) -> Inspector:
    """An inspector of the same brief with one more block, which the council may not see."""
    project = ProjectCopy(tmp_path_factory.mktemp("leaky") / "project")
    block = f"  - {{kind: paragraph, id: closing, clearance: internal, text: {{en: {PLANNED}, zh-Hans: 内, zh-Hant: 內}}}}\n"
    project.write(THEME, project.read(THEME) + block)
    made = Project.load(project.root)
    return Inspector(made.brief, made.get_template_set)


def test_the_words_of_a_stamp_are_inspected(leaky: Inspector, loaded: Project, pack: Pack, tmp_path: Path) -> None:
    """Recipient names are inspected, because a list may contain anything."""
    people = ("{name: Ann, audience: council, locale: en}", f"{{name: {PLANNED}, audience: council, locale: en}}")
    made = copy_pack(loaded, pack, tmp_path, *people)
    (found,) = inspect_copies(made, leaky)
    assert "0002-The-northern-stations" in found.message
    assert [copy.inspected for copy in made.records] == [True, False]


def test_sound_copies_are_recorded_as_inspected(loaded: Project, pack: Pack, three: Copies) -> None:
    assert inspect_copies(three, Inspector(loaded.brief, loaded.get_template_set)) == ()
    listed = json.loads(replace(pack, copies=three).make_manifest())["copies"]
    assert [copy["inspected"] for copy in listed] == [True, True, True]


def test_a_copy_for_another_audience_is_found(loaded: Project, three: Copies) -> None:
    """What only the council may see is found in the copy that a stamp was put on, and not by what the page says."""
    copies = alter_copy(three, 0, lambda _: None)
    copies.records[:] = [replace(copy, audience="public") for copy in copies.records]
    inspector = Inspector(loaded.brief, loaded.get_template_set)
    assert {diagnostic.code for diagnostic in inspect_copies(copies, inspector)} == {"withheld-text"}


def test_on_the_command_line(published: ProjectCopy, tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text("recipients:\n  - {name: Ann, audience: council, locale: en}\n")
    ran = published.run("build", "-a", "council", "-l", "en", "-f", "pdf", "--replace", "--copies", str(file))
    assert ran.status == 0, ran.stderr
    assert ran.stdout.splitlines()[1].endswith("copies/council/night-buses.council.en.0001-Ann.pdf")


BAD = [
    ("{name: Ann, audience: ▸counsil, locale: en}", "unknown-audience"),
    ("{name: Ann, audience: ▸ｃｏｕｎｃｉｌ, locale: en}", "unknown-audience"),
    ("{name: Ann, audience: council, locale: ▸zh_Hans}", "unknown-locale"),
    ("{name: Ann, audience: council, locale: en, formats: [▸docs]}", "unknown-format"),
    ("{name: Ann, audience: ▸council, locale: en, clearance: public}", "above-clearance"),
    ("{name: Ann, audience: council, locale: en, clearance: ▸secret}", "unknown-clearance"),
    ("{name: Ann, audience: council, locale: en, copy: ▸0}", "bad-number"),
    ("{name: Ann, audience: council, locale: en, copy: ▸1.5}", "bad-number"),
    ("{name: Ann, audience: council, locale: en, copy: ▸１２}", "bad-number"),
    ('▸{name: "A\\nBcc: b@example.org", audience: council, locale: en}', "bad-name"),
    ('▸{name: "A\\tB", audience: council, locale: en}', "bad-name"),
    ('▸{name: "\\u202Efdp.exe", audience: council, locale: en}', "bad-name"),
    ('▸{name: "A\\u200BB", audience: council, locale: en}', "bad-name"),
    ('▸{name: "  ", audience: council, locale: en}', "bad-name"),
    ("▸{name: " + "x" * 201 + ", audience: council, locale: en}", "bad-name"),
    ("▸{audience: council, locale: en}", "missing-key"),
    ("{name: Ann, audience: council, locale: en, ▸adress: a@example.org}", "unknown-key"),
    ("▸{name: Ann 𓀀𒀀, audience: council, locale: en}", "missing-glyph"),
]


def run_refused(project: ProjectCopy, written: str) -> tuple[str, Where]:
    """What the command line says of the file, and where the mark in it is."""
    where = project.mark("people.yaml", written)
    before = project.files()
    ran = project.run("build", "-f", "html", "-l", "en", "--jobs", "1", "--copies", str(project.root / "people.yaml"))
    assert ran.status == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    assert project.files() == before
    return ran.stderr, where


@pytest.mark.parametrize(("written", "code"), BAD, ids=[f"{code} {number}" for number, (_, code) in enumerate(BAD)])
def test_a_file_with_an_error_stops_the_build(published: ProjectCopy, written: str, code: str) -> None:
    said, (file, line, column) = run_refused(published, f"recipients:\n  - {written}\n")
    assert f"{file}:{line}:{column}: error[{code}]: " in said


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ("▸{name: Ann, audience: public, locale: en}", "two-audiences"),
        ("▸{name: Other, address: ANN@example.org, audience: public, locale: en}", "two-audiences"),
        ("▸{name: ANN, audience: council, locale: en}", "duplicate-recipient"),
        ("▸{name: Bob, audience: council, locale: en, copy: 3}", "duplicate-copy"),
        ("▸{name: Ann, address: ann@example.com, audience: council, locale: en}", "namesakes"),
    ],
)
def test_two_entries_that_disagree(published: ProjectCopy, second: str, code: str) -> None:
    address = "address: ann@example.org, " if "address" in second else ""
    first = f"{{name: Ann, {address}audience: council, locale: en, copy: 3}}"
    said, (file, line, column) = run_refused(published, f"recipients:\n  - {first}\n  - {second}\n")
    assert f"{file}:{line}:{column}: error[{code}]: " in said


def test_one_person_under_two_spellings_of_a_domain(published: ProjectCopy) -> None:
    rows = (
        "{name: Ann, address: ann@例子.example, audience: council, locale: en}",
        "▸{name: Other, address: ann@xn--fsqu00a.example, audience: public, locale: en}",
    )
    said, (file, line, column) = run_refused(published, "recipients:\n" + "".join(f"  - {row}\n" for row in rows))
    assert f"{file}:{line}:{column}: error[two-audiences]: " in said


def test_an_audience_without_pdf(published: ProjectCopy) -> None:
    published.replace("content/audiences/public.yaml", "formats: [html, pdf, docx]", "formats: [html]")
    said, _ = run_refused(published, f"recipients:\n  - {{name: Ann, audience: {HERE}public, locale: en}}\n")
    assert "error[no-copies]" in said


def test_a_file_that_is_not_there(published: ProjectCopy) -> None:
    ran = published.run("build", "-f", "html", "--jobs", "1", "--copies", "nobody.yaml")
    assert ran.status == 3
    assert "nobody.yaml cannot be read" in ran.stderr


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "0007-etc-passwd"),
        ("C:\\Windows\\nul.txt", "0007-C-Windows-nul-txt"),
        ("CON", "0007-CON"),
        ('a<b>:"|?*.', "0007-a-b"),
        ("…", "0007"),
        ("李" * 90, "0007-" + "李" * 20),
        (unicodedata.normalize("NFD", "é"), "0007-é"),
    ],
)
def test_file_names_are_safe(pack: Pack, name: str, expected: str) -> None:
    original: Artifact = pack["council", "en", "pdf"]
    found = make_copy_name(original, 7, name)
    assert found == f"night-buses.council.en.{expected}.pdf"
    assert len(found.encode()) < 150


def long_variant(loaded: Project) -> Variant:
    """Ten pages of it."""
    variant = loaded.make_variant("council", "en")
    (section,) = variant.sections
    told = [block for block in section.blocks if block.KIND in ("metrics", "callout")]
    blocks = [replace(block, id=f"{block.id}-{n}") for n in range(50) for block in told]
    return replace(variant, sections=(replace(section, blocks=tuple(blocks)),))


def test_a_thousand_copies_cost_less_than_fifty_renders(loaded: Project) -> None:
    write = FORMATS["pdf"].write
    variant = long_variant(loaded)
    write(variant, loaded.template_set)
    start = time.process_time()
    written = write(variant, loaded.template_set)
    render = time.process_time() - start
    assert written.pages is not None
    assert written.pages >= 8
    look, catalogue, tries = loaded.template_set.look, loaded.brief.catalogues["en"], 20
    with Stamper(written.data) as stamper:
        start = time.process_time()
        for number in range(tries):
            stamper.stamp(make_stamp(f"Recipient {number} 李小明", number, catalogue, look))
        copy = (time.process_time() - start) / tries
    assert 1000 * copy < 50 * render, f"one copy {copy:.4f} s, one render {render:.3f} s"


def test_a_copy_is_stamped_in_the_faces_of_its_own_variant(project: ProjectCopy) -> None:
    project.write("templates/plain/set.yaml", 'extends: base\nfaces: {en: {sans: ["Source Serif 4"]}}\n')
    project.replace("content/audiences/council.yaml", "formats:", "template_set: plain\nformats:")
    project.write("people.yaml", "recipients:\n  - {name: Ann, audience: council, locale: en}\n")
    order = (
        "build",
        "-a",
        "council",
        "-l",
        "en",
        "-f",
        "pdf",
        "--jobs",
        "1",
        "--copies",
        str(project.root / "people.yaml"),
    )
    assert project.run(*order).status == 0
    loaded = Project.load(project.root)
    own, others = (
        make_stamp("Ann", 1, loaded.brief.catalogues["en"], look.look)
        for look in (loaded.get_template_set("council"), loaded.template_set)
    )
    assert own != others
    (copy,) = project.root.glob("output/night-buses/copies/council/*.pdf")
    original = loaded.build(["council"], ["en"], ["pdf"])["council", "en", "pdf"]
    with Stamper(original.data) as stamper:
        assert copy.read_bytes() == stamper.stamp(own)
