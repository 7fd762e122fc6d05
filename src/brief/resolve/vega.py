"""Completes Vega-Lite specifications for a variant: texts, data, and the formats of numbers and dates."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from brief.model import blocks
from brief.model.assets import VegaSpecification
from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.figures.quantity import Qualifier
from brief.model.inline import AuthoredRuns, Cite, ClaimValue, Runs, Text
from brief.model.locale import get_primary_language, make_babel_identifier
from brief.model.text import LocalisedText
from brief.model.variant import Column, Table
from brief.resolve.claim_words import resolve_quantity
from brief.resolve.column_decimals import align_column_decimals
from brief.resolve.figures import quantities
from brief.resolve.figures.derive import is_exact
from brief.resolve.figures.locale_data import find_digit_groups, find_number_marks
from brief.resolve.figures.scales import UNSCALED, count_decimals
from brief.resolve.figures.shared_forms import choose_shared_scale, count_shared_decimals

# The suffix of the field that has the words of a field's figures.
_WORDS_SUFFIX = "_words"
# The text of a cell without a figure.
_EMPTY = "–"
# More groups of digits than any figure has: 8 groups of two digits, as in India, are 10^19.
_MAX_GROUPS = 8
# The powers of ten that may have a scale in a locale.
_POWERS = (3, 4, 6, 8, 9, 12)
# Every digit that a double has, and no zeros at the end (d3-format).
_PLAIN, _GROUPED = ".10~f", ",.10~f"
_WITH_AXES = ("x", "y")
_WITH_HEADERS = ("row", "column", "facet")
_WITH_LEGENDS = (
    "color",
    "fill",
    "stroke",
    "size",
    "opacity",
    "fillOpacity",
    "strokeOpacity",
    "strokeWidth",
    "angle",
    "shape",
    "strokeDash",
)
# Scales whose legends name ranges of numbers, which Vega formats itself.
_RANGE_SCALES = ("threshold", "quantize", "quantile", "bin-ordinal")

Plain = Callable[[LocalisedText], str]
Record = dict[str, Any]


def fill_specification(
    specification: VegaSpecification, data: Sequence[blocks.VegaData], brief: Brief, catalogue: Catalogue, plain: Plain
) -> str:
    """Returns the specification as JSON, with the texts of a locale, its data, and column titles as axis titles.

    `plain` resolves an authored text to plain text.
    """
    words = [plain(text) for text in specification.words]
    titles: dict[str, tuple[str, str]] = {}
    for part in data:
        titles |= _collect_titles(part, brief, catalogue, plain)
    filled: Record = _fill(json.loads(specification.json), words, titles, _write_label_expression(catalogue))
    formats = _collect_formats(data, brief, catalogue.locale)
    # A transform may compute other figures, with more digits, in a field of the same name.
    if '"transform"' not in specification.json:
        _format_drawn_figures(filled, {name: form for name, form in formats.items() if form})
    worded = _list_worded_fields(data, brief, catalogue.locale) | {name for name, form in formats.items() if not form}
    worded -= set(specification.computed_fields)
    _print_words(filled, worded)
    filled["datasets"] = {str(part.name): list(_list_records(part, brief, catalogue, plain, worded)) for part in data}
    return json.dumps(filled, ensure_ascii=False, sort_keys=True)


def build_table(
    block: blocks.Vega, data: blocks.VegaData, brief: Brief, locale: str, words: Callable[[LocalisedText], Runs]
) -> Table:
    """Makes the table of one data set that a specification draws; `words` resolves an authored text."""
    authored = blocks.Table(id=block.id, title=block.title, columns=data.columns, rows=data.rows)
    aligned = align_column_decimals(authored, brief, locale)
    return Table(
        id=f"{block.id}-{data.name}",
        title=words(block.title),
        columns=tuple(Column(title=words(column.title), align=column.align) for column in aligned.columns),
        rows=tuple(tuple(words(cell) for cell in row.cells) for row in aligned.rows),
        note=None,
    )


def _fill(value: Any, words: Sequence[str], titles: Mapping[str, tuple[str, str]], expression: str) -> Any:
    """Returns any part of a specification with its texts, the titles of its channels, and the expression for labels."""
    if isinstance(value, list):
        return [_fill(each, words, titles, expression) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$words"}:
        return words[value["$words"]]
    filled = {name: _fill(each, words, titles, expression) for name, each in value.items()}
    if isinstance(filled.get("encoding"), dict):
        filled["encoding"] = {
            channel: _fill_channel(channel, channel_definition, titles, expression)
            for channel, channel_definition in filled["encoding"].items()
        }
    return filled


def _fill_channel(channel: str, definition: Any, titles: Mapping[str, tuple[str, str]], expression: str) -> Any:
    """Returns the definition of a channel with the title of its column, if Vega-Lite would print the field name, and with
    the expression that formats the numbers of its axis, legend or header.
    """
    if isinstance(definition, list):
        return [_fill_channel(channel, each, titles, expression) for each in definition]
    if not isinstance(definition, dict) or not ("field" in definition or "aggregate" in definition):
        return definition
    guide_name = "axis" if channel in _WITH_AXES else "legend" if channel in _WITH_LEGENDS else "header"
    guide = definition.get(guide_name, {})
    has_title = "title" in definition or (isinstance(guide, dict) and "title" in guide)
    filled = dict(definition)
    if not has_title:
        full, short = titles.get(str(definition.get("field", "")), (None, None))
        # A share of a stack is not in the unit of its parts.
        filled["title"] = short if definition.get("stack") == "normalize" else full
    has_format = isinstance(guide, dict) and ("format" in guide or "labelExpr" in guide)
    has_guide = guide is not None and channel in (*_WITH_AXES, *_WITH_LEGENDS, *_WITH_HEADERS)
    if has_guide and not has_format and _has_numbers(channel, definition):
        filled[guide_name] = {**guide, "labelExpr": expression}
    return filled


def _format_drawn_figures(value: Any, formats: Mapping[str, str]) -> None:
    """Sets the formats of the figures that text marks draw, in place: they get the decimals of the table of the chart."""
    if isinstance(value, list):
        for each in value:
            _format_drawn_figures(each, formats)
    elif isinstance(value, dict):
        encoding = value.get("encoding")
        text: Any = encoding.get("text") if isinstance(encoding, dict) else None
        is_plain = isinstance(text, dict) and not {"format", "aggregate", "bin"} & text.keys()
        if is_plain and text.get("field") in formats:
            text["format"] = formats[text["field"]]
        for each in value.values():
            _format_drawn_figures(each, formats)


def _list_worded_fields(data: Sequence[blocks.VegaData], brief: Brief, locale: str) -> set[str]:
    """Returns the fields with a figure that its number alone would misstate, such as "more than 200" or a range."""
    fields = set()
    for part in data:
        for index, column in enumerate(part.columns):
            for row in part.rows:
                cell = row.cells[index]
                run = find_only_figure(cell, _find_written_locale(cell, brief, locale))
                if run is None or run.part == "period":
                    continue
                quantity = resolve_quantity(run, brief)
                if column.column and (quantity.qualifier is not Qualifier.EXACT or quantity.value is None):
                    fields.add(column.column.name)
    return fields


def _print_words(value: Any, fields: Collection[str]) -> None:
    """Makes text marks and tooltips print the words of these fields' figures instead of numbers; changes `value` in place."""
    if isinstance(value, list):
        for each in value:
            _print_words(each, fields)
    elif isinstance(value, dict):
        encoding = value.get("encoding")
        for text in (encoding.get("text"), encoding.get("tooltip")) if isinstance(encoding, dict) else ():
            for channel in text if isinstance(text, list) else [text]:
                if (
                    isinstance(channel, dict)
                    and not {"aggregate", "bin"} & channel.keys()
                    and channel.get("field") in fields
                ):
                    channel.pop("format", None)
                    channel |= {"field": f"{channel['field']}{_WORDS_SUFFIX}", "type": "nominal"}
        for each in value.values():
            _print_words(each, fields)


def _has_numbers(channel: str, definition: Record) -> bool:
    """Returns whether a guide may name single numbers: not dates, shares of a stack, or the ranges of a legend."""
    scale = definition.get("scale")
    is_of_ranges = isinstance(scale, dict) and scale.get("type") in _RANGE_SCALES
    is_of_ranges = is_of_ranges or (bool(definition.get("bin")) and channel not in _WITH_AXES)
    is_date = definition.get("type") in ("temporal", "geojson") or "timeUnit" in definition
    return not is_of_ranges and not is_date and definition.get("stack") != "normalize"


def _write_label_expression(catalogue: Catalogue) -> str:
    """Makes the expression that formats a number on an axis with the scales (`12万`) and separators of the locale."""
    scales = {}
    for power in _POWERS:
        value = Decimal(1).scaleb(power)
        scale = choose_shared_scale([value], catalogue)
        if scale is not None and scale.factor == value:
            scales[power] = scale.pattern
    is_chinese = get_primary_language(catalogue.locale) == "zh"
    expression = f"format(datum.value, '{_GROUPED}')"
    if is_chinese:
        expression = f"format(datum.value, abs(datum.value) >= 10000 ? '{_GROUPED}' : '{_PLAIN}')"
    # The condition that is written last is tested first.
    for power, pattern in sorted(scales.items()):
        before, _, after = pattern.partition("{n}")
        scaled = f"{_write_string(before)} + format(datum.value / 1e{power}, '{_GROUPED}') + {_write_string(after)}"
        # Thousands are written out on an axis, and larger scales are used, as in the labels of other charts.
        expression = f"abs(datum.value) >= 1e{power} ? {scaled} : {expression}" if power >= 4 else expression
    return f"isNumber(datum.value) ? ({expression}) : datum.label"


def _write_string(text: str) -> str:
    """Returns a string literal of a Vega expression."""
    return json.dumps(text, ensure_ascii=False)


def _collect_titles(
    data: blocks.VegaData, brief: Brief, catalogue: Catalogue, plain: Plain
) -> dict[str, tuple[str, str]]:
    """Maps each field to the title of its column with the unit, if all figures of the column share one, and without."""
    titles = {}
    for index, column in enumerate(data.columns):
        title = short = plain(column.title)
        cells = (find_only_figure(row.cells[index], catalogue.locale) for row in data.rows)
        figures = [run for run in cells if run is not None and run.part != "period"]
        units = {resolve_quantity(run, brief).unit for run in figures}
        label = quantities.format_unit_label(units.pop(), None, catalogue) if len(units) == 1 else ""
        pattern = catalogue.get("{title} ({unit})", "table").replace("{unit}", label) if label else "{title}"
        if all(run.part == "number" for run in figures):
            # The title of a column from a dataset already has the unit.
            short = title.removesuffix(pattern.replace("{title}", ""))
        else:
            title = pattern.replace("{title}", short)
        titles[column.column.name if column.column else ""] = title, short
    return titles


def _collect_formats(data: Sequence[blocks.VegaData], brief: Brief, locale: str) -> dict[str, str]:
    """Maps each field of exact figures in one unit to the format with the decimals that they share; to an empty format if
    they differ too much to share any. Other fields are left out.
    """
    runs: dict[str, list[ClaimValue]] = defaultdict(list)
    for part in data:
        for index, column in enumerate(part.columns):
            cells = [row.cells[index] for row in part.rows]
            placeholders = [find_only_figure(cell, _find_written_locale(cell, brief, locale)) for cell in cells]
            name = column.column.name if column.column else ""
            runs[name] += [run for run in placeholders if run and run.part != "period"]
    formats = {}
    for name, field_runs in runs.items():
        figures = [resolve_quantity(run, brief) for run in field_runs]
        values = [figure.value for figure in figures if figure.value is not None]
        are_exact = all(
            is_exact(brief, run.claim.name, figure) for run, figure in zip(field_runs, figures, strict=True)
        )
        if are_exact and len(units := {figure.unit for figure in figures}) == 1:
            decimals = count_shared_decimals(values, units.pop(), UNSCALED)
            is_shared = decimals or not any(map(count_decimals, values))
            formats[name] = f",.{decimals}f" if is_shared else ""
    return formats


def _find_written_locale(cell: LocalisedText, brief: Brief, locale: str) -> str:
    """Returns the locale whose text of the cell is printed: the source locale if the cell has none in this locale."""
    return locale if cell.find_phrase(locale) else str(brief.settings.source_locale)


def _list_records(
    data: blocks.VegaData, brief: Brief, catalogue: Catalogue, plain: Plain, worded: Collection[str]
) -> Iterator[Record]:
    for row in data.rows:
        record: Record = {}
        for column, cell in zip(data.columns, row.cells, strict=True):
            name = column.column.name if column.column else ""
            record |= _read_cell(name, cell, brief, catalogue, plain)
            if name in worded:
                record[f"{name}{_WORDS_SUFFIX}"] = plain(cell)
        yield record


def _read_cell(name: str, cell: LocalisedText, brief: Brief, catalogue: Catalogue, plain: Plain) -> Record:
    """Returns the fields of a cell: a figure as a number, a range as its middle and its two ends, a period as authors write
    it, or the words of any other cell. An empty cell is None.
    """
    run = find_only_figure(cell, _find_written_locale(cell, brief, catalogue.locale))
    if run is None:
        text = plain(cell)
        return {name: None if text == _EMPTY else text}
    quantity = resolve_quantity(run, brief)
    if run.part == "period" and quantity.period is not None:
        return {name: quantity.period.start.notation}
    if quantity.value is not None:
        return {name: _convert_number(quantity.value)}
    if quantity.low is None or quantity.high is None:
        return {name: plain(cell)}
    middle = (quantity.low + quantity.high) / 2
    return {
        name: _convert_number(middle),
        f"{name}_low": _convert_number(quantity.low),
        f"{name}_high": _convert_number(quantity.high),
    }


def _convert_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def find_only_figure(cell: LocalisedText, locale: str) -> ClaimValue | None:
    """Returns the placeholder that the cell consists of, apart from citations; None if it has words or several
    placeholders.
    """
    phrase = cell.find_phrase(locale)
    all_runs: AuthoredRuns = phrase.runs if phrase else ()
    runs = [
        run for run in all_runs if not isinstance(run, Cite) and not (isinstance(run, Text) and not run.text.strip())
    ]
    return runs[0] if len(runs) == 1 and isinstance(runs[0], ClaimValue) else None


def write_formats(catalogue: Catalogue) -> str:
    """Returns the locale's number and date formats as JSON, in the form of d3-format and d3-time-format."""
    from babel import Locale

    locale = Locale.parse(make_babel_identifier(catalogue.locale))
    decimal_mark, group_mark = find_number_marks(catalogue.locale)
    groups = find_digit_groups(catalogue.locale)
    wide, short = (
        {context: locale.months[context][width] for context in ("format", "stand-alone")}
        for width in ("wide", "abbreviated")
    )
    days, short_days = (locale.days["stand-alone"][width] for width in ("wide", "abbreviated"))
    periods = locale.day_periods["format"]["abbreviated"]
    sunday_first = (6, 0, 1, 2, 3, 4, 5)
    numbers = {
        "decimal": decimal_mark,
        "thousands": group_mark,
        # D3 repeats the list from its start if a figure has more groups, so the last group is repeated here.
        "grouping": [groups[0], *groups[1:] * _MAX_GROUPS],
        "currency": ["", ""],
        "minus": "\u2212",
    }
    times = {
        "dateTime": "%Y-%m-%d %H:%M",
        "date": "%Y-%m-%d",
        "time": "%H:%M",
        "periods": [periods.get("am", "AM"), periods.get("pm", "PM")],
        "days": [days[day] for day in sunday_first],
        "shortDays": [short_days[day] for day in sunday_first],
        "months": [wide["stand-alone"][month] for month in range(1, 13)],
        "shortMonths": [short["stand-alone"][month] for month in range(1, 13)],
    }
    return json.dumps({"numbers": numbers, "times": times}, ensure_ascii=False, sort_keys=True)
