"""`brief import` of documents: themes that load, differences instead of overwriting, and translations block by block."""

import re
from pathlib import Path

import pytest
import yaml
from projects import SETTINGS, ProjectCopy, Run, run_brief
from word_samples import make_word, paragraph, png, styles

from brief import Project
from brief.model.inline import to_plain_text

REPORT = """# Grid report

## Demand

Power demand **grew** again.

### Peaks

The peak came in *winter*, see [the data](https://example.org/data).

- heat pumps
- data centres

Table: Loads by month

| Month | Load |
| ----- | ---: |
| Jan   | high |

![A map of the grid](map.png)

## Risk

Prices may rise.
"""
CHINESE = """# 电网报告

## 需求

电力需求再次**增长**。

### 高峰

高峰出现在*冬季*，见[数据](https://example.org/data)。

- 热泵
- 数据中心

Table: 各月负荷

| 月份 | 负荷 |
| ----- | ---: |
| 一月   | 高 |

![电网地图](map.png)

## 风险

价格可能上涨。
"""
DEMAND, RISK = "content/themes/demand.yaml", "content/themes/risk.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the report and its translation, outside of the project."""
    made = tmp_path / "documents"
    made.mkdir()
    (made / "map.png").write_bytes(png())
    (made / "report.md").write_text(REPORT, "utf-8")
    (made / "report.zh-Hans.md").write_text(CHINESE, "utf-8")
    return made


@pytest.fixture
def bilingual(project: ProjectCopy) -> ProjectCopy:
    """The starter without its traditional Chinese."""
    text = project.read(SETTINGS).replace("locales: [en, zh-Hans, zh-Hant]", "locales: [en, zh-Hans]")
    project.write(SETTINGS, text)
    return project


def bring(project: ProjectCopy, path: Path, *options: str) -> Run:
    return project.run("import", str(path), *options)


def test_a_document_becomes_themes_that_load_and_print(bilingual: ProjectCopy, folder: Path) -> None:
    ran = bring(bilingual, folder / "report.md", "-a", "council")
    assert ran.status == 0, ran.stderr
    assert ran.stdout.split() == [
        DEMAND,
        RISK,
        "content/assets/report/map.png",
        SETTINGS,
        "content/audiences/council.yaml",
    ]
    assert "import the same document in zh-Hans" in ran.stderr
    assert "title of the document is left out: 'Grid report'" in ran.stderr
    assert yaml.safe_load(bilingual.read(SETTINGS))["themes"] == ["ridership", "demand", "risk"]
    translated = bring(bilingual, folder / "report.zh-Hans.md", "-l", "zh-Hans")
    assert (translated.status, translated.stdout.split()) == (0, [DEMAND, RISK]), translated.stderr
    status, found = bilingual.check()
    assert (status, [each for each in found if each.severity == "error"]) == (0, [])
    variant = Project.load(bilingual.root).make_variant("council", "zh-Hans")
    assert [to_plain_text(section.title) for section in variant.sections][1:] == ["需求", "风险"]
    page = bilingual.page("council", "zh-Hans")
    assert all(words in page for words in ("电力需求再次", "<em>冬季</em>", "数据中心", "各月负荷", "电网地图"))


def test_the_same_document_changes_nothing(bilingual: ProjectCopy, folder: Path) -> None:
    assert bring(bilingual, folder / "report.md").status == 0
    # What is added by hand stays: other keys, other locales.
    bilingual.write(DEMAND, bilingual.read(DEMAND).replace("id: demand\n", "id: demand\npage_break: before\n"))
    before = bilingual.files()
    again = bring(bilingual, folder / "report.md")
    assert (again.status, again.stdout) == (0, "")
    assert "nothing has changed" in again.stderr
    assert bilingual.files() == before


def test_a_changed_document_shows_a_difference_and_replaces_only_with_the_option(
    bilingual: ProjectCopy, folder: Path
) -> None:
    bring(bilingual, folder / "report.md")
    bring(bilingual, folder / "report.zh-Hans.md", "-l", "zh-Hans")
    before = bilingual.files()
    (folder / "report.md").write_text(REPORT.replace("may rise", "will fall"), "utf-8")
    ran = bring(bilingual, folder / "report.md")
    assert ran.status == 1
    assert "Prices may rise." in ran.stdout
    assert "Prices will fall." in ran.stdout
    assert "--replace" in ran.stderr
    assert bilingual.files() == before
    ran = bring(bilingual, folder / "report.md", "--replace")
    assert (ran.status, ran.stdout.split()) == (0, [RISK])
    # The difference is shown again, and the other locale is untouched.
    assert "Prices will fall." in ran.stderr
    assert yaml.safe_load(bilingual.read(RISK))["summary"] == {"en": "Prices will fall.", "zh-Hans": "价格可能上涨。"}


def import_twice(project: ProjectCopy, folder: Path, old: str, new: str) -> Run:
    """Imports the report and its translation, and then the report with a change."""
    bring(project, folder / "report.md")
    bring(project, folder / "report.zh-Hans.md", "-l", "zh-Hans")
    assert old in REPORT
    (folder / "report.md").write_text(REPORT.replace(old, new, 1), "utf-8")
    ran = bring(project, folder / "report.md", "--replace")
    assert ran.status == 0, ran.stderr
    # The result has the structure of the document.
    again = bring(project, folder / "report.md")
    assert (again.status, again.stdout) == (0, ""), again.stderr
    return ran


def find_untranslated(project: ProjectCopy) -> list[object]:
    """Returns the English texts of the theme that have no Chinese."""

    def walk(value: object) -> "list[object]":
        if isinstance(value, dict) and "en" in value:
            return [] if "zh-Hans" in value else [value["en"]]
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return [each for item in inner for each in walk(item)]

    return walk(yaml.safe_load(project.read(DEMAND)))


@pytest.mark.parametrize(
    ("old", "new", "untranslated"),
    [
        ("### Peaks", "> Quoted.\n\n### Peaks", ["> Quoted."]),
        ("| Jan   | high |", "| Jan   | high |\n| Feb   | low  |", ["Feb", "low"]),
        ("## Risk", "### Outlook\n\nMild.\n\n## Risk", ["Outlook", "Mild."]),
        ("Power demand **grew** again.", "In short: more.\n\nPower demand **grew** again.", ["In short: more."]),
        ("grew** again.\n", "grew** again.\n\nIt was cold for nine days.\n", ["It was cold for nine days."]),
        # A paragraph for another one: its translation is not that of the other.
        ("Power demand **grew** again.", "Nine out of ten substations were rebuilt.", ["Nine out of ten substations were rebuilt."]),
    ],
    ids=["block", "row", "last block", "summary", "block after the summary", "another text"],
)  # fmt: skip
def test_only_what_is_new_in_a_document_lacks_its_translation(
    bilingual: ProjectCopy, folder: Path, old: str, new: str, untranslated: list[str]
) -> None:
    import_twice(bilingual, folder, old, new)
    assert find_untranslated(bilingual) == untranslated
    assert yaml.safe_load(bilingual.read(RISK))["summary"]["zh-Hans"] == "价格可能上涨。"


def test_what_was_added_by_hand_stays_when_the_structure_changes(bilingual: ProjectCopy, folder: Path) -> None:
    bring(bilingual, folder / "report.md")
    bring(bilingual, folder / "report.zh-Hans.md", "-l", "zh-Hans")
    text = bilingual.read(DEMAND)
    chart = "  - kind: quote\n    id: voice\n    text: {en: Fine., zh-Hans: 好。}\n"
    text = text.replace("id: peaks\n", "id: winter # ours\n    depth: summary\n")
    at = text.index("  - kind: table")
    bilingual.write(DEMAND, text[:at] + chart + text[at:])
    changed = REPORT.replace("### Peaks", "### Costs\n\nThey fell.\n\n### Peaks").replace(
        "- heat pumps", "- heat pumps\n- trains"
    )
    (folder / "report.md").write_text(changed, "utf-8")
    assert bring(bilingual, folder / "report.md", "--replace").status == 0
    blocks = yaml.safe_load(bilingual.read(DEMAND))["blocks"]
    assert [block["id"] for block in blocks] == ["costs", "winter", "voice", "loads-by-month", "a-map-of-the-grid"]
    assert blocks[1]["depth"] == "summary"
    assert bring(bilingual, folder / "report.md").stdout == ""


def test_a_new_entry_of_a_list_lacks_its_translation_alone(bilingual: ProjectCopy, folder: Path) -> None:
    (folder / "report.md").write_text("# Grid\n\nDemand grew.\n\n## Loads\n\n- heat pumps\n- data centres\n", "utf-8")
    (folder / "report.zh-Hans.md").write_text("# 电网\n\n需求增长。\n\n## 负荷\n\n- 热泵\n- 数据中心\n", "utf-8")
    options = ("--into", "demand")
    bring(bilingual, folder / "report.md", *options)
    bring(bilingual, folder / "report.zh-Hans.md", "-l", "zh-Hans", *options)
    entry = "{en: data centres, zh-Hans: 数据中心}"
    text = bilingual.read(DEMAND)
    assert entry in text
    bilingual.write(DEMAND, text.replace(entry, f"{{text: {entry}, clearance: internal}}"))
    (folder / "report.md").write_text(
        "# Grid\n\nDemand grew.\n\n## Loads\n\n- trains\n- heat pumps\n- data centres\n", "utf-8"
    )
    assert bring(bilingual, folder / "report.md", *options, "--replace").status == 0
    (block,) = yaml.safe_load(bilingual.read(DEMAND))["blocks"]
    assert block["items"] == [
        {"en": "trains"},
        {"en": "heat pumps", "zh-Hans": "热泵"},
        {"text": {"en": "data centres", "zh-Hans": "数据中心"}, "clearance": "internal"},
    ]


def test_paragraphs_that_change_places_keep_their_translations(bilingual: ProjectCopy, folder: Path) -> None:
    """By position, the structure is the same as before: each would get the translation of the other."""
    sections = "### One\n\nFirst things.\n\n### Two\n\nSecond matters.\n\n### Three\n\nThird of all.\n"
    chinese = "### 一\n\n首先。\n\n### 二\n\n其次。\n\n### 三\n\n第三。\n"
    (folder / "report.md").write_text(f"# Grid\n\nDemand grew.\n\n{sections}", "utf-8")
    (folder / "report.zh-Hans.md").write_text(f"# 电网\n\n需求增长。\n\n{chinese}", "utf-8")
    options = ("--into", "demand")
    bring(bilingual, folder / "report.md", *options)
    bring(bilingual, folder / "report.zh-Hans.md", "-l", "zh-Hans", *options)
    first, second, third = sections.split("\n\n### ")
    moved = f"# Grid\n\nDemand grew.\n\n{first}\n\n### {third}\n### {second}\n"
    (folder / "report.md").write_text(moved, "utf-8")
    assert bring(bilingual, folder / "report.md", *options, "--replace").status == 0
    blocks = yaml.safe_load(bilingual.read(DEMAND))["blocks"]
    assert [(block["id"], block["text"]["zh-Hans"]) for block in blocks] == [
        ("one", "首先。"),
        ("three", "第三。"),
        ("two", "其次。"),
    ]


def test_a_paragraph_that_grew_keeps_its_translation_to_be_reviewed(bilingual: ProjectCopy, folder: Path) -> None:
    sections = "### One\n\nFirst things come first.\n"
    (folder / "report.md").write_text(f"# Grid\n\nDemand grew.\n\n{sections}", "utf-8")
    (folder / "report.zh-Hans.md").write_text("# 电网\n\n需求增长。\n\n### 一\n\n首先。\n", "utf-8")
    options = ("--into", "demand")
    bring(bilingual, folder / "report.md", *options)
    bring(bilingual, folder / "report.zh-Hans.md", "-l", "zh-Hans", *options)
    assert bilingual.run("translate", "accept").status == 0
    (folder / "report.md").write_text(f"# Grid\n\nDemand grew.\n\n{sections}\nThe rest follows later.\n", "utf-8")
    ran = bring(bilingual, folder / "report.md", *options, "--replace")
    assert "review the texts in zh-Hans" in ran.stderr
    (block,) = yaml.safe_load(bilingual.read(DEMAND))["blocks"]
    assert (block["kind"], block["id"], block["text"]["zh-Hans"]) == ("prose", "one", "首先。")
    assert [each.code for each in bilingual.check()[1] if "translation" in each.code] == ["stale-translation"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_a_document_no_longer_has_is_named(bilingual: ProjectCopy, folder: Path, newline: str) -> None:
    bring(bilingual, folder / "report.md")
    bring(bilingual, folder / "report.zh-Hans.md", "-l", "zh-Hans")
    bilingual.write(DEMAND, bilingual.read(DEMAND).replace("\n", newline))
    (folder / "report.md").write_text(re.sub(r"(?s)Table: .*\|\n", "", REPORT).replace("## Risk", "## Danger"), "utf-8")
    before = bilingual.files()
    ran = bring(bilingual, folder / "report.md")
    assert ran.status == 1
    words = "no longer has block 'loads-by-month'; replacing content/themes/demand.yaml removes it, with its texts in zh-Hans"
    assert words in ran.stderr
    assert "no longer has the theme 'risk'" in ran.stderr
    assert bilingual.files() == before


def test_a_theme_that_cannot_be_merged_says_what_would_be_lost(bilingual: ProjectCopy, folder: Path) -> None:
    bring(bilingual, folder / "report.md")
    bring(bilingual, folder / "report.zh-Hans.md", "-l", "zh-Hans")
    bilingual.write(DEMAND, re.sub(r"\nsummary: .*", "", bilingual.read(DEMAND)))
    ran = bring(bilingual, folder / "report.md")
    assert ran.status == 1
    assert "the structure of theme 'demand' has changed" in ran.stderr
    assert "its texts in zh-Hans" in ran.stderr
    assert bring(bilingual, folder / "report.md", "--replace").status == 0
    assert "summary:" in bilingual.read(DEMAND)


def test_a_changed_picture_is_not_replaced_silently(bilingual: ProjectCopy, folder: Path) -> None:
    bring(bilingual, folder / "report.md")
    (folder / "map.png").write_bytes(png("red"))
    ran = bring(bilingual, folder / "report.md")
    assert (ran.status, "the picture differs" in ran.stdout) == (1, True)
    assert bring(bilingual, folder / "report.md", "--replace").stdout.split() == ["content/assets/report/map.png"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("- 数据中心\n", "", "entry in the document"),
        ("- 热泵\n- 数据中心", "1. 热泵\n2. 数据中心\n   - 甲", "is a prose in the document and a list in the project"),
        ("### 高峰\n", "", "only the project has 'heading'"),
        ("## 风险\n\n价格可能上涨。\n", "", "the document has 1 theme, and the project has 2"),
        ("| 一月   | 高 |\n", "", "'rows'"),
    ],
)
def test_a_translation_of_another_structure_is_refused_with_the_place(
    bilingual: ProjectCopy, folder: Path, old: str, new: str, words: str
) -> None:
    bilingual_text = REPORT.replace("The peak came in *winter*, see [the data](https://example.org/data).\n\n", "")
    (folder / "report.md").write_text(bilingual_text, "utf-8")
    bring(bilingual, folder / "report.md")
    text = CHINESE.replace("高峰出现在*冬季*，见[数据](https://example.org/data)。\n\n", "")
    assert old in text
    (folder / "report.zh-Hans.md").write_text(text.replace(old, new), "utf-8")
    before = bilingual.files()
    ran = bring(bilingual, folder / "report.zh-Hans.md", "-l", "zh-Hans")
    assert ran.status == 1
    assert "report.zh-Hans.md:" in ran.stderr
    assert "error[import-structure]" in ran.stderr
    assert words in ran.stderr
    assert bilingual.files() == before


def test_names_that_are_taken_are_refused(bilingual: ProjectCopy, folder: Path) -> None:
    (folder / "report.md").write_text("# Ridership\n\nText.\n\n# Risk\n\nText.\n", "utf-8")
    before = bilingual.files()
    ran = bring(bilingual, folder / "report.md")
    assert (ran.status, "error[import-collision]" in ran.stderr) == (1, True)
    assert "was not imported from report.md" in ran.stderr
    assert bilingual.files() == before
    # As one theme of another name it is welcome, and its own blocks keep out of the way of those that exist.
    (folder / "report.md").write_text(
        "# Ridership\n\nText.\n\n## What changed\n\nText.\n\n## Sources\n\nText.\n", "utf-8"
    )
    assert bring(bilingual, folder / "report.md", "--into", "grid").status == 0
    blocks = yaml.safe_load(bilingual.read("content/themes/grid.yaml"))["blocks"]
    assert [block["id"] for block in blocks] == ["what-changed-2", "sources-2"]
    assert not [each for each in bilingual.check()[1] if each.code in ("duplicate-id", "reserved-id")]


def test_word_and_markdown_make_the_same_themes(bilingual: ProjectCopy, folder: Path) -> None:
    body = paragraph("Demand", "H") + paragraph("It grew.") + paragraph("Risk", "H") + paragraph("Prices may rise.")
    (folder / "report.docx").write_bytes(make_word(body, {"styles.xml": styles({"H": "heading 1"})}))
    (folder / "report.md").write_text("# Demand\n\nIt grew.\n\n# Risk\n\nPrices may rise.\n", "utf-8")
    assert bring(bilingual, folder / "report.docx").status == 0
    first = bilingual.read(DEMAND)
    for name in (DEMAND, RISK):
        (bilingual.root / name).unlink()
    assert bring(bilingual, folder / "report.md").status == 0
    assert bilingual.read(DEMAND) == first.replace("report.docx", "report.md")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("-l", "de"), "not a locale of the brief"),
        (("-a", "nobody"), "there is no audience 'nobody'"),
        (("--clearance", "secret"), "there is no clearance 'secret'"),
        (("--into", "Not an id"), "is not an id"),
        (("--into", "sources"), "reserved"),
        (("--translation-of", "x.md"), "name the locale"),
        (("-l", "zh-Hans", "--translation-of", "x.md"), "nothing was imported from 'x.md'"),
        (("--as", "x"), "--as applies only to spreadsheets"),
    ],
)
def test_wrong_usage(bilingual: ProjectCopy, folder: Path, options: tuple[str, ...], words: str) -> None:
    ran = bring(bilingual, folder / "report.md", *options)
    assert ran.status == 2
    assert words in " ".join(ran.stderr.split())


def test_a_project_that_states_clearances_is_asked_for_one(tmp_path: Path, folder: Path) -> None:
    assert run_brief("new", "demo", "-l", "en", cwd=tmp_path).status == 0
    ran = run_brief("import", folder / "report.md", "-C", "demo", cwd=tmp_path)
    assert (ran.status, "add --clearance" in " ".join(ran.stderr.split())) == (2, True)
    assert run_brief("import", folder / "report.md", "-C", "demo", "--clearance", "client", cwd=tmp_path).status == 0
    assert run_brief("check", "-C", "demo", cwd=tmp_path).status == 0


@pytest.mark.parametrize(("suffix", "locale"), [("md", "zh-Hant"), ("docx", "en"), ("docx", "zh-Hans")])
def test_what_brief_writes_comes_back_with_all_its_words(
    project: ProjectCopy, tmp_path: Path, suffix: str, locale: str
) -> None:
    """Its own labels, lists of contents and the like are reported, everything else is in the new themes."""
    for audience in ("council", "public"):
        name = f"content/audiences/{audience}.yaml"
        project.write(name, project.read(name).replace("[html, pdf, docx]", f"[{suffix}]"))
    built = project.run("build", "-a", "council", "-l", locale, "-f", suffix, "--jobs", "1", "--draft")
    assert built.status == 0, built.stderr
    other = ProjectCopy(tmp_path / "other")
    ran = other.run("import", str(project.root.parent / built.stdout.strip()), "-l", locale)
    assert ran.status == 0, ran.stderr
    themes = [name for name in ran.stdout.split() if name.startswith("content/themes/")]
    said = "".join(map(other.read, themes)).replace("\\", "") + ran.stderr
    variant = Project.load(project.root).make_variant("council", locale)
    texts = [to_plain_text(section.title) for section in variant.sections]
    texts += [to_plain_text(section.summary) for section in variant.sections]
    texts += [to_plain_text(takeaway) for section in variant.sections for takeaway in section.takeaways]
    wanted = {word for text in texts for word in re.findall(r"[^\W\d_]+", text)}
    assert len(wanted) > 5
    assert {word for word in wanted if word not in said} == set()
