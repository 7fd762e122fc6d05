"""Rules that concern the words are applied once, on the runs that all three formats print."""

import pytest
from typesetting_rules import _table
from variant_samples import sample, text

from brief.model.inline import (
    Citation,
    Code,
    DigitPadding,
    Emphasis,
    Link,
    Number,
    Reference,
    Run,
    Runs,
    Strong,
    Text,
    to_plain_text,
)
from brief.model.variant import Paragraph, Table
from brief.resolve.typesetting import typeset


def set_runs(runs: Runs, locale: str = "zh-Hans") -> Runs:
    (block,) = typeset(sample(locale, blocks=(Paragraph(id="p", text=runs),))).sections[0].blocks
    assert isinstance(block, Paragraph)
    return block.text


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("适配 GPU 之后", "适配GPU之后"),
        ("共 3 个国家，约 70% 的", "共3个国家，约70%的"),
        ("好， AI 视频（ Sora ）", "好，AI视频（Sora）"),
        ("張三 李四", "張三 李四"),
        ("Runway Gen-3 与 Pika", "Runway Gen-3与Pika"),
    ],
)
def test_spaces_typed_for_looks_go_and_others_stay(typed: str, set_: str) -> None:
    assert to_plain_text(set_runs(text(typed))) == set_


def test_spaces_go_where_runs_meet_too() -> None:
    runs: Runs = (
        Text("花了 "),
        Number("500元"),
        Text(" 的 "),
        Strong[Run]((Text("AI "), Emphasis((Text("视频"),)))),
        Link("https://example.org", (Text(" Sora"),)),
        Code("a 视 b"),
    )
    assert to_plain_text(set_runs(runs)) == "花了500元的AI视频Soraa 视 b"


def test_english_keeps_its_spaces() -> None:
    runs: Runs = (Text("The 视频 model of 30 people "), Number("RMB 500"))
    assert set_runs(runs, "en") == runs


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("卖到30个国家", ["30个"]),
        ("第3季度涨了2.5亿元", ["第3季度", "2.5亿元"]),
        ("涨3～5个百分点", ["3～5个百分点"]),
        ("1,200万美元和￥30万", ["1,200万美元", "￥30万"]),
        ("以24 fps生成10秒", ["24 fps", "10秒"]),
        ("Sora 2与Seko 2.0", ["Sora 2", "Seko 2.0"]),
        ("完成B轮融资", ["B轮"]),
        ("Song He认为Sora App会赢", ["Song He", "Sora App"]),
        ("Ben Thompson读The New Yorker和The New Age Now", []),
        ("三个人和GPT4的事", []),
    ],
)
def test_a_number_its_unit_and_its_currency_are_one(typed: str, kept: list[str]) -> None:
    assert [run.text for run in set_runs(text(typed)) if isinstance(run, Number)] == kept


def test_a_printed_number_takes_its_measure_word_along() -> None:
    runs: Runs = (Number("10亿"), Text("条短视频"), Citation((1,)), Reference("t", "表1"))
    assert set_runs(runs)[:2] == (Number("10亿条"), Text("短视频"))


def test_a_date_may_be_divided_between_its_years_and_months() -> None:
    runs: Runs = (Number("2025年第二季度"), Text("到"), Number("2026年3月31日"))
    parts = [run.text for run in set_runs(runs) if isinstance(run, Number)]
    assert parts == ["2025年", "第二季度", "2026年", "3月", "31日"]


@pytest.mark.parametrize("locale", ["en", "zh-Hans"])
def test_columns_of_one_unit_stand_on_the_decimal_point(locale: str) -> None:
    (table,) = typeset(sample(locale, blocks=(_table(),))).sections[0].blocks
    assert isinstance(table, Table)
    room = [[run.text for run in row[1] if isinstance(run, DigitPadding)] for row in table.rows]
    assert room == [["0"], [".00"], [], ["0"]]
    assert all(isinstance(row[1][-1], DigitPadding) for row, lacks in zip(table.rows, room, strict=True) if lacks)
    assert [to_plain_text(row[1]) for row in table.rows] == ["7.5亿元", "21亿元", "0.25亿元", "130.5亿元"]


def test_columns_of_several_units_are_left_alone() -> None:
    table = _table()
    mixed = (*table.rows, ((Text("行"),), (Number("3.25倍"),)))
    (made,) = (
        typeset(sample(blocks=(Table(id="t", title=table.title, columns=table.columns, rows=mixed, note=None),)))
        .sections[0]
        .blocks
    )
    assert isinstance(made, Table)
    assert made.rows == mixed
