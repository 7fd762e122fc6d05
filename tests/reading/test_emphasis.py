"""Emphasis markers beside CJK text: in scripts without spaces as in those with them."""

import pytest

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.inline import AuthoredRun, ClaimValue, Emphasis, Strong, Text
from brief.model.source_location import SourceLocation
from brief.reading.texts import markup

HERE = SourceLocation("x.yaml", 1, 1)


def read(source: str) -> str:
    """The text with its bold parts in 【】 and its slanted ones in 〔〕; nothing may have been found wrong with it."""
    sink = DiagnosticSink()
    runs = markup.parse(source, HERE, lambda _: HERE, sink)
    assert sink.found == []
    return "".join(map(_show_marks, runs))


def _show_marks(run: AuthoredRun) -> str:
    match run:
        case Text(text):
            return text
        case Strong(children):
            return f"【{''.join(map(_show_marks, children))}】"
        case Emphasis(children):
            return f"〔{''.join(map(_show_marks, children))}〕"
        case ClaimValue(claim):
            return f"<{claim}>"
        case other:
            raise AssertionError(other)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("这是**「重点」**所在", "这是【「重点」】所在"),
        ("这是**“重点”**所在", "这是【“重点”】所在"),
        ("这是**（重点）**所在", "这是【（重点）】所在"),
        ("**重点。**下一句", "【重点。】下一句"),
        ("“**重点**”所在", "“【重点】”所在"),
        ("**甲**，**乙**。", "【甲】，【乙】。"),
        ("他说*「不」*了", "他说〔「不」〕了"),
        ("これは**「重要」**です", "これは【「重要」】です"),
        ("이것은**‘중요’**합니다", "이것은【‘중요’】합니다"),
        ("葛\U000e0100**“城”**的", "葛\U000e0100【“城”】的"),
    ],
)
def test_quotes_may_be_bold_between_han_characters(source: str, shown: str) -> None:
    assert read(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("降到**{a/b}**元", "降到【<a/b>】元"),
        ("降到**{a/b}**，而", "降到【<a/b>】，而"),
        ("**{a/b}**以下", "【<a/b>】以下"),
        ("It fell by**{a/b}**in a year", "It fell by【<a/b>】in a year"),
        ("是**“大”**{a/b}倍", "是【“大”】<a/b>倍"),
    ],
)
def test_a_placeholder_may_be_bold_beside_any_character(source: str, shown: str) -> None:
    assert read(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a **bold** word", "a 【bold】 word"),
        ("un**frigging**believable", "un【frigging】believable"),
        ("5 * 3 * 2 and snake_case_name", "5 * 3 * 2 and snake_case_name"),
        ("_slanted_ and (_so_)", "〔slanted〕 and (〔so〕)"),
        ("***both***", "〔【both】〕"),
        ('a*"quoted"*b', 'a*"quoted"*b'),
        ("a*🙂*b", "a*🙂*b"),
    ],
)
def test_other_scripts_keep_the_rules_of_commonmark(source: str, shown: str) -> None:
    assert read(source) == shown


@pytest.mark.parametrize(("source", "times"), [("是** 重点**的", 1), ("**a b", 1), ("**a ** and **b **", 2)])
def test_a_pair_that_does_not_close_causes_a_warning_once(source: str, times: int) -> None:
    sink = DiagnosticSink()
    markup.parse(source, HERE, lambda _: HERE, sink)
    assert [diagnostic.code for diagnostic in sink.found] == ["unclosed-markup"] * times
