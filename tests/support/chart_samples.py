"""Charts of every kind in every locale, ordinary and difficult, with the words of a localised variant."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import assert_never
from xml.etree import ElementTree

from catalogues import load_packaged_catalogue

from brief.model import blocks
from brief.model.appearance.look import Faces, Look
from brief.model.blocks import ChartKind
from brief.model.figures.quantity import Period, Qualifier, Quantity
from brief.model.inline import Text
from brief.model.source_location import Ref, Slug
from brief.model.text import LocalisedText
from brief.model.variant import Chart, Point, Series
from brief.resolve.charts import build_chart_plot, build_series, build_timeline_plot
from brief.resolve.localise.chart_words import compose_subtitle

LOCALES = ("en", "zh-Hans", "zh-Hant")

LOOK = Look(
    colours={
        "brand": "#12355b",
        "accent": "#b4472e",
        "ink": "#1b1f24",
        "muted": "#5c6670",
        "rule": "#c9d0d6",
        "tint": "#eef3f7",
        "paper": "#ffffff",
        "note": "#2f6690",
        "insight": "#12355b",
        "warning": "#b4472e",
        "question": "#6b4e9b",
    },
    series=("#12355b", "#d08c3f", "#4f8fb8", "#8a3324", "#9aa5ae", "#5b7f53"),
    faces={
        "en": Faces(("Source Serif 4", "Noto Serif CJK SC"), ("Inter", "Noto Sans CJK SC")),
        "zh-Hans": Faces(("Source Serif 4", "Noto Serif CJK SC"), ("Inter", "Noto Sans CJK SC")),
        "zh-Hant": Faces(("Source Serif 4", "Noto Serif CJK TC"), ("Inter", "Noto Sans CJK TC")),
    },
)

SVG = "{http://www.w3.org/2000/svg}"

# en, zh-Hans, zh-Hant
Words = tuple[str, str, str]


def parse_svg(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  our own


def chart(
    kind: ChartKind,
    locale: str,
    categories: list[Words],
    series: list[tuple[Words, list[tuple[float, Words]]]],
    unit: Words = ("US$ billion", "亿美元", "億美元"),
    bounds: list[tuple[float, float]] | None = None,
    name: str = "",
) -> Chart:
    at = LOCALES.index(locale)

    def point(index: int, value: float, text: Words) -> Point:
        low, high = (Decimal(str(end)) for end in bounds[index]) if bounds else (None, None)
        return Point(value=Decimal(str(value)), text=text[at], low=low, high=high)

    return Chart(
        id=name or f"{kind.value}-{locale}",
        label=("Figure 1", "图1", "圖1")[at],
        title=(Text(("What video models earn", "视频模型的收入", "影片模型的收入")[at]),),
        chart_kind=kind,
        description=("Kling earns the most & grows.", "可灵收入最高，且仍在增长。", "可靈收入最高，且仍在成長。")[at],
        unit=unit[at],
        categories=tuple(category[at] for category in categories),
        series=tuple(
            Series(title=title[at], points=tuple(point(i, value, text) for i, (value, text) in enumerate(points)))
            for title, points in series
        ),
        citation=(),
        note=None,
    )


def _same(text: str) -> Words:
    return (text, text, text)


def _money(millions: float) -> Words:
    return (f"US${millions:g} million", f"{millions / 100:g}亿美元", f"{millions / 100:g}億美元")


COMPANIES: list[Words] = [
    ("Kuaishou (Kling)", "快手（可灵）", "快手（可靈）"),
    ("MiniMax", "稀宇科技", "稀宇科技"),
    (
        "Shengshu Technology (Vidu), with its overseas distribution",
        "生数科技（Vidu）及其海外发行业务合计口径",
        "生數科技（Vidu）及其海外發行業務合計口徑",
    ),
    ("Runway", "Runway", "Runway"),
    ("Pika Labs", "Pika Labs", "Pika Labs"),
]
REVENUE: Words = ("Revenue", "收入", "營收")
QUARTERS: list[Words] = [
    (f"Q{q} 2025", f"2025年{n}季度", f"2025年第{n}季") for q, n in zip(range(1, 5), "一二三四", strict=True)
]
NAMES: list[Words] = [
    ("Kling", "可灵", "可靈"),
    ("Hailuo AI", "海螺AI", "海螺AI"),
    ("Runway Gen-4", "Runway Gen-4", "Runway Gen-4"),
]
LONG_NAMES: list[Words] = [
    ("Subscriptions by private users in mainland China", "中国大陆个人用户订阅收入", "中國大陸個人用戶訂閱收入"),
    (
        "Programming interface sold to studios and advertisers",
        "面向影视与广告公司的接口收入",
        "面向影視與廣告公司的介面收入",
    ),
    (
        "Everything else, licences and partnerships included",
        "其他收入（含授权与合作分成）",
        "其他收入（含授權與合作分成）",
    ),
]


def _points(values: Sequence[float]) -> list[tuple[float, Words]]:
    return [(value / 100, _money(value)) for value in values]


def plain(kind: ChartKind, locale: str) -> Chart:
    """Makes an ordinary chart."""
    match kind:
        case ChartKind.BARS:
            return chart(kind, locale, COMPANIES, [(REVENUE, _points([250, 71.5, 20, 144, 8]))])
        case ChartKind.GROUPED_BARS:
            rows: list[list[float]] = [[110, 150, 250, 320], [40, 55, 60, 71.5], [80, 90, 100, 144]]
            return chart(kind, locale, QUARTERS, [(n, _points(r)) for n, r in zip(NAMES, rows, strict=True)])
        case ChartKind.LINE:
            rows = [[110, 150, 250, 320], [40, 55, 60, 71.5], [80, 90, 100, 144]]
            return chart(kind, locale, QUARTERS, [(n, _points(r)) for n, r in zip(NAMES, rows, strict=True)])
        case ChartKind.SLOPE:
            rows = [[500, 250], [180, 171.5], [180, 344]]
            ends = [QUARTERS[0], QUARTERS[3]]
            return chart(kind, locale, ends, [(n, _points(r)) for n, r in zip(NAMES, rows, strict=True)])
        case ChartKind.RANGE:
            ranges = [(1, 2), (0.2, 0.9), (3, 5.5), (2, 2), (0, 0.4)]
            texts: list[Words] = [
                (f"US${a:g}–{b:g} billion", f"{a:g}至{b:g}亿美元", f"{a:g}至{b:g}億美元") for a, b in ranges
            ]
            points = [((a + b) / 2, t) for (a, b), t in zip(ranges, texts, strict=True)]
            return chart(kind, locale, COMPANIES, [(REVENUE, points)], bounds=ranges)
        case ChartKind.TIMELINE:
            return make_timeline(locale, EVENTS)
        case ChartKind.STACKED | ChartKind.STACKED_100:
            parts = [[46.5, 41.25, 38, 30], [30, 33, 36.5, 40], [12, 14, 15.5, 20], [11.5, 11.75, 10, 10]]
            return make_chart(kind, locale, QUARTERS, FUELS, [[_percent(value) for value in row] for row in parts])
        case ChartKind.AREA:
            years = [_same(str(year)) for year in range(1990, 2021)]
            growth = [[round(factor * 1.04**at, 1) for at in range(31)] for factor in (120, 60, 25)]
            return make_chart(kind, locale, years, NAMES, [[_amount(value, "km") for value in row] for row in growth])
        case ChartKind.SCATTER:
            axes = [[_amount(value, "USD") for value in (71500, 54200, 33100, 12500, 61800)]]
            axes.append([_amount(value, "year") for value in ("82.1", "84.0", "77.5", "71.2", "80.4")])
            return make_chart(kind, locale, COMPANIES, AXES, axes)
        case ChartKind.DUMBBELL:
            rows = [[110, 150, 250, 320], [140, 55, 260, 371.5]]
            return make_chart(
                kind, locale, QUARTERS, NAMES[:2], [[_amount(value, "km") for value in row] for row in rows]
            )
        case ChartKind.WATERFALL:
            changes = ["1250.5", "310", "-420.5", "-95", "60", "1105"]
            money = [_amount(int(Decimal(value) * 1_000_000), "USD") for value in changes]
            return make_chart(kind, locale, STEPS, [REVENUE], [money])
        case _ as never:
            assert_never(never)


def _percent(value: float) -> Quantity:
    return Quantity(value=Decimal(str(value)), unit="percent")


def _amount(value: float | str | Decimal, unit: str) -> Quantity:
    return Quantity(value=Decimal(str(value)), unit=unit)


def make_chart(
    kind: ChartKind,
    locale: str,
    categories: Sequence[Words],
    titles: Sequence[Words],
    rows: Sequence[Sequence[Quantity | None]],
    *,
    accents: Sequence[int] = (),
    accent_points: Sequence[tuple[int, int]] = (),
    hero: bool = False,
    labelled: Sequence[tuple[int, int]] = (),
    projected_from: int | None = None,
    name: str = "",
) -> Chart:
    """A chart as the localiser makes it of quantities. `labelled` and `accent_points` are pairs of a series and a category."""
    at, catalogue, nothing = (
        LOCALES.index(locale) if locale in LOCALES else 0,
        load_packaged_catalogue(locale),
        LocalisedText(phrases={}),
    )
    block = blocks.Chart(
        id=Slug(name or f"{kind.value}-{locale}"),
        title=nothing,
        chart=kind,
        description=nothing,
        categories=(nothing,) * len(categories),
        series=tuple(
            blocks.Series(
                title=nothing,
                claims=tuple(
                    Ref(f"s{number}/c{index}" if quantity else blocks.NO_FIGURE) for index, quantity in enumerate(row)
                ),
                accent=number in accents,
            )
            for number, row in enumerate(rows)
        ),
        label_points=tuple(Ref(f"s{number}/c{index}") for number, index in labelled),
        accent_points=tuple(Ref(f"s{number}/c{index}") for number, index in accent_points),
        projected_from=None if projected_from is None else Ref(f"s0/c{projected_from}"),
    )
    words = [title[at] for title in titles]
    drawn = build_chart_plot(block, rows, catalogue)
    title = ("What video models earn", "视频模型的收入", "影片模型的收入")[at]
    measure = words[0] if len(words) == 1 else ""
    return Chart(
        id=str(block.id),
        label=("Figure 1", "图1", "圖1")[at],
        title=(Text(title),),
        chart_kind=kind,
        description=("Kling earns the most & grows.", "可灵收入最高，且仍在增长。", "可靈收入最高，且仍在成長。")[at],
        unit=drawn.unit,
        subtitle=compose_subtitle(kind, measure, title, drawn, catalogue),
        categories=tuple(category[at] for category in categories),
        series=build_series(block, words, drawn),
        ticks=drawn.ticks,
        is_hero=hero,
        projection=catalogue.get("projection", "chart") if block.projected_from else "",
        citation=(),
        note=None,
    )


def row(*values: float | str | None, unit: str = "MW", qualifier: Qualifier = Qualifier.EXACT) -> list[Quantity | None]:
    """Quantities of one unit, and None where there is no figure."""
    return [
        None if value is None else Quantity(value=Decimal(str(value)), unit=unit, qualifier=qualifier)
        for value in values
    ]


def number_names(count: int) -> list[Words]:
    """Names of categories or series that differ in their numbers."""
    return [(f"Series {at}",) * 3 for at in range(count)]


def months(count: int) -> list[Words]:
    """Months from January 2022 on."""
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return [
        (f"{names[at % 12]} {2022 + at // 12}", *(f"{2022 + at // 12}年{at % 12 + 1}月",) * 2) for at in range(count)
    ]


FUELS: list[Words] = [
    ("Coal", "煤炭", "煤炭"),
    ("Natural gas", "天然气", "天然氣"),
    ("Wind and solar", "风电与光伏", "風力與太陽能"),
    ("Nuclear", "核电", "核能"),
]
AXES: list[Words] = [
    ("Income per head", "人均收入", "人均所得"),
    ("Life expectancy at birth", "出生时预期寿命", "零歲平均餘命"),
]
STEPS: list[Words] = [
    ("Operating profit 2024", "2024年营业利润", "2024年營業利益"),
    ("Volume", "销量", "銷量"),
    ("Prices of raw materials", "原材料价格", "原物料價格"),
    ("Exchange rates", "汇率", "匯率"),
    ("Savings", "降本", "成本節省"),
    ("Operating profit 2025", "2025年营业利润", "2025年營業利益"),
]


EVENTS: list[tuple[str, Words]] = [
    ("2024-early", ("OpenAI shows Sora", "OpenAI展示Sora", "OpenAI展示Sora")),
    ("2024-06", ("Kuaishou launches Kling", "快手可灵上线", "快手推出可靈")),
    ("2025-Q2", ("Kling earns RMB 250 million", "可灵营收2.5亿元", "可靈營收2.5億元")),
    ("2025-10-01", ("OpenAI launches Sora 2", "OpenAI推出Sora 2", "OpenAI推出Sora 2")),
    ("2026-03-09", ("Naojiti looks back", "脑极体发文回顾", "腦極體撰文回顧")),
]


def make_timeline(locale: str, events: list[tuple[str, Words]], name: str = "") -> Chart:
    """Makes a timeline of periods and events."""
    catalogue = load_packaged_catalogue(locale)
    drawn = build_timeline_plot([[Period.parse(when) for when, _ in events]], catalogue)
    words = [text for _, text in events]
    shown = chart(ChartKind.TIMELINE, locale, words, [], unit=_same(""), name=name)
    return replace(shown, series=(Series(title="", points=drawn.points[0]),), ticks=drawn.ticks)


def awkward(locale: str) -> dict[str, Chart]:
    """Charts that are difficult to lay out, by their difficulty."""
    months: list[Words] = [
        (f"{m} 2025", f"2025年{i}月", f"2025年{i}月")
        for i, m in enumerate(
            [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
            1,
        )
    ]
    growing = [12.0, 18, 25, 24, 31, 40, 38, 52, 60, 58, 71, 99]
    magnitudes = [250_000.0, 3, 0.5, 0, 41]
    signs = [120.0, -80, -3, 0, 45]
    twelve = [(a, _money(a)) for a in growing]
    crowd = [[100.0, 101, 102, 103], [101.0, 100, 103, 102], [99.0, 102, 101, 104]]
    return {
        "one-bar": chart(ChartKind.BARS, locale, COMPANIES[:1], [(REVENUE, _points([250]))]),
        "one-point": chart(ChartKind.LINE, locale, COMPANIES[:1], [(REVENUE, _points([250]))]),
        "no-unit": chart(
            ChartKind.BARS, locale, COMPANIES, [(REVENUE, [(v, _same(f"{v:g}")) for v in signs])], unit=_same("")
        ),
        "signs": chart(ChartKind.BARS, locale, COMPANIES, [(REVENUE, _points(signs))]),
        "all-negative": chart(ChartKind.BARS, locale, COMPANIES, [(REVENUE, _points([-250, -3, -20, -7, -1]))]),
        "all-zero": chart(ChartKind.BARS, locale, COMPANIES, [(REVENUE, _points([0, 0, 0, 0, 0]))]),
        "grouped-signs": chart(
            ChartKind.GROUPED_BARS, locale, COMPANIES, [(NAMES[0], _points(signs)), (NAMES[1], _points(signs[::-1]))]
        ),
        "magnitudes": chart(ChartKind.BARS, locale, COMPANIES, [(REVENUE, _points(magnitudes))]),
        "twelve-bars": chart(ChartKind.BARS, locale, months, [(REVENUE, twelve)]),
        "twelve-points": chart(ChartKind.LINE, locale, months, [(REVENUE, twelve)]),
        "twelve-points-three": chart(
            ChartKind.LINE,
            locale,
            months,
            [(n, _points([v * f for v in growing])) for n, f in zip(NAMES, (1, 1.1, 4), strict=True)],
        ),
        "long-names": chart(
            ChartKind.GROUPED_BARS, locale, COMPANIES, [(n, _points([250, 71.5, 20, 144, 8])) for n in LONG_NAMES]
        ),
        "long-names-line": chart(
            ChartKind.LINE, locale, QUARTERS, [(n, _points(r)) for n, r in zip(LONG_NAMES, crowd, strict=True)]
        ),
        "long-names-slope": chart(
            ChartKind.SLOPE,
            locale,
            COMPANIES[2:4],
            [(n, _points(r[:2])) for n, r in zip(LONG_NAMES, crowd, strict=True)],
        ),
        "crowded-line": chart(
            ChartKind.LINE, locale, QUARTERS, [(n, _points(r)) for n, r in zip(NAMES, crowd, strict=True)]
        ),
        "level-slope": chart(ChartKind.SLOPE, locale, QUARTERS[:2], [(n, _points([100, 100])) for n in NAMES]),
        "unbroken-word": chart(
            ChartKind.BARS,
            locale,
            [_same("Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikant"), _same("B")],
            [(REVENUE, [(1, _same("9" * 40)), (2, _same("2"))])],
        ),
        "negative-line": chart(ChartKind.LINE, locale, QUARTERS, [(REVENUE, _points([-20, 10, -40, 30]))]),
        "slope-of-three": chart(
            ChartKind.SLOPE, locale, QUARTERS[:3], [(n, _points(r[:3])) for n, r in zip(NAMES, crowd, strict=True)]
        ),
        "one-event": make_timeline(locale, EVENTS[3:4], "one-event"),
        "twelve-events": make_timeline(
            locale, [(f"2025-{month:02}", words) for month, words in enumerate(months, 1)], "twelve-events"
        ),
        "long-events": make_timeline(
            locale,
            [(when, title) for (when, _), title in zip(EVENTS, [*LONG_NAMES, *LONG_NAMES], strict=False)],
            "long-events",
        ),
        "whole-span": make_timeline(
            locale, [("2015/2026", LONG_NAMES[0]), ("2015", LONG_NAMES[1]), ("2026-12-31", LONG_NAMES[2])], "whole-span"
        ),
        "one-day": make_timeline(locale, [("2026-03-09", EVENTS[4][1]), ("2026-03-09", EVENTS[3][1])], "one-day"),
        "centuries": make_timeline(locale, [("1895-12-28", EVENTS[0][1]), ("2024-02-15", EVENTS[1][1])], "centuries"),
        "grouped-range": chart(
            ChartKind.RANGE,
            locale,
            COMPANIES[:2],
            [(n, _points([15, 55])) for n in NAMES],
            bounds=[(0.1, 0.2), (0.3, 0.8)],
        ),
    }
