"""Finds the template sets that a brief uses."""

from dataclasses import replace
from pathlib import Path

from brief.model.brief import Brief
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import Ref
from brief.templating.template_set import TemplateSet, find_template_set
from brief.writers.pdf.engines import check_engine


def find_template_sets(
    brief: Brief, root: Path, pdf_engine: str = ""
) -> tuple[dict[str, TemplateSet], tuple[Diagnostic, ...]]:
    """Returns the template sets of the brief and its audiences, keyed by name, and the diagnostics of these sets.

    A set that cannot be read is left out. All PDFs are laid out by `pdf_engine` or, if that is empty, by the engine
    that each set names. If the diagnostics have errors, such as missing fonts for a locale of the brief, nothing can be
    rendered.
    """
    refs = (brief.settings.template_set, *(audience.template_set for audience in brief.audiences.values()))
    template_sets: dict[str, TemplateSet] = {}
    diagnostics: list[Diagnostic] = []
    for ref in {ref.name: ref for ref in reversed(refs) if ref is not None}.values():
        try:
            template_set = find_template_set(ref, root)
        except ContentError as error:
            diagnostics += error.diagnostics
            continue
        if pdf_engine:
            template_set = replace(template_set, look=replace(template_set.look, pdf_engine=Ref(pdf_engine)))
        template_sets[ref.name] = template_set
        diagnostics += (
            *template_set.diagnostics,
            *template_set.check_faces(brief.settings.locales),
            *check_engine(template_set),
        )
    return template_sets, tuple(diagnostics)
