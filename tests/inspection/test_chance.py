"""Chance matches are not leaks; `allow_in_output` settles undecidable ones."""

import pytest
from projects import SEED, THEME, ProjectCopy

from brief import Project
from brief.inspection.leaks import Inspector
from brief.resolve.withheld import SourceStrings

HIDDEN = """  - id: hidden
    clearance: internal
    says: {same: Only the council may read of this claim of 2026.}
    quantity: {value: 1_234_567, unit: count, period: 2025}
"""
ONE = ("-a", "council", "-l", "en", "--jobs", "1")


def with_audience(project: ProjectCopy, title: str, reason: str = "") -> None:
    """An audience more, which no other may see the title of."""
    council = project.read("content/audiences/council.yaml").partition("title:")[0].replace("council", "drivers")
    project.write(
        "content/audiences/drivers.yaml",
        f"{council}title: {title}\nclearance: public\nthemes: [ridership]\nformats: [html]\n{reason}",
    )
    project.replace("content/brief.yaml", "[public, council]", "[public, council, drivers]")


def test_words_of_two_elements_are_no_phrase(project: ProjectCopy) -> None:
    """The title page says "Council edition" and below it "30 June 2026", in all three formats.

    "Internal" is a category of properties in the metadata of a PDF.
    """
    with_audience(project, "{same: Edition 30}", "marking: {same: Internal}\n")
    ran = project.run("build", *ONE, "-f", "html", "-f", "pdf", "-f", "docx")
    assert (ran.status, ran.stderr.count("error[")) == (0, 0), ran.stderr


def inspect_text(project: ProjectCopy, text: str, audience: str = "council") -> list[str]:
    loaded = Project.load(project.root)
    inspector = Inspector(loaded.brief, loaded.get_template_set)
    page = f"<!doctype html><html><body><main>{text}</main></body></html>"
    return [found.message for found in inspector.inspect_bytes(audience, "a.html", page.encode())]


@pytest.mark.parametrize(
    "text",
    [
        "<p>Council edition</p><p>30 June</p>",
        '<p><span class="a">Council edition</span> <time>30 June</time></p>',
        "<p>Council edition</p>\n30 June",
        "<table><tr><td>Edition<td>30</table>",
        "<p>An edition. 30 June",
        "<p>Expedition 30</p>",
        "<p>Edition 300</p>",
    ],
)
def test_a_short_text_over_elements_or_words_is_no_leak(project: ProjectCopy, text: str) -> None:
    with_audience(project, "{same: Edition 30}")
    assert inspect_text(project, text) == []


@pytest.mark.parametrize(
    "text", ["<p>Edition 30</p>", "<p><b>Edition</b> 30</p>", "<p>Ed<i>iti</i>on&nbsp;30</p>", "<p>EDITION-30</p>"]
)
def test_the_same_text_within_an_element_is_one(project: ProjectCopy, text: str) -> None:
    with_audience(project, "{same: Edition 30}")
    (message,) = inspect_text(project, text)
    assert "may not see this text" in message


def test_a_longer_text_with_a_word_of_its_own_is_found_over_elements(project: ProjectCopy) -> None:
    with_audience(project, "Zeppelin drivers 30")
    assert len(inspect_text(project, "<p>Zeppelin</p><p>drivers 30</p>")) == 1
    project.replace("content/audiences/drivers.yaml", "Zeppelin drivers 30", "Night buses, riders")
    assert inspect_text(project, "<p>Night buses</p><p>riders</p>") == []


class TestReason:
    def test_allow_in_output_permits_a_chance_match(self, project: ProjectCopy) -> None:
        with_audience(project, "Edition 30", "allow_in_output: The words are common in dates.\n")
        assert project.check()[0] == 0
        assert inspect_text(project, "<p>Edition 30</p>") == []

    def test_the_message_mentions_it(self, project: ProjectCopy) -> None:
        with_audience(project, "{same: Edition 30}")
        loaded = Project.load(project.root)
        inspector = Inspector(loaded.brief, loaded.get_template_set)
        (found,) = inspector.inspect_bytes("council", "a.html", b"<p>Edition 30</p>")
        assert found.hint is not None
        assert "'allow_in_output: REASON'" in found.hint

    def test_a_copy_of_a_long_text_is_no_chance(self, project: ProjectCopy) -> None:
        project.replace(
            THEME, "    clearance: client\n", "    clearance: client\n    allow_in_output: It is by chance.\n"
        )
        found = inspect_text(project, "<p>Whether it should also pay for shorter waits.</p>", "public")
        assert len(found) == 1
        assert inspect_text(project, "<p>Whether it should also pay for longer waits.</p>", "public") == []

    def test_a_figure_with_a_reason(self, project: ProjectCopy) -> None:
        claim = (
            "claims:\n  - id: rival\n    clearance: internal\n    says: {en: Rival., zh-Hans: 另一。, zh-Hant: 另一。}\n"
            "    quantity: {value: 77_700_000, unit: CNY}\n"
        )
        project.replace(SEED, "claims:\n", claim)
        assert len(inspect_text(project, "<p>It was 77.7m.</p>")) == 1
        project.replace(
            SEED, "    clearance: internal\n", "    clearance: internal\n    allow_in_output: A round figure.\n"
        )
        assert inspect_text(project, "<p>It was 77.7m.</p>") == []

    @pytest.mark.parametrize("reason", ['""', "yes", '"  x  "'])
    def test_a_reason_is_in_words(self, project: ProjectCopy, reason: str) -> None:
        with_audience(project, "Edition 30", f"allow_in_output: {reason}\n")
        status, found = project.check()
        assert status == 1
        assert [diagnostic.code for diagnostic in found] == ["bad-reason"]


@pytest.mark.parametrize(
    "text",
    ["950 buses", "in 2031", "1,250 riders", "12,500 EUR", "HK$42 million", "4200万美元", "€77,700,000", "77.7 km"],
)
def test_common_figures_and_those_of_other_units_are_no_leak(project: ProjectCopy, text: str) -> None:
    claims = "".join(
        f"  - id: rival-{number}\n    clearance: internal\n    says: {{en: R., zh-Hans: 另。, zh-Hant: 另。}}\n"
        f"    quantity: {{value: {value}, unit: {unit}}}\n"
        for number, (value, unit) in enumerate(
            (
                (950, "count"),
                (2031, "count"),
                (1250, "minute"),
                (12_500, "CNY"),
                (42_000_001, "CNY"),
                (77_700_000, "CNY"),
                (77.7, "percent"),
            )
        )
    )
    project.replace(SEED, "claims:\n", f"claims:\n{claims}")
    assert inspect_text(project, f"<p>There were {text} then.</p>") == []


@pytest.mark.parametrize("text", ["1250 minutes", "１２５０分钟", "1,250-minute", "77.7 per cent", "百分之七十七点七"])
def test_a_common_figure_beside_its_unit_is_one(project: ProjectCopy, text: str) -> None:
    claims = "".join(
        f"  - id: rival-{number}\n    clearance: internal\n    says: {{en: R., zh-Hans: 另。, zh-Hant: 另。}}\n"
        f"    quantity: {{value: {value}, unit: {unit}}}\n"
        for number, (value, unit) in enumerate(((1250, "minute"), (77.7, "percent")))
    )
    project.replace(SEED, "claims:\n", f"claims:\n{claims}")
    assert len(inspect_text(project, f"<p>It was {text} then.</p>")) == 1


def test_a_variant_is_searched_string_by_string(project: ProjectCopy) -> None:
    with_audience(project, "{same: Edition 30}")
    loaded = Project.load(project.root)
    assert Inspector(loaded.brief, loaded.get_template_set).inspect_variant(loaded.make_variant("council", "en")) == ()


class TestNearCopies:
    """A public text that is nearly a withheld one may be printed; what only the withheld one has may not."""

    WITHHELD = "The depot at Hill closes on 3 May as its old roof leaks"
    PUBLIC = "The depot at Hill opens on 7 May as its old roof leaks"
    HAN, HAN_PUBLIC = "港山车库因屋顶漏水将于五月关闭改建", "港山车库因屋顶漏水将于六月开放改建"

    @pytest.fixture(scope="class")
    def inspector(self, tmp_path_factory: pytest.TempPathFactory) -> Inspector:
        project = ProjectCopy(tmp_path_factory.mktemp("near") / "project")
        blocks = "".join(
            f"  - kind: prose\n    id: {name}\n    depth: summary\n    clearance: {clearance}\n"
            f"    text: {{en: {english}., zh-Hans: {chinese}。, zh-Hant: 甲。}}\n"
            for name, clearance, english, chinese in (
                ("closing", "client", self.WITHHELD, self.HAN),
                ("opening", "public", self.PUBLIC, self.HAN_PUBLIC),
            )
        )
        project.write(THEME, project.read(THEME) + blocks)
        loaded = Project.load(project.root)
        return Inspector(loaded.brief, loaded.get_template_set)

    @pytest.mark.parametrize(
        "printed",
        [
            PUBLIC,
            PUBLIC.replace("Hill", "Hill<sup>a</sup>"),
            PUBLIC.replace("Hill", "Hill [12]").replace("May", "May [3]"),
            PUBLIC.replace("opens on 7 May", "opens, see <a href='#x'>Night buses</a>, on 7 May"),
            PUBLIC.replace("opens", "shuts"),
            PUBLIC.replace("old", "new"),
            HAN_PUBLIC.replace("因", "<sup>a</sup>因"),
            HAN_PUBLIC.replace("漏水", "漏水1"),
        ],
    )
    def test_what_a_public_text_says_is_no_leak(self, inspector: Inspector, printed: str) -> None:
        assert inspector.inspect_bytes("public", "a.html", f"<p>{printed}.</p>".encode()) == ()

    @pytest.mark.parametrize(
        "printed",
        [
            WITHHELD,
            WITHHELD.replace("May", "June"),
            WITHHELD.replace("old", "new"),
            PUBLIC.replace("opens", "closes"),
            PUBLIC.replace("opens", "closes").replace("7 May", "a day in May"),
            PUBLIC.replace("opens on 7 May", "opens on 3 wet May"),
            WITHHELD.replace("Hill", "Hill<sup>a</sup>"),
            HAN.replace("因", "<sup>a</sup>因"),
            HAN_PUBLIC.replace("六月", "五月"),
            HAN_PUBLIC.replace("开放", "关闭"),
        ],
    )
    def test_what_only_the_withheld_text_says_is_one(self, inspector: Inspector, printed: str) -> None:
        (found,) = inspector.inspect_bytes("public", "a.html", f"<p>{printed}.</p>".encode())
        assert found.code == "withheld-text"


class TestNeighbours:
    """A paragraph and the first word of the next one may read like withheld text, by chance."""

    WITHHELD = "Which lines will close our sources do not say. The roofs leak and the cellars are under water"

    @pytest.fixture(scope="class")
    def inspector(self, tmp_path_factory: pytest.TempPathFactory) -> Inspector:
        project = ProjectCopy(tmp_path_factory.mktemp("neighbours") / "project")
        blocks = "".join(
            f"  - kind: prose\n    id: {name}\n    depth: summary\n    clearance: {clearance}\n"
            f"    text: {{en: '{english}.', zh-Hans: 甲。, zh-Hant: 甲。}}\n"
            for name, clearance, english in (
                ("roofs", "client", self.WITHHELD),
                ("plans", "public", "What becomes of the depot at Hill, our sources do not say"),
                ("near", "public", "The nearer depot stays open"),
            )
        )
        project.write(THEME, project.read(THEME) + blocks)
        loaded = Project.load(project.root)
        return Inspector(loaded.brief, loaded.get_template_set)

    def test_a_word_of_the_next_paragraph_is_no_leak(self, inspector: Inspector) -> None:
        page = "<p>What becomes of the depot at Hill, our sources do not say.</p><p>The nearer depot stays open.</p>"
        assert inspector.inspect_bytes("public", "a.html", page.encode()) == ()

    @pytest.mark.parametrize(
        "page",
        [
            "<p>What becomes of the depot at Hill, our sources do not say.</p><p>The roofs leak.</p>",
            "<p>" + "</p><p>".join(WITHHELD[50:76]) + "</p>",
            "<p>" + "</p><p>".join(WITHHELD.split()) + "</p>",
        ],
        ids=["sentence", "letters", "words"],
    )
    def test_more_of_it_in_the_next_paragraphs_is_one(self, inspector: Inspector, page: str) -> None:
        (found,) = inspector.inspect_bytes("public", "a.html", page.encode())
        assert found.code == "withheld-text"


def test_what_was_remembered_is_withheld_as_before(project: ProjectCopy) -> None:
    """Strings of records that two states of a project share are split once; an edit, and an allowance, count at once."""

    def list_withheld(loaded: Project) -> list[str]:
        found = SourceStrings.from_brief(loaded.brief).list_withheld("public")
        return sorted(f"{item.kind} {item.text} {item.is_allowed}" for item in found)

    before = Project.load(project.root)
    first = list_withheld(before)
    assert list_withheld(before.reload()) == first
    project.replace(SEED, "claims:\n", "claims:\n" + HIDDEN)
    edited = before.reload()
    assert any("Only the council may read of this claim" in each for each in list_withheld(edited))
    assert list_withheld(edited) == list_withheld(Project.load(project.root))
    project.replace(SEED, HIDDEN, HIDDEN + "    allow_in_output: It was published elsewhere.\n")
    allowed = edited.reload()
    assert any("of this claim" in each and each.endswith("True") for each in list_withheld(allowed))
    assert list_withheld(before) == first
