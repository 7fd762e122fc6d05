"""Errors that only the whole brief shows: each check, with the place and the advice."""

import re
from pathlib import Path

import pytest
from expected_diagnostics import assert_accepted, assert_refused, assert_warned
from projects import HERE, SEED, SETTINGS, THEME, ProjectCopy

from brief.resolve.checks import parity, quantities, references, wording
from brief.resolve.figures import derive

PUBLIC = "content/audiences/public.yaml"
COUNCIL = "content/audiences/council.yaml"
GLOSSARY = "content/glossary.yaml"
L = "{en: T, zh-Hans: 题, zh-Hant: 題}"
BLOCKS = "  - kind: callout"
NOTE = "note: {en: Why., zh-Hans: 缘由。, zh-Hant: 緣由。}"
CLAIM = f"says: {L}"
CHART = (
    "  - kind: chart\n    id: c\n    title: T\n    chart: %s\n    description: T\n    categories: %s\n    series: %s\n"
)


def block(text: str) -> tuple[str, str, str]:
    """An edit that sets a block before the callout."""
    return THEME, BLOCKS, f"{text}{BLOCKS}"


def claim(text: str) -> tuple[str, str, str]:
    """An edit that adds a claim."""
    return SEED, "  - id: wait\n", f"{text}  - id: wait\n"


CASES = [
    (SETTINGS, "zh-Hant]", f"zh-Hant, {HERE}en]", "duplicate-entry", "locale 'en' is listed twice"),
    (COUNCIL, "docx]", f"docx, {HERE}pdf]", "duplicate-entry", "format 'pdf' is listed twice"),
    (COUNCIL, "[ridership]", f"[ridership, {HERE}ridership]", "duplicate-entry", "theme 'ridership' is listed twice"),
    (THEME, "clearance: client", f"audiences: [council, {HERE}council]", "duplicate-entry", "audience 'council'"),
    (*claim(f"  - {HERE}id: riders-after\n    {CLAIM}\n    quantity: {{value: 1}}\n"), "duplicate-entry", "claim 'riders-after' is listed twice"),
    (COUNCIL, "[ridership]", f"[{HERE}rideship]", "unknown-theme", "did you mean 'ridership'?"),
    (COUNCIL, "id: council\n", f"{HERE}id: council\n", "empty-list", "list one under 'themes:'"),
    (COUNCIL, "html,", f"{HERE}htm,", "unknown-format", "did you mean 'html'?"),
    (THEME, "clearance: client", f"audiences: [{HERE}board]", "unknown-audience", "known: council, public"),
    (THEME, "clearance: client", f"audiences: [{HERE}Ｃouncil]", "unknown-audience", "did you mean 'council'?"),
    (THEME, "- kind: callout\n    id: council-view", f"- {HERE}kind: callout\n    id: headline", "duplicate-id", "anchors"),
    (*claim(f"  - id: x\n    {CLAIM}\n    contradicts: [{HERE}nope/x]\n    {NOTE}\n"), "unknown-claim", "reader-survey"),
    (*claim(f"  - {HERE}id: x\n    {CLAIM}\n    contradicts: [reader-survey/wait]\n"), "missing-note", "add 'note:'"),
    (*claim(f"  - {HERE}id: x\n    {CLAIM}\n    standing: disputed\n"), "missing-note", "is disputed"),
    (GLOSSARY, "avoid: [ECT]", f"owner: {HERE}city", "unknown-term", "known: example-city-transport"),
    (SEED, "{low: 15, high: 20, unit: minute}", f"{HERE}{{low: 15, high: 20, unit: minutes}}", "unknown-unit", "'minute'?"),
    (SEED, "{value: 1_800_000", f"{HERE}{{low: 1, value: 1_800_000", "bad-quantity", "remove one of them"),
    (SEED, "{low: 15, high: 20,", f"{HERE}{{low: 15,", "bad-quantity", "add 'high'"),
    (SEED, "{low: 15, high: 20,", f"{HERE}{{low: 20, high: 20,", "bad-quantity", "not below"),
    (*claim(f"  - id: x\n    {CLAIM}\n    quantity: {HERE}{{unit: hour}}\n"), "bad-quantity", "give 'value'"),
    (SEED, "{low: 15, high: 20,", f"{HERE}{{value: 20, qualifier: several,", "bad-quantity", "write 1, 10, 100"),
    (SEED, "{low: 15, high: 20,", f"{HERE}{{value: 10_000_000_000_000, qualifier: several,", "bad-quantity", "up to 1_000"),
    (SEED, "{low: 15, high: 20,", f"{HERE}{{low: 1, high: 10, qualifier: several,", "bad-quantity", "magnitude only"),
    (*claim(f"  - id: x\n    {CLAIM}\n    quantity: {HERE}{{value: 10, unit: percent, qualifier: several}}\n"), "bad-quantity", "the unit 'percent'"),
    (SEED, "{change: [riders-before, riders-after]}", f"{HERE}{{change: [riders-before]}}", "bad-derivation", "takes two"),
    (SEED, "{change: [riders-before, riders-after]}", f"{HERE}{{change: [wait, riders-after]}}", "bad-derivation", "cannot compare minute and count"),
    (SEED, "{derived: {change: [riders-before, riders-after]}, unit: percent", f"{{unit: times, derived: {HERE}{{ratio: [wait, riders-after]}}", "bad-derivation", "'per' divides figures of two units"),
    (*block(f"  - {HERE}kind: table\n    id: t\n    title: T\n    columns: []\n    rows: [[]]\n"), "empty-list", "no columns"),
    (*block(f"  - {HERE}kind: table\n    id: t\n    title: T\n    columns: [A]\n    rows: []\n"), "empty-list", "no rows"),
    (*block(f"  - {HERE}kind: list\n    id: t\n    items: []\n"), "empty-list", "no items"),
    (*block(f"  - {HERE}kind: timeline\n    id: t\n    title: T\n    events: []\n"), "empty-list", "no events"),
    (*block(f"  - {HERE}kind: metrics\n    id: t\n    metrics: []\n"), "empty-list", "no metrics"),
    (*block(f"  - {HERE}" + CHART[4:] % ("bars", '["1"]', "[]")), "empty-list", "no series"),
    (*block(CHART % ("bars", "[]", f"[{{title: T, claims: {HERE}[]}}]")), "empty-list", "add an entry"),
    (*block(CHART % ("bars", '["1", "2"]', f"[{HERE}{{title: T, claims: [reader-survey/wait]}}]")), "series-length", "for each category"),
    (*block(f"  - {HERE}" + CHART[4:] % ("bars", '["1"]', "[{title: T, claims: [reader-survey/wait]}, {title: U, claims: [reader-survey/wait]}]")), "series-length", "grouped-bars"),
    (*block(f"  - {HERE}" + CHART[4:] % ("slope", '["1"]', "[{title: T, claims: [reader-survey/wait]}]")), "series-length", "two categories"),
    (*block(f"  - {HERE}" + CHART[4:] % ("timeline", '["1"]', "[{title: T, claims: [reader-survey/riders-after]}, {title: U, claims: [reader-survey/riders-after]}]")), "series-length", "one series"),
    (*block(f"  - {HERE}" + CHART[4:] % ("waterfall", '["1"]', "[{title: T, claims: [reader-survey/wait]}]")), "series-length", "at least three categories"),
    (*block(f"  - {HERE}" + CHART[4:] % ("line", '["1"]', f"[{', '.join(['{title: T, claims: [reader-survey/wait]}'] * 13)}]")), "series-length", "at most 12 series, not 13"),
    (*block(CHART % ("bars", '["1"]', "[{title: T, claims: [reader-survey/wait]}]") + f"    label_points: [{HERE}reader-survey/waits]\n"), "not-drawn", "did you mean 'reader-survey/wait'?"),
    (*block(CHART % ("bars", '["1"]', "[{title: T, claims: [reader-survey/wait]}]") + f"    projected_from: {HERE}reader-survey/riders-after\n"), "not-drawn", "does not draw"),
    (*block(CHART % ("bars", '["1"]', f"[{HERE}{{title: T, claims: [none]}}]")), "empty-list", "no figure"),
    (*block(CHART % ("timeline", '["1"]', f"[{{title: T, claims: [{HERE}reader-survey/wait]}}]")), "no-period", "add one"),
    (*block(f"  - {HERE}" + CHART[4:] % ("bars", '["1", "2"]', "[{title: T, claims: [reader-survey/wait, reader-survey/yearly-cost]}]")), "mixed-units", "CNY and minute"),
    (THEME, "claims: [reader-survey/riders-before", f"claims: [{HERE}reader-survey/riders", "unknown-claim", "riders-"),
    (THEME, "- claim: reader-survey/yearly-cost", f"- claim: {HERE}reader-survey/costs", "unknown-claim", "did you mean 'reader-survey/yearly-cost'?"),
    (*block(f"  - kind: timeline\n    id: t\n    title: T\n    events:\n      - claim: {HERE}reader-survey/wait\n        text: T\n"), "no-period", "add one"),
    (SETTINGS, "publisher:", f'subtitle: "{HERE}{{reader-survey/weight}}"\npublisher:', "unknown-claim", "'reader-survey/wait'?"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "code", "advice"), CASES)
def test_an_error_is_refused_at_its_location(
    published: ProjectCopy, name: str, old: str, new: str, code: str, advice: str
) -> None:
    if code == "empty-list" and name == COUNCIL:
        published.replace(COUNCIL, "[ridership]", "[]")
    assert_refused(published, code, published.replace(name, old, new), advice)


class TestClaims:
    def test_the_figure_of_a_rejected_claim_is_not_printed(self, published: ProjectCopy) -> None:
        published.replace(SEED, "  - id: yearly-cost\n", f"  - id: yearly-cost\n    standing: rejected\n    {NOTE}\n")
        published.replace(
            THEME,
            "      - claim: reader-survey/yearly-cost\n        label: {en: a year, zh-Hans: 年度支出, zh-Hant: 年度支出}\n",
            "",
        )
        text = published.read(THEME)
        where = published.mark(THEME, text.replace("en: Whether {", f"en: Whether {HERE}{{"))
        assert_refused(published, "rejected-claim", where, "cite it only", times=3)
        published.write(THEME, text.replace("{reader-survey/yearly-cost}", "[@reader-survey/yearly-cost]"))
        assert_accepted(published)

    def test_a_claim_without_quantity_is_cited_and_not_printed(self, published: ProjectCopy) -> None:
        published.replace(SEED, "    quantity: {low: 15, high: 20, unit: minute}", "")
        where = published.mark(THEME, published.read(THEME).replace('- en: "{reader', f'- en: "{HERE}{{reader'))
        assert_refused(published, "no-quantity", where, "[@reader-survey/wait]", times=3)

    def test_a_chart_draws_numbers(self, published: ProjectCopy) -> None:
        published.replace(SEED, "{value: 1_800_000, unit: count, period: 2024}", "{period: 2024}")
        published.replace(
            SEED,
            "{derived: {change: [riders-before, riders-after]}, unit: percent, digits: 3}",
            "{value: 47, unit: percent}",
        )
        where = published.replace(THEME, "claims: [reader", f"claims: [{HERE}reader")
        assert_refused(published, "no-number", where, "no number to draw")

    def test_an_order_of_magnitude_is_no_number_to_draw(self, published: ProjectCopy) -> None:
        old = "{value: 2_650_000, unit: count, period: 2025}"
        published.replace(SEED, old, "{value: 1_000_000, qualifier: several, unit: count, period: 2025}")
        published.replace(
            SEED,
            "{derived: {change: [riders-before, riders-after]}, unit: percent, digits: 3}",
            "{value: 47, unit: percent}",
        )
        where = published.replace(THEME, ", reader-survey/riders-after]", f", {HERE}reader-survey/riders-after]")
        assert_refused(published, "no-number", where, "no number to draw")

    def test_a_source_s_notes_are_checked_like_any_text(self, published: ProjectCopy) -> None:
        note = f'note: {{en: "See {HERE}{{none/such}}", zh-Hans: "见{{none/such}}", zh-Hant: "見{{none/such}}"}}'
        where = published.replace(SEED, "  - id: wait\n", f"  - id: wait\n    {note}\n")
        assert_refused(published, "unknown-claim", where, "unknown claim 'none/such'", times=3)


class TestWhatAnAudienceMaySee:
    """Nothing that is shown may lead to what is withheld: a dangling reference tells of it."""

    def test_a_reference_to_a_deeper_block_is_refused(self, published: ProjectCopy) -> None:
        text = published.read(THEME)
        for sentence in ("The cost is known and stable.", "成本清楚，且保持稳定。", "成本清楚，且維持穩定。"):
            text = text.replace(sentence, f"{sentence}[](#riders-chart)")
        where = published.mark(THEME, text.replace("stable.[]", f"stable.[{HERE}]"))
        assert_refused(published, "withheld-reference", where, "audience 'public'", "same clearance", times=3)

    def test_a_reference_from_the_glossary_counts(self, published: ProjectCopy) -> None:
        text = published.read(GLOSSARY)
        for sentence in ("night routes.", "夜间线路的运营方。", "夜間路線的營運單位。"):
            text = text.replace(sentence, f"{sentence}[](#riders-chart)")
        where = published.mark(GLOSSARY, text.replace("routes.[]", f"routes.[{HERE}]"))
        assert_refused(published, "withheld-reference", where, "audience 'public'", times=3)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("  - id: wait\n", "  - id: wait\n    clearance: client\n"),
            ("  - id: wait\n", "  - id: wait\n    clearance: internal\n"),
        ],
    )
    def test_a_claim_that_the_audience_may_not_see_is_refused(self, published: ProjectCopy, old: str, new: str) -> None:
        published.replace(SEED, old, new)
        audiences = 2 if "internal" in new else 1
        where = published.mark(THEME, published.read(THEME).replace('- en: "{reader', f'- en: "{HERE}{{reader'))
        assert_refused(published, "withheld-claim", where, "may not see claim", times=3 * audiences)

    def test_a_source_that_the_audience_may_not_see_withholds_its_claims(self, published: ProjectCopy) -> None:
        published.replace(SEED, "language: en", "language: en\nclearance: client")
        _, found = published.check()
        assert {diagnostic.code for diagnostic in found} == {"withheld-claim"}
        assert all("audience 'public'" in diagnostic.message for diagnostic in found)

    def test_what_is_computed_from_a_withheld_claim_is_withheld(self, published: ProjectCopy) -> None:
        """A sum and one part give the other part away."""
        published.replace(SEED, "  - id: riders-before\n", "  - id: riders-before\n    clearance: internal\n")
        status, found = published.check()
        assert status == 1
        assert {diagnostic.code for diagnostic in found} == {"withheld-claim"}
        growth = [diagnostic for diagnostic in found if "'reader-survey/riders-growth'" in diagnostic.message]
        assert growth
        for diagnostic in growth:
            assert "computed from 'reader-survey/riders-before'" in diagnostic.message
            assert "write 'disclose: REASON'" in diagnostic.hint

    def test_a_result_may_be_disclosed_with_a_reason(self, published: ProjectCopy) -> None:
        published.replace(SEED, "  - id: riders-before\n", "  - id: riders-before\n    clearance: internal\n")
        change = "{change: [riders-before, riders-after]"
        published.replace(SEED, change, change + ", disclose: The council published the growth.")
        growth = [diagnostic for diagnostic in published.check()[1] if "riders-growth" in diagnostic.message]
        # The growth and the later figure give away the earlier one.
        assert {(found.code, found.severity) for found in growth} == {("withheld-arithmetic", "warning")}
        where = published.replace(SEED, "The council published the growth.", f"{HERE}' '")
        (diagnostic,) = [diagnostic for diagnostic in published.check()[1] if diagnostic.code == "bad-derivation"]
        assert (diagnostic.line, diagnostic.hint) == (where[1], "write the reason after 'disclose:'")


class TestWording:
    def test_an_avoided_form_is_refused_with_the_chosen_one(self, published: ProjectCopy) -> None:
        where = published.replace(THEME, "en: Example City Transport counted", f"en: {HERE}ECT counted")
        assert_refused(published, "avoided-form", where, "'ECT'", "write 'Example City Transport'")

    @pytest.mark.parametrize("words", ["DIRECTLY", "ECTS", "`ECT-x`"])
    def test_a_form_is_avoided_as_a_whole_word(self, published: ProjectCopy, words: str) -> None:
        published.replace(THEME, "The trial has found its public.", f"The {words} trial.")
        assert (published.check()[0] == 1) is words.startswith("`")

    def test_a_form_may_be_avoided_in_one_locale(self, published: ProjectCopy) -> None:
        published.replace(GLOSSARY, "avoid: [ECT]", "avoid: [{form: 客源, locale: zh-Hant}]")
        _, found = published.check()
        assert [(diagnostic.code, diagnostic.line) for diagnostic in found] == [("avoided-form", 10)]

    def test_an_empty_form_avoids_nothing(self, published: ProjectCopy) -> None:
        published.replace(GLOSSARY, "avoid: [ECT]", 'avoid: [""]')
        assert_accepted(published)


@pytest.mark.parametrize("name", ["sources", "source-3", "what-changed-title"])
def test_an_id_that_every_variant_uses_itself_is_refused(published: ProjectCopy, name: str) -> None:
    published.replace(THEME, "id: council-view", f"id: {name}")
    status, found = published.check()
    assert status == 1
    assert "reserved-id" in {diagnostic.code for diagnostic in found}


SECOND = "content/themes/costs.yaml"


def second_theme(project: ProjectCopy) -> None:
    """A theme that the brief lists and no audience reads."""
    text = "summary: T\ntakeaways: []\nblocks: []\n"
    project.write(SECOND, f"id: costs\ntitle: {L}\n{text}")


def test_a_theme_that_no_audience_reads_causes_a_warning(project: ProjectCopy) -> None:
    second_theme(project)
    where = project.replace(SETTINGS, "[ridership]", f"[ridership, {HERE}costs]")
    assert_warned(project, "unread-theme", where, "'costs'", "under 'themes:' of an audience")
    project.replace(COUNCIL, "[ridership]", "[ridership, costs]")
    assert_accepted(project)


def test_a_source_dated_after_the_cut_off_is_refused(published: ProjectCopy) -> None:
    published.replace(SETTINGS, "date: ", "cut_off: 2020-01-31\ndate: ")
    assert_refused(published, "cut-off", (SEED, 2, 1), "move 'cut_off:'")


def test_a_cut_off_after_the_date_of_the_brief_is_refused(published: ProjectCopy) -> None:
    published.replace(SETTINGS, "date: ", "cut_off: 2100-01-01\ndate: ")
    assert_refused(published, "cut-off", (SETTINGS, 1, 1), "correct 'cut_off:' or 'date:'")


def test_a_block_whose_dataset_cannot_be_read_is_not_called_unseen(tmp_path: Path) -> None:
    # Its workbook is not in the folder.
    energy = ProjectCopy(tmp_path / "energy", Path(__file__).parents[2] / "projects/energy")
    assert {found.code for found in energy.check()[1]} == {"dataset-file"}


@pytest.mark.parametrize("limit", ["clearance: internal", "audiences: [public]\n    depth: full"])
def test_a_block_that_no_audience_sees_causes_a_warning(project: ProjectCopy, limit: str) -> None:
    where = project.replace(THEME, "- kind: callout", f"- {HERE}kind: callout")
    project.replace(THEME, "clearance: client", limit)
    assert_warned(project, "unread-block", where, "'council-view'", "clearance, depth and audiences")


def test_an_audience_that_a_block_names_and_that_lacks_its_theme_causes_a_warning(project: ProjectCopy) -> None:
    text = f"{{text: {L}, judgement: true, kind: paragraph, id: costs-text, audiences: [public, {HERE}council]}}"
    project.replace(SETTINGS, "[ridership]", "[ridership, costs]")
    project.replace(PUBLIC, "[ridership]", "[ridership, costs]")
    project.replace(PUBLIC, "depth: summary", "depth: full")
    where = project.mark(SECOND, f"id: costs\ntitle: {L}\nsummary: T\ntakeaways: []\nblocks:\n  - {text}\n")
    assert_warned(project, "unread-by-audience", where, "it does not read theme 'costs'", "remove the audience here")
    project.replace(COUNCIL, "[ridership]", "[ridership, costs]")
    assert_accepted(project)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("clearance: client", "clearance: client"), "its clearance is public, and that of the block client"),
        (
            ("clearance: client", "clearance: public\n    depth: full"),
            "its depth is standard, and that of the block full",
        ),
    ],
)
def test_an_audience_that_a_block_names_and_that_is_too_low_causes_a_warning(
    project: ProjectCopy, change: tuple[str, str], reason: str
) -> None:
    project.replace(PUBLIC, "depth: summary", "depth: standard")
    project.replace(THEME, *change)
    where = project.replace(THEME, "id: council-view", f"id: council-view\n    audiences: [council, {HERE}public]")
    assert_warned(project, "unread-by-audience", where, reason, "change that")


def test_an_audience_that_reads_a_theme_at_its_own_depth_sees_what_names_it(project: ProjectCopy) -> None:
    project.replace(PUBLIC, "[ridership]", "[{theme: ridership, depth: full}]")
    project.replace(THEME, "id: what-changed", "id: what-changed\n    depth: full\n    audiences: [public, council]")
    assert_accepted(project)


def test_a_part_above_the_clearance_of_all_who_see_the_rest_causes_a_warning(project: ProjectCopy) -> None:
    where = project.replace(
        THEME,
        "- claim: reader-survey/yearly-cost",
        f"- {HERE}clearance: internal\n        claim: reader-survey/yearly-cost",
    )
    assert_warned(project, "unread-item", where, "of the block 'headline' is never printed", "compare its clearance")


def test_a_part_that_one_audience_sees_is_no_matter(project: ProjectCopy) -> None:
    project.replace(
        THEME, "- claim: reader-survey/yearly-cost", "- clearance: client\n        claim: reader-survey/yearly-cost"
    )
    assert_accepted(project)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("RMB", "CNY"),
        ("元", "CNY"),
        ("NT$", "TWD"),
        ('"%"', "percent"),
        ("minutes", "minute"),
        ("ml", "mL"),
        ("oz", "ounce"),
        ("CNX", "CNY"),
        ("EUE", "EUR"),
        ("UDS", "USD"),
        ("jpy", "JPY"),
        ("chf", "CHF"),
        ("MWH", "MWh"),
    ],
)
def test_a_unit_by_another_name_is_reported_by_its_own(project: ProjectCopy, typed: str, meant: str) -> None:
    """Also beside a claim that is withheld, whose figures are looked for in words."""
    where = project.replace(SEED, "{value: 42_000_000, unit: CNY,", f"{HERE}{{value: 42_000_000, unit: {typed},")
    project.replace(SEED, "  - id: wait\n", "  - id: wait\n    clearance: internal\n")
    (diagnostic,) = [diagnostic for diagnostic in project.check()[1] if diagnostic.code == "unknown-unit"]
    assert diagnostic.where == where
    assert diagnostic.hint.startswith(f"did you mean '{meant}'?")


@pytest.mark.parametrize("unit", ["DEM", "XAU", "XDR", "CLF", "CNY/km"])
def test_currencies_of_the_past_metals_and_units_of_account_are_known(project: ProjectCopy, unit: str) -> None:
    project.replace(SEED, "unit: CNY,", f"unit: {unit},")
    assert "unknown-unit" not in {each.code for each in project.check()[1]}


@pytest.mark.parametrize("unit", ["XXX", "XTS", "ABC", "BTC", "km/CNX"])
def test_three_letters_are_no_currency(project: ProjectCopy, unit: str) -> None:
    project.replace(SEED, "unit: CNY,", f"unit: {unit},")
    assert "unknown-unit" in {each.code for each in project.check()[1]}


def test_an_unknown_template_set_is_reported_at_its_reference(published: ProjectCopy) -> None:
    where = published.replace(SETTINGS, "template_set: base", f"template_set: {HERE}bass")
    assert_refused(published, "unknown-template-set", where, "did you mean 'base'?")


def test_so_is_that_of_an_audience(published: ProjectCopy) -> None:
    where = published.replace(COUNCIL, "depth: full", f"depth: full\ntemplate_set: {HERE}bass")
    assert_refused(published, "unknown-template-set", where, "did you mean 'base'?")


def test_a_locale_whose_script_has_no_faces_is_refused(project: ProjectCopy) -> None:
    """Its letters would come out in another script's forms, or as boxes."""
    where = project.replace(SETTINGS, "zh-Hant]", f"zh-Hant, {HERE}ru]")
    (diagnostic,) = [diagnostic for diagnostic in project.check()[1] if diagnostic.code == "missing-faces"]
    assert (diagnostic.severity, diagnostic.where) == ("error", where)
    assert "templates/base/set.yaml" in diagnostic.hint


def test_every_code_of_the_checks_has_a_test() -> None:
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parents[2].rglob("test_*.py"))
    for module in (references, quantities, wording, derive, parity):
        codes = re.findall(
            r'(?:error|warning)\(\s*f?"([a-z-]+(?:\{what\})?)"', Path(str(module.__file__)).read_text("utf-8")
        )
        known = {
            code.replace("{what}", what) for code in codes for what in ("theme", "claim", "term", "format", "audience")
        }
        assert [code for code in sorted(known) if f'"{code}"' not in tests] == []
