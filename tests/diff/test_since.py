"""`brief build --since`: each variant lists what changed for its readers, and nothing that they may not see."""

import re
import shutil
from pathlib import Path

import pytest
import readback
from projects import SEED, SETTINGS, THEME, ProjectCopy

from brief.model.inline import to_plain_text
from brief.project.project import Project

CALLOUT = "tone: question\n    clearance: client\n"
LIST = """\
  - kind: list
    id: next-steps
    heading: {en: Next steps, zh-Hans: 下一步, zh-Hant: 後續步驟}
    items: [{en: Ask the operator., zh-Hans: 询问运营方。, zh-Hant: 詢問業者。}]
"""


@pytest.fixture
def before(project: ProjectCopy, tmp_path: Path) -> Path:
    """The project as it was, three months earlier; `project` is then edited."""
    root = Path(shutil.copytree(project.root, tmp_path / "before"))
    settings = root / SETTINGS
    settings.write_text(settings.read_text("utf-8").replace("2026-06-30", "2026-03-31"), "utf-8")
    return root


def describe_changes(
    before: Path, project: ProjectCopy, audience: str = "council", locale: str = "en"
) -> tuple[str, ...]:
    """The title and entries of the section, as words."""
    changes = Project.load(project.root).make_variant(audience, locale, Project.load(before)).changes
    if changes is None:
        return ()
    return changes.title, *(to_plain_text(entry) for entry in changes.entries)


def test_no_changes(before: Path, project: ProjectCopy) -> None:
    assert describe_changes(before, project) == ()


def test_what_is_reported_in_each_locale(before: Path, project: ProjectCopy) -> None:
    project.replace(SEED, "2_650_000", "2_710_000")
    project.replace(THEME, "has found its public", "has found a loyal public")
    project.replace(THEME, "试点已有稳定客源", "试点客源稳定")
    project.write(THEME, project.read(THEME) + LIST)
    assert describe_changes(before, project) == (
        "What changed since 31 March 2026",
        "More riders at night: 47.2% is now 50.6% (summary); "
        "2.65 million is now 2.71 million (headline figures); new: “Next steps”; revised: Key takeaways",
    )
    assert describe_changes(before, project, locale="zh-Hans") == (
        "2026年3月31日以来的变化",
        "夜间客流上升：47.2%改为50.6%（摘要）；265万改为271万（关键数字）；新增“下一步”；修订要点",
    )
    assert describe_changes(before, project, locale="zh-Hant") == (
        "2026年3月31日以來的更動",
        "夜間乘客增加：47.2%改為50.6%（摘要）；265萬改為271萬（關鍵數字）；新增「後續步驟」",
    )


def test_what_the_checks_permit_is_not_a_revision(before: Path, project: ProjectCopy) -> None:
    project.replace(THEME, CALLOUT, CALLOUT + "    allow: {bare-figure: Counted by hand.}\n")
    assert describe_changes(before, project) == ()


def test_an_audience_reads_only_of_what_it_sees(before: Path, project: ProjectCopy) -> None:
    project.replace(THEME, "Whether {reader-survey/yearly-cost} a year", "If {reader-survey/yearly-cost} a year")
    assert describe_changes(before, project, "council")[1] == "More riders at night: revised: “To be decided”"
    assert describe_changes(before, project, "public") == ()


def test_withdrawn_content_is_not_mentioned(before: Path, project: ProjectCopy) -> None:
    project.replace(THEME, CALLOUT, "tone: question\n    clearance: internal\n")
    assert describe_changes(before, project) == ()


def test_content_withheld_since_is_not_reported(before: Path, project: ProjectCopy) -> None:
    project.replace("content/audiences/council.yaml", "clearance: client", "clearance: public")
    project.replace(THEME, "    clearance: client\n", "")
    assert not any("42 million" in line for line in describe_changes(before, project))


def test_the_old_figure_of_a_claim_that_is_now_withheld_is_not_reported(before: Path, project: ProjectCopy) -> None:
    project.replace(THEME, "Whether {reader-survey/yearly-cost} a year", "Whether {reader-survey/wait} a year")
    for each in ("每年{reader-survey/yearly-cost}的", "每年{reader-survey/yearly-cost}的"):
        text = project.read(THEME)
        project.write(THEME, text.replace(each, "每{reader-survey/wait}的"))
    project.replace(THEME, "      - claim: reader-survey/yearly-cost\n", "      - claim: reader-survey/wait\n")
    seed = project.read(SEED).replace("value: 42_000_000", "value: 43_000_000")
    project.write(SEED, seed.replace("  - id: yearly-cost\n", "  - id: yearly-cost\n    clearance: internal\n"))
    assert not re.search("4[23]", " ".join(describe_changes(before, project)[1:]))


def test_canaries_in_what_an_audience_does_not_see_are_never_reported(before: Path, project: ProjectCopy) -> None:
    """Withheld blocks come, go and change, with claims of their own: the public variant does not mention it."""
    withheld = "  - kind: paragraph\n    id: secret-{n}\n    clearance: internal\n    text: canary-{n} {{reader-survey/hidden}}\n"
    claim = "  - id: hidden\n    says: canary\n    clearance: internal\n    quantity: {{value: {n}}}\n"
    for root, blocks, value in ((before, "12", 7771), (project.root, "23", 7772)):
        theme, seed = root / THEME, root / SEED
        theme.write_text(theme.read_text("utf-8") + "".join(withheld.format(n=n) for n in blocks), "utf-8")
        seed.write_text(seed.read_text("utf-8") + claim.format(n=value), "utf-8")
    project.replace(THEME, "canary-2 ", "canary-2 changed ")
    for audience in ("public", "council"):
        assert describe_changes(before, project, audience) == ()
    project.replace(THEME, "has found its public", "has found a loyal public")
    for audience in ("public", "council"):
        assert describe_changes(before, project, audience)[1:] == ("More riders at night: revised: Key takeaways",)


def test_a_block_moved_or_renamed_is_not_reported(before: Path, project: ProjectCopy) -> None:
    project.replace(THEME, "id: council-view", "id: open-question")
    project.replace(THEME, CALLOUT, CALLOUT.replace("client", "public"))
    assert describe_changes(before, project, "council") == ()


def test_the_section_is_in_every_format(before: Path, project: ProjectCopy) -> None:
    project.replace(SEED, "2_650_000", "2_710_000")
    ran = project.run("build", "-a", "council", "-l", "zh-Hant", "--since", str(before), "--jobs", "1")
    assert ran.status == 0, ran.stderr
    pack = project.root / "output" / "night-buses" / "council"
    page = (pack / "night-buses.council.zh-Hant.html").read_text("utf-8")
    assert ">2026年3月31日以來的更動</h2>" in page
    assert '<span class="number">265萬</span>改為<span class="number">271萬</span>' in page
    word = (pack / "night-buses.council.zh-Hant.docx").read_bytes()
    assert "265萬改為271萬" in re.sub(r"<[^>]*>|\s", "", readback.docx_parts(word)["word/document.xml"].decode())


def test_without_it_nothing_is_reported(project: ProjectCopy) -> None:
    assert "changes" not in re.sub("(?s)<style>.*?</style>", "", project.page())


def test_an_unknown_revision(project: ProjectCopy) -> None:
    assert project.run("build", "--since", "nowhere").status == 2
