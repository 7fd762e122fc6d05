"""Names of columns whose sums mean nothing."""

import pytest

from brief.resolve.datasets.averages import find_average_name


@pytest.mark.parametrize(
    "name", ["points-per-match", "Schüler je Lehrkraft", "Kosten pro Kopf", "Âge moyen", "人均支出"]
)
def test_a_name_says_that_its_figures_are_not_added(name: str) -> None:
    assert find_average_name(["Output", name]) == name


@pytest.mark.parametrize("name", ["Output per year", "Ausgaben pro Jahr", "Periode", "Projekte", "jeden", "Export"])
def test_other_names_do_not(name: str) -> None:
    assert find_average_name([name]) is None
