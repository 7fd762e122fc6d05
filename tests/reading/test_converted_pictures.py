"""Pictures that not every reader shows are converted: the right way up, in RGB, with the digest of the author's file."""

import hashlib
import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageCms, ImageDraw
from projects import ProjectCopy
from test_bad_images import put

from brief.model.assets import Image as Picture
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import Ref
from brief.reading.pictures import images, picture_conversion
from brief.reading.pictures.raster_check import RasterRefusedError
from brief.reading.pictures.sandbox import SandboxError, run_sandboxed

RED, BLUE = (200, 30, 30), (20, 40, 220)


def halves(mode: str = "RGB") -> Image.Image:
    """Red above, blue below, 60 wide and 40 high."""
    picture = Image.new("RGB", (60, 40), RED)
    ImageDraw.Draw(picture).rectangle((0, 20, 60, 40), fill=BLUE)
    return picture.convert(mode)


def save_picture(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def turn_picture(orientation: int, kind: str = "JPEG", **options: object) -> bytes:
    """A file whose pixels must be turned as the tag says (Exif 2.32, 4.6.5) to show red above."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    return save_picture(halves().transpose(back), kind, exif=exif, **options)


def pdf(pages: int = 1, *, rotate: int = 0, owner: str = "") -> bytes:
    """Pages of 90 by 60 points, red above and blue below."""
    document = pikepdf.new()
    for _ in range(pages):
        page = document.add_blank_page(page_size=(90, 60))
        fill = b"0.784 0.118 0.118 rg 0 30 90 30 re f 0.078 0.157 0.863 rg 0 0 90 30 re f"
        page.Contents = document.make_stream(fill)
        if rotate:
            page.Rotate = rotate
    buffer = io.BytesIO()
    document.save(buffer, encryption=pikepdf.Encryption(user=owner, owner=owner) if owner else False)
    return buffer.getvalue()


def make_hatched_page() -> bytes:
    """A page with an area that is filled with tiles."""
    with pikepdf.open(io.BytesIO(pdf())) as document:
        tile = document.make_stream(
            b"0 0 9 9 re S",
            {"/PatternType": 1, "/PaintType": 1, "/TilingType": 1, "/BBox": [0, 0, 9, 9], "/XStep": 9, "/YStep": 9},
        )
        document.pages[0].Resources = pikepdf.Dictionary(Pattern=pikepdf.Dictionary(H1=tile))
        buffer = io.BytesIO()
        document.save(buffer)
    return buffer.getvalue()


def read(tmp_path: Path, name: str, data: bytes) -> tuple[Picture, DiagnosticSink]:
    (tmp_path / name).write_bytes(data)
    sink = DiagnosticSink()
    found = images.read_image(tmp_path, Ref(name), sink)
    assert found is not None, sink.found
    return found, sink


def assert_red_above(picture: Image.Image) -> None:
    """To a few steps: lossy coding and profiles round."""
    shown = picture.convert("RGB")
    width, height = shown.size
    for place, colour in (((width // 2, height // 4), RED), ((width // 2, 3 * height // 4), BLUE)):
        pixel = shown.getpixel(place)
        assert isinstance(pixel, tuple)
        assert all(abs(a - b) < 12 for a, b in zip(pixel, colour, strict=True)), (place, pixel)


CONVERTED = {
    **{f"turned-{tag}.jpg": (turn_picture(tag), "image/jpeg") for tag in range(2, 9)},
    "turned.png": (turn_picture(6, "PNG"), "image/png"),
    "turned.webp": (turn_picture(6, "WEBP", quality=95), "image/jpeg"),
    "cmyk.jpg": (save_picture(halves("CMYK"), "JPEG", quality=95), "image/jpeg"),
    "lossy.webp": (save_picture(halves(), "WEBP", quality=95), "image/jpeg"),
    "lossless.webp": (save_picture(halves(), "WEBP", lossless=True), "image/png"),
    "clear.webp": (save_picture(halves("RGBA"), "WEBP", lossless=True), "image/png"),
    "named-as-png.png": (save_picture(halves(), "WEBP", lossless=True), "image/png"),
}


@pytest.mark.parametrize("name", CONVERTED)
def test_a_picture_is_converted_to_what_every_reader_shows(tmp_path: Path, name: str) -> None:
    data, media_type = CONVERTED[name]
    found, sink = read(tmp_path, name, data)
    assert (found.media_type, found.width, found.height, sink.found) == (media_type, 60, 40, [])
    shown = Image.open(io.BytesIO(found.data))
    assert (shown.mode in ("RGB", "RGBA"), shown.getexif().get(0x0112, 1)) == (True, 1)
    assert_red_above(shown)
    assert found.original_sha256 == hashlib.sha256(data).hexdigest() != found.sha256
    assert found.sha256 == hashlib.sha256(found.data).hexdigest()


@pytest.mark.skipif(not picture_conversion.reads_avif(), reason="the installed Pillow was built without AVIF")
def test_avif_is_converted(tmp_path: Path) -> None:
    found, _ = read(tmp_path, "photo.avif", save_picture(halves(), "AVIF", quality=95))
    assert found.media_type == "image/jpeg"
    assert_red_above(Image.open(io.BytesIO(found.data)))


def test_a_profile_is_kept_or_applied(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found, _ = read(tmp_path, "photo.jpg", turn_picture(3, icc_profile=profile))
    assert ImageCms.ImageCmsProfile(
        io.BytesIO(Image.open(io.BytesIO(found.data)).info["icc_profile"])
    ).profile.is_matrix_shaper


@pytest.mark.parametrize("name", ["plain.jpg", "plain.png"])
def test_what_every_reader_shows_is_not_coded_again(tmp_path: Path, name: str) -> None:
    data = save_picture(halves(), "JPEG" if name.endswith("jpg") else "PNG")
    found, _ = read(tmp_path, name, data)
    assert found.original_sha256 == ""
    assert Image.open(io.BytesIO(found.data)).tobytes() == Image.open(io.BytesIO(data)).tobytes()


@pytest.mark.parametrize(("rotate", "size"), [(0, (120, 80)), (180, (120, 80)), (90, (80, 120))])
def test_the_page_of_a_pdf_is_shown_at_its_size(tmp_path: Path, rotate: int, size: tuple[int, int]) -> None:
    from brief.charts.sandboxed_raster import rasterise_untrusted

    found, sink = read(tmp_path, "plot.pdf", pdf(rotate=rotate))
    assert (found.media_type, found.width, found.height, sink.found) == ("image/svg+xml", *size, [])
    shown = Image.open(io.BytesIO(rasterise_untrusted(found.data, 1.0)))
    assert shown.size == size
    if rotate == 0:
        assert_red_above(shown)
    assert b"data:image/png;base64," in found.data


def test_the_other_pages_of_a_pdf_are_reported(tmp_path: Path) -> None:
    _, sink = read(tmp_path, "plot.pdf", pdf(3))
    assert [(found.code, str(found.severity)) for found in sink.found] == [("image-pages", "warning")]
    assert "has 3 pages; the first is shown" in sink.found[0].message


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf(owner="x"), "protected by a password"),
        (make_hatched_page(), "hatched areas"),
        (pdf()[:200], "damaged"),
        (b"%PDF-1.7\n" + b"9" * 9_000, "damaged"),
    ],
    ids=["protected", "hatched", "cut off", "no objects"],
)
def test_a_pdf_that_cannot_be_shown_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(RasterRefusedError, match=reason):
        picture_conversion.convert_picture(data, "PDF")


def test_what_ends_the_process_is_refused() -> None:
    """The decoder runs elsewhere: neither its end nor its appetite for memory reaches the build."""
    for function in ("os:abort_with", "test_converted_pictures:end", "test_converted_pictures:devour"):
        with pytest.raises(SandboxError, match="without a result"):
            run_sandboxed(function, b"x")


def end(_data: bytes, _argument: str) -> bytes:
    import os

    os.abort()


def devour(_data: bytes, _argument: str) -> bytes:
    return bytes(4 << 30)


@pytest.mark.slow
def test_converted_pictures_are_in_every_format(project: ProjectCopy) -> None:
    put(project, "photo.webp", save_picture(halves(), "WEBP", quality=95))
    put(project, "plot.pdf", pdf())
    text = project.read("content/themes/ridership.yaml").replace("id: route-map", "id: route-plan", 1)
    project.write("content/themes/ridership.yaml", text.encode())
    built = project.run("build", "-f", "html", "-f", "docx", "-f", "pdf", "-a", "council", "-l", "en", "--jobs", "1")
    assert built.status == 0, built.stderr
