"""One variant for each script, with short texts that test every rule of Chinese typesetting."""

from dataclasses import replace
from decimal import Decimal

from variant_samples import LONG_INTRODUCTION, sample, text

from brief.model.align import Align
from brief.model.blocks import ChartKind
from brief.model.inline import Citation, Code, Emphasis, Number, Runs, Strong, Text
from brief.model.variant import Block, Chart, Column, Paragraph, Point, Series, Table, Variant
from brief.resolve.typesetting import typeset

SCRIPTS = ("zh-Hans", "zh-Hant")
REGIONAL = "骨直角返令"
FILL = {"zh-Hans": "测", "zh-Hant": "測"}
BODY = {
    "zh-Hans": "视频模型的竞争已经从画面转向成本，各家厂商都在用GPU算力换取时间；据业内估计，一条10秒的短片要花费数元，"
    "而这笔账“谁来付”仍无定论——平台、商家还是用户？答案取决于分成……《算力这笔账》一文对此有过讨论（见第3章）。",
    "zh-Hant": "影片模型的競爭已經從畫面轉向成本，各家業者都在用GPU算力換取時間；據業界估計，一支10秒的短片要花費數元，"
    "而這筆帳「誰來付」仍無定論——平台、商家還是用戶？答案取決於分潤……《算力這筆帳》一文對此有過討論（見第3章）。",
}
MEETING = {"zh-Hans": "甲说：“乙。”（丙）、《丁》", "zh-Hant": "甲說：「乙。」（丙）、《丁》"}
OPENED = {"zh-Hans": "《子》丑寅卯", "zh-Hant": "「子」丑寅卯"}


def sheet(locale: str) -> Variant:
    """Makes the variant as a project does, with the rules on runs applied. Its theme begins a page."""
    return typeset(replace(sample(locale, blocks=tuple(_blocks(locale))), introduction=LONG_INTRODUCTION))


def _blocks(locale: str) -> list[Block]:
    fill = FILL[locale]
    blocks: list[Block] = [
        _chart(),
        _table(),
        Paragraph(id="body", text=text(BODY[locale] * 3)),
        Paragraph(id="regional", heading=text(REGIONAL), text=(Text(REGIONAL),)),
        Paragraph(id="gap", text=(Text("用GPU算"), Number("3亿元"), Text("好"))),
        Paragraph(id="typed", text=(Text("甲 GPU 乙 "), Number("3亿元"), Text(" 丙"), Code("a 甲 b"))),
        Paragraph(id="meeting", text=text(MEETING[locale])),
        Paragraph(id="opened", text=text(OPENED[locale])),
        Paragraph(id="cited", text=(Text("甲（乙）"), Citation((1,)), Text("丙"))),
        Paragraph(id="emphasis", text=(Text("子"), Emphasis((Text("丑"),)), Strong((Text("寅"),)))),
    ]
    # Shifted across the end of a line, so that each of these would be divided somewhere.
    for room in range(30, 46):
        runs: Runs = (Text(fill * room), Number("2.5亿元"), Text("子——丑……《寅》卯"))
        blocks.append(Paragraph(id=f"slide-{room}", text=runs))
        blocks.append(Paragraph(id=f"typed-{room}", text=text(fill * room + "约30个国家与Sora 2～3代。")))
    # Its second line begins with a Western word.
    blocks.append(Paragraph(id="starting", text=text(fill * 40 + "GPU" + fill * 30)))
    return blocks


def _table() -> Table:
    figures = ("7.5", "21", "0.25", "130.5")
    return Table(
        id="figures",
        label="表1",
        title=text("小数"),
        columns=(Column(title=text("甲"), align=Align.START), Column(title=text("乙"), align=Align.END)),
        rows=tuple((text(f"行{at}"), (Number(f"{figure}亿元"),)) for at, figure in enumerate(figures)),
        note=None,
    )


def _chart() -> Chart:
    points = tuple(Point(value=Decimal(at), text=f"{at}亿元") for at in (1, 2))
    return Chart(
        id="chart",
        label="图1",
        title=text("图"),
        chart_kind=ChartKind.BARS,
        description="图",
        unit="亿元",
        categories=(REGIONAL, "乙"),
        series=(Series(title="甲", points=points),),
        citation=(Citation((1,)),),
        note=None,
    )
