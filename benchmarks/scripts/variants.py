"""Prints one variant N times over in one process, each time with other words: variants.py PROJECT N."""

import sys
from dataclasses import replace
from pathlib import Path

from brief import Project
from brief.press.render import render

project = Project.load(Path(sys.argv[1]))
pairs = [(audience, locale) for audience in project.brief.audiences for locale in project.brief.locales]
for number in range(int(sys.argv[2])):
    variant = project.variant(*pairs[number % len(pairs)])
    outcome = render(replace(variant, title=f"{variant.title} {number}"), project.template_set, ("html", "pdf", "docx"))
    if outcome.failed:
        sys.exit(str(outcome.diagnostics))
