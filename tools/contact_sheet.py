"""Pages side by side as one picture: `python tools/contact_sheet.py sheet.png output/ai-video/*/*.en.*`.

A PDF is shown page by page, a Word document as LibreOffice prints it, an HTML page as Chromium shows it on a desk and on a
phone. A file may be followed by the pages to show, as in `brief.pdf:1,3`. Needs poppler, and LibreOffice and Chromium for
such files. `./run sheet` draws every page of every variant, one sheet for each locale and format.
"""

import io
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from browser import find_browser
from PIL import Image, ImageChops

_GAP = 12
_GROUND = "#d5dade"
_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--hide-scrollbars",
)  # fmt: skip
# CSS pixels across a desk's and a phone's window, and how much of a page is shown.
_WINDOWS = (1280, 500)
_HEIGHT = 5000
_INCH = 96


@click.command
@click.argument("target", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, required=True)
@click.option("--resolution", default=60, help="Dots an inch.")
@click.option("--across", default=6, help="Pages in a row.")
def main(target: Path, files: tuple[str, ...], resolution: int, across: int) -> None:
    """Draw the pages of PDF, DOCX and HTML FILES into the picture TARGET."""
    with tempfile.TemporaryDirectory() as scratch:
        pictures = [picture for name in files for picture in _pictures(name, resolution, Path(scratch))]
    width = max(picture.width for picture in pictures) + _GAP
    height = max(picture.height for picture in pictures) + _GAP
    across = min(across, len(pictures))
    rows = -(-len(pictures) // across)
    sheet = Image.new("RGB", (width * across + _GAP, height * rows + _GAP), _GROUND)
    for index, picture in enumerate(pictures):
        sheet.paste(picture, (index % across * width + _GAP, index // across * height + _GAP))
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(target, optimize=True)
    click.echo(f"{target}: {len(pictures)} pages")


def _pictures(name: str, resolution: int, scratch: Path) -> Iterator[Image.Image]:
    file, _, chosen = name.partition(":")
    if file.endswith(".html"):
        yield from (_screen(Path(file), width, resolution, scratch) for width in _WINDOWS)
        return
    if file.endswith(".docx"):
        profile = f"-env:UserInstallation={(scratch / 'office').as_uri()}"
        _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(scratch), file)
        file = str(scratch / f"{Path(file).stem}.pdf")
    count = _page_count(file)
    for number in [int(number) for number in chosen.split(",")] if chosen else range(1, count + 1):
        data = _run("pdftoppm", "-png", "-r", str(resolution), "-f", str(number), "-l", str(number), file)
        yield Image.open(io.BytesIO(data)).convert("RGB")


def _screen(file: Path, width: int, resolution: int, scratch: Path) -> Image.Image:
    shot = scratch / "screen.png"
    _run(
        find_browser(),
        *_OPTIONS,
        f"--user-data-dir={scratch / 'browser'}",
        f"--window-size={width},{_HEIGHT}",
        f"--screenshot={shot}",
        file.resolve().as_uri(),
    )
    with Image.open(shot) as opened:
        picture = opened.convert("RGB")
    # What the page does not fill of the window is left away.
    ground = Image.new("RGB", picture.size, picture.getpixel((0, picture.height - 1)))
    filled = ImageChops.difference(picture, ground).getbbox()
    picture = picture.crop((0, 0, picture.width, filled[3] if filled else picture.height))
    scale = resolution / _INCH
    return picture.resize((round(picture.width * scale), round(picture.height * scale)))


def _page_count(file: str) -> int:
    lines = _run("pdfinfo", file).decode().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pages:"))


def _run(*command: str) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


if __name__ == "__main__":
    main()
