"""Saves a PDF in which no stream ends in a carriage return, so that validators find its end."""

import io
import zlib
from typing import Any

import pikepdf
from pikepdf import Name

_AMBIGUOUS = b"\r\nendstream"


def save_for_validators(pdf: pikepdf.Pdf, mode: pikepdf.ObjectStreamMode) -> bytes:
    """Returns the file, in which no stream ends in a carriage return; the same objects always give the same bytes."""
    _pad_streams(pdf)
    data = _save(pdf, mode)
    # Object streams and cross-reference streams are made by qpdf and cannot be changed, so they are not used.
    return _save(pdf, pikepdf.ObjectStreamMode.disable) if _AMBIGUOUS in data else data


def _save(pdf: pikepdf.Pdf, mode: pikepdf.ObjectStreamMode) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True, object_stream_mode=mode, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return buffer.getvalue()


def _pad_streams(pdf: pikepdf.Pdf) -> None:
    """Appends a byte to each stream that ends in a carriage return.

    qpdf adds a line feed after a stream. Both together count as one end of line, so the stream would be a byte shorter
    than its length says (ISO 19005-2, 6.1.7.1). Readers that use the length see no difference, but validators that
    search for the end do. Decoders ignore a byte after compressed data.
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
