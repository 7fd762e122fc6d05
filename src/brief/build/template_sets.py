"""Finds the template sets that a brief is printed in."""

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
    """Returns the template sets of the brief and its audiences, keyed by name, and diagnostics of what is wrong with
    them.

    All PDFs are laid out by `pdf_engine`, or, if that is empty, by the engine that each set names. Nothing can be
    printed with a set that has an error or lacks faces for a locale of the brief.
    """
    named = (brief.settings.template_set, *(audience.template_set for audience in brief.audiences.values()))
    found: dict[str, TemplateSet] = {}
    problems: list[Diagnostic] = []
    for ref in {ref.name: ref for ref in reversed(named) if ref is not None}.values():
        try:
            template_set = find_template_set(ref, root)
        except ContentError as error:
            problems += error.diagnostics
            continue
        if pdf_engine:
            template_set = replace(template_set, look=replace(template_set.look, pdf_engine=Ref(pdf_engine)))
        found[ref.name] = template_set
        problems += (
            *template_set.diagnostics,
            *template_set.check_faces(brief.settings.locales),
            *check_engine(template_set),
        )
    return found, tuple(problems)
