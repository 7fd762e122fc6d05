"""One project with every case that is hard to lay out, in each look and format: no word is lost, cut off or printed over another."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import verapdf
import yaml
from page_geometry import boxes, require_clear
from projects import SEED, SETTINGS, THEME, ProjectCopy
from readback import docx_parts, html_text, libreoffice_pdfs

from brief import Pack, Project
from brief.model.diagnostics import Diagnostic
from brief.model.inline import AuthoredRuns, Emphasis, Link, Strong, Text
from brief.model.prose import list_texts
from brief.resolve.walk import walk_texts

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hard-pages")]

LOOKS = ("base", "board", "paper")
LOCALES = ("en", "zh-Hans")
KINDS = Path(__file__).parents[1] / "kinds"
QUERY = "https://example.org/archive/?query=" + "x" * 160 + "&lang=en#end"
COMPOUND = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
TITLE = {
    "en": "The cost, the quality and the reach of night buses in a town of hills and bridges, after one year of trial, with"
    " what riders, drivers and residents say of them and what the council may do next year",
    "zh-Hans": "山城夜间公交试点一周年：成本、质量与覆盖范围，以及乘客、驾驶员和居民的意见，兼论市议会明年可以采取的若干措施"
    * 2,
}
PUBLISHER = {
    "en": "The Standing Conference of Municipal Transport Authorities and Associated Research Institutes of the Eastern Valley",
    "zh-Hans": "东部河谷地区各市公共交通主管部门及其附属研究机构常设联席会议秘书处",
}
CASES = Path(__file__).with_name("hard.yaml")


def text(words: str, number: int | str = "") -> dict[str, str]:
    return {"en": f"{words} {number}".strip(), "zh-Hans": f"第{number}项" if number != "" else "各项"}


def hard_blocks() -> list[dict[str, object]]:
    """Cases that are long rather than varied; the varied ones are in `hard.yaml`."""
    wide = [text(f"Quarter {number} revenue") for number in range(1, 14)]
    sentences = {
        "en": " ".join(f"Sentence number {number} of a very long cell." for number in range(150)),
        "zh-Hans": "".join(f"长单元格的第{number}句话。" for number in range(300)),
    }
    return [
        {
            "kind": "table",
            "id": "wide",
            "title": text("Fourteen columns"),
            "columns": [text("City"), *({"title": head, "align": "end"} for head in wide)],
            "rows": [[text("Town", row), *("1,234,567" for _ in wide)] for row in range(3)],
        },
        {
            "kind": "table",
            "id": "grouped",
            "title": text("Two rows of heads"),
            "columns": [
                {"title": text("Line"), "merge": True},
                {"title": text("Stop")},
                {"title": text("Riders"), "align": "end", "group": text("By day")},
                {"title": text("Seats"), "align": "end", "group": text("By day")},
                {"title": text("Remark"), "cite_in_head": True},
            ],
            "rows": [
                *(
                    [
                        text("Line", row // 5),
                        text("Stop", row),
                        str(1000 + row),
                        str(2000 + row),
                        f"R{row}[@reader-survey/wait]",
                    ]
                    for row in range(60)
                ),
                {"cells": [text("All lines"), "<", "61,770", "121,770", "-"], "total": True},
            ],
        },
        {
            "kind": "table",
            "id": "tall",
            "title": text("A row longer than a page"),
            "columns": [text("Name"), text("Comment")],
            "rows": [[text("Rider"), sentences], [text("Driver"), text("A short comment.")]],
        },
        {
            "kind": "chart",
            "id": "bars",
            "title": text("Forty bars"),
            "chart": "bars",
            "description": text("Forty routes of equal length."),
            "categories": [text("Route", number) for number in range(40)],
            "series": [{"title": text("Riders"), "claims": [f"reader-survey/hard-{number}" for number in range(40)]}],
        },
    ]


def hard_project(root: Path, look: str) -> ProjectCopy:
    project = ProjectCopy(root)
    settings = yaml.safe_load(project.read(SETTINGS))
    settings |= {"title": TITLE, "publisher": PUBLISHER, "template_set": look, "locales": list(LOCALES)}
    settings["themes"] = ["ridership", "hard-appendix"]
    settings["audiences"] = ["council"]
    project.write(SETTINGS, yaml.safe_dump(settings, allow_unicode=True))
    council = yaml.safe_load(project.read("content/audiences/council.yaml"))
    council |= {"themes": ["ridership", "hard-appendix"], "depth": "full", "compact": False}
    project.write("content/audiences/council.yaml", yaml.safe_dump(council, allow_unicode=True))
    theme = yaml.safe_load(CASES.read_text("utf-8"))
    prose = yaml.safe_load((KINDS / "prose.yaml").read_text("utf-8"))
    theme["blocks"] = [*theme["blocks"], *prose, *hard_blocks()]
    appendix = theme.pop("appendix")
    project.write(THEME, yaml.safe_dump(theme, allow_unicode=True, width=10_000))
    project.write("content/themes/hard-appendix.yaml", yaml.safe_dump(appendix, allow_unicode=True, width=10_000))
    claims = [
        {
            "id": f"hard-{number}",
            "says": text("Riders of route", number),
            "quantity": {"value": 100 + 7 * number, "unit": "count"},
        }
        for number in range(40)
    ]
    written = yaml.safe_dump(claims, allow_unicode=True, width=10_000)
    project.write(SEED, project.read(SEED).rstrip() + "\n" + "".join(f"  {line}\n" for line in written.splitlines()))
    return project


@pytest.fixture(scope="module", params=LOOKS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Pack]:
    project = hard_project(tmp_path_factory.mktemp(request.param) / "project", request.param)
    loaded = Project.load(project.root)
    return loaded, loaded.build(jobs=1)


@pytest.fixture(scope="module")
def word_as_printed(built: tuple[Project, Pack], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The Word document of each locale as LibreOffice prints it."""
    documents = [built[1]["council", locale, "docx"].data for locale in LOCALES]
    return dict(zip(LOCALES, libreoffice_pdfs(documents, tmp_path_factory.mktemp("office")), strict=True))


def extract_words(runs: AuthoredRuns) -> str:
    """The words of runs without what is not printed as typed."""
    made = ""
    for run in runs:
        match run:
            case Text(words):
                made += words
            case Strong(children) | Emphasis(children) | Link(_, children):
                made += extract_words(children)
            case _:
                made += "\n"
    return made


def sentences(project: Project, locale: str) -> Iterator[str]:
    """Every sentence of the themes, cut where something is printed that is not typed."""
    for found in walk_texts(tuple(project.brief.themes.values())):
        phrase = found.find_phrase(locale)
        if phrase is None:
            continue
        for runs in list_texts(phrase.parts) if phrase.parts else (phrase.runs,):
            yield from filter(None, map(letters, re.split(r"(?<=[.!?])\s|(?<=[。！？])|\n", extract_words(runs))))


def letters(words: str) -> str:
    """The words without spaces, hyphens, joiners and the signs that only mark something."""
    return re.sub(r"[\s\u2060\ufeff\u200b\u00ad<-]+", "", words)


def raw_text(data: bytes) -> str:
    run = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True)
    return letters(run.stdout.decode())


def docx_text(data: bytes) -> str:
    parts = docx_parts(data)
    texts = ("word/document.xml", "word/footnotes.xml", "word/charts/chart")
    written = b"".join(data for name, data in sorted(parts.items()) if name.startswith(texts) and name.endswith(".xml"))
    return letters("".join(re.findall(r"<(?:w:t|m:t|c:v)(?: [^>]*)?>([^<]*)<", written.decode())))


def is_in(sentence: str, whole: str) -> bool:
    """Whether the words have the sentence, which a page may divide."""
    return sentence in whole or any(
        sentence[:at] in whole and sentence[at:] in whole for at in range(3, len(sentence) - 2)
    )


# A chart's description is read and not printed.
UNPRINTED = {letters("Forty routes of equal length.")}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_is_in_every_format(built: tuple[Project, Pack], locale: str) -> None:
    project, pack = built
    printed = {
        "html": letters(html_text(pack["council", locale, "html"].data)),
        "pdf": raw_text(pack["council", locale, "pdf"].data),
        "docx": docx_text(pack["council", locale, "docx"].data),
    }
    wanted = set(sentences(project, locale)) - UNPRINTED
    assert len(wanted) > 300
    for name, whole in printed.items():
        assert sorted(sentence for sentence in wanted if not is_in(sentence, whole))[:5] == [], name


@pytest.mark.parametrize("locale", LOCALES)
def test_no_word_is_off_its_page_or_over_another(built: tuple[Project, Pack], locale: str) -> None:
    require_clear(built[1]["council", locale, "pdf"].data)


def test_the_whole_title_is_on_the_first_page(built: tuple[Project, Pack]) -> None:
    (width, height), words = boxes(built[1]["council", "en", "pdf"].data)[0]
    assert letters(TITLE["en"]) in letters("".join(word[0] for word in words))
    for word, left, top, right, bottom in words:
        assert 0 < left < right < width, word
        assert 0 < top < bottom < height, word


def test_a_table_that_runs_on_says_so(built: tuple[Project, Pack]) -> None:
    data = built[1]["council", "en", "pdf"].data
    pages = [" ".join(word[0] for word in words) for _, words in boxes(data)]
    running = [page for page in pages if "(continued)" in page]
    assert running
    assert all("Two rows of heads" not in page for page in running if "Table 3 (continued)" in page)


@pytest.mark.parametrize("locale", LOCALES)
def test_word_processors_show_the_start_of_every_paragraph(
    built: tuple[Project, Pack], word_as_printed: dict[str, bytes], locale: str
) -> None:
    data = built[1]["council", locale, "docx"].data
    shown = raw_text(word_as_printed[locale])
    body = docx_parts(data)["word/document.xml"].decode()
    starts = []
    for paragraph in re.findall(r"<w:p>.*?</w:p>", body, re.DOTALL):
        # The marks of notes are in another order in what is read back.
        before = paragraph.partition("<w:footnoteReference")[0]
        words = letters("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)<", before)).split("[")[0])
        starts.append(words[:16])
    assert len(starts) > 300
    assert [start for start in starts if start not in shown][:5] == []


def test_the_project_has_no_errors(built: tuple[Project, Pack]) -> None:
    # Its Chinese texts are not translations of the English ones, and name other cases.
    expected = {"unused-locale", "unused-file", "bare-text", "bare-figure", "number-mismatch", "unreviewed-translation"}

    def is_expected(found: Diagnostic) -> bool:
        return found.code in expected

    assert [found for found in built[0].diagnostics if not is_expected(found)] == []


def test_verapdf_finds_no_fault(built: tuple[Project, Pack], tmp_path: Path) -> None:
    files = {
        (locale, flavour): built[1]["council", locale, "pdf"].data for locale in LOCALES for flavour in ("ua1", "2a")
    }
    assert verapdf.find_faults(files, tmp_path) == {}
