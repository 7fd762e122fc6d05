"""All errors at once: everything readable is checked, and unread content causes no other errors."""

import pytest
from projects import HERE, SEED, SETTINGS, THEME, ProjectCopy

PUBLIC = "content/audiences/public.yaml"
COUNCIL = "content/audiences/council.yaml"
GLOSSARY = "content/glossary.yaml"
HANS = "content/catalogues/zh-Hans.po"
FILES = (SETTINGS, THEME, PUBLIC, COUNCIL, GLOSSARY, SEED)
UNREADABLE = {
    "encoding": "夜间".encode("gb18030"),
    "yaml-syntax": b"id: [a\n",
    "expected-mapping": b"- a\n- b\n",
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("code", ["encoding", "yaml-syntax", "expected-mapping"])
def test_a_file_that_cannot_be_read_is_the_only_error_of_a_sound_project(
    project: ProjectCopy, name: str, code: str
) -> None:
    project.write(name, UNREADABLE[code])
    assert [(diagnostic.code, diagnostic.file) for diagnostic in project.check()[1]] == [(code, name)]


# An error in the structure of each kind of file on which others depend.
SHAPES = [
    (SETTINGS, "date: 2026-06-30", "date: 2026-06-31", "bad-date"),
    (SETTINGS, "id: night-buses", "id: Night buses", "bad-id"),
    (SETTINGS, "themes: [ridership]", "themes: ridership", "expected-list"),
    (SETTINGS, "themes: [ridership]", "themes: [rideship]", "unknown-theme"),
    (SETTINGS, "audiences: [public, council]", "", "missing-key"),
    (SETTINGS, "zh-Hant]", "zh_Hant]", "bad-locale"),
    (SETTINGS, "locales: [en, zh-Hans, zh-Hant]", "locales: en", "expected-list"),
    (THEME, "id: ridership", "id: riders", "id-mismatch"),
    (THEME, "  zh-Hant: 首年乘客", "  zh_Hant: 首年乘客", "unknown-locale missing-translation"),
    (THEME, "kind: chart", "kind: cart", "unknown-kind"),
    (THEME, "chart: bars", "chart: bar", "unknown-chartkind"),
    (THEME, "title: {en: Riders a year, zh-Hans: 年度乘客人次, zh-Hant: 年度乘客人次}", "title: [Riders]", "expected-text"),
    (THEME, "    id: riders-chart\n", "", "missing-key unknown-block"),
    (PUBLIC, "clearance: public", "clearance: pubic", "unknown-clearance"),
    (PUBLIC, "themes: [ridership]", "themes: ridership", "expected-list"),
    (GLOSSARY, "kind: institution", "kind: institute", "unknown-termkind"),
    (SEED, "id: riders-after", "id: Riders after", "bad-id bad-placeholder"),
    (SEED, "value: 2_650_000", "value: '2,650,000'", "bad-number"),
    (SEED, 'sha256: "0000', 'sha256: "0', "bad-sha256"),
    (SEED, "id: reader-survey", "id: readers-survey", "id-mismatch"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "codes"), SHAPES)
def test_unread_content_is_not_reported_as_missing(
    project: ProjectCopy, name: str, old: str, new: str, codes: str
) -> None:
    project.replace(name, old, new)
    found = {diagnostic.code for diagnostic in project.check()[1]}
    assert found <= set(codes.split())
    assert codes.split()[0] in found


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_hides_no_error_of_another(project: ProjectCopy, name: str) -> None:
    wanted = []
    for file, old, new in (
        (THEME, "as [](#riders-chart) shows.", f"as [{HERE}](#rider-chart) shows."),
        (COUNCIL, "docx]", f"{HERE}dock]"),
        (GLOSSARY, "avoid: [ECT]", f"owner: {HERE}city\n    avoid: [ECT]"),
        (SEED, "{low: 15, high: 20", f"{HERE}{{low: 25, high: 20"),
        (HANS, "", f'{HERE}msgid "Sources"\nmsgstr ""\n'),
    ):
        if file != name:
            if file == HANS:
                project.write(HANS, "\n")
            wanted.append(project.mark(file, new) if file == HANS else project.replace(file, old, new))
    project.write(name, UNREADABLE["encoding"])
    status, found = project.check()
    locations = {diagnostic.where for diagnostic in found if diagnostic.severity == "error"}
    # Without the settings it is not known whose words a catalogue has to hold.
    assert status == 1
    assert {where for where in wanted if (where[0], name) != (HANS, SETTINGS)} <= locations


def test_the_rest_of_a_theme_is_checked_despite_an_invalid_block(project: ProjectCopy) -> None:
    where = project.replace(THEME, "- claim: reader-survey/yearly-cost", f"- claim: {HERE}reader-survey/costs")
    project.replace(THEME, "tone: question", "tone: questoin")
    assert [
        (diagnostic.code, diagnostic.where) for diagnostic in project.check()[1] if diagnostic.code == "unknown-claim"
    ] == [("unknown-claim", where)]


@pytest.mark.parametrize("typed", ["{reader-survey/cost}", "{Kosten}", "[@reader-survey]"])
def test_a_reference_that_leads_nowhere_is_not_also_one_that_differs(project: ProjectCopy, typed: str) -> None:
    project.replace(THEME, "zh-Hant: 每年{reader-survey/yearly-cost}", f"zh-Hant: 每年{typed}")
    assert len(project.check()[1]) == 1


def test_a_reference_that_lacks_is_reported_beside_one_that_leads_nowhere(project: ProjectCopy) -> None:
    text = "zh-Hant: 乘客由{reader-survey/riders-before}人次增至{reader-survey/riders-after}人次。"
    project.replace(THEME, text, "zh-Hant: 乘客增至{reader-survey/riders}人次。")
    assert sorted(diagnostic.code for diagnostic in project.check()[1]) == ["reference-mismatch", "unknown-claim"]


class TestWhatIsNotRead:
    @pytest.mark.parametrize("content", ["id: [", "kind: theme\n", "\ufffe"])
    def test_a_theme_that_is_not_listed_stops_nothing(self, project: ProjectCopy, content: str) -> None:
        project.write("content/themes/draft.yaml", content)
        status, found = project.check()
        assert (status, [(diagnostic.severity, diagnostic.code) for diagnostic in found]) == (
            0,
            [("warning", "unused-file")],
        )
        assert project.run("build", "-f", "html", "--jobs", "1").status == 0

    @pytest.mark.parametrize("name", [".ridership.yaml", ".#ridership.yaml", "ridership.yaml~", "#ridership.yaml#"])
    @pytest.mark.parametrize("folder", ["content/themes", "content/audiences", "seeds", "content/assets"])
    def test_what_an_editor_leaves_beside_a_file_is_passed_over(
        self, project: ProjectCopy, folder: str, name: str
    ) -> None:
        project.write(f"{folder}/{name}", "id: [")
        assert project.check() == (0, [])

    @pytest.mark.parametrize("name", ["content/assets/maps/old.png", "content/catalogues/fr.po", "seeds/survey.yml"])
    def test_what_nothing_uses_causes_a_warning(self, project: ProjectCopy, name: str) -> None:
        project.write(name, "x")
        status, found = project.check()
        assert (status, [(diagnostic.code, diagnostic.file) for diagnostic in found]) == (0, [("unused-file", name)])

    def test_an_invalid_picture_is_not_also_reported_as_unused(self, project: ProjectCopy) -> None:
        project.write("content/assets/map.png", "no picture")
        figure = (
            "  - kind: figure\n    id: map\n    image: map.png\n    title: {same: Map}\n    description: {same: Map}\n"
        )
        project.replace(THEME, "  - kind: callout", f"{figure}  - kind: callout")
        assert [diagnostic.code for diagnostic in project.check()[1]] == ["image-format"]
