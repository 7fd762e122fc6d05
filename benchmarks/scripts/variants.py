"""Prints one variant N times over, each time with other words, in a pool of one worker: variants.py PROJECT N."""

import sys
from dataclasses import replace
from pathlib import Path

from brief import Project
from brief.build.render import render
from brief.workers.pool import WorkerPool


def main(root: Path, count: int) -> None:
    project = Project.load(root)
    pairs = [(audience, locale) for audience in project.brief.audiences for locale in project.brief.locales]
    with WorkerPool(1) as workers:
        for number in range(count):
            variant = project.make_variant(*pairs[number % len(pairs)])
            named = replace(variant, title=f"{variant.title} {number}")
            outcome = workers.submit(render, named, project.template_set, ("html", "pdf", "docx")).result()
            if outcome.failed:
                sys.exit(str(outcome.diagnostics))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
