"""Templates receive only plain data."""

from pathlib import Path, PurePath

import pytest
from variant_samples import every_block, sample

from brief.model.catalogue import Catalogue
from brief.templating.plain import record_to_plain, to_plain, variant_to_plain

ALLOWED = {dict, list, str, int, bool, type(None)}


def types_in(value: object) -> set[type]:
    if isinstance(value, dict):
        return {dict}.union(*(types_in(item) for item in value.values()), *(types_in(key) for key in value))
    if isinstance(value, list):
        return {list}.union(*(types_in(item) for item in value))
    return {type(value)}


def test_nothing_but_plain_data_gets_in() -> None:
    assert types_in(variant_to_plain(sample())) == ALLOWED


def test_blocks_and_runs_say_their_kind() -> None:
    blocks = [record_to_plain(block) for block in every_block()]
    kinds = {"metrics", "paragraph", "list", "table", "callout", "quote", "timeline", "figure"}
    assert {block["kind"] for block in blocks} == kinds
    runs = next(block for block in blocks if block["id"] == "runs")["text"]
    assert isinstance(runs, list)
    found = [run["kind"] for run in runs if isinstance(run, dict)]
    assert found == ["text", "strong", "code", "link", "number", "citation", "reference"]


@pytest.mark.parametrize("value", [Path("x"), PurePath("x"), object(), b"x", 1.5, {1}, Catalogue("en"), len, Catalogue])
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_plain(value)
