"""Counts in templates take the plural form that the language has for them, not the one that English has."""

from pathlib import Path

import pytest
from variant_samples import write_set

from brief.model.catalogue import Catalogue
from brief.templating.sandbox import render

TEMPLATE = "{% trans count=number %}{{ count }} source{% pluralize %}{{ count }} sources{% endtrans %}"
FORMS = {
    "en": (),
    "pl": ("%(count)s źródło", "%(count)s źródła", "%(count)s źródeł", "%(count)s źródła"),
    "fr": ("%(count)s source", "%(count)s sources"),
    "zh-Hans": ("%(count)s个来源",),
}


@pytest.mark.parametrize(
    ("locale", "number", "printed"),
    [
        *(("en", 0, "0 sources"), ("en", 1, "1 source"), ("en", 2, "2 sources")),
        *(("pl", 1, "1 źródło"), ("pl", 2, "2 źródła"), ("pl", 5, "5 źródeł"), ("pl", 22, "22 źródła")),
        *(("fr", 0, "0 source"), ("fr", 2, "2 sources")),
        *(
            ("zh-Hans", 1, "1个来源"),
            ("zh-Hans", 7, "7个来源"),
            ("zh-Hant", 1, "1 source"),
            ("zh-Hant", 7, "7 sources"),
        ),
    ],
)
def test_a_count_takes_the_form_of_its_language(tmp_path: Path, locale: str, number: int, printed: str) -> None:
    template_set = write_set(tmp_path, files={"count.html.j2": TEMPLATE})
    forms = FORMS.get(locale)
    catalogue = Catalogue(locale, {"%(count)s source": forms} if forms else {})
    assert render(template_set, "count.html.j2", {"number": number}, catalogue) == printed
