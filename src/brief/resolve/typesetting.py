"""Applies the rules of typesetting that change the text itself, once, to a resolved variant.

Each engine applies the other rules (the space between Han and Latin, the width of punctuation, justification). They need
text without spaces typed for appearance, in which unbreakable parts are marked. The rules are those of CLREQ (Requirements
for Chinese Text Layout) and of GB/T 15834-2011; other languages keep their spaces.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from brief.model.align import Align
from brief.model.assets import Image
from brief.model.catalogue import Catalogue
from brief.model.han import CLOSING, IDEOGRAPH, IDEOGRAPHS, OPENING, POINTS, UNTRIMMED_MARKS, WESTERN, WORD_JOINER
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
from brief.model.variant import Section, Table, Variant

T = TypeVar("T")

_WESTERN_MARKS = "%‰°℃"
_WIDE = f"{IDEOGRAPHS}{OPENING}{CLOSING}{POINTS}{UNTRIMMED_MARKS}"
# A space that an author typed between Han and Latin, or beside a full-width mark, which includes space.
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
# Text that is not divided between lines, in the order of the alternatives: a number with its scale and measure word, and the
# currency or ordinal before it; a letter as an ordinal (A轮); a name and its version; a name of two short words.
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
# The number of a headline figure: 千 before 瓦 belongs to the unit, not to the number.
_HEADLINE_NUMBER = rf"\d[^{IDEOGRAPHS}]*(?:[万萬亿億兆]+(?![瓦赫焦帕])|[十百千](?![瓦克米焦帕卡赫伏人]))?"
_HEADLINE = re.compile(
    rf"(?P<before>\D*)(?P<number>{_HEADLINE_NUMBER}(?:至{_HEADLINE_NUMBER})?)(?P<unit>[{IDEOGRAPHS}]\D*)"
)
_BETWEEN_HAN = re.compile(f"(?<=[{IDEOGRAPHS}/])(?=[{IDEOGRAPHS}/])")
# Names with more characters may be divided between lines.
_MAX_NAME_LENGTH = 8
_FIGURE = re.compile(r"(?P<before>\D*)(?P<whole>\d[\d,]*)(?P<decimals>(?:\.\d+)?)(?P<after>\D*)")


def typeset(variant: Variant) -> Variant:
    """Returns the typeset variant. In every locale, the decimal points of table columns are aligned. In Chinese, typed spaces are
    removed, and what must not be divided between lines becomes `Number` runs: numbers, and in tables and "Who is who", whose
    cells are narrow, also short names that "Who is who" lists.
    """
    if get_primary_language(variant.locale) != "zh":
        return _set_value(variant, is_chinese=False)
    names = [term.name for term in variant.terms if IDEOGRAPH.search(term.name) and len(term.name) <= _MAX_NAME_LENGTH]
    result = _set_value(variant, is_chinese=True)
    if not names:
        return result
    # The longer of two names that begin alike is tried first.
    pattern = re.compile("|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name)))))
    return replace(
        result,
        sections=tuple(_keep_names(section, pattern) for section in result.sections),
        terms=tuple(replace(term, says=tuple(_split_names(term.says, pattern))) for term in result.terms),
    )


def _keep_names(section: Section, names: re.Pattern[str]) -> Section:
    """Returns the section with each name in a table as a `Number`."""
    return replace(
        section,
        blocks=tuple(
            replace(block, rows=tuple(tuple(tuple(_split_names(cell, names)) for cell in row) for row in block.rows))
            if isinstance(block, Table)
            else block
            for block in section.blocks
        ),
    )


def _split_names(runs: Runs, names: re.Pattern[str]) -> Iterator[Run]:
    """Yields the runs, with each name as a `Number`. Text in another language is unchanged."""
    for run in runs:
        match run:
            case Text(text, None):
                yield from _split_text(text, names)
            case Strong(children) | Emphasis(children) | Link(_, children):
                yield replace(run, children=tuple(_split_names(children, names)))
            case _:
                yield run


def insert_word_joiners(text: str) -> str:
    """Returns the words of a `Number` with word joiners, so that they stay on one line in running text."""
    return _BREAKING.sub(WORD_JOINER, text)


def join_sign(text: str, joiner: str) -> str:
    """Returns a figure with a joiner between its sign and a currency sign, where a line could break: `−€5`."""
    return re.sub(_SIGN_BEFORE_CURRENCY, joiner, text)


def join_headline(text: str) -> str:
    """Returns a headline figure with word joiners within its number and within its unit, so that a line can break only
    between them: 12億 | 千瓦時. A figure without a Han unit is unchanged.
    """
    match = _HEADLINE.fullmatch(text)
    if match is None:
        return join_sign(text, WORD_JOINER)
    return match["before"] + insert_word_joiners(match["number"]) + _BETWEEN_HAN.sub(WORD_JOINER, match["unit"])


def _set_value(value: T, *, is_chinese: bool) -> T:
    """Returns any part of the variant, with all its texts, typeset."""
    result: Any = value
    if isinstance(value, str):
        result = _TYPED_SPACE.sub("", value) if is_chinese and " " in value else value
    elif isinstance(value, tuple):
        if value and isinstance(value[0], RUN_TYPES):
            result = _set_runs(value) if is_chinese else value
        else:
            result = tuple(_set_value(item, is_chinese=is_chinese) for item in value)
    elif is_dataclass(value) and not isinstance(value, type | Image | Catalogue):
        changed = {}
        for field in fields(value):
            old = getattr(value, field.name)
            new = _set_value(old, is_chinese=is_chinese)
            if new is not old:
                changed[field.name] = new
        result = replace(result, **changed) if changed else value
        if isinstance(result, Table):
            result = _align_decimals(result)
    return result  # type: ignore[no-any-return]


def _set_runs(runs: Runs) -> Runs:
    return tuple(
        replace(run, paragraphs=tuple(map(_set_runs, run.paragraphs))) if isinstance(run, Footnote) else run
        for run in _join_numbers(_close_up_spaces(runs))
    )


def _close_up_spaces(runs: Runs) -> Runs:
    """Returns the runs without spaces typed for appearance, also where Han and Latin meet across runs."""
    leaves = list(_walk_leaves(runs))
    all_text = "".join(text for text, _ in leaves)
    if " " not in all_text:
        return runs
    typed_spaces = {position for match in _TYPED_SPACE.finditer(all_text) for position in range(*match.span())}
    new_texts, start = [], 0
    for text, is_prose in leaves:
        positions = range(start, start + len(text))
        start += len(text)
        remaining = (position for position in positions if not is_prose or position not in typed_spaces)
        new_texts.append("".join(all_text[position] for position in remaining))
    return _replace_leaves(runs, iter(new_texts))


def _walk_leaves(runs: Runs) -> Iterator[tuple[str, bool]]:
    """Yields the text of each run without children, and whether it is prose, in which a typed space is removed."""
    for run in runs:
        match run:
            case Strong(children) | Emphasis(children) | Link(_, children):
                yield from _walk_leaves(children)
            case Number(text):
                # Around a number, spaces are removed as around digits, whatever its text is.
                yield "0" * len(text), False
            case _:
                yield to_plain_text((run,)), isinstance(run, Text)


def _replace_leaves(runs: Runs, texts: Iterator[str]) -> Runs:
    """Returns the runs with the texts that `texts` has for them, in the order of `_walk_leaves`; only those of `Text` runs
    are replaced, and empty ones are removed.
    """
    result: list[Run] = []
    for run in runs:
        match run:
            case Strong(children) | Emphasis(children) | Link(_, children):
                result.append(replace(run, children=_replace_leaves(children, texts)))
            case _:
                text = next(texts)
                if not isinstance(run, Text):
                    result.append(run)
                elif text:
                    result.append(replace(run, text=text))
    return tuple(result)


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
                yield from _split_text(text)
            case Strong(children) | Emphasis(children) | Link(_, children):
                yield replace(rest, children=tuple(_join_numbers(children)))
            case _:
                yield rest
    if number is not None:
        yield from _split_date(number)


def _split_date(number: Number) -> Iterator[Run]:
    """Yields the parts of a date, each of which is unbreakable; any other number is one part."""
    parts = _DATE_PARTS.split(number.text)
    for index, part in enumerate(parts):
        yield Number(part, None if index else number.quantity)


def _split_text(text: str, unbreakable: re.Pattern[str] = _UNDIVIDED) -> Iterator[Run]:
    """Yields a text as runs, in which what the pattern matches is `Number` runs; by default, numbers and names with digits."""
    start = 0
    for match in unbreakable.finditer(text):
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
    for index, column in enumerate(table.columns):
        if column.align is Align.END:
            columns[index] = _align_cells(columns[index])
    return replace(table, rows=tuple(zip(*columns, strict=True)))


def _align_cells(cells: list[Runs]) -> list[Runs]:
    matches = [_match_figure(cell) for cell in cells]
    figures = [figure for figure in matches if figure]
    decimals = {figure["decimals"] for figure in figures}
    if len({figure["after"] for figure in figures}) != 1 or len({len(text) for text in decimals}) == 1:
        return cells
    widest = max(decimals, key=len)
    padded = []
    for cell, figure in zip(cells, matches, strict=True):
        if figure and len(figure["decimals"]) < len(widest):
            # At the end of the cell, so that a figure and its unit are read together.
            missing = "." * (not figure["decimals"]) + "0" * (len(widest) - max(len(figure["decimals"]), 1))
            padded.append((*cell, DigitPadding(missing)))
        else:
            padded.append(cell)
    return padded


def _match_figure(cell: Runs) -> re.Match[str] | None:
    """Returns the match of a figure that is alone in the cell, apart from citations; None if the cell is anything else."""
    runs = [run for run in cell if not isinstance(run, Citation)]
    return _FIGURE.fullmatch(runs[0].text) if len(runs) == 1 and isinstance(runs[0], Number | Text) else None
