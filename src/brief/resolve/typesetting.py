"""Applies the rules of typesetting that concern the words themselves, once, to a resolved variant.

What is left to each engine (the space between Han and Latin, the width of punctuation, justification) needs clean
text: without spaces typed for appearance, and with unbreakable parts marked. The rules are those of CLREQ (Requirements
for Chinese Text Layout) and of GB/T 15834-2011; English keeps its spaces.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from brief.model.align import Align
from brief.model.assets import Image
from brief.model.catalogue import Catalogue
from brief.model.han import CLOSING, IDEOGRAPHS, OPENING, POINTS, UNTRIMMED_MARKS, WESTERN, WORD_JOINER
from brief.model.inline import (
    RUN_TYPES,
    Citation,
    DigitPadding,
    Emphasis,
    Footnote,
    Link,
    Number,
    Run,
    Runs,
    Strong,
    Text,
    to_plain_text,
)
from brief.model.locale import get_primary_language
from brief.model.variant import Table, Variant

T = TypeVar("T")

_WESTERN_MARKS = "%‰°℃"
_WIDE = f"{IDEOGRAPHS}{OPENING}{CLOSING}{POINTS}{UNTRIMMED_MARKS}"
# A space that an author typed between Han and Latin, or beside a mark that includes its own space.
_TYPED_SPACE = re.compile(
    f"(?<=[{_WIDE}]) +(?=[{WESTERN}])|(?<=[{WESTERN}{_WESTERN_MARKS}]) +(?=[{_WIDE}])"
    f"|(?<=[{OPENING}{CLOSING}{POINTS}{UNTRIMMED_MARKS}]) +(?=\\S)|(?<=\\S) +(?=[{OPENING}{CLOSING}{POINTS}{UNTRIMMED_MARKS}])"
)
_SCALES = "(?:[十百千]?[万萬亿億兆]+|[十百千])"
_MEASURES = (
    "(?:[千兆吉太]瓦(?:小?[时時])?|百萬瓦(?:小?時)?|十億瓦(?:小?時)?|平方公里|立方公尺|立方米|公里|公斤|公克|公噸|公頃|公顷|公升|公分|毫升|毫克|微克|千克|千米|厘米|毫米|摄氏度|攝氏度"
    "|个百分点|個百分點|百分点|百分點|人民币|人民幣|美元|港元|欧元|歐元|英镑|英鎊|日元|日圓|小时|小時|分钟|分鐘|季度"
    "|[元块塊年月日天周週岁歲季时時分秒个個倍次页頁条條部家人名位种種项項支款集帧幀张張字台级級层層章节節号號期届屆套轮輪场場份篇步折])"
)
_DIGITS = r"\d+(?:[.,:/]\d+)*"
# A number with its scale and measure word, and the currency or ordinal before it; a letter that counts; a name and its
# version; a name of two short words.
_UNDIVIDED = re.compile(
    rf"(?:US\$|HK\$|NT\$|RMB ?|[$€£¥￥+±−]|第)?{_DIGITS}(?:[～–-]{_DIGITS})?"
    rf"(?:{_SCALES}?{_MEASURES}(?:/[秒分时時天])?|{_SCALES}|[%‰℃]| (?:[kMGT]?Hz|fps|px|[KMGT]?B|[PEZ]?FLOPS)(?![A-Za-z]))"
    r"|(?<![A-Za-z])[A-Z]\+?[轮輪站股]|[A-Z][A-Za-z]+ \d+(?:\.\d+)*(?!\d)"
    r"|(?<![A-Za-z])(?<![A-Za-z] )[A-Z][a-z]{1,3} [A-Z][a-z]{1,3}(?![A-Za-z]| [A-Za-z])"
)
_MEASURED = re.compile(f"{_SCALES}?{_MEASURES}|{_SCALES}")
_DATE_PARTS = re.compile(r"(?<=[年月])(?=[\d第上下])|(?<=[年月日季度])(?=至\d)|(?<=[年月日季度]至)(?=\d)")
_COUNTED = re.compile(r"[\d十百千万萬亿億兆]$")
# Where a line could break in a number with its unit, or in a name with its version (Unicode Standard Annex 14).
_CURRENCY_SIGNS = "$\u00a2-\u00a5\u09f2\u09f3\u0e3f\u17db\u20a0-\u20cf\uffe5\uffe1"
_SIGN_BEFORE_CURRENCY = f"(?<=[−+±])(?=[{_CURRENCY_SIGNS}])"
_BREAKING = re.compile(f"(?<=[ {IDEOGRAPHS}～/–-])(?=\\S)|(?<=\\S)(?=[{IDEOGRAPHS}])|{_SIGN_BEFORE_CURRENCY}")
# A headline figure: 千 before 瓦 is of the unit, and not of the number.
_HEADLINE_NUMBER = rf"\d[^{IDEOGRAPHS}]*(?:[万萬亿億兆]+(?![瓦赫焦帕])|[十百千](?![瓦克米焦帕卡赫伏人]))?"
_HEADLINE = re.compile(
    rf"(?P<before>\D*)(?P<number>{_HEADLINE_NUMBER}(?:至{_HEADLINE_NUMBER})?)(?P<unit>[{IDEOGRAPHS}]\D*)"
)
_BETWEEN_HAN = re.compile(f"(?<=[{IDEOGRAPHS}/])(?=[{IDEOGRAPHS}/])")
_FIGURE = re.compile(r"(?P<before>\D*)(?P<whole>\d[\d,]*)(?P<decimals>(?:\.\d+)?)(?P<after>\D*)")


def typeset(variant: Variant) -> Variant:
    """Returns the variant with its words ready for setting; in locales other than Chinese, only its figures."""
    return _set_value(variant, chinese=get_primary_language(variant.locale) == "zh")


def insert_word_joiners(text: str) -> str:
    """Returns the words of a `Number` with word joiners, so that they stay on one line in running text."""
    return _BREAKING.sub(WORD_JOINER, text)


def join_sign(text: str, joiner: str) -> str:
    """Returns a figure with a joiner between its sign and a currency sign, where a line could break: `−€5`."""
    return re.sub(_SIGN_BEFORE_CURRENCY, joiner, text)


def join_headline(text: str) -> str:
    """Returns a headline figure with word joiners within its number and within its unit, so that a narrow line ends between both:
    12億 | 千瓦時.
    """
    match = _HEADLINE.fullmatch(text)
    if match is None:
        return join_sign(text, WORD_JOINER)
    return match["before"] + insert_word_joiners(match["number"]) + _BETWEEN_HAN.sub(WORD_JOINER, match["unit"])


def _set_value(value: T, *, chinese: bool) -> T:
    """Typesets any part of the variant, down to its texts."""
    made: Any = value
    if isinstance(value, str):
        made = _TYPED_SPACE.sub("", value) if chinese and " " in value else value
    elif isinstance(value, tuple):
        if value and isinstance(value[0], RUN_TYPES):
            made = _set_runs(value) if chinese else value
        else:
            made = tuple(_set_value(item, chinese=chinese) for item in value)
    elif is_dataclass(value) and not isinstance(value, type | Image | Catalogue):
        changed = {}
        for field in fields(value):
            old = getattr(value, field.name)
            new = _set_value(old, chinese=chinese)
            if new is not old:
                changed[field.name] = new
        made = replace(made, **changed) if changed else value
        if isinstance(made, Table):
            made = _align_decimals(made)
    return made  # type: ignore[no-any-return]


def _set_runs(runs: Runs) -> Runs:
    joined = _join_numbers(_close_up_spaces(runs))
    return tuple(
        replace(run, paragraphs=tuple(map(_set_runs, run.paragraphs))) if isinstance(run, Footnote) else run
        for run in joined
    )


def _close_up_spaces(runs: Runs) -> Runs:
    """Returns the runs without spaces typed for appearance, also where Han and Latin meet across runs."""
    leaves = list(_walk_leaves(runs))
    words = "".join(words for words, _ in leaves)
    if " " not in words:
        return runs
    typed = {location for match in _TYPED_SPACE.finditer(words) for location in range(*match.span())}
    kept, start = [], 0
    for text, is_prose in leaves:
        locations = range(start, start + len(text))
        start += len(text)
        kept.append("".join(words[location] for location in locations if not is_prose or location not in typed))
    return _replace_leaves(runs, iter(kept))


def _walk_leaves(runs: Runs) -> Iterator[tuple[str, bool]]:
    """Yields the words of each run without children, and whether they are prose, in which a typed space is removed."""
    for run in runs:
        match run:
            case Strong(children) | Emphasis(children) | Link(_, children):
                yield from _walk_leaves(children)
            case Number(text):
                # The space around a number is that around digits, whatever its words.
                yield "0" * len(text), False
            case _:
                yield to_plain_text((run,)), isinstance(run, Text)


def _replace_leaves(runs: Runs, words: Iterator[str]) -> Runs:
    """Returns the runs with their texts replaced by `words`; empty texts are removed."""
    made: list[Run] = []
    for run in runs:
        match run:
            case Strong(children) | Emphasis(children) | Link(_, children):
                made.append(replace(run, children=_replace_leaves(children, words)))
            case _:
                text = next(words)
                if not isinstance(run, Text):
                    made.append(run)
                elif text:
                    made.append(replace(run, text=text))
    return tuple(made)


def _join_numbers(runs: Runs) -> Iterator[Run]:
    """Yields the runs, with every number joined to its scale and its measure word."""
    number: Number | None = None
    for run in runs:
        rest: Run | None = run
        if isinstance(run, Text):
            text = run.text
            if number is not None and _COUNTED.search(number.text) and (measure := _MEASURED.match(text)):
                number = replace(number, text=number.text + measure[0])
                text = text[measure.end() :]
            rest = replace(run, text=text) if text else None
        if number is not None:
            yield from _split_date(number)
            number = None
        match rest:
            case None:
                pass
            case Number():
                number = rest
            case Text(text, None):
                yield from _split_numbers(text)
            case Strong(children) | Emphasis(children) | Link(_, children):
                yield replace(rest, children=tuple(_join_numbers(children)))
            case _:
                yield rest
    if number is not None:
        yield from _split_date(number)


def _split_date(number: Number) -> Iterator[Run]:
    """Returns the parts of a date, each of which is unbreakable."""
    return (replace(number, text=part) for part in _DATE_PARTS.split(number.text))


def _split_numbers(text: str) -> Iterator[Run]:
    start = 0
    for match in _UNDIVIDED.finditer(text):
        if match.start() > start:
            yield Text(text[start : match.start()])
        yield Number(match[0])
        start = match.end()
    if start < len(text):
        yield Text(text[start:])


def _align_decimals(table: Table) -> Table:
    """Returns the table with padding for missing decimals, so that right-aligned columns align at the decimal point.

    Pads only columns whose figures have the same unit; aligning figures of different units would mislead.
    """
    columns = [list(cells) for cells in zip(*table.rows, strict=True)]
    for at, column in enumerate(table.columns):
        if column.align is Align.END:
            columns[at] = _align_cells(columns[at])
    return replace(table, rows=tuple(zip(*columns, strict=True)))


def _align_cells(cells: list[Runs]) -> list[Runs]:
    figures = [_match_figure(cell) for cell in cells]
    found = [figure for figure in figures if figure]
    decimals = {figure["decimals"] for figure in found}
    if len({figure["after"] for figure in found}) != 1 or len({len(text) for text in decimals}) == 1:
        return cells
    widest = max(decimals, key=len)
    made = []
    for cell, figure in zip(cells, figures, strict=True):
        if figure and len(figure["decimals"]) < len(widest):
            # At the end of the cell, so that a figure and its unit are read together.
            lacking = "." * (not figure["decimals"]) + "0" * (len(widest) - max(len(figure["decimals"]), 1))
            made.append((*cell, DigitPadding(lacking)))
        else:
            made.append(cell)
    return made


def _match_figure(cell: Runs) -> re.Match[str] | None:
    """Returns the figure of the cell, if it has no other words."""
    words = [run for run in cell if not isinstance(run, Citation)]
    return _FIGURE.fullmatch(words[0].text) if len(words) == 1 and isinstance(words[0], Number | Text) else None
