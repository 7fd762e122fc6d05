"""A withheld figure is found by its value, however it is written."""

from decimal import Decimal
from pathlib import Path

import polib
import pytest
from projects import ProjectCopy

import brief
from brief.inspection.extract.part import BREAK
from brief.inspection.figure_notation import find_figures
from brief.inspection.figures import FigureFinder, is_rare, is_rare_amount
from brief.inspection.folding import fold
from brief.reading.tables import written_units

BASE = Path(__file__).parents[2] / "templates/base"
CATALOGUES = Path(brief.__file__).parent / "catalogues"
SCALE_PATTERNS = [
    (path.stem, entry.msgid, pattern)
    for path in sorted(CATALOGUES.glob("*.po"))
    for entry in polib.pofile(str(path))
    if entry.msgctxt == "scale"
    for pattern in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
]

SPELLINGS = (
    "CNY 77,700,000",
    "77.7m yuan",
    "77 700 000",
    "７７．７ million",
    "七千七百七十万元",
    "7770万",
    "¥77.7 million",
    "0.0777 billion",
    "77.700.000",
    "RMB 77.7 million",
    "77,7 Mio. CNY",
    "77,7 Millionen",
    "77,7 млн",
    "0.777亿元",
    "柒仟柒佰柒拾万元",
    "7千7百70万",
    "7.77e7",
    "7.77 × 10⁷",
    "77'700'000",
    "77\u202f700\u202f000",
    "7,77,00,000",
    "777 lakh",
    "7.77 crore",
    "٧٧٬٧٠٠٬٠٠٠",
    "७७७०००००",
    "77·7 million",
    "77٫7 million",
    "77 million 700 thousand",
    "77 million and 700 thousand",
    "77 million + 0.7 million",
    "77 + 0.7 million",
    "0x4A19BA0",
    "0b100101000011001101110100000",
    "seventy-seven million seven hundred thousand",
    "Seventy seven million, seven hundred thousand".replace(",", ""),
    "(77.7) million",
    "7770w",
    "7,770만",
    "77.7百万",
    "77,700 thousand",
    "77,700千元",
    "77,7 mln",
    "77.7 milioni",
    "七七七〇〇〇〇〇",
    "seventy-seven point seven million",
    "77\u200b700\u200b000",
    "77\xad,700,000",
    "⑦⑦.⑦ million",
    "𝟕𝟕.𝟕 million",
    "7.77千万",
    "77.7MM",
    "77.7mm",
    "RMB 77.7mm",
    "77,7 Mill. CNY",
    "0,0777 Mrd. CNY",
    "0,0777 Md",
    "77,7 M",
    "77.7 x 10^6",
    "77.7 x 10**6",
    r"77.7 \times 10^{6}",
    "77.7 × 1,000,000",
    "7,770万元",
    "7천7백70만",
    "칠천칠백칠십만",
    "七七七〇万",
    "7.77 crores",
    "777 lacs",
    "7.77 cr",
    "77,7 mil.",
    "77.7 millón",
    "77,7 milyon",
    "77,7 triệu",
    "77.7 ล้าน",
    "77 700 tis.",
    "7,770 ten thousand",
    "77.7 thousand thousand",
    "77 million, 700 thousand",
    "seven crore seventy-seven lakh",
    "7 7 7 0 0 0 0 0",
    "CNY m 77.7",
    "CNYm 77.7",
    "RMB million 77.7",
    "RMB’000 77,700",
    "CNY (in thousands): 77,700",
    "(in millions) 77.7",
    "in millions of yuan: 77.7",
    "单位：百万元 77.7",
    "（万元）7,770",
    "人民币万元 7770",
    "77.7 (million)",
    "77.7 (CNY m)",
    "77.7 CNY m",
    "零点七七七亿",
    "〇點七七七億",
    "七点七七千万",
    "七七点七百万",
    "七千七百七十 万",
    "7천 7백 70만",
    "77 point 7 million",
    "77•7 million",
    "77ʼ700ʼ000",
    "777 x 100,000",
    "7.77×10000000",
    "7.77 * 10 ^ 7",
    "7.77 × 107",
    "777 hundred thousands",
    "0,0777 miliardy",
    "77,7 milionů",
    "77,7 мільйонів",
    "77,7 εκατομμύρια",
    "7,770 wan",
    "❼❼❼⓿⓿⓿⓿⓿",
    "7️⃣7️⃣7️⃣0️⃣0️⃣0️⃣0️⃣0️⃣",
    "7\u03367\u0336.7\u0336 million",
    "77.7 Мillion",
    "77.7 ᴍɪʟʟɪᴏɴ",
    "77.7 mïllïon",
    "77.7 MCNY",
    "MCNY 77.7",
    "77, 700, 000",
    "77 ,700 ,000",
    "77-700-000",
    "77/700/000",
    "77′700′000",
    "77،700،000",
    "77\n700\n000",
    "77. 7 million",
    "77 .7 million",
    "77 million + 700 thousand",
    "77 million plus 700 thousand",
    "seventyseven million seven hundred thousand",
    "seventy-seven and seven tenths million",
    "칠천 칠백 칠십만",
    "77.7kk",
    "77,7 милиони",
    "77,7 мільйона",
    "77.7 მილიონი",
    "77.7 միլիոն",
    "777 লাখ",
    "৭.৭৭ কোটি",
    "7.77 کروڑ",
    "siebenundsiebzig Millionen siebenhunderttausend",
    "siebenundsiebzig Komma sieben Millionen Yuan",
    "Siebenundsiebzigmillionensiebenhunderttausend",
    "sieben und siebzig Millionen sieben hundert tausend",
    "soixante-dix-sept millions sept cent mille yuans",
    "soixante-dix-sept virgule sept millions",
    "soixante dix sept millions sept cents mille",
    "septante-sept millions sept cent mille",
    "setenta y siete millones setecientos mil yuanes",
    "setenta y siete coma siete millones",
    "setenta y siete millones setecientas mil",
    "se\u00adtenta y\xa0siete MILLONES setecientos mil",
)
RANGES = (
    "77.7–80 million",
    "77.7 to 80 million",
    "between 77.7 and 80 million",
    "77.7至80百万",
    "RMB 77.7-RMB 80 million",
)


@pytest.mark.parametrize(("locale", "factor", "pattern"), SCALE_PATTERNS)
def test_every_scale_that_a_catalogue_prints_is_read(locale: str, factor: str, pattern: str) -> None:
    found = find_figures(fold(pattern.replace("{n}", "17")))
    assert 17 * Decimal(factor) in {figure.value for figure in found}, (
        f"inspection/scale_words.py lacks a word of {locale}"
    )


def test_every_multiple_of_a_column_is_read_as_a_scale() -> None:
    words = {word: factor for word, factor in written_units.MULTIPLES.items() if word.isalpha() or " " in word}
    assert len(words) > 30
    read = {word: {figure.value for figure in find_figures(fold(f"17 {word}"))} for word in words}
    assert [word for word, factor in words.items() if 17 * factor not in read[word]] == []


@pytest.mark.parametrize("written", SPELLINGS)
def test_each_spelling_has_the_same_value(written: str) -> None:
    assert Decimal(77_700_000) in {figure.value for figure in find_figures(f"It was {written}.")}


@pytest.mark.parametrize("written", RANGES)
def test_the_first_figure_of_a_range_has_the_scale_of_the_second(written: str) -> None:
    assert Decimal(77_700_000) in {figure.value for figure in find_figures(f"It was {written}.")}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("一亿二千万", 120_000_000),
        ("十二", 12),
        ("三千零五", 3005),
        ("1.5bn", 1_500_000_000),
        ("2,500.75", Decimal("2500.75")),
        ("half a billion", 500_000_000),
        ("one-half billion", 500_000_000),
        ("½ billion", 500_000_000),
        ("seven tenths of a billion", 700_000_000),
        ("7/10 billion", 700_000_000),
        ("three-quarters of a million", 750_000),
        ("a quarter million", 250_000),
        ("one and a half billion", 1_500_000_000),
        ("a billion and a half", 1_500_000_000),
        ("1.2tn", 1_200_000_000_000),
        ("1,2 Bio.", 1_200_000_000_000),
        ("1.2兆", 1_200_000_000_000),
        ("一万五", 15_000),
        ("1万5", 15_000),
        ("一万零五", 10_005),
        ("三千五百", 3500),
        ("anderthalb Millionen", 1_500_000),
        ("zweieinhalb Milliarden", 2_500_000_000),
        ("dreihundertfünfundzwanzigtausendvierhundertzwölf", 325_412),
        ("un million et demi", 1_500_000),
        ("quatre-vingt-dix-sept mille trois cent quarante", 97_340),
        ("quatre vingt dix millions", 90_000_000),
        ("dos millones y medio", 2_500_000),
        ("setenta y siete mil setecientos millones", 77_700_000_000),
        ("setenta y siete coma setenta y cinco millones", 77_750_000),
        ("soixante-dix-sept virgule sept cinq millions", 77_750_000),
        ("two thirds", Decimal("66.7")),
        ("a third of them", Decimal("33.3")),
        ("三分之二", Decimal("66.7")),
        ("三分之一", Decimal("33.3")),
        ("77.7 mm", Decimal("77.7")),
        ("1.5 m", Decimal("1.5")),
    ],
)
def test_other_figures(written: str, value: Decimal) -> None:
    assert value in {figure.value for figure in find_figures(written)}


@pytest.mark.parametrize(
    "written",
    [
        "2025",
        "12",
        "70%",
        "version 1.2.3",
        "二〇二五年",
        "page 300",
        "mil novecientos noventa y nueve",
        "dix mille",
        "tausend und eine Nacht",
    ],
)
def test_common_numbers_tell_nothing(written: str) -> None:
    assert not [
        figure
        for figure in find_figures(written)
        if is_rare(figure.value) or (figure.currencies and is_rare_amount(figure.value))
    ]


@pytest.mark.parametrize("written", ["a third bus", "the third million", "half the fleet", "the second half"])
def test_ordinals_and_halves_of_things_are_no_figures(written: str) -> None:
    assert [figure.value for figure in find_figures(written) if is_rare(figure.value)] == []
    assert Decimal("33.3") not in {figure.value for figure in find_figures(written)}


WITHHELD = Decimal(77_653_000)


def finds(text: str, *visible: int, value: Decimal = WITHHELD, unit: str = "CNY", words: tuple[str, ...] = ()) -> bool:
    finder: FigureFinder[str] = FigureFinder(frozenset(map(Decimal, visible)))
    finder.add(value, unit, ("yuan", "元", *words), "secret")
    return list(finder.find(text)) == ["secret"]


@pytest.mark.parametrize(
    "text",
    [
        "around 78 million yuan",
        "about RMB 78m",
        "¥77.7m",
        "CNY 77,700,000",
        "78,000,000 yuan",
        "约7800万元",
        "約7,770萬元",
        "七千八百万元",
        "over 77 million yuan",
        "RMB 77m+",
        "逾7700万元",
        "more than RMB 77 million",
        "nearly 78 million yuan",
        "seventy-eight million yuan",
        "achtundsiebzig Millionen Yuan",
        "soixante-dix-huit millions yuan",
        "setenta y ocho millones yuan",
        "0.078 billion yuan",
        "7.8e7 yuan",
    ],
)
def test_a_figure_rounded_to_its_digits_is_found_by_its_unit(text: str) -> None:
    assert finds(f"It was {text}.")


@pytest.mark.parametrize(
    "text",
    [
        "around 78 million",  # of what?
        "around 80 million yuan",  # one digit
        "around 77 million yuan",  # 77,653,000 is not rounded so
        "78.0 million yuan",
        "US$78 million",
        "78 million riders",
        "over 78 million yuan",
        "nearly 77 million yuan",
    ],
)
def test_other_rounded_figures_are_not(text: str) -> None:
    assert not finds(f"It was {text}.")


def test_a_visible_figure_explains_a_rounded_one() -> None:
    assert not finds("It was 78 million yuan.", 78_200_000)
    assert finds("It was 78 million yuan.", 79_200_000)


def test_small_figures_need_three_digits_to_be_found_rounded() -> None:
    def finds_share(text: str, value: str) -> bool:
        return finds(text, value=Decimal(value), unit="percent", words=("percent", "%"))

    assert finds_share("66.7% of riders", "66.67")
    assert finds_share("two thirds of riders", "66.67")
    assert finds_share("三分之二的乘客", "66.7")
    assert not finds_share("67% of riders", "66.67")
    assert not finds_share("a third bus", "33.33")


@pytest.mark.parametrize(
    "text",
    [
        "two in three riders",
        "2 out of 3 riders",
        "two of every three riders",
        "2/3 of riders",
        "⅔ of riders",
        "3分之2的乘客",
        "三分の二",
        "3분의 2",
    ],
)
def test_a_ratio_is_a_share(text: str) -> None:
    assert finds(text, value=Decimal("66.7"), unit="percent", words=("percent", "%"))


@pytest.mark.parametrize(
    "text", ["page 2 of 3", "2/3 in May", "at 2 in 1984", "2 in 1.5 hours", "3 out of 2", "12 in 2024"]
)
def test_these_are_no_ratios(text: str) -> None:
    for value in ("66.7", "133", "0.595", "150"):
        assert not finds(text, value=Decimal(value), unit="percent", words=("percent", "%"))


@pytest.mark.parametrize(
    "text", ["384‰", "384 per mille", "3,840 basis points", "3840 bp", "3840个基点", "0.384 of riders"]
)
def test_parts_of_a_thousand_and_basis_points_are_percentages(text: str) -> None:
    assert finds(text, value=Decimal("38.4"), unit="percent", words=("percent", "%"))


@pytest.mark.parametrize("text", ["42.5m yuan", "RMB 42,500,000 a year", "42.5 million yuan"])
def test_the_currency_of_a_yearly_amount_is_enough(text: str) -> None:
    assert finds(text, value=Decimal(42_500_000), unit="CNY/year")


HEADS = ("RMB million", "Cost (CNY m)", "RMB m", "in millions", "单位：百万元", "（百万元）", "¥ mn")


@pytest.mark.parametrize("text", [r"$7.77 \times 10^7$ yuan", "$77{,}700{,}000$ yuan", "$77.7$ million yuan"])
def test_the_marks_of_a_formula_are_no_dollars(text: str) -> None:
    assert finds(text, value=Decimal(77_700_000))


@pytest.mark.parametrize("head", HEADS)
def test_a_figure_below_the_head_of_its_column_is_found(head: str) -> None:
    table = ["Cost", head, "Year", "2024", "70.1", "2025", "77.653"]
    assert finds(BREAK.join(table))
    assert not finds(BREAK.join([*table[:-1], "77.7"])), "a rounded figure may be one of anything"
    assert not finds(BREAK.join([*table[:-1], "77.653%"]))
    assert not finds(BREAK.join([*table[:1], *table[2:]]))


def test_two_digits_in_a_column_may_be_a_figure_of_anything() -> None:
    assert not finds(f"RMB million{BREAK}42", value=Decimal(42_000_000))
    assert finds("RMB million 42", value=Decimal(42_000_000))


def test_a_column_of_another_currency_or_of_visible_figures_is_not() -> None:
    assert not finds(f"Cost, US$ million{BREAK}77.653")
    assert finds(f"Cost, US$ million{BREAK}RMB'000{BREAK}1{BREAK}77,653")


def _add_rival(project: ProjectCopy) -> None:
    project.write(
        "seeds/reader-survey.yaml",
        project.read("seeds/reader-survey.yaml").replace(
            "claims:\n",
            "claims:\n  - id: rival\n    clearance: internal\n"
            "    says: {en: A rival figure., zh-Hans: 另一数字。, zh-Hant: 另一數字。}\n"
            "    quantity: {value: 77_700_000, unit: CNY, period: 2025}\n",
            1,
        ),
    )


def test_no_spelling_gets_through_a_build(project: ProjectCopy) -> None:
    _add_rival(project)
    build = ("build", "-a", "public", "-l", "en", "-f", "html", "--jobs", "1")
    assert project.run(*build).status == 0
    theme = "content/themes/ridership.yaml"
    clean = project.read(theme)
    for written in (*SPELLINGS[:10], *SPELLINGS[10::10]):
        line = f'  - {{en: "It was {written} then.", zh-Hans: 甲。, zh-Hant: 甲。}}\n'
        project.write(theme, clean.replace("takeaways:\n", f"takeaways:\n{line}", 1))
        ran = project.run(*build)
        assert ran.status == 1, written
        assert (
            "seeds/reader-survey.yaml" in ran.stderr or "withheld-claim" in ran.stderr or "right-to-left" in ran.stderr
        ), written


@pytest.mark.parametrize(
    "elements",
    [
        ["The cost is RMB 77.7", "million", "a year"],
        ["77.7 ", "million yuan"],
        ["77", ".7", " million yuan"],
        ["CNY 77", ",700,", "000"],
        ["CNY ", "77", ",700", ",000"],
        ["77.7", " ", "(million)"],
        [" CNY 77 ", " ,700 ", " ,000 "],
        [" CNY 77, ", " 700, ", " 000 "],
        ["", *"77700000", " yuan"],
        ["CNY 7", *"770000", "0 a year"],
        ["CNY 7", "7", ".", "7", "million"],
        ["7 7 . 7 million yuan"],
        ["it was 7 7 7 0 0 0 0 0 yuan"],
        ["7770", "万元"],
        ["７７．７", "ｍｉｌｌｉｏｎ"],
        ["77.7", "m yuan"],
    ],
)
def test_a_figure_that_elements_divide_is_found(elements: list[str]) -> None:
    assert list(_find_cost(elements)) == ["the cost"]


@pytest.mark.parametrize(
    "elements",
    [
        ["7", "7", "riders"],
        ["7 7", "7 7"],
        [*"77700001", "yuan"],
        ["77.7", "riders"],
        ["77", "700", "000"],
        ["77.7", "Mayor"],
        ["77.7", "2 million"],
        ["77.7.", "Million"],
    ],
)
def test_words_of_neighbours_are_no_figure(elements: list[str]) -> None:
    assert list(_find_cost(elements)) == []


def _find_cost(elements: list[str]) -> set[str]:
    finder: FigureFinder[str] = FigureFinder()
    finder.add(Decimal(77_700_000), "CNY", ("yuan",), "the cost")
    return set(finder.find(BREAK.join(elements)))


def test_a_figure_that_is_typed_in_a_text_is_named_with_its_line(project: ProjectCopy) -> None:
    _add_rival(project)
    theme = "content/themes/ridership.yaml"
    project.replace(theme, "The cost is known and stable.", "The cost is known, about 77.7 million yuan.")
    line = project.read(theme)[: project.read(theme).index("77.7")].count("\n") + 1
    for form in ("html", "pdf", "docx"):
        ran = project.run("build", "-a", "public", "-l", "en", "-f", form, "--jobs", "1", "--draft")
        assert (ran.status, ran.stderr.count("may not see this figure")) == (1, 1), ran.stderr
        assert f"it is typed at {theme}:{line}:" in ran.stderr
        assert "give that text the clearance of this item" in ran.stderr
        assert "template set" not in ran.stderr


_TABLE = """  - kind: table
    id: costs
    depth: summary
    title: {{en: Costs, zh-Hans: 费用, zh-Hant: 費用}}
    columns:
      - title: {{en: First, zh-Hans: 甲, zh-Hant: 甲}}
      - title: {{en: Second, zh-Hans: 乙, zh-Hant: 乙}}
      - title: {{en: Third, zh-Hans: 丙, zh-Hant: 丙}}
    rows:
      -
        - {{en: {0}, zh-Hans: {0}, zh-Hant: {0}}}
        - {{en: {1}, zh-Hans: {1}, zh-Hant: {1}}}
        - {{en: {2}, zh-Hans: {2}, zh-Hant: {2}}}
"""


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("About 77.7", "million yuan", "More"), (0, 1)),
        (("More", '"7770"', '"万元"'), (1, 2)),
        (("CNY 77", '",700"', '",000"'), (0, 1, 2)),
    ],
)
def test_an_item_that_texts_have_together_is_named_with_their_lines(
    project: ProjectCopy, cells: tuple[str, str, str], expected: tuple[int, ...]
) -> None:
    _add_rival(project)
    theme = "content/themes/ridership.yaml"
    content = project.read(theme).rstrip("\n") + f"\n{_TABLE.format(*cells)}"
    project.write(theme, content)
    project.replace("content/audiences/public.yaml", "[html, pdf, docx]", "[html, pdf, docx, json, md]")
    first = content[: content.index("        - {en: " + cells[0])].count("\n") + 1
    formats = ("html", "pdf", "docx", "json", "md")
    ran = project.run("build", "-a", "public", "-l", "en", *(f"-f{form}" for form in formats), "--draft")
    assert ran.status == 1, ran.stderr
    for form in formats:
        found = [line for line in ran.stderr.splitlines() if f"public.en.{form}" in line]
        assert found, form
        for line in found:
            named = [
                index
                for index in range(3)
                if f"{theme}:{first + index}:" in line.partition("divided among the texts at ")[2]
            ]
            assert tuple(named) == expected, line
    assert "template set" not in ran.stderr


def test_a_figure_that_a_template_divides_stops_a_build(project: ProjectCopy) -> None:
    _add_rival(project)
    project.replace("content/brief.yaml", "template_set: base", "template_set: mine")
    project.write("templates/mine/set.yaml", "extends: base\n")
    base = (BASE / "block/metrics.html.j2").read_text("utf-8")
    for markup in (
        "<p>RMB <b>77.7</b> <i>million</i></p>",
        "<p>CNY <span>77</span><span>,700</span><span>,000</span></p>",
        "<table><tr><td>77.7</td>\n<td>million yuan</td></tr></table>",
    ):
        project.write("templates/mine/block/metrics.html.j2", base + markup)
        ran = project.run("build", "-a", "public", "-l", "en", "-f", "html", "-f", "pdf", "--jobs", "1")
        assert (ran.status, ran.stderr.count("may not see this figure")) == (1, 2), (markup, ran.stderr)
