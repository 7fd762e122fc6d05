"""How often the faces of a locale are looked for."""

from brief import Project
from brief.model.appearance.look import choose_faces
from brief.resolve.localise import localise
from brief.resolve.select import select
from brief.templating.template_set import find_template_set
from brief.writers.formats import FORMATS
from brief.writers.preflight import preflight


def test_the_faces_of_a_locale_are_chosen_once_for_all_formats_charts_and_checks(starter: Project) -> None:
    choose_faces.cache_clear()
    template_set = find_template_set("base")
    cut = select(starter.brief, "council")
    for locale in starter.brief.locales:
        variant = localise(cut, locale)
        assert list(preflight(variant, template_set, tuple(FORMATS))) == []
        for form in FORMATS.values():
            form.write(variant, template_set)
    asked = choose_faces.cache_info()
    assert asked.misses == len(starter.brief.locales)
    assert asked.hits > 3 * asked.misses
