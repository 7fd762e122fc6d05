"""What templates see is what the reference says."""

from dataclasses import fields

from brief import Project
from brief.model.variant import Variant
from brief.templating.template_set import find_template_set
from brief.writers.html.document import ADDED_VARIABLES, make_context


def test_every_variable_of_a_template_is_documented(starter: Project) -> None:
    look = find_template_set("base", starter.root).look
    context = make_context(starter.make_variant("council", "en"), look, "screen")
    assert set(context) - {field.name for field in fields(Variant)} == set(ADDED_VARIABLES)
