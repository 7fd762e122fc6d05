"""What a picture's file says beside the picture does not reach a reader; what is drawn stays as it was."""

import base64
import hashlib
import io
import re
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms, PngImagePlugin
from projects import ProjectCopy
from test_bad_images import put

from brief.model import assets
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import Ref, SourceLocation
from brief.reading.pictures import images

CANARY = "Quetzalcoatlus"
_MARK = CANARY.encode()


def write_in_profile(profile: bytes, said: str) -> bytes:
    """Writes a text over the description and the copyright of a profile, where only a program looks."""
    (count,) = struct.unpack_from(">I", profile, 128)
    written = bytearray(profile)
    for position in range(count):
        name, start, size = struct.unpack_from(">4sII", profile, 132 + 12 * position)
        if name in (b"desc", b"cprt"):
            encoded = said.encode("utf-16-be")[: size - 28]
            written[start + 28 : start + 28 + len(encoded)] = encoded
    return bytes(written)


_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
HIDDEN_WORDS = "翼手龙化石"
_TOLD = write_in_profile(_PROFILE, HIDDEN_WORDS)
assert HIDDEN_WORDS.encode("utf-16-be") in _TOLD


def convert_colours(picture: Image.Image) -> bytes:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
    lab = ImageCms.createProfile("LAB")
    converted = ImageCms.profileToProfile(picture, profile, lab, outputMode="LAB")
    assert converted is not None
    return converted.tobytes()


def _pixels() -> Image.Image:
    return Image.linear_gradient("L").resize((64, 32)).convert("RGB")


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = CANARY  # ImageDescription
    exif[0x9286] = f"ASCII\0\0\0{CANARY}"  # UserComment
    return exif


def jpeg(**options: object) -> bytes:
    buffer = io.BytesIO()
    _pixels().save(
        buffer,
        "JPEG",
        exif=_exif(),
        comment=CANARY,
        xmp=f"<x>{CANARY}</x>".encode(),
        icc_profile=_TOLD,
        dpi=(300, 300),
        **options,
    )
    whole = buffer.getvalue()
    thumbnail = b"JFXX\0\x10" + _MARK
    iptc = b"Photoshop 3.0\0" + _MARK
    remarks = b"".join(
        struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload
        for marker, payload in ((0xE0, thumbnail), (0xED, iptc), (0xE2, b"FPXR\0" + _MARK), (0xEE, b"Other" + _MARK))
    )
    after_header = 4 + struct.unpack(">H", whole[4:6])[0]
    return whole[:after_header] + remarks + whole[after_header:] + _MARK


def png(**options: object) -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Description", CANARY)
    words.add_text("Comment", CANARY * 9, zip=True)
    words.add_itxt("XML:com.adobe.xmp", CANARY, "en", CANARY)
    words.add_itxt("Author", CANARY * 9, zip=True)
    words.add(b"tIME", b"\x07\xe8\x01\x01\0\0\0")
    words.add(b"prVt", _MARK)
    words.add(b"prVa", _MARK, after_idat=True)
    buffer = io.BytesIO()
    _pixels().save(buffer, "PNG", pnginfo=words, exif=_exif(), icc_profile=_TOLD, dpi=(300, 300), **options)
    return buffer.getvalue() + _MARK


SVG = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- {CANARY} -->
<?editor {CANARY}?>
<svg:svg xmlns:svg="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
    xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" xmlns:own="urn:{CANARY}"
    xmlns:dc="http://purl.org/dc/elements/1.1/" width="40mm" height="20mm" viewBox="0 0 40 20"
    sodipodi:docname="{CANARY}.svg" inkscape:export-filename="C:\\{CANARY}.png">
  <svg:title>{CANARY}</svg:title>
  <svg:metadata><dc:source>{CANARY}</dc:source></svg:metadata>
  <sodipodi:namedview inkscape:label="{CANARY}"/>
  <own:note>{CANARY}<svg:rect width="1" height="1"/></own:note>
  {CANARY}
  <svg:g inkscape:label="{CANARY}" data-name="{CANARY}" style="/* {CANARY} */fill:#b4472e;-inkscape-x:'{CANARY};'">
    <svg:desc>{CANARY}</svg:desc><!-- {CANARY} -->
    <svg:rect width="40" height="20"/><svg:text xml:space="preserve" y="9">one<own:x>{CANARY}</own:x> two
    <svg:tspan>three</svg:tspan> four</svg:text>
  </svg:g>
</svg:svg>
<!-- {CANARY} -->
""".encode()

PICTURES = {"map.jpg": jpeg(), "gradual.jpg": jpeg(progressive=True), "map.png": png(), "map.svg": SVG}


def read(tmp_path: Path, name: str, data: bytes) -> assets.Image:
    (tmp_path / name).write_bytes(data)
    sink = DiagnosticSink()
    found = images.read_image(tmp_path, Ref(name, SourceLocation("x.yaml", 1, 1)), sink)
    assert found is not None, sink.found
    return found


def unpack_png(data: bytes) -> bytes:
    """The bytes, and what is deflated in a PNG."""
    packed = re.findall(rb"(?:zTXt|iTXt)(.*?)IDAT", data, re.DOTALL)
    return data + b"".join(zlib.decompressobj().decompress(part[part.index(b"\x78") :]) for part in packed)


@pytest.mark.parametrize("name", PICTURES)
def test_remarks_are_left_out(tmp_path: Path, name: str) -> None:
    assert _MARK in PICTURES[name]
    found = read(tmp_path, name, PICTURES[name])
    assert _MARK not in found.data
    assert not re.search(rb"Exif|tEXt|zTXt|iTXt|eXIf|tIME|prV|JFXX|FPXR|Photoshop", found.data)
    assert found.sha256 == hashlib.sha256(found.data).hexdigest()


@pytest.mark.parametrize("name", ["map.jpg", "gradual.jpg", "map.png"])
def test_the_samples_and_their_colours_stay(tmp_path: Path, name: str) -> None:
    before = Image.open(io.BytesIO(PICTURES[name]))
    after = Image.open(io.BytesIO(read(tmp_path, name, PICTURES[name]).data))
    assert after.tobytes() == before.tobytes()
    # The other colours of the profile show whether both mean the same.
    assert convert_colours(after) == convert_colours(before) != before.tobytes()
    assert after.info.get("dpi") == before.info.get("dpi")
    assert after.info.get("progressive") == before.info.get("progressive")


@pytest.mark.parametrize("name", ["map.jpg", "gradual.jpg", "map.png"])
def test_a_colour_profile_keeps_no_words(tmp_path: Path, name: str) -> None:
    found = Image.open(io.BytesIO(read(tmp_path, name, PICTURES[name]).data)).info["icc_profile"]
    assert HIDDEN_WORDS.encode("utf-16-be") not in found
    assert ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(found))).strip() == "Profile"


def test_a_name_of_a_profile_is_not_kept(tmp_path: Path) -> None:
    named = b"Quetzal\0\0" + zlib.compress(_PROFILE)
    chunk = struct.pack(">I", len(named)) + b"iCCP" + named + struct.pack(">I", zlib.crc32(b"iCCP" + named))
    buffer = io.BytesIO()
    _pixels().save(buffer, "PNG")
    found = read(tmp_path, "map.png", buffer.getvalue()[:33] + chunk + buffer.getvalue()[33:])
    assert b"Quetzal" not in found.data
    assert Image.open(io.BytesIO(found.data)).info["icc_profile"]


def test_a_profile_in_many_parts_is_one_profile(tmp_path: Path) -> None:
    """The parts of the profile of a printer, as that of a scanner's calibration."""
    (count,) = struct.unpack_from(">I", _PROFILE, 128)
    table = b"A2B0" + struct.pack(">II", len(_PROFILE) + 12, 150_000)
    entries = [
        name + struct.pack(">II", start + 12, size)
        for name, start, size in struct.iter_unpack(">4sII", _PROFILE[132 : 132 + 12 * count])
    ]
    grid = (b"mft2\0\0\0\0" + bytes(range(1, 251)) * 600)[:150_000]
    large = (
        _PROFILE[:128] + struct.pack(">I", count + 1) + b"".join(entries) + table + _PROFILE[132 + 12 * count :] + grid
    )
    buffer = io.BytesIO()
    _pixels().save(buffer, "JPEG", icc_profile=struct.pack(">I", len(large)) + large[4:])
    kept = Image.open(io.BytesIO(read(tmp_path, "map.jpg", buffer.getvalue()).data)).info["icc_profile"]
    assert grid in kept


@pytest.mark.parametrize(
    "broken",
    [b"", b"\0" * 200, _PROFILE[:140], _PROFILE[:128] + b"\xff" * 400, _PROFILE[:-60]],
    # A profile has the time at which it was made.
    ids=("empty", "zeros", "head", "noise", "cut"),
)
def test_a_broken_profile_is_left_out(tmp_path: Path, broken: bytes) -> None:
    for name, kind in (("map.jpg", "JPEG"), ("map.png", "PNG")):
        buffer = io.BytesIO()
        _pixels().save(buffer, kind, icc_profile=broken)
        assert "icc_profile" not in Image.open(io.BytesIO(read(tmp_path, name, buffer.getvalue()).data)).info


def test_a_transparent_palette_stays(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    _pixels().convert("P").save(buffer, "PNG", transparency=b"\0\x80\xff", gamma=0.5)
    after = Image.open(io.BytesIO(read(tmp_path, "map.png", buffer.getvalue()).data))
    before = Image.open(io.BytesIO(buffer.getvalue()))
    assert after.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()


def test_a_jpeg_says_how_its_colours_are_coded(tmp_path: Path) -> None:
    """By Adobe's segment: without it, RGB would be shown as YCbCr."""
    buffer = io.BytesIO()
    _pixels().save(buffer, "JPEG", keep_rgb=True)
    assert b"Adobe" in buffer.getvalue()
    after = Image.open(io.BytesIO(read(tmp_path, "map.jpg", buffer.getvalue()).data))
    assert after.tobytes() == Image.open(io.BytesIO(buffer.getvalue())).tobytes()


def test_what_follows_the_end_of_a_jpeg_is_left_out(tmp_path: Path) -> None:
    whole = io.BytesIO()
    _pixels().save(whole, "JPEG")
    assert read(tmp_path, "map.jpg", whole.getvalue() + b"\xff\xd9" + _MARK).data == whole.getvalue()


def test_a_thumbnail_in_the_header_is_left_out(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    _pixels().save(buffer, "JPEG")
    plain = buffer.getvalue()
    thumbnail = b"\x02\x01" + b"Quetza"  # two pixels in RGB
    header = plain[6:18] + thumbnail
    data = plain[:4] + struct.pack(">H", len(header) + 2) + header + plain[20:]
    assert read(tmp_path, "map.jpg", data).data == plain


def test_a_drawing_is_rewritten(tmp_path: Path) -> None:
    found = read(tmp_path, "map.svg", SVG)
    assert found.data.decode() == (
        '<svg width="151" height="76" viewBox="0 0 40 20" xmlns="http://www.w3.org/2000/svg">'
        '<g style="fill:#b4472e"><rect width="40" height="20" /><text xml:space="preserve" y="9">one two\n'
        "    <tspan>three</tspan> four</text></g></svg>"
    )
    assert (found.width, found.height) == (151, 76)
    assert read(tmp_path, "map.svg", found.data).data == found.data


@pytest.mark.parametrize("name", PICTURES)
def test_a_built_variant_holds_no_remark(project: ProjectCopy, name: str) -> None:
    put(project, name, PICTURES[name])
    page = project.page()
    parts = [base64.b64decode(found) for found in re.findall(r"data:[^;,]+;base64,([A-Za-z0-9+/=]+)", page)]
    assert any(hashlib.sha256(part).hexdigest() == _digest(project, name) for part in parts)
    built = project.run("build", "-f", "docx", "-a", "council", "-l", "en", "--jobs", "1")
    assert built.status == 0, built.stderr
    with zipfile.ZipFile(project.root.parent / built.stdout.strip()) as package:
        parts += [package.read(part) for part in package.namelist()]
    assert sum(hashlib.sha256(part).hexdigest() == _digest(project, name) for part in parts) >= 2
    assert CANARY not in page
    assert not [part for part in parts if _MARK in unpack_png(part)]


def _digest(project: ProjectCopy, name: str) -> str:
    found = images.read_image(
        project.root / "content/assets", Ref(name, SourceLocation("x.yaml", 1, 1)), DiagnosticSink()
    )
    assert found is not None
    return found.sha256
