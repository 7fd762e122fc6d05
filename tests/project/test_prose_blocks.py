"""Prose blocks through a whole project: figures, references, footnotes, translation, clearance and differences."""

import re

import pytest
from po_files import bring_back, export_catalogue, fill, messages
from projects import THEME, ProjectCopy
from readback import docx_outline, docx_parts, html_text, pdf_text

from brief import Pack, Project
from brief.inspection.leaks import Inspector
from brief.model.blocks import Prose

FORMATS = ("html", "pdf", "docx")
HIDDEN = "Ridgeway tendered below every other bidder"
ENGLISH = """\
      Riders grew to {reader-survey/riders-after}.[^how] See [](#night-reading) and [](#ridership).

      - Output of CO~2~

      [^how]: Counted at the doors[@reader-survey/wait].
"""
CHINESE = """\
      乘客增至{reader-survey/riders-after}。[^how]见[](#night-reading)和[](#ridership)。

      - CO~2~排放

      [^how]: 在车门计数[@reader-survey/wait]。
"""
BLOCKS = f"""\
  - kind: prose
    id: night-reading
    depth: summary
    heading: {{en: How it was counted, zh-Hans: 如何计数, zh-Hant: 如何計數}}
    text:
      en: |
{ENGLISH.replace("      ", "        ")}      zh-Hans: |
{CHINESE.replace("      ", "        ")}      zh-Hant: |
{CHINESE.replace("见", "見").replace("车门计数", "車門計數").replace("      ", "        ")}\
  - kind: prose
    id: night-steps
    depth: summary
    text:
      en: |
        7. Counted by hand
        8. Compared with tickets
      zh-Hans: |
        7. 人工计数
        8. 与车票对照
      zh-Hant: |
        7. 人工計數
        8. 與車票對照
  - kind: prose
    id: night-secret
    clearance: client
    text:
      en: |
        # Tender

        {HIDDEN}.[^price]

        [^price]: The price was forty per hour of service.
      zh-Hans: |
        # 招标

        里奇韦公司报价低于所有其他投标人。[^price]

        [^price]: 每服务小时报价为四十。
      zh-Hant: |
        # 招標

        里奇韋公司報價低於所有其他投標人。[^price]

        [^price]: 每服務小時報價為四十。
"""


def add_blocks(project: ProjectCopy) -> None:
    project.write(THEME, project.read(THEME).rstrip("\n") + "\n" + BLOCKS)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = ProjectCopy(tmp_path_factory.mktemp("prose") / "project")
    add_blocks(project)
    return Project.load(project.root)


@pytest.fixture(scope="module")
def pack(loaded: Project) -> Pack:
    return loaded.build(locales=["en", "zh-Hans"], jobs=1)


def words(pack: Pack, audience: str, locale: str, name: str) -> str:
    read = {"html": html_text, "pdf": pdf_text, "docx": docx_outline}[name]
    return re.sub(r"\s+|\u2060", " ", read(pack[audience, locale, name].data))


@pytest.mark.parametrize("name", FORMATS)
def test_figures_references_and_signs_work_within_it(pack: Pack, name: str) -> None:
    said = words(pack, "public", "en", name)
    assert "“How it was counted”" in said
    assert "“More riders at night" in said
    assert re.search(r"Riders grew to [\d,. ]+", said)
    assert re.search("CO ?2", said)


def test_lists_begin_with_their_number_in_print(pack: Pack) -> None:
    printed = words(pack, "public", "en", "pdf")
    assert "7. Counted by hand" in printed
    assert "8. Compared with tickets" in printed


def test_footnotes_are_those_of_each_format(pack: Pack) -> None:
    page = pack["public", "en", "html"].data.decode()
    assert 'href="#footnote-a"' in page
    assert 'href="#footnote-a-mark"' in page
    parts = docx_parts(pack["public", "en", "docx"].data)
    assert "Counted at the doors" in parts["word/footnotes.xml"].decode()
    assert parts["word/document.xml"].count(b"w:footnoteReference") == 1
    lines = pdf_text(pack["public", "en", "pdf"].data).split("\n")
    assert any(re.match("a +Counted at the doors", line.replace("\u2002", " ")) for line in lines)


@pytest.mark.parametrize("name", FORMATS)
def test_withheld_prose_is_in_no_public_file_and_would_be_found(loaded: Project, pack: Pack, name: str) -> None:
    assert HIDDEN not in words(pack, "public", "en", name)
    assert HIDDEN in words(pack, "council", "en", name)
    inspector = Inspector(loaded.brief, loaded.get_template_set)
    found = inspector.inspect_bytes("public", f"x.public.en.{name}", pack["council", "en", name].data)
    assert {"withheld-text"} <= {leak.code for leak in found}


@pytest.mark.parametrize("heading", ["Tender", "The price was forty per hour of service."])
def test_each_paragraph_and_note_is_searched_for_by_itself(loaded: Project, pack: Pack, heading: str) -> None:
    page = pack["public", "en", "html"].data.replace(b"</main>", f"<p>{heading}</p></main>".encode())
    inspector = Inspector(loaded.brief, loaded.get_template_set)
    assert list(inspector.inspect_bytes("public", "x.public.en.html", page)) != []


def test_locales_that_cite_otherwise_are_reported(project: ProjectCopy) -> None:
    add_blocks(project)
    project.replace(THEME, "在车门计数[@reader-survey/wait]", "在车门计数")
    status, found = project.check()
    assert (status, [diagnostic.code for diagnostic in found]) == (1, ["reference-mismatch"])


def test_a_reference_to_what_an_audience_does_not_see_is_refused(project: ProjectCopy) -> None:
    add_blocks(project)
    text = project.read(THEME)
    project.write(
        THEME,
        text.replace(
            "    id: night-secret\n", "    id: night-secret\n    heading: {en: T, zh-Hans: 投, zh-Hant: 投}\n"
        ).replace("[](#night-reading)", "[](#night-secret)"),
    )
    assert {diagnostic.code for diagnostic in project.check()[1]} == {"withheld-reference"}


def test_a_stale_translation_goes_to_translators_as_one_text_and_comes_back(project: ProjectCopy) -> None:
    add_blocks(project)
    assert project.run("translate", "accept").status == 0
    project.replace(THEME, "Riders grew to", "Riders at night grew to")
    out = export_catalogue(project)
    message = messages(out)["block/night-reading/text"]
    assert "\n- Output of CO~2~\n" in str(message.id)
    new = CHINESE.replace("      ", "").replace("排放", "排放量\n\n另起一段")
    fill(project, out, {"block/night-reading/text": new})
    status, _, said = bring_back(project)
    assert status == 0, said
    blocks = Project.load(project.root).brief.themes["ridership"].blocks
    (text,) = (block.text for block in blocks if isinstance(block, Prose) and block.id == "night-reading")
    parts = text.phrases["zh-Hans"].parts
    assert [type(part).__name__ for part in parts] == ["ProseParagraph", "ProseList", "ProseParagraph"]
