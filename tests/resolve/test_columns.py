"""Columns of tables share the width by what stands in them."""

import pytest

from brief.resolve.columns import fit_columns


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
