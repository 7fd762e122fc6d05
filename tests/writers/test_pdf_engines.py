"""The table of PDF engines, and the packages that make their files."""

from brief.build.fingerprint import list_dependency_versions
from brief.writers.pdf.distributions import ENGINE_DISTRIBUTIONS
from brief.writers.pdf.engines import PDF_ENGINES


def test_the_packages_of_every_engine_are_in_the_table_that_the_cache_key_reads() -> None:
    assert {name: engine.distributions for name, engine in PDF_ENGINES.items()} == ENGINE_DISTRIBUTIONS


def test_every_package_of_an_engine_that_is_installed_is_part_of_the_cache_key() -> None:
    counted = set(list_dependency_versions())
    assert {name for names in ENGINE_DISTRIBUTIONS.values() for name in names} <= counted
