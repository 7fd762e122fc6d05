"""Pictures that are missing, are not what they seem, would exhaust the machine, or look different in PDF and Word."""

import io
import struct
import zipfile
import zlib

import pytest
from expected_diagnostics import assert_accepted, assert_refused
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from projects import HERE, THEME, ProjectCopy

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import Ref
from brief.reading.pictures import images

ASSETS = "content/assets"


def put(project: ProjectCopy, name: str, data: bytes | None = None) -> tuple[str, int, int]:
    """A figure that shows the picture `name`, which is written with `data`; returns where it is named."""
    if data is not None:
        project.write(f"{ASSETS}/{name}", data)
    plain = name.isascii() and name[0].isalnum() and "\\" not in name
    figure = f"""  - kind: figure
    id: route-map
    image: {HERE}{name if plain else f'"{name}"'}
    title: {{en: Map, zh-Hans: 线路图, zh-Hant: 路線圖}}
    description: {{en: The night routes., zh-Hans: 夜间线路。, zh-Hant: 夜間路線。}}
"""
    return project.replace(THEME, "  - kind: callout", f"{figure}  - kind: callout")


def picture(width: int = 20, height: int = 10, mode: str = "RGB", kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (width, height)).save(buffer, kind, **options)
    return buffer.getvalue()


def png(width: int, height: int, depth: int = 8, rows: bytes = b"") -> bytes:
    """A PNG in RGB whose header says what it likes (ISO/IEC 15948, 11.2.2)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def svg(inner: str, attributes: str = 'viewBox="0 0 40 20"') -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{inner}</svg>'
    ).encode()


GOOD = {
    "map.png": picture(),
    "map.jpg": picture(kind="JPEG"),
    "grey.png": picture(mode="L"),
    "palette.png": picture(mode="P"),
    "clear.png": picture(mode="RGBA"),
    "map.svg": svg('<rect width="40" height="20" fill="url(#shade)"/>'),
    "sized.svg": svg("", 'width="40px" height="20"'),
    "ascii.svg": b'<?xml version="1.0" encoding="ISO-8859-1"?>' + svg(""),
    "marked.svg": b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>" + svg("<text>Z\u00fcrich</text>"),
    "sub/map.png": picture(),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_sound_picture_is_accepted(published: ProjectCopy, name: str) -> None:
    put(published, name, GOOD[name])
    assert_accepted(published)


def test_a_missing_picture_is_reported_at_its_reference(published: ProjectCopy) -> None:
    assert_refused(
        published,
        "missing-image",
        put(published, "map.png"),
        "unknown picture 'map.png'",
        "put it into content/assets/",
    )


@pytest.mark.parametrize(
    ("there", "named", "advice"),
    [
        ("map.png", "Map.png", "did you mean 'map.png'?"),
        ("sub/map.png", "map.png", "did you mean 'sub/map.png'?"),
        ("carte-cafe\u0301.png", "carte-caf\u00e9.png", "decomposed form (NFD); rename the file"),
    ],
)
def test_a_name_that_nearly_fits_is_refused_with_the_right_one(
    published: ProjectCopy, there: str, named: str, advice: str
) -> None:
    """What macOS would find and Linux does not."""
    published.write(f"{ASSETS}/{there}", picture())
    assert_refused(published, "missing-image", put(published, named), advice)


@pytest.mark.parametrize(
    "name",
    [
        "../brief.yaml",
        "sub/../../brief.yaml",
        "..%2fbrief.yaml",
        "%2e%2e/brief.yaml",
        "..\\\\brief.yaml",
        "/etc/passwd",
        "//host/share/map.png",
        "\\\\\\\\host\\\\map.png",
        "C:/map.png",
        "http://169.254.169.254/map.png",
        "file:///etc/passwd",
    ],
)
def test_a_picture_lies_in_the_assets_folder(published: ProjectCopy, name: str) -> None:
    assert_refused(published, "image-path", put(published, name), "content/assets/", "name a file there")


def test_a_name_with_a_null_is_refused(published: ProjectCopy) -> None:
    where = put(published, "a\\0b.png")
    _, found = published.check()
    assert [(diagnostic.code, diagnostic.where) for diagnostic in found] == [
        ("control-character", where),
        ("image-path", where),
    ]


@pytest.mark.parametrize("name", [".", "./", "sub/"])
def test_a_folder_is_no_picture(published: ProjectCopy, name: str) -> None:
    assert_refused(published, "missing-image", put(published, name))


def test_a_link_out_of_the_folder_is_not_followed(published: ProjectCopy) -> None:
    (published.root / ASSETS).mkdir()
    (published.root / ASSETS / "map.png").symlink_to(published.root.parent / "elsewhere.png")
    assert_refused(published, "image-path", put(published, "map.png"), "symbolic link", "the file itself")


FORMATS = {
    "eps.png": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "neither PNG, JPEG, WebP"),
    "ps.jpg": (b"%!PS-Adobe-3.0\n", "neither PNG, JPEG, WebP"),
    "pdf.png": (b"%PDF-1.7\n", "is damaged"),
    "gif.png": (picture(kind="GIF"), "neither PNG, JPEG, WebP"),
    "tiff.jpg": (picture(kind="TIFF"), "neither PNG, JPEG, WebP"),
    "webp.png": (b"RIFF\x24\0\0\0WEBPVP8 ", "is damaged"),
    "avif.png": (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1" + b"\0" * 9, "is damaged"),
    "heic.jpg": (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\0" * 9, "export it as JPEG"),
    "cut.webp": (picture(200, 200, kind="WEBP")[:-20], "is damaged"),
    "animated.webp": (
        picture(kind="WEBP", save_all=True, append_images=[Image.new("RGB", (20, 10), "red")]),
        "export one frame",
    ),
    "empty.png": (b"", "neither PNG, JPEG, WebP"),
    "no-size.png": (png(0, 0), "neither PNG, JPEG, WebP"),
    "no-width.png": (png(0, 10), "neither PNG, JPEG, WebP"),
    "cut.png": (picture(200, 200)[:-30], "is damaged"),
    "cut.jpg": (picture(200, 200, kind="JPEG")[:-200], "is damaged"),
    "grey-16.png": (picture(mode="I;16"), "export it with 8"),
    "colour-16.png": (png(2, 2, 16, (b"\0" + b"\1" * 12) * 2), "export it with 8"),
    "animated.png": (picture(save_all=True, append_images=[Image.new("RGB", (20, 10), "red")]), "export one frame"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_picture_that_engines_would_show_differently_is_refused(published: ProjectCopy, name: str) -> None:
    data, advice = FORMATS[name]
    assert_refused(published, "image-format", put(published, name, data), advice)


def test_a_damaged_picture_is_refused_also_when_the_print_engine_is_loaded(published: ProjectCopy) -> None:
    """WeasyPrint switches Pillow to accepting truncated files, for the whole process."""
    pytest.importorskip("weasyprint")
    assert_refused(published, "image-format", put(published, "cut.png", picture(200, 200)[:-30]), "is damaged")


@pytest.mark.parametrize("side", [7_000, 12_000, 20_000, 2**31 - 1])
def test_a_decompression_bomb_is_refused_by_its_header(
    published: ProjectCopy, side: int, recwarn: pytest.WarningsRecorder
) -> None:
    assert_refused(
        published, "image-too-large", put(published, "bomb.png", png(side, side)), "40,000,000", "scale it down"
    )
    assert not recwarn.list


@pytest.mark.parametrize("side", [10_000, 65_000])
def test_a_bomb_in_jpeg_is_refused_by_its_header(
    published: ProjectCopy, side: int, recwarn: pytest.WarningsRecorder
) -> None:
    data = picture(20, 10, kind="JPEG")
    assert data.count(struct.pack(">HH", 10, 20)) == 1
    vast = data.replace(struct.pack(">HH", 10, 20), struct.pack(">HH", side, side))
    assert_refused(published, "image-too-large", put(published, "bomb.jpg", vast), "40,000,000", "scale it down")
    assert not recwarn.list


def test_a_vector_picture_is_held_to_the_same_size(published: ProjectCopy) -> None:
    """It becomes pixels in a Word file."""
    where = put(published, "vast.svg", svg("", 'viewBox="0 0 20000 20000"'))
    assert_refused(published, "image-too-large", where, "scale it down")


@pytest.mark.parametrize(
    "attributes",
    [
        'viewBox="0 0 100 100" width="99999999" height="99999999"',
        'viewBox="0 0 100 100" width="99999999"',
        'viewBox="0 0 20000 20000" width="100" height="100"',
        'width="9999mm" height="9999mm"',
    ],
)
def test_each_size_that_a_vector_picture_gives_is_held_to_the_limit(published: ProjectCopy, attributes: str) -> None:
    where = put(published, "vast.svg", svg("", attributes))
    assert_refused(published, "image-too-large", where, "scale it down")


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 40 20" width="80" height="40"', (80, 40)),
        ('viewBox="-5,-5 40 20" width="100%" height="auto"', (40, 20)),
        ('viewBox="0 0 40 20" height="1in"', (192, 96)),
        ('viewBox="0 0 0.5 0.25" width="80.4px"', (80, 40)),
        ('width="3cm" height=" 30 " style="width:99999999px;fill:red"', (113, 30)),
    ],
)
def test_every_engine_is_given_the_size_that_was_checked(attributes: str, size: tuple[int, int]) -> None:
    found = images._read_svg(Ref("x.svg"), svg("", attributes), DiagnosticSink())
    assert found is not None
    assert (found.width, found.height) == size
    width, height = size
    assert f' width="{width}"' in found.data.decode()
    assert f' height="{height}"' in found.data.decode()
    assert found.data.count(b" viewBox=") == 1
    assert b"99999999" not in found.data


def test_the_largest_drawing_is_built_for_word(project: ProjectCopy) -> None:
    """Its PNG has no more pixels than a page needs; the engine ends the process where memory does."""
    put(project, "vast.svg", svg('<rect width="40" height="20"/>', 'viewBox="0 0 40 20" width="8900" height="4450"'))
    built = project.run("build", "-f", "docx", "-a", "council", "-l", "en", "--jobs", "1")
    assert built.status == 0, built.stderr
    with zipfile.ZipFile(project.root.parent / built.stdout.strip()) as package:
        sizes = [Image.open(package.open(name)).size for name in package.namelist() if name.endswith(".png")]
    assert max(width * height for width, height in sizes) < 10_100_000


def test_a_drawing_may_name_faces_and_hold_han(project: ProjectCopy) -> None:
    """Unlike a chart's, its texts need not give their size."""
    put(project, "map.svg", svg("<text>夜間</text>", 'viewBox="0 0 40 20" font-family="Inter, Noto Sans CJK TC"'))
    built = project.run("build", "-f", "docx", "-a", "council", "-l", "en", "--jobs", "1")
    assert built.status == 0, built.stderr


def test_a_file_over_the_cap_is_refused_unread(published: ProjectCopy) -> None:
    assert_refused(published, "image-too-large", put(published, "vast.png", b"\0" * 20_000_001), "20,000,000 bytes")


@pytest.mark.parametrize(("width", "height"), [(1, 30_000), (30_000, 1), (1, 51)])
def test_a_narrow_picture_is_refused(published: ProjectCopy, width: int, height: int) -> None:
    where = put(published, "thin.png", png(width, height))
    assert_refused(published, "image-size", where, f"{width} x {height} pixels", "50 times")


DANGEROUS = {
    "image": '<image href="file:///etc/passwd" width="9" height="9"/>',
    "old-image": '<image xlink:href="http://example.org/a.png"/>',
    "script": "<script>alert(1)</script>",
    "foreign": "<foreignObject><p>x</p></foreignObject>",
    "frame": '<iframe xmlns="http://www.w3.org/1999/xhtml" src="x"/>',
    "filter": '<filter><feImage href="http://example.org/"/></filter>',
    "use": '<use xlink:href="other.svg#a"/>',
    "link": '<a href="https://example.org/"><text>x</text></a>',
    "style": '<style>@import "http://example.org/";</style>',
    "animation": '<animateTransform attributeName="x"/>',
    "event": '<rect onload="alert(1)"/>',
    "outer-url": '<rect fill="url(http://example.org/#a)"/>',
    "two-urls": '<rect fill="url(#a) url(http://example.org/)"/>',
    "upper-url": '<rect style="fill:URL(http://example.org/)"/>',
    "hidden-url": r'<rect style="fill:u\72l(http://example.org/)"/>',
    "imported": "<rect style=\"@import 'x'\"/>",
    "unclosed": "<rect",
    "halved-url": '<rect style="fill:u/**/rl(#a);fill:url(http://example.org/)"/>',
    "deep": "<g>" * 2_000 + "</g>" * 2_000,
}


@pytest.mark.parametrize("name", DANGEROUS)
def test_an_svg_holds_plain_shapes_only(published: ProjectCopy, name: str) -> None:
    assert_refused(published, "svg-content", put(published, f"{name}.svg", svg(DANGEROUS[name])))


FILES = {
    "entities.svg": b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg("<text>&a;</text>"),
    "utf-16.svg": ('<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]>' + svg("").decode()).encode("utf-16"),
    "styled.svg": b'<?xml-stylesheet href="http://example.org/a.css"?>' + svg(""),
    "page.svg": b'<html xmlns="http://www.w3.org/1999/xhtml" width="9" height="9"/>',
    "bitmap.svg": picture(),
    "sizeless.svg": svg("", ""),
    "percent.svg": svg("", 'width="100%" height="100%"'),
    "negative.svg": svg("", 'viewBox="0 0 -5 9"'),
    "wordy.svg": svg("", 'viewBox="0 0 40 20" width="wide" height="20"'),
    "below-zero.svg": svg("", 'viewBox="0 0 40 20" width="-40" height="-20"'),
    "three.svg": svg("", 'viewBox="0 0 40" width="40" height="20"'),
    "disagreeing.svg": svg("", 'viewBox="0 0 40 20" width="40" height="4000"'),
    "unknown.svg": b'<?xml version="1.0" encoding="foo"?>' + svg(""),
    "gb.svg": b"<?xml version='1.0' encoding='gb18030'?>" + svg("<text>Z\u00fcrich</text>"),
    "utf-7.svg": b'<?xml version="1.0" encoding="utf-7" standalone="yes"?>' + svg(""),
    "latin.svg": b'<?xml version="1.0" encoding="ISO-8859-1"?>' + svg("<text>\u00e9</text>"),
    "none.svg": svg("", 'viewBox="0 0 0 9"'),
}


@pytest.mark.parametrize("name", FILES)
def test_an_svg_is_one_plain_document_with_a_size(published: ProjectCopy, name: str) -> None:
    assert_refused(published, "svg-content", put(published, name, FILES[name]))


def test_an_svg_is_known_by_what_it_holds(published: ProjectCopy) -> None:
    assert_refused(published, "svg-content", put(published, "shapes.png", svg("<script/>")), "<script>")


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([picture(), picture(kind="JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08"), svg("<rect/>"), png(3, 3)]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4),
    st.integers(0, 400),
)
def test_no_bytes_break_the_reader(data: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    spoiled = bytearray(data)
    for at, byte in changes:
        if at < len(spoiled):
            spoiled[at] = byte
    for read in (images._read_raster, images._read_svg):
        sink = DiagnosticSink()
        found = read(Ref("x.png"), bytes(spoiled[: len(spoiled) - cut] if cut % 2 else spoiled), sink)
        assert (found is None) == bool(sink.found)


def test_two_figures_may_show_one_picture(published: ProjectCopy) -> None:
    put(published, "map.png", picture())
    block = published.read(THEME).split("  - kind: figure\n")[1].split("  - kind: callout")[0]
    again = block.replace("route-map", "route-map-again")
    published.replace(THEME, "  - kind: callout", f"  - kind: figure\n{again}  - kind: callout")
    assert_accepted(published)
