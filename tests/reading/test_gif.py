"""GIF files lose their comments and the data of programs, and keep their frames."""

import io

import pytest
from PIL import Image, ImageSequence

from brief.reading.pictures.gif import strip_gif


def make_gif(frames: int, comment: bytes = b"") -> bytes:
    pictures = [Image.new("P", (7, 5), number) for number in range(frames)]
    for picture in pictures:
        picture.putpalette([value for number in range(256) for value in (number, 255 - number, 128)])
    buffer = io.BytesIO()
    times = {"save_all": True, "append_images": pictures[1:], "duration": 80, "loop": 0} if frames > 1 else {}
    pictures[0].save(buffer, "GIF", comment=comment, **times)
    return buffer.getvalue()


def read_frames(data: bytes) -> list[tuple[bytes, object, object]]:
    with Image.open(io.BytesIO(data)) as opened:
        return [
            (frame.convert("RGBA").tobytes(), frame.info.get("duration"), frame.info.get("loop"))
            for frame in ImageSequence.Iterator(opened)
        ]


@pytest.mark.parametrize("frames", [1, 3])
def test_frames_stay_and_comments_go(frames: int) -> None:
    xmp = b"\x21\xff\x0bXMP DataXMP" + b"\x06secret" + b"\x00"
    made = make_gif(frames, b"secret " * 100)
    assert b"secret" in made
    stripped = strip_gif(made[:-1] + xmp + b"\x3b" + b"secret")
    assert b"secret" not in stripped
    assert read_frames(stripped) == read_frames(made)
    assert strip_gif(stripped) == stripped


def test_a_file_that_is_cut_off_is_refused() -> None:
    whole = make_gif(2)
    for length in range(len(whole) - 1):
        with pytest.raises(ValueError, match=r"GIF|cut off|unknown block"):
            strip_gif(whole[:length])


def test_an_unknown_block_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown block"):
        strip_gif(make_gif(1)[:-1] + b"\x55")
