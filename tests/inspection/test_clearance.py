"""What an audience may not see is not there, and disclosing texts are errors at their location."""

import pytest
from expected_diagnostics import assert_accepted, assert_refused, assert_warned
from mail_plans import Mailing, row, write_list
from projects import SEED, SETTINGS, THEME, ProjectCopy

from brief import Project
from brief.model.brief import Brief
from brief.model.variant import ListBlock, Metrics, Table, Timeline

BLOCKS = """\
  - kind: list
    id: points
    items:
      - {same: Open point}
      - {text: {same: Secret point}, clearance: internal}
  - kind: table
    id: grid
    title: {same: Grid}
    columns: [{same: Route}, {title: {same: Secret margin}, clearance: client}, {same: Riders}]
    rows:
      - [{same: North}, "11", "1"]
      - {cells: [{same: Secret route}, "12", "2"], clearance: internal}
  - kind: timeline
    id: line
    title: {same: Line}
    events:
      - {claim: reader-survey/riders-before, text: {same: Open event}}
      - {claim: reader-survey/riders-before, text: {same: Secret event}, clearance: client}
  - kind: metrics
    id: tiles
    metrics:
      - {claim: reader-survey/riders-after, label: {same: Open tile}}
      - {claim: reader-survey/riders-after, label: {same: Secret tile}, clearance: client}
  - kind: list
    id: nothing-left
    items: [{text: {same: Secret item}, clearance: client}]
"""


def with_blocks(project: ProjectCopy) -> None:
    project.write(THEME, project.read(THEME) + BLOCKS)
    project.write(
        THEME,
        project.read(THEME).replace(
            "takeaways:\n", "takeaways:\n  - {text: {same: Secret takeaway}, clearance: client}\n"
        ),
    )
    project.replace("content/audiences/public.yaml", "depth: summary", "depth: full")


def test_parts_above_the_clearance_are_absent(project: ProjectCopy) -> None:
    with_blocks(project)
    status, found = project.check()
    # A point and a route are above the clearance of the council too.
    assert (status, [diagnostic.code for diagnostic in found]) == (0, ["unread-item"] * 2)
    loaded = Project.load(project.root)
    public, council = (loaded.make_variant(audience, "en") for audience in ("public", "council"))
    assert "Secret" not in repr(public)
    assert {word for word in ("takeaway", "margin", "event", "tile", "item") if f"Secret {word}" in repr(council)} == {
        "takeaway",
        "margin",
        "event",
        "tile",
        "item",
    }
    assert "Secret point" not in repr(council)
    assert "Secret route" not in repr(council)
    kept = {block.id: block for block in public.sections[0].blocks}
    assert "nothing-left" not in kept
    grid, points, line, tiles = kept["grid"], kept["points"], kept["line"], kept["tiles"]
    assert isinstance(grid, Table)
    assert (len(grid.columns), [len(row) for row in grid.rows]) == (2, [2])
    assert isinstance(points, ListBlock)
    assert isinstance(line, Timeline)
    assert isinstance(tiles, Metrics)
    assert (len(points.items), len(line.events), len(tiles.metrics)) == (1, 1, 1)


def test_a_theme_above_the_clearance_is_absent_and_reported(project: ProjectCopy) -> None:
    project.replace(THEME, "id: ridership\n", "id: ridership\nclearance: client\n")
    where = project.replace("content/audiences/public.yaml", "themes: [ridership]", "themes: [▸ridership]")
    assert_warned(project, "withheld-theme", where, "'ridership'", "'public'")
    assert Project.load(project.root).make_variant("public", "en").sections == ()


def test_takeaways_need_no_clearance(project: ProjectCopy) -> None:
    assert_accepted(project)
    variant = Project.load(project.root).make_variant("public", "zh-Hant")
    assert len(variant.sections[0].takeaways) == 3


UNKNOWN = [
    # the content, the code, the hint
    ("audiences: [▸counsil]", "unknown-audience", "'council'"),
    ("audiences: [▸Council]", "unknown-audience", "'council'"),
    ("audiences: [▸ｃｏｕｎｃｉｌ]", "unknown-audience", "'council'"),
    ("audiences: [council, ▸publik]", "unknown-audience", "'public'"),
    ("audiences: ▸[]", "empty-list", "remove the key"),
    ("audiences: ▸council", "expected-list", "- "),
    ("▸audience: [council]", "unknown-key", "'audiences'"),
    ("▸Audiences: [council]", "unknown-key", "'audiences'"),
    ("clearance: ▸internl", "unknown-clearance", "'internal'"),
    ("clearance: ▸Internal", "unknown-clearance", "'internal'"),
    ("clearance: ▸ｉｎｔｅｒｎａｌ", "unknown-clearance", "'internal'"),
    ("clearance: ▸2", "unknown-clearance", "client, internal, public"),
    ("▸clearence: internal", "unknown-key", "'clearance'"),
    ("depth: ▸ful", "unknown-depth", "'full'"),
]


@pytest.mark.parametrize(("written", "code", "advice"), UNKNOWN, ids=[case[0] for case in UNKNOWN])
def test_an_unknown_audience_name_is_not_everyone(project: ProjectCopy, written: str, code: str, advice: str) -> None:
    where = project.replace(
        THEME, "    tone: question\n    clearance: client\n", f"    tone: question\n    {written}\n"
    )
    assert_refused(project, code, where, advice)


@pytest.mark.parametrize(
    "written",
    [
        "  - {text: One, ▸clearence: internal}\n",
        "  - {en: One, zh-Hans: 一, zh-Hant: 一, ▸Clearance: internal}\n",
    ],
)
def test_a_misspelt_clearance_of_a_part_is_an_error(project: ProjectCopy, written: str) -> None:
    where = project.replace(THEME, "takeaways:\n", f"takeaways:\n{written}")
    status, found = project.check()
    assert status == 1
    assert where in [diagnostic.where for diagnostic in found]


def test_an_unknown_audience_in_an_order(project: ProjectCopy) -> None:
    ran = project.run("build", "-a", "Ｃouncil")
    assert ran.status == 2
    assert "did you mean 'council'?" in ran.stderr


def test_audiences_do_not_inherit(project: ProjectCopy) -> None:
    where = project.replace("content/audiences/public.yaml", "depth:", "▸extends: council\ndepth:")
    assert_refused(project, "unknown-key", where)


class TestExplicitClearance:
    """With `explicit_clearance` a record that does not say its clearance is refused."""

    def test_each_record_without_one_is_named(self, project: ProjectCopy) -> None:
        project.replace(SETTINGS, "template_set: base", "template_set: base\nexplicit_clearance: true")
        status, found = project.check()
        assert status == 1
        assert {diagnostic.code for diagnostic in found} == {"missing-key"}
        said = " ".join(diagnostic.message for diagnostic in found)
        for record in ("theme 'ridership'", "block 'headline'", "source 'reader-survey'", "claim 'wait'", "term "):
            assert record in said
        assert "council-view" not in said, "it says its clearance"

    def test_it_may_be_false(self, project: ProjectCopy) -> None:
        project.replace(SETTINGS, "template_set: base", "template_set: base\nexplicit_clearance: false")
        assert_accepted(project)


class TestClaims:
    def test_a_claim_that_the_audience_may_not_see(self, project: ProjectCopy) -> None:
        project.replace(SEED, "  - id: wait\n", "  - id: wait\n    clearance: client\n")
        status, found = project.check()
        assert (status, {diagnostic.code for diagnostic in found}) == (1, {"withheld-claim"})
        assert {diagnostic.file for diagnostic in found} == {THEME}
        assert all("'public'" in diagnostic.message for diagnostic in found)

    def test_a_source_that_the_audience_may_not_see(self, project: ProjectCopy) -> None:
        project.replace(SEED, "id: reader-survey\n", "id: reader-survey\nclearance: internal\n")
        status, found = project.check()
        assert (status, {diagnostic.code for diagnostic in found}) == (1, {"withheld-claim"})

    def test_a_chart_that_rests_on_a_withheld_claim(self, project: ProjectCopy) -> None:
        project.replace(SEED, "  - id: riders-before\n", "  - id: riders-before\n    clearance: internal\n")
        status, found = project.check()
        assert status == 1
        text = project.read(THEME).split("\n")
        assert any("claims: [" in text[f.line - 1] for f in found if f.code == "withheld-claim")

    def test_a_result_computed_from_a_withheld_claim(self, project: ProjectCopy) -> None:
        project.replace(SEED, "  - id: riders-before\n", "  - id: riders-before\n    clearance: client\n")
        _, found = project.check()
        assert any("computed from 'reader-survey/riders-before'" in f.message for f in found)

    @pytest.mark.parametrize("typed", ["RMB 12.34 million", "RMB 12.34 million."])
    def test_a_figure_typed_by_hand(self, project: ProjectCopy, typed: str) -> None:
        secret_claim(project)
        where = project.replace(
            THEME, "  - en: The trial has found its public.", f"  - en: ▸The trial costs {typed} a year."
        )
        assert_refused(project, "withheld-claim", where, "reader-survey/secret-cost", "'public'")

    def test_the_same_figure_of_an_open_claim_may_be_printed(self, project: ProjectCopy) -> None:
        secret_claim(project)
        project.write(SEED, project.read(SEED) + CLAIM.format(name="open-cost", clearance="public"))
        project.replace(THEME, "  - en: The trial has found its public.", "  - en: It costs RMB 12.34 million.")
        assert [each.code for each in project.check()[1]] == ["bare-figure", "number-mismatch", "number-mismatch"]

    def test_a_common_figure_belongs_to_no_claim(self, project: ProjectCopy) -> None:
        project.write(
            SEED, project.read(SEED) + CLAIM.format(name="rise", clearance="internal").replace("CNY", "percent")
        )
        project.replace(SEED, "12_340_000", "70")
        project.replace(THEME, "  - en: The trial has found its public.", "  - en: The trial has served 70%.")
        assert [each.code for each in project.check()[1]] == ["bare-figure", "number-mismatch", "number-mismatch"]


CLAIM = """\
  - id: {name}
    clearance: {clearance}
    says: Cost of the trial.
    quantity: {{value: 12_340_000, unit: CNY}}
"""


def secret_claim(project: ProjectCopy) -> None:
    project.write(SEED, project.read(SEED) + CLAIM.format(name="secret-cost", clearance="client"))


def test_a_reference_to_a_withheld_block(project: ProjectCopy) -> None:
    project.replace(THEME, "    id: riders-chart\n", "    id: riders-chart\n    clearance: client\n")
    project.replace("content/audiences/public.yaml", "depth: summary", "depth: full")
    status, found = project.check()
    assert (status, {diagnostic.code for diagnostic in found}) == (1, {"withheld-reference"})
    assert len(found) == 3, "one a locale"


def test_errors_of_other_kinds_do_not_hide_it(project: ProjectCopy) -> None:
    project.replace(SEED, "  - id: wait\n", "  - id: wait\n    clearance: client\n")
    project.replace("content/audiences/public.yaml", "formats: [html,", "formats: [htm,")
    codes = {diagnostic.code for diagnostic in project.check()[1]}
    assert codes == {"withheld-claim", "unknown-format"}


def test_a_withheld_name_in_an_open_text(project: ProjectCopy) -> None:
    project.replace(
        "content/glossary.yaml", "    kind: institution\n", "    kind: institution\n    clearance: client\n"
    )
    project.replace("content/audiences/public.yaml", "depth: summary", "depth: full")
    status, found = project.check()
    assert (status, {diagnostic.code for diagnostic in found}) == (1, {"withheld-term"})
    assert all(diagnostic.related.startswith("content/glossary.yaml:") for diagnostic in found)


def test_a_fallback_between_locales_does_not_exist(project: ProjectCopy) -> None:
    """A text that lacks a locale is an error; it is not replaced by the words of another locale or audience."""
    where = project.replace(
        "content/audiences/council.yaml",
        "title: {en: Council version, zh-Hans: 议会版, zh-Hant: 議會版}",
        "title: ▸{en: Council version, zh-Hans: 议会版}",
    )
    assert_refused(project, "missing-translation", where, "zh-Hant")


def test_the_selected_brief_names_no_other_audience(project: ProjectCopy) -> None:
    loaded = Project.load(project.root)
    from brief.resolve.select import select

    seen: Brief = select(loaded.brief, "public")
    assert [ref.name for ref in seen.settings.audiences] == ["public"]
    assert list(seen.audiences) == ["public"]


class TestOwnClearances:
    """A project names its clearances itself, the lowest first."""

    @pytest.fixture
    def named(self, project: ProjectCopy) -> ProjectCopy:
        project.replace(SETTINGS, "template_set: base", "template_set: base\nclearances: [open, partner, desk, board]")
        for name in ("content/audiences/public.yaml", "content/audiences/council.yaml", THEME):
            text = project.read(name)
            project.write(
                name,
                text.replace("clearance: public", "clearance: open").replace("clearance: client", "clearance: desk"),
            )
        return project

    def test_what_is_above_an_audience_is_withheld(self, named: ProjectCopy) -> None:
        assert_accepted(named)
        assert "To be decided" in named.page("council")
        assert "To be decided" not in named.page("public")
        named.replace("content/audiences/council.yaml", "clearance: desk", "clearance: partner")
        assert "To be decided" not in named.page("council")

    def test_the_usual_names_are_unknown_then(self, named: ProjectCopy) -> None:
        named.replace(THEME, "clearance: desk", "clearance: internal")
        _, found = named.check()
        assert [(each.code, each.hint) for each in found] == [
            ("unknown-clearance", "known: board, desk, open, partner"),
        ]

    def test_a_recipient_is_cleared_in_the_project_s_words(self, named: ProjectCopy) -> None:
        named.run("build", "-f", "html", "--jobs", "1")
        mailing = Mailing.of(named)
        ran = mailing.plan(write_list(row("ann@example.org", clearance="partner")))
        assert (ran.status, "cleared for partner, but audience 'council' sees desk" in ran.stderr) == (1, True)
        assert mailing.plan(write_list(row("ann@example.org", clearance="board"))).status == 0

    def test_a_list_with_a_repeated_or_malformed_name_is_refused(self, project: ProjectCopy) -> None:
        place = project.replace(
            SETTINGS, "template_set: base", "template_set: base\nclearances: [public, client, ▸public]"
        )
        assert_refused(project, "duplicate-entry", place)
        place = project.replace(SETTINGS, "[public, client, public]", "[public, client, ▸For us]")
        assert_refused(project, "bad-id", place)
        place = project.replace(SETTINGS, "[public, client, For us]", "[▸all, public, client]")
        assert_refused(project, "bad-id", place)

    @pytest.mark.parametrize(
        ("listed", "code"),
        [
            ("[]", "empty-list"),
            ("", "empty-value"),
            ("open", "expected-list"),
            ("{}", "expected-list"),
            ("[For us, desk]", "bad-id"),
            ("[open, [desk]]", "expected-scalar"),
        ],
    )
    def test_what_uses_a_list_with_an_error_is_not_reported_too(
        self, named: ProjectCopy, listed: str, code: str
    ) -> None:
        named.replace(SETTINGS, "[open, partner, desk, board]", listed)
        assert [each.code for each in named.check()[1]] == [code]

    def test_reading_again_notices_another_order(self, named: ProjectCopy) -> None:
        loaded = Project.load(named.root)
        named.replace(SETTINGS, "[open, partner, desk, board]", "[open, desk, partner, board]")
        assert loaded.reload().brief.audiences["council"].clearance == 1
        assert loaded.brief.audiences["council"].clearance == 2
