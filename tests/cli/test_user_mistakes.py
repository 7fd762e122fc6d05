"""What users do wrong outside of texts: in looks, pictures, tables, links, documents, lists of people and packs.

Each case changes a copy of the starter, or of a pack, and runs the command that must report it, at this place.
"""

import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import xlsxwriter
from mail_plans import SENDER, Mailing, row, write_list
from projects import SEED, SETTINGS, THEME, ProjectCopy, run_brief
from word_samples import make_word, paragraph, picture, png

LOOK = "templates/own/set.yaml"
BASE = Path(__file__).parents[2] / "templates" / "base"
TEXTS = "title: {en: Map, zh-Hans: 地图, zh-Hant: 地圖}, description: {en: A map., zh-Hans: 一幅地图。, zh-Hant: 一幅地圖。}"


def wear(project: ProjectCopy, settings: str) -> None:
    """Gives the project a template set of its own."""
    project.write(LOOK, settings)
    project.replace(SETTINGS, "template_set: base", "template_set: own")


def look(settings: str) -> Callable[[ProjectCopy], None]:
    return lambda project: wear(project, settings)


def write(name: str, content: str | bytes) -> Callable[[ProjectCopy], None]:
    return lambda project: project.write(name, content)


def template(content: str) -> Callable[[ProjectCopy], None]:
    def change(project: ProjectCopy) -> None:
        wear(project, "extends: base\n")
        project.write("templates/own/block/paragraph.html.j2", content)

    return change


def reference(member: str, old: bytes, new: bytes) -> Callable[[ProjectCopy], None]:
    """Edits a member of a reference document of the project's own."""

    def change(project: ProjectCopy) -> None:
        made = io.BytesIO()
        with zipfile.ZipFile(BASE / "reference.docx") as given, zipfile.ZipFile(made, "w") as written:
            for name in given.namelist():
                data = given.read(name)
                if name == member:
                    assert old in data
                    data = data.replace(old, new)
                written.writestr(name, data)
        wear(project, "extends: base\n")
        project.write("templates/own/reference.docx", made.getvalue())

    return change


def root_set_for_typst(project: ProjectCopy) -> None:
    wear(project, (BASE / "set.yaml").read_text("utf-8") + "pdf_engine: typst\n")
    for path in BASE.rglob("*"):
        name = path.relative_to(BASE).as_posix()
        if path.is_file() and name not in ("set.yaml", "print.css", "print.html.j2") and path.suffix != ".typ":
            project.write(f"templates/own/{name}", path.read_bytes())


def show(name: str, data: bytes) -> Callable[[ProjectCopy], None]:
    """Shows a picture in a new block."""

    def change(project: ProjectCopy) -> None:
        project.write(f"content/assets/{name}", data)
        project.write(THEME, f"{project.read(THEME)}  - {{kind: figure, id: shown, image: {name}, {TEXTS}}}\n")

    return change


def make_pages(count: int) -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(count):
            document.add_blank_page(page_size=(200, 100))
        document.save(made)
    return made.getvalue()


def table(file: str, data: bytes | str, **keys: str) -> Callable[[ProjectCopy], None]:
    """Adds a dataset to the source."""

    def change(project: ProjectCopy) -> None:
        project.write(file, data)
        lines = ["datasets:", "  - id: routes", f"    file: {file}", "    key: [route]"]
        lines += [f"    {key}: {value}" for key, value in keys.items()]
        project.write(
            SEED, "\n".join([project.read(SEED).rstrip("\n"), *lines, "    columns:", "      riders: count", ""])
        )

    return change


def make_workbook(*, hidden: bool = False, merged: bool = False) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet("Shown")
        sheet = book.add_worksheet("Routes")
        sheet.write_row(0, 0, ("route", "riders"))
        sheet.write_column(1, 1, (5, 6, 7))
        sheet.write_column(1, 0, ("N1", "N2", "N3"))
        if merged:
            sheet.merge_range(2, 0, 3, 0, "N2")
        if hidden:
            sheet.hide()
    return made.getvalue()


def link_outside(project: ProjectCopy) -> None:
    outside = project.root.parent / "elsewhere.csv"
    outside.write_text("route,riders\n", "utf-8")
    (project.root / "data").mkdir(exist_ok=True)
    (project.root / "data/linked.csv").symlink_to(outside)


def break_link(project: ProjectCopy) -> None:
    (project.root / "data").mkdir(exist_ok=True)
    (project.root / "data/linked.csv").symlink_to("nowhere.csv")


def link_picture(project: ProjectCopy) -> None:
    (project.root.parent / "map.png").write_bytes(png())
    (project.root / "content/assets").mkdir(exist_ok=True)
    (project.root / "content/assets/map.png").symlink_to(project.root.parent / "map.png")


def add_pipe(project: ProjectCopy) -> None:
    (project.root / "data").mkdir(exist_ok=True)
    os.mkfifo(project.root / "data/pipe.csv")


WIDE = "extends: base\nfaces: {en: {serif: [No Such Serif], sans: [Inter]}}\n"
CHECKED = {
    "a brand too light for titles": (
        write("templates/brand.yaml", 'colours: {brand: "#ffd000"}\n'),
        "templates/brand.yaml:1:18: warning[low-contrast]",
    ),
    "a root set without faces": (look("colours: {}\nseries: ['#000000']\n"), f"{LOOK}: error[missing-field]"),
    "a set that extends itself": (look("extends: own\n"), f"{LOOK}:1:10: error[template-set-cycle]"),
    "references nowhere": (look("extends: base\nreferences: margin\n"), f"{LOOK}:2:13: error[unknown-placement]"),
    "another PDF engine": (look("extends: base\npdf_engine: lualatex\n"), f"{LOOK}:2:13: error[unknown-pdf-engine]"),
    "a family that is not installed": (look(WIDE), "warning[missing-font]: fonts are missing: No Such Serif"),
    "a template that includes no file": (
        template('{% include "block/nowhere.html.j2" %}'),
        "templates/own/block/paragraph.html.j2:1:0: error[template-not-found]",
    ),
    "Typst without its template": (root_set_for_typst, f"{LOOK}: error[missing-print-template]"),
    "Word without a style": (
        reference("word/styles.xml", b'w:val="Callout Note"', b'w:val="Remark"'),
        "templates/own/reference.docx: error[template-style]",
    ),
    "Word without the text": (
        reference("word/document.xml", b"{{ body }}", b"Text"),
        "templates/own/reference.docx: error[template-field]",
    ),
    "Word with an empty paragraph for the text": (
        reference("word/document.xml", b"{{ body }}", b""),
        "templates/own/reference.docx: error[template-field]",
    ),
    "a narrow picture": (show("thin.png", png(size=(1, 60))), "error[image-size]: 'thin.png' is 1 x 60 pixels"),
    "a PDF of three pages": (show("plan.pdf", make_pages(3)), "warning[image-pages]"),
    "a range that is none": (
        table("data/routes.xlsx", make_workbook(), sheet="Routes", range='"2A:B4"'),
        "error[bad-range]: '2A:B4'",
    ),
    "a hidden sheet": (
        table("data/routes.xlsx", make_workbook(hidden=True), sheet="Routes"),
        "data/routes.xlsx!Routes: warning[hidden-sheet]",
    ),
    "merged cells": (
        table("data/routes.xlsx", make_workbook(merged=True), sheet="Routes"),
        "data/routes.xlsx!Routes!A3: warning[merged-cells]",
    ),
    "a row of totals": (
        table("data/routes.csv", "route,riders\nN1,5\nN2,6\nTotal,11\n"),
        "data/routes.csv:4:1: warning[total-row]",
    ),
    "a table outside": (link_outside, "data/linked.csv: warning[outside-link]"),
    "a picture outside": (link_picture, "content/assets/map.png: warning[outside-link]"),
    "a link to nothing": (break_link, "data/linked.csv: warning[special-file]: is a broken link"),
    "a pipe": (add_pipe, "data/pipe.csv: warning[special-file]: is a named pipe"),
}


@pytest.mark.parametrize(("change", "said"), CHECKED.values(), ids=CHECKED)
def test_a_check_says_what_is_wrong(project: ProjectCopy, change: Callable[[ProjectCopy], None], said: str) -> None:
    change(project)
    ran = project.run("check")
    assert said in ran.stdout
    assert ran.status == (1 if "error[" in ran.stdout else 0)


REPORT = "## Demand\n\nDemand grew.\n\n## Risk\n\nPrices may rise.\n"
IMPORTED = {
    "HTML": ("report.md", REPORT + "\n<video src='a.mp4'></video>\n", "report.md:9:1: warning[import-omitted]"),
    "a rule": ("report.md", REPORT.replace("Prices", "---\n\nPrices"), "report.md:7:1: warning[import-omitted]"),
    "two paragraphs in a cell": (
        "report.md",
        REPORT + "\n> [!NOTE]\n> Mind:\n>\n> - this\n> - that\n",
        "warning[import-simplified]",
    ),
    "a table without bars": (
        "report.md",
        REPORT + "\n| a | b |\n\n  Month   Load\n  ------- ------\n  Jan     high\n",
        "warning[import-simplified]",
    ),
    "text named as Word": ("report.docx", "Dear all", "report.docx: error[import-unreadable]"),
    "a picture in Word": (
        "report.docx",
        make_word(
            paragraph("Demand", style="Heading1") + paragraph(picture("rimage1", "A square")),
            {"media/image1.png": png()},
        ),
        "warning[import-assumed]",
    ),
}


def bring(project: ProjectCopy, name: str, data: str | bytes, *options: str) -> str:
    path = project.root.parent / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return project.run("import", str(path), *options).stderr


@pytest.mark.parametrize(("name", "data", "said"), IMPORTED.values(), ids=IMPORTED)
def test_an_import_says_what_it_does_not_bring(project: ProjectCopy, name: str, data: str | bytes, said: str) -> None:
    assert said in bring(project, name, data)


def test_an_import_says_what_is_no_longer_in_the_document(project: ProjectCopy) -> None:
    bring(project, "report.md", REPORT)
    said = bring(project, "report.md", REPORT.partition("## Risk")[0], "--replace")
    assert "content/themes/risk.yaml: warning[import-leftover]: the document no longer has the theme 'risk'" in said
    bring(project, "report.md", REPORT.replace("Demand grew.", "Demand grew.\n\nIt fell."), "--replace")
    said = bring(project, "report.md", REPORT)
    assert "warning[import-leftover]: the document no longer has block 'demand-1'" in said


def test_a_translation_with_a_block_less_is_refused(project: ProjectCopy) -> None:
    bring(project, "report.md", REPORT)
    chinese = REPORT.replace("Demand grew.", "- 需求增长。").replace("Prices may rise.", "价格可能上涨。")
    assert "report.zh-Hans.md:" in (said := bring(project, "report.zh-Hans.md", chinese, "-l", "zh-Hans"))
    assert "error[import-structure]" in said


def test_an_unreviewed_entry_of_a_translation_is_left_out(project: ProjectCopy) -> None:
    assert project.run("translate", "export", "-l", "zh-Hans", "--all", "-o", "zh-Hans.po").status == 0
    (path,) = project.root.rglob("zh-Hans.po")
    text = path.read_text("utf-8")
    path.write_text(text.replace('msgctxt "brief/title"', '#, fuzzy\nmsgctxt "brief/title"'), "utf-8")
    assert "note[fuzzy-translation]: 'brief/title'" in project.run("translate", "import", str(path)).stderr


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory, shared_cache: Path) -> Mailing:
    return Mailing.made(tmp_path_factory.mktemp("pack"), shared_cache, "-f", "html", "-l", "en")


MANY = "name,address,audience,locale,formats\n" + "".join(
    f"P{number},p{number}@example.org,council,en,html\n" for number in range(10_000)
)
ANN = row("ann@example.org")
PLANNED = {
    "no address": (
        write_list("  - {name: Ann, audience: council, locale: en}\n"),
        "people.yaml:2:5: error[no-address]",
    ),
    "two clearances": (
        write_list(
            row("a@example.org", clearance="client"), row("a@example.org", locale="zh-Hans", clearance="internal")
        ),
        "error[two-clearances]",
    ),
    "a name in Chinese before the @": (write_list(row("用户@example.org")), "note[needs-smtputf8]"),
    "too many": (MANY, "error[many-recipients]"),
    "errors without end": (MANY.replace("council", "counsil"), "1,002 errors"),
    "no sender": (write_list(ANN), "error[no-sender]"),
}


@pytest.mark.parametrize(("people", "said"), PLANNED.values(), ids=PLANNED)
def test_a_plan_says_what_is_wrong_with_the_list(packed: Mailing, people: str, said: str) -> None:
    name = "people.csv" if people.startswith("name,") else "people.yaml"
    ran = packed.plan(people, name=name, sender=() if "no-sender" in said else SENDER)
    assert said in ran.stderr


COPIES = {
    "two of one number": ("{name: Bob, audience: council, locale: en, copy: 3}", "duplicate-copy"),
    "two of one name": ("{name: Ann, address: ann@example.com, audience: council, locale: en}", "namesakes"),
}


@pytest.mark.parametrize(("second", "code"), COPIES.values(), ids=COPIES)
def test_copies_need_names_and_numbers_of_their_own(project: ProjectCopy, second: str, code: str) -> None:
    first = "{name: Ann, address: ann@example.org, audience: council, locale: en, copy: 3}"
    project.write(
        "people.yaml",
        f"recipients:\n  - {first if code != 'namesakes' else first.replace(', copy: 3', '')}\n  - {second}\n",
    )
    assert f"people.yaml:3:5: error[{code}]" in project.run("build", "-f", "pdf", "--copies", "people.yaml").stderr


def test_copies_are_made_of_pdfs_alone(project: ProjectCopy) -> None:
    project.replace("content/audiences/public.yaml", "formats: [html, pdf, docx]", "formats: [html]")
    project.write("people.yaml", "recipients:\n  - {name: Ann, audience: public, locale: en}\n")
    assert "error[no-copies]" in project.run("build", "--copies", "people.yaml").stderr


def test_a_pack_of_another_date_is_not_mailed(packed: Mailing, tmp_path: Path) -> None:
    shutil.copytree(packed.folder, tmp_path / "copied")
    other = Mailing(ProjectCopy(tmp_path / "copied/again", packed.project.root))
    other.project.write(SETTINGS, other.project.read(SETTINGS).replace("2026-06-30", "2026-07-31"))
    assert "error[other-pack]" in other.plan(write_list(ANN)).stderr


def test_another_domain_than_that_of_the_project_is_no_sender(packed: Mailing, tmp_path: Path) -> None:
    shutil.copytree(packed.folder, tmp_path / "copied")
    other = Mailing(ProjectCopy(tmp_path / "copied/again", packed.project.root))
    other.project.write(SETTINGS, other.project.read(SETTINGS) + "mail: {sender: research@example.net}\n")
    assert "error[other-sender]: --from has the domain 'example.org'" in other.plan(write_list(ANN)).stderr


@pytest.mark.parametrize("written", ["{", "[]", json.dumps({"artifacts": 1})])
def test_a_damaged_manifest_is_compared_with_nothing(packed: Mailing, tmp_path: Path, written: str) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(next(path.parent for path in packed.project.root.rglob("manifest.json")), pack)
    (pack / "manifest.json").write_text(written, "utf-8")
    said = run_brief("diff", pack, next(packed.project.root.rglob("manifest.json")).parent, cwd=tmp_path).stderr
    assert f"{pack / 'manifest.json'}: error[bad-manifest]" in said


def test_another_engine_needs_a_look_of_its_own(project: ProjectCopy) -> None:
    root_set_for_typst(project)
    project.write(LOOK, project.read(LOOK).replace("pdf_engine: typst\n", ""))
    assert f"{LOOK}: error[missing-print-template]" in project.run("check", "--pdf-engine", "typst").stdout
