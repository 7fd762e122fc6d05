"""Figures of a whole project: digits, signs, units and rounding as an author asks for them, in every locale."""

import re

import pytest
from projects import SEED, SETTINGS, THEME, ProjectCopy
from readback import docx_outline, html_text, pdf_text

from brief import Project, Variant
from brief.model.inline import to_plain_text
from brief.model.variant import Paragraph, Table

LOCALES = ("en", "zh-Hans", "zh-Hant")


def add_claims(project: ProjectCopy, **quantities: str) -> None:
    says = "says: {en: A fact., zh-Hans: 事实。, zh-Hant: 事實。}"
    claims = "".join(f"  - id: {name}\n    {says}\n    quantity: {{{text}}}\n" for name, text in quantities.items())
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + claims)


def add_table(project: ProjectCopy, *cells: str, align: str = "end") -> None:
    rows = "".join(f"      - ['{{reader-survey/{cell}}}']\n" for cell in cells)
    column = f"{{title: {{en: V, zh-Hans: 值, zh-Hant: 值}}, align: {align}}}"
    table = f"  - kind: table\n    id: added\n    title: T\n    columns: [{column}]\n    rows:\n{rows}"
    project.write(THEME, project.read(THEME).rstrip("\n") + "\n" + table)


def add_paragraph(project: ProjectCopy, text: str) -> None:
    project.write(THEME, project.read(THEME).rstrip("\n") + f"\n  - kind: paragraph\n    id: added\n    text: {text}\n")


def variants(project: ProjectCopy) -> list[Variant]:
    loaded = Project.load(project.root)
    return [loaded.make_variant("council", locale) for locale in LOCALES]


def list_printed_cells(project: ProjectCopy) -> list[list[str]]:
    tables = [
        next(b for b in v.sections[0].blocks if isinstance(b, Table) and b.id == "added") for v in variants(project)
    ]
    return [[to_plain_text(cell) for (cell,) in table.rows] for table in tables]


def list_printed_paragraphs(project: ProjectCopy) -> list[str]:
    found = [
        next(b for b in v.sections[0].blocks if isinstance(b, Paragraph) and b.id == "added") for v in variants(project)
    ]
    return [to_plain_text(paragraph.text) for paragraph in found]


def test_a_column_shares_its_decimals_within_a_unit(project: ProjectCopy) -> None:
    add_claims(
        project,
        rate="value: 4.125, unit: percent",
        fx="value: 7.2435, unit: CNY",
        coupon="value: 2.375, unit: percent",
        r1="value: 2.25, unit: percent",
        r2="value: 2.5, unit: percent",
        fare="value: 19.9, unit: USD",
    )
    add_table(project, "rate", "fx", "coupon", "r1", "r2", "fare")
    assert list_printed_cells(project) == [
        ["4.125%", "RMB 7.2435", "2.375%", "2.250%", "2.500%", "US$19.90"],
        ["4.125%", "7.2435元", "2.375%", "2.250%", "2.500%", "19.90美元"],
        ["4.125%", "人民幣7.2435元", "2.375%", "2.250%", "2.500%", "19.90美元"],
    ]


def test_a_rounded_or_approximate_figure_is_not_filled_with_zeros(project: ProjectCopy) -> None:
    """A zero behind 12.6, which is 12.5625, would be wrong; an exact 15 is 15.0000 as well."""
    add_claims(
        project,
        part="value: 12.5, unit: percent",
        whole="value: 100.5, unit: TWh",
        product="unit: TWh, derived: {product: [part, whole]}",
        exact="value: 7.25, unit: TWh",
        loose="value: 3, unit: TWh, qualifier: about",
        round="value: 7, unit: TWh",
    )
    add_table(project, "product", "exact", "loose", "round")
    assert list_printed_cells(project)[0] == ["12.6 TWh", "7.25 TWh", "About 3 TWh", "7.00 TWh"]


def test_a_computed_fall_without_its_sign_has_the_opposite_limit(project: ProjectCopy) -> None:
    """Less a number of more than 50, 30 is less than −20: a fall by more than 20."""
    add_claims(
        project,
        a="value: 30",
        b="value: 50, qualifier: over",
        fall="derived: {difference: [a, b]}",
        stated="value: -5, unit: percent, qualifier: over",
    )
    add_paragraph(project, "{same: '{reader-survey/fall}, {reader-survey/fall:abs}, {reader-survey/stated:abs}'}")
    assert list_printed_paragraphs(project)[0].startswith("Less than −20, more than 20, more than 5%")


@pytest.mark.parametrize(
    ("quantity", "is_warned"),
    [
        ("value: -20, unit: percent, qualifier: over", True),
        ("value: -20, unit: percent, qualifier: up-to", True),
        ("low: -20, high: -10, unit: percent, qualifier: at-least", True),
        ("value: -20, unit: percent, qualifier: about", False),
        ("value: -20, unit: percent", False),
        ("value: 20, unit: percent, qualifier: over", False),
        ("low: -20, high: 10, unit: percent, qualifier: over", False),
    ],
)
def test_a_limit_of_a_negative_figure_is_doubtful(project: ProjectCopy, quantity: str, is_warned: bool) -> None:
    add_claims(project, limit=quantity)
    add_paragraph(project, "{same: '{reader-survey/limit}'}")
    assert ("negative-limit" in {each.code for each in project.check()[1]}) is is_warned


def test_a_figure_that_rounding_changes_much_is_about_it(project: ProjectCopy) -> None:
    add_claims(
        project,
        half="value: 0.5, unit: percent, decimals: 0",
        less="value: 0.004, unit: percent, decimals: 2",
        near="value: 12.4, unit: percent, decimals: 0",
    )
    add_table(project, "half", "less", "near", align="start")
    assert list_printed_cells(project)[0] == ["About 1%", "About 0.00%", "12%"]


def test_a_range_from_zero_has_the_scale_of_its_end(project: ProjectCopy) -> None:
    add_claims(project, r="low: 0, high: 5_000_000, unit: EUR")
    add_table(project, "r")
    assert list_printed_cells(project) == [["€0–5 million"], ["0至500万欧元"], ["0至500萬歐元"]]


def test_a_column_of_words_keeps_the_digits_of_each_source(project: ProjectCopy) -> None:
    add_claims(project, r1="value: 2.25, unit: percent", r2="value: 2.5, unit: percent")
    add_table(project, "r1", "r2", align="start")
    assert list_printed_cells(project) == [["2.25%", "2.5%"]] * 3


def test_negative_figures_have_a_true_minus_in_its_place(project: ProjectCopy) -> None:
    add_claims(
        project,
        n1="value: -1250000000, unit: USD",
        n2="low: -5, high: -2, unit: percent",
        n3="low: -2, high: 3, unit: percent",
        n4="value: -320000000, unit: CNY",
    )
    add_table(project, "n1", "n2", "n3", "n4")
    assert list_printed_cells(project) == [
        ["−US$1.25 billion", "−5% to −2%", "−2% to 3%", "−RMB 320 million"],
        ["−12.5亿美元", "−5%至−2%", "−2%至3%", "−3.2亿元"],
        ["−12.5億美元", "−5%至−2%", "−2%至3%", "人民幣−3.2億元"],
    ]


def test_a_decline_prints_without_its_sign(project: ProjectCopy) -> None:
    add_claims(
        project,
        drop="unit: percent, derived: {change: [riders-after, riders-before]}, digits: 3",
        deficit="value: -40000000, unit: USD",
        span="low: -5, high: -2, unit: percent",
    )
    add_paragraph(
        project,
        "{en: 'Fell by {reader-survey/drop:abs}, a loss of {reader-survey/deficit:abs}, {reader-survey/span:abs}.',"
        " zh-Hans: '下降{reader-survey/drop:abs}，亏损{reader-survey/deficit:abs}，{reader-survey/span:abs}。',"
        " zh-Hant: '減少{reader-survey/drop:abs}，虧損{reader-survey/deficit:abs}，{reader-survey/span:abs}。'}",
    )
    assert list_printed_paragraphs(project) == [
        "Fell by 32.1%, a loss of US$40 million, 2–5%.",
        "下降32.1%，亏损4000万美元，2%至5%。",
        "減少32.1%，虧損4000萬美元，2%至5%。",
    ]


def test_a_range_across_zero_has_no_amount_without_a_sign(project: ProjectCopy) -> None:
    add_claims(project, span="low: -2, high: 3, unit: percent", rise="low: 2, high: 3, unit: percent")
    add_paragraph(
        project,
        "{en: 'By {reader-survey/rise:abs}.', zh-Hans: '{reader-survey/rise:abs}。', zh-Hant: '{reader-survey/rise:abs}'}",
    )
    assert not [diagnostic for diagnostic in project.check()[1] if diagnostic.severity == "error"]
    project.write(THEME, project.read(THEME).replace("rise:abs", "span:abs"))
    found = [diagnostic for diagnostic in project.check()[1] if diagnostic.severity == "error"]
    assert [diagnostic.code for diagnostic in found] == ["bad-placeholder"] * 3
    assert {(diagnostic.file, diagnostic.hint) for diagnostic in found} == {
        (THEME, "write {reader-survey/span}, without :abs")
    }
    assert {diagnostic.line for diagnostic in found} == {len(project.read(THEME).split("\n")) - 1}


DECLINES = [
    ("en", "Costs fell by {}.", True),
    ("en", "A decline of about {} followed.", True),
    ("en", "A loss of **{}**.", True),
    ("en", "Output was down {}.", True),
    ("en", "Results fell to {}.", False),
    ("en", "The change was {}.", False),
    ("en", "Prices, which had dropped, changed by {}.", False),
    ("zh-Hans", "成本下降{}。", True),
    ("zh-Hans", "全年亏损了{}。", True),
    ("zh-Hans", "成本降至{}。", False),
    ("zh-Hans", "同比变动{}。", False),
    ("zh-Hans", "增减{}。", False),
    ("zh-Hans", "股价涨跌{}。", False),
    ("zh-Hant", "成本減少約{}。", True),
    ("zh-Hant", "衰退{}。", True),
    ("zh-Hant", "成本降到{}。", False),
    ("zh-Hant", "升降{}。", False),
]


HINTS = {
    "negative-decline": "write {reader-survey/drop:abs}",
    "negative-growth": "say that it fell, and write {reader-survey/drop:abs}",
}
GROWTH = [
    ("en", "Output grew by {}.", True),
    ("en", "Output rose sharply, by about {}.", False),
    ("en", "Output rose sharply by about {}.", True),
    ("en", "Prices were up {}.", True),
    ("en", "An increase in costs of **{}**.", True),
    ("en", "It was {} higher.", True),
    ("en", "Growth was {}.", False),
    ("en", "A growth rate of {}.", False),
    ("en", "It rose to {}.", False),
    ("en", "Prices rose, and output changed by {}.", False),
    ("en", "Prices, up to {}.", False),
    ("zh-Hans", "成本增长{}。", True),
    ("zh-Hans", "同比上升约{}。", True),
    ("zh-Hans", "增长率为{}。", False),
    ("zh-Hans", "涨跌{}。", False),
    ("zh-Hant", "成本成長約{}。", True),
    ("zh-Hant", "成長率為{}。", False),
    ("zh-Hant", "升降{}。", False),
]


@pytest.mark.parametrize(
    ("code", "locale", "text", "warned"),
    [*(("negative-decline", *each) for each in DECLINES), *(("negative-growth", *each) for each in GROWTH)],
)
def test_a_verb_of_change_before_a_negative_figure_causes_a_warning(
    project: ProjectCopy, code: str, locale: str, text: str, warned: bool
) -> None:
    add_claims(project, drop="value: -5, unit: percent", rise="value: 5, unit: percent")
    words = dict.fromkeys(LOCALES, "一")
    for number, (name, wanted) in enumerate((("drop", warned), ("drop:abs", False), ("rise", False))):
        words[locale] = text.format(f"{{reader-survey/{name}}}")
        block = "".join(f"      {tag}: '{said}'\n" for tag, said in words.items())
        added = f"\n  - kind: paragraph\n    id: added-{number}\n    text:\n{block}"
        before = project.read(THEME)
        project.write(THEME, before.rstrip("\n") + added)
        found = [diagnostic for diagnostic in project.check()[1] if diagnostic.code == code]
        assert bool(found) is wanted
        assert all(diagnostic.hint == HINTS[code] and diagnostic.severity == "warning" for diagnostic in found)
        project.write(THEME, before)


def test_modifiers_round_and_print_in_full(project: ProjectCopy) -> None:
    add_claims(project, big="value: 12_300_000, unit: TWD", rate="value: 66.6667, unit: percent")
    line = "{reader-survey/big:full}|{reader-survey/big:round(2)}|{reader-survey/rate:round(4)}"
    add_paragraph(project, "{" + ", ".join(f"{locale}: '{line}'" for locale in LOCALES) + "}")
    assert list_printed_paragraphs(project) == [
        "NT$12,300,000|NT$12 million|66.67%",
        "新台币12,300,000元|新台币1200万元|66.67%",
        "新台幣12,300,000元|新台幣1200萬元|66.67%",
    ]


@pytest.mark.parametrize(
    "modifiers", [":round(0)", ":round", ":full:round(2)", ":abs:abs", ":period:abs", ":percent", ":bare:period"]
)
def test_modifiers_that_mean_nothing_are_refused(project: ProjectCopy, modifiers: str) -> None:
    text = f"A {{reader-survey/wait{modifiers}}}"
    add_paragraph(project, "{" + ", ".join(f"{locale}: '{text}'" for locale in LOCALES) + "}")
    _, found = project.check()
    assert {diagnostic.code for diagnostic in found if diagnostic.severity == "error"} == {"bad-placeholder"}


def test_a_project_sets_a_default_of_digits_and_a_claim_its_own(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "publisher:", "figures: {significant: 3}\npublisher:")
    add_claims(
        project, a="value: 4.125, unit: percent", b="value: 4.125, unit: percent, digits: 2", c="value: 99999999"
    )
    add_table(project, "a", "b", "c", align="start")
    assert list_printed_cells(project)[0] == ["4.13%", "About 4.1%", "About 100 million"]


def test_units_of_every_kind_print(project: ProjectCopy) -> None:
    units = ("USD/kWh", "CNY/second", "basis-point", "percentage-point", "celsius", "tonne", "GW", "km", "person")
    add_claims(project, **{f"u{number}": f"value: 5, unit: {unit}" for number, unit in enumerate(units)})
    add_table(project, *(f"u{number}" for number in range(len(units))))
    english, hans, hant = list_printed_cells(project)
    assert english == [
        *("US$5/kWh", "RMB 5/second", "5 basis points", "5 percentage points", "5°C", "5 tonnes", "5 GW", "5 km"),
        "5 people",
    ]
    assert hans == ["5美元/千瓦时", "5元/秒", "5个基点", "5个百分点", "5°C", "5吨", "5吉瓦", "5公里", "5人"]
    assert hant == ["5美元/千瓦小時", "人民幣5元/秒", "5個基點", "5個百分點", "5°C", "5公噸", "5 GW", "5公里", "5人"]


UNITS = """\
units:
  - id: bus
    words: {en: {one: "{n} bus", other: "{n} buses"}, zh-Hans: "{n}辆", zh-Hant: "{n}輛"}
"""


def test_a_project_declares_its_own_units(project: ProjectCopy) -> None:
    project.write("content/units.yaml", UNITS)
    add_claims(
        project,
        one="value: 1, unit: bus",
        many="value: 220, unit: bus, qualifier: over",
        each="value: 4_000, unit: CNY/bus",
        total="derived: {product: [many, each]}, unit: CNY",
    )
    add_table(project, "one", "many", "each", "total")
    assert list_printed_cells(project) == [
        ["1 bus", "More than 220 buses", "RMB 4,000 per bus", "More than RMB 880,000"],
        ["1辆", "超过220辆", "每辆4000元", "超过88万元"],
        ["1輛", "超過220輛", "每輛人民幣4000元", "超過人民幣88萬元"],
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{n} buses", "buses"),
        (', zh-Hant: "{n}輛"', ""),
        ("id: bus", "id: percent"),
        ("units:\n", 'units:\n  - id: bus\n    words: {en: "{n}", zh-Hans: "{n}", zh-Hant: "{n}"}\n'),
    ],
)
def test_a_unit_that_is_badly_declared_is_refused(project: ProjectCopy, old: str, new: str) -> None:
    project.write("content/units.yaml", UNITS.replace(old, new))
    _, found = project.check()
    assert {diagnostic.code for diagnostic in found if diagnostic.severity == "error"} == {"bad-unit"}


@pytest.mark.parametrize("words", ['en: {one: "{n} bus", other: "{n} buses"}, ', ', zh-Hant: "{n}輛"'])
@pytest.mark.parametrize("unit", ["bus", "CNY/bus", "bus/km"])
def test_a_declared_unit_without_a_locale_is_reported_where_it_is_declared(
    project: ProjectCopy, words: str, unit: str
) -> None:
    project.write("content/units.yaml", UNITS.replace(words, ""))
    add_claims(project, many=f"value: 220, unit: {unit}", unknown="value: 3, unit: zorkmid/bus")
    errors = [(found.code, found.file) for found in project.check()[1] if found.severity == "error"]
    assert errors == [("bad-unit", "content/units.yaml"), ("unknown-unit", "seeds/reader-survey.yaml")]


def test_an_unknown_unit_says_where_to_declare_it(project: ProjectCopy) -> None:
    add_claims(project, x="value: 5, unit: zorkmid")
    (diagnostic,) = [diagnostic for diagnostic in project.check()[1] if diagnostic.code == "unknown-unit"]
    assert "'zorkmid'" in diagnostic.message
    assert "declare it in content/units.yaml" in diagnostic.hint


def test_a_change_from_a_loss_names_both_claims(project: ProjectCopy) -> None:
    add_claims(
        project,
        loss="value: -40_000_000, unit: USD",
        profit="value: 10_000_000, unit: USD",
        turn="derived: {change: [loss, profit]}, unit: percent",
    )
    (diagnostic,) = [diagnostic for diagnostic in project.check()[1] if diagnostic.code == "bad-derivation"]
    wording = "from a loss of {reader-survey/loss:abs} to a profit of {reader-survey/profit}"
    assert "'reader-survey/loss'" in diagnostic.message
    assert "'reader-survey/profit'" in diagnostic.message
    assert wording in diagnostic.message


def test_the_ledger_shows_how_a_figure_was_computed(project: ProjectCopy) -> None:
    ran = project.run("evidence")
    assert "formula: change of riders-before, riders-after = 47.2222222222" in ran.stdout


ROUNDED = {
    "en": "Figures of sources are rounded to 3 significant digits.",
    "zh-Hans": "来源数字均保留3位有效数字。",
    "zh-Hant": "來源數字一律取3位有效數字。",
}


def _join_lines(text: str, locale: str) -> str:
    """The text of a page without the spaces that stand for the room between Han characters and figures."""
    return text.replace("\n", " ") if locale == "en" else re.sub(r"\s", "", text)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_notes_state_the_default_rounding_of_a_project(project: ProjectCopy, locale: str) -> None:
    plain = Project.load(project.root).make_variant("council", locale)
    assert not plain.rounding
    project.replace(SETTINGS, "publisher:", "figures: {significant: 3}\npublisher:")
    pack = Project.load(project.root).build(jobs=1, audiences=("council",), locales=(locale,))
    assert ROUNDED[locale] in html_text(pack["council", locale, "html"].data)
    assert ROUNDED[locale] in docx_outline(pack["council", locale, "docx"].data)
    assert ROUNDED[locale] in _join_lines(pdf_text(pack["council", locale, "pdf"].data), locale)


def test_both_ends_of_a_range_of_money_have_its_decimals(project: ProjectCopy) -> None:
    add_claims(
        project,
        price="low: 1.5, high: 2, unit: USD",
        tariff="low: -0.5, high: 1, unit: CNY/kWh",
        share="low: 1.5, high: 2, unit: percent",
        sum="low: 1_500_000, high: 2_000_000, unit: USD",
    )
    add_table(project, "price", "tariff", "share", "sum", align="start")
    assert list_printed_cells(project) == [
        ["US$1.50–2.00", "−RMB 0.50 to RMB 1.00/kWh", "1.5–2%", "US$1.5–2 million"],
        ["1.50至2.00美元", "−0.50至1.00元/千瓦时", "1.5%至2%", "150万至200万美元"],
        ["1.50至2.00美元", "人民幣−0.50至1.00元/千瓦小時", "1.5%至2%", "150萬至200萬美元"],
    ]


def test_units_of_health_and_transport_print(project: ProjectCopy) -> None:
    units = (
        "mg/dL",
        "mmol/L",
        "\u00b5g",
        "mmHg",
        "tkm",
        "TEU",
        "MtCO2e",
        "ppm",
        "bps",
        "USD/bbl",
        "m3/h",
        "L/min",
        "\u00b5mol/l",
    )
    add_claims(project, **{f"u{number}": f"value: 5.5, unit: {unit}" for number, unit in enumerate(units)})
    add_table(project, *(f"u{number}" for number in range(len(units))), align="start")
    english, _, hant = list_printed_cells(project)
    assert english == [
        *("5.5 mg/dL", "5.5 mmol/L", "5.5 \u03bcg", "5.5 mmHg", "5.5 tkm", "5.5 TEU", "5.5 MtCO₂e", "5.5 ppm"),
        *("5.5 basis points", "US$5.50/bbl", "5.5 m³/h", "5.5 L/min", "5.5 \u00b5mol/L"),
    ]
    assert hant[:2] == ["5.5 mg/dL", "5.5 mmol/L"]
    assert hant[8:] == ["5.5個基點", "5.50美元/桶", "5.5立方公尺/小時", "5.5公升/分鐘", "5.5 \u00b5mol/L"]


def test_an_unknown_part_of_a_quotient_is_named(project: ProjectCopy) -> None:
    add_claims(project, pay="value: 5, unit: JPY/zorkmid")
    (found,) = [diagnostic for diagnostic in project.check()[1] if diagnostic.code == "unknown-unit"]
    assert found.message == "unknown unit 'zorkmid' in 'JPY/zorkmid'"


def test_a_quantity_states_its_decimals(project: ProjectCopy) -> None:
    add_claims(
        project,
        third="value: 0.3333333333, unit: percent, decimals: 1",
        whole="value: 5, unit: percent, decimals: 2",
        none="value: 7.6, unit: km, decimals: 0",
        growth="unit: percent, derived: {change: [riders-before, riders-after]}, decimals: 0",
    )
    add_table(project, "third", "whole", "none", "growth", align="start")
    assert list_printed_cells(project)[0] == ["About 0.3%", "5.00%", "About 8 km", "47%"]


ACCOUNTS = """\
datasets:
  - id: accounts
    file: data/accounts.csv
    key: [year]
    columns: {profit: {unit: USD, decimals: 1}, margin: {unit: percent, decimals: 2}}
"""


def test_a_column_of_a_dataset_states_its_decimals_and_is_added_up_in_full(project: ProjectCopy) -> None:
    """What a spreadsheet computed has up to fifteen digits."""
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + ACCOUNTS)
    project.write("data/accounts.csv", "year,profit,margin\nFY2024,10.0449999,33.3333333333\n2025/26,-5.0049999,12.5\n")
    columns = "".join(
        f"      - {{column: {name}, title: {{en: {name} x, zh-Hans: 一, zh-Hant: 一}}}}\n"
        for name in ("year", "profit", "margin")
    )
    table = f"  - kind: table\n    id: added\n    title: T\n    from: reader-survey/accounts\n    total: sum\n    columns:\n{columns}"
    project.write(THEME, project.read(THEME).rstrip("\n") + "\n" + table)
    tables = [
        next(b for b in v.sections[0].blocks if isinstance(b, Table) and b.id == "added") for v in variants(project)
    ]
    assert [[to_plain_text(cell) for cell in row] for row in tables[0].rows] == [
        ["FY2024", "10.04", "33.33"],
        ["2025/26", "−5.00", "12.50"],
        ["Total", "5.04", "–"],
    ]
    assert [to_plain_text(row[0]) for row in tables[2].rows[:2]] == ["2024財年", "2025/26年度"]


@pytest.mark.parametrize("given", ["decimals: -1", "decimals: 10", "decimals: two"])
def test_decimals_are_from_none_to_nine(project: ProjectCopy, given: str) -> None:
    add_claims(project, x=f"value: 5, {given}")
    found = [diagnostic for diagnostic in project.check()[1] if diagnostic.severity == "error"]
    assert [diagnostic.hint for diagnostic in found] == ["write a digit from 0 to 9"]


def test_a_key_that_is_no_date_is_a_text(project: ProjectCopy) -> None:
    accounts = ACCOUNTS.replace("year", "day").replace("profit: {unit: USD, decimals: 1}, ", "")
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + accounts)
    project.write("data/accounts.csv", "day,margin\n2026-02-30,1\n2026-02-28,2\n")
    add_paragraph(project, "{same: 'A {reader-survey/accounts[2026-02-30].margin}'}")
    assert not [diagnostic for diagnostic in project.check()[1] if diagnostic.severity == "error"]


def test_words_spell_small_numbers_before_units_that_are_words(project: ProjectCopy) -> None:
    add_claims(
        project,
        weeks="value: 2, unit: week, qualifier: nearly",
        years="value: 1, unit: year",
        plain="value: 10, qualifier: over",
        eleven="value: 11, unit: day",
        share="value: 2, unit: percent",
        fare="value: 2, unit: USD",
        half="value: 2.5, unit: hour",
        span="low: 2, high: 3, unit: week",
        many="value: 1, unit: year, qualifier: several",
    )
    names = ("weeks", "years", "plain", "eleven", "share", "fare", "half", "span", "many")
    listed = "; ".join(f"{{reader-survey/{name}:words}}" for name in ("weeks:bare", *names))
    add_paragraph(project, "{" + ", ".join(f"{tag}: '{listed}'" for tag in LOCALES) + "}")
    english, hans, hant = (re.sub(r"[\u2060\u00a0\u202f]", " ", text) for text in list_printed_paragraphs(project))
    english, hans, hant = (re.sub(r" ?\\[\\d+\\]", "", text) for text in (english, hans, hant))
    assert english == (
        "Two weeks; nearly two weeks; one year; more than ten; 11 days; 2%; US$2; 2.5 hours; 2–3 weeks; several years"
    )
    assert hans == "两周; 近两周; 一年; 超过十; 11天; 2%; 两美元; 2.5小时; 2至3周; 数年"
    assert hant == "兩週; 近兩週; 一年; 超過十; 11天; 2%; 兩美元; 2.5小時; 2至3週; 數年"


def test_words_may_differ_between_languages_and_not_join_other_forms(project: ProjectCopy) -> None:
    add_claims(project, weeks="value: 2, unit: week")
    before = project.read(THEME)
    words = "{reader-survey/weeks:words}"
    add_paragraph(project, f"{{en: '{words}', zh-Hans: '{words[:-7]}}}', zh-Hant: '{words[:-7]}:bare:words}}'}}")
    assert [each.code for each in project.check()[1]] == ["reference-mismatch"]
    project.write(THEME, before)
    add_paragraph(project, f"{{en: '{words}', zh-Hans: '{words[:-7]}}}', zh-Hant: '{words}'}}")
    assert project.check()[1] == []
    project.write(THEME, before)
    add_paragraph(project, "'{reader-survey/weeks:words:full}'")
    assert "bad-placeholder" in [each.code for each in project.check()[1]]
