"""Sentences in Traditional Chinese, and which audiences are shown each: sentences.py PROJECT (JSON on standard output)."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from brief import Project

LOCALE = "zh-Hant"


def main(root: Path) -> None:
    project = Project.load(root)
    shown: dict[str, list[str]] = {}
    for audience in project.brief.audiences:
        for section in project.make_variant(audience, LOCALE).sections:
            for identity in (section.id, *(f"{section.id}/{block.id}" for block in section.blocks)):
                shown.setdefault(identity, []).append(audience)
    found = []
    for identity, file, line in _lines(project):
        # Only what stands once in its file can be replaced there without a parser.
        if identity in shown and line.endswith("。") and (root / file).read_text("utf-8").count(line) == 1:
            found.append({"file": str(root / file), "text": line, "audiences": shown[identity]})
    print(json.dumps(found))


def _lines(project: Project) -> Iterator[tuple[str, str, str]]:
    for theme in project.brief.themes.values():
        texts = {theme.id: theme.summary}
        texts |= {f"{theme.id}/{block.id}": block.text for block in theme.blocks if hasattr(block, "text")}
        for identity, text in texts.items():
            phrase = text.find_phrase(LOCALE)
            if phrase is not None:
                yield identity, phrase.location.file, phrase.source.strip().split("\n")[-1]


main(Path(sys.argv[1]))
