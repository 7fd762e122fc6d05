"""Saves a PDF so that no reader takes one of its streams for shorter than it is."""

import io
import zlib
from typing import Any

import pikepdf
from pikepdf import Name

_AMBIGUOUS = b"\r\nendstream"


def save_clearly(pdf: pikepdf.Pdf, mode: pikepdf.ObjectStreamMode) -> bytes:
    """The file, with the same bytes for the same objects, in which no stream ends in a carriage return."""
    _end_streams_clearly(pdf)
    made = _save(pdf, mode)
    # The streams that qpdf makes of objects and of the table of them cannot be changed, but they can be done without.
    return _save(pdf, pikepdf.ObjectStreamMode.disable) if _AMBIGUOUS in made else made


def _save(pdf: pikepdf.Pdf, mode: pikepdf.ObjectStreamMode) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True, object_stream_mode=mode, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return buffer.getvalue()


def _end_streams_clearly(pdf: pikepdf.Pdf) -> None:
    """Lets no stream end in a carriage return, which qpdf would follow by a line feed.

    Both together count as one end of line, so the stream would be a byte shorter than its length says (ISO 19005-2, 6.1.7.1).
    Its length is right, and readers that go by it see no difference; validators that look for the end see a wrong one. A
    byte after compressed data is not read.
    """
    for stream in pdf.objects:
        if not isinstance(stream, pikepdf.Stream) or stream.get("/Type") == Name.Metadata:
            continue
        raw = stream.read_raw_bytes()
        if "/Filter" not in stream:
            raw = zlib.compress(raw)
            stream.write(raw + (b" " if raw.endswith(b"\r") else b""), filter=Name.FlateDecode)
        elif raw.endswith(b"\r"):
            kinds: Any = stream.Filter
            parameters: Any = stream.get("/DecodeParms")
            stream.write(raw + b" ", filter=kinds, decode_parms=parameters)
