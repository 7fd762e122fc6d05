"""The ends of a range are the same figures in a text and in the label of a chart, and neither can be read in the scale of the other."""

from decimal import Decimal

import pytest
from catalogues import load_packaged_catalogue
from figure_reader import agrees, read_back
from hypothesis import given, settings
from hypothesis import strategies as st

from brief.model.figures.quantity import Quantity
from brief.resolve.figures.quantities import format_label, format_quantity

LOCALES = ("en", "de", "es", "fr", "zh-Hans", "zh-Hant", "ja", "ko")
ENDS = st.builds(
    lambda digits, power, sign: Decimal(digits * sign).scaleb(power),
    st.integers(1, 999),
    st.integers(-2, 11),
    st.sampled_from((1, 1, -1)),
)


@pytest.mark.parametrize("locale", LOCALES)
@settings(max_examples=300)
@given(st.lists(ENDS, min_size=2, max_size=2, unique=True), st.sampled_from(("count", "person", "USD", "second")))
def test_a_label_has_the_ends_that_a_text_has(locale: str, ends: list[Decimal], unit: str) -> None:
    low, high = (Decimal(f"{end:f}") for end in sorted(ends))
    quantity = Quantity(low=low, high=high, unit=unit)
    catalogue = load_packaged_catalogue(locale)
    text = format_quantity(quantity, catalogue)
    label = format_label(quantity, None, catalogue)
    assert agrees(text, quantity, locale), text
    assert agrees(label, quantity, locale), label
    assert read_back(label.replace("−", ""), locale) == read_back(text.replace("−", ""), locale)
