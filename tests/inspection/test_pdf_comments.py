"""The comments of a PDF are found wherever they are, and however it is divided when it is read."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brief.inspection.extract import pdf_comments
from brief.inspection.extract.pdf_comments import find_comments

PIECES = st.sampled_from(
    [b"stream\n", b"stream\r\n", b"endstream", b"stream", b"end", b"%%EOF", b"%%EO", b"\n", b"%secret words", b"obj "]
)


def find_all(data: bytes) -> list[str]:
    """All comments outside streams, and what follows the last %%EOF, of a file in memory."""
    outside, rest = b"", data
    while (
        start := min((at for mark in (b"stream\n", b"stream\r\n") if (at := rest.find(mark)) >= 0), default=-1)
    ) >= 0:
        body = rest.index(b"\n", start) + 1
        end = rest.find(b"endstream", body)
        if end < 0:
            break
        outside += rest[:start]
        rest = rest[end + len(b"endstream") :]
    lines = [line[at:] for line in (outside + rest).splitlines() if (at := line.find(b"%")) >= 0 and len(line) - at > 6]
    tail = data.rpartition(b"%%EOF")[2]
    return [line.decode() for line in lines] + [tail.decode()]


@given(st.lists(PIECES, max_size=12).map(b"".join), st.integers(1, 40))
def test_a_file_may_be_read_in_pieces_of_any_size(data: bytes, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_comments, "CHUNK", size)
        assert list(find_comments(io.BytesIO(data), ())) == find_all(data)
