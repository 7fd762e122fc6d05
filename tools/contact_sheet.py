"""Pages side by side as one picture: `python tools/contact_sheet.py sheet.png output/ai-video/*/*.pdf`.

A file may be followed by the pages to show, as in `brief.pdf:1,3`. Needs poppler.
"""

import io
import subprocess
from collections.abc import Iterable
from pathlib import Path

import click
from PIL import Image

_GAP = 12
_GROUND = "#d5dade"


@click.command
@click.argument("target", type=click.Path(path_type=Path))
@click.argument("pages", nargs=-1, required=True)
@click.option("--resolution", default=60, help="Dots an inch.")
@click.option("--across", default=6, help="Pages in a row.")
def main(target: Path, pages: tuple[str, ...], resolution: int, across: int) -> None:
    """Draw the PAGES of PDF files into the picture TARGET."""
    drawn = sheet(pages, resolution, across)
    drawn.save(target, optimize=True)
    click.echo(f"{target}: {drawn.width} x {drawn.height} pixels")


def sheet(pages: Iterable[str], resolution: int, across: int) -> Image.Image:
    """The pages in rows of `across`, each as large as at `resolution` dots an inch."""
    pictures = [picture for name in pages for picture in _pictures(name, resolution)]
    width = max(picture.width for picture in pictures) + _GAP
    height = max(picture.height for picture in pictures) + _GAP
    across = min(across, len(pictures))
    rows = -(-len(pictures) // across)
    drawn = Image.new("RGB", (width * across + _GAP, height * rows + _GAP), _GROUND)
    for index, picture in enumerate(pictures):
        drawn.paste(picture, (index % across * width + _GAP, index // across * height + _GAP))
    return drawn


def _pictures(name: str, resolution: int) -> list[Image.Image]:
    file, _, chosen = name.partition(":")
    count = _page_count(file)
    numbers = [int(number) for number in chosen.split(",")] if chosen else list(range(1, count + 1))
    return [_picture(file, number, resolution) for number in numbers]


def _picture(file: str, number: int, resolution: int) -> Image.Image:
    command = ["pdftoppm", "-png", "-r", str(resolution), "-f", str(number), "-l", str(number), file]
    data = subprocess.run(command, check=True, capture_output=True).stdout
    return Image.open(io.BytesIO(data)).convert("RGB")


def _page_count(file: str) -> int:
    information = subprocess.run(["pdfinfo", file], check=True, capture_output=True, text=True).stdout
    return next(int(line.split()[1]) for line in information.splitlines() if line.startswith("Pages:"))


if __name__ == "__main__":
    main()
