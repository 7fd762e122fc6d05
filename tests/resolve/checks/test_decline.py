"""Words of decline beside a negative figure are double negatives; words that state a level or a change are right."""

import re

import pytest
from decline_sentences import DOUBLE, RIGHT

from brief.resolve.checks.figures.decline import DECLINES


def find(script: str, sentence: str) -> str:
    """Returns the words of decline that govern the figure {x} of a sentence."""
    before, _, after = sentence.partition("{x}")
    return DECLINES[script].find(re.split(r"\{y\}", before)[-1], re.split(r"\{y\}", after)[0])


@pytest.mark.parametrize(
    ("script", "sentence"), [(script, each) for script, all_of in DOUBLE.items() for each in all_of]
)
def test_a_double_negative_is_found(script: str, sentence: str) -> None:
    assert find(script, sentence)


@pytest.mark.parametrize(
    ("script", "sentence"), [(script, each) for script, all_of in RIGHT.items() for each in all_of]
)
def test_a_level_or_a_change_is_right(script: str, sentence: str) -> None:
    assert find(script, sentence) == ""
