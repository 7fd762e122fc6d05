"""The kinds of blocks that are numbered."""

from typing import get_args

from brief.model.variant import NumberedBlock
from brief.resolve.block_labels import LABELS


def test_what_is_numbered_is_listed_among_the_exhibits() -> None:
    assert {kind.__name__ for kind in LABELS} == {kind.__name__ for kind in get_args(NumberedBlock)}
