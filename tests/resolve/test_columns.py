"""Columns of tables share the width by their content."""

import pytest

from brief.resolve.columns import count_row_lines, fit_columns, measure_ems


def test_a_column_is_as_wide_as_its_longest_word_and_none_starves() -> None:
    short, address, prose = fit_columns([["Domestic"], ["https://example.org/" + "path" * 40], ["word " * 90]], 50)
    assert short >= 8 * 0.5
    assert address < 28
    assert prose > 16
    assert short + address + prose == pytest.approx(50)


def test_more_columns_than_fit_still_sum_up() -> None:
    widths = fit_columns([["Internationalisation"]] * 9, 50)
    assert sum(widths) == pytest.approx(50)
    assert min(widths) > 5


def test_a_column_of_middling_cells_gets_room_from_one_with_a_single_long_cell() -> None:
    names = ["Maker", *(f"Maker {number}" for number in range(8))]
    systems = [
        "Systems",
        "Jimeng, Seedance, Seedream, MagicVideo, MagicAnimate, Doubao, Jianying, Volcano Engine",
        *["Two words"] * 7,
    ]
    origins = ["Where it comes from", *["A platform with one user need and a market of its own"] * 8]
    columns = [names, systems, origins]
    widths = fit_columns(columns, 36)
    assert sum(widths) == pytest.approx(36)
    lines = sum(count_row_lines(row, widths) for row in zip(*columns, strict=True))
    proportional = [6.0, 17.5, 12.5]
    assert lines < sum(count_row_lines(row, proportional) for row in zip(*columns, strict=True))
    assert widths[2] > widths[1]
    assert all(
        width >= measure_ems(max(column[0].split(), key=len)) for width, column in zip(widths, columns, strict=True)
    )


def test_a_column_may_have_texts_for_some_rows_only() -> None:
    widths = fit_columns([["Name", "Jimeng", "Doubao"], ["What it is", "word " * 40, "word " * 60], ["Themes"]], 50)
    assert sum(widths) == pytest.approx(50)
    assert widths[1] > 30
