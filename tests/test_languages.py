"""A passage in another language says so in every format: to speech, to spelling, to the choice of glyphs."""

import io
import re
from xml.etree import ElementTree

import pikepdf
import pytest
import readback
from projects import SEED, ProjectCopy

from brief import Pack, Project

THEME = "content/themes/ridership.yaml"
SUMMARY = "  en: Ridership grew by {reader-survey/riders-growth} in the first year. Waiting remains the weak point.\n"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

# For each locale: what is in another language in it, and the language; Word names Chinese by region.
FOREIGN = {
    "en": ("夜间公交", "zh-Hans", ("eastAsia", "zh-CN")),
    "zh-Hans": ("the night is young", "en", ("val", "en-GB")),
    "zh-Hant": ("How Night Buses Are Used", "en", ("val", "en-GB")),
}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The starter project, with a Chinese word in English, an English one in Chinese, and a source's own title in all."""
    project = ProjectCopy(tmp_path_factory.mktemp("languages") / "project")
    project.replace(THEME, SUMMARY, SUMMARY.replace("Ridership", "Ridership of 夜间公交"))
    project.replace(THEME, "候车时间仍是短板。", "常言道“the night is young”，候车时间仍是短板。")
    title = re.search(r"title:\n(  .*\n){3}", project.read(SEED))
    assert title is not None
    project.replace(SEED, title[0], "title: How Night Buses Are Used\n")
    return Project.load(project.root).build(audiences=["council"], jobs=1)


@pytest.mark.parametrize("locale", FOREIGN)
def test_html(pack: Pack, locale: str) -> None:
    passage, language, _ = FOREIGN[locale]
    main = ElementTree.fromstring(readback.html_main(pack["council", locale, "html"].data))  # noqa: S314
    assert [e.text for e in main.iter() if e.get("lang") == language and not e.tag.endswith("svg")][:1] == [passage]


@pytest.mark.parametrize("locale", FOREIGN)
def test_pdf(pack: Pack, locale: str) -> None:
    passage, language, _ = FOREIGN[locale]
    with pikepdf.open(io.BytesIO(pack["council", locale, "pdf"].data)) as pdf:
        spoken = [element for element in readback.pdf_structure(pdf) if str(element.get("/Lang", "")) == language]
        assert [readback.pdf_element_text(pdf, element) for element in spoken][:1] == [passage]


@pytest.mark.parametrize("locale", FOREIGN)
def test_docx(pack: Pack, locale: str) -> None:
    passage, _, (attribute, tag) = FOREIGN[locale]
    document = ElementTree.fromstring(readback.docx_parts(pack["council", locale, "docx"].data)["word/document.xml"])  # noqa: S314
    own = {
        "".join(run.itertext()): spoken.get(f"{W}{attribute}")
        for run in document.iter(f"{W}r")
        if (spoken := run.find(f"{W}rPr/{W}lang")) is not None
    }
    assert own[passage] == tag
