"""Walking a record finds every text in it, though fields whose type has no room for texts are not entered."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from sample_projects import copy_sample_project

from brief import Project
from brief.model.text import LocalisedText
from brief.resolve import walk


def _walk_every_field(value: Any) -> Iterator[LocalisedText]:
    if isinstance(value, LocalisedText):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _walk_every_field(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _walk_every_field(getattr(value, field.name))


@pytest.mark.parametrize("name", ["energy", "finance"])
def test_every_text_of_a_brief_is_walked_in_order(name: str, tmp_path: Path) -> None:
    brief = Project.load(copy_sample_project(name, tmp_path / name).root).brief
    records = (
        brief.settings,
        *brief.themes.values(),
        *brief.audiences.values(),
        *brief.glossary.terms,
        *brief.sources.values(),
        *brief.specifications.values(),
    )
    found = [text.location for text in walk.walk_texts(records)]
    assert found == [text.location for text in _walk_every_field(records)]
    assert len(found) > 100
