"""The one parser of colours."""

import pytest

from brief.model.appearance.colours import format_colour, is_colour, mix_colours, parse_colour


def test_a_colour_is_read_and_written_alike() -> None:
    assert parse_colour("#12355B") == (0x12, 0x35, 0x5B)
    assert format_colour(*parse_colour("#12355B")) == "#12355b"


@pytest.mark.parametrize("text", ["12355b", "#12355", "#12355b0", "#12355g", "navy", "", "#１２３４５６"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    assert not is_colour(text)
    with pytest.raises(ValueError, match="is not a colour of the form #rrggbb"):
        parse_colour(text)


def test_mixing_goes_from_one_colour_to_the_other() -> None:
    assert [mix_colours("#000000", "#ffffff", share) for share in (0, 0.5, 1)] == ["#000000", "#808080", "#ffffff"]
