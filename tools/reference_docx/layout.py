"""The differences between the starting points of the packaged sets. Lengths in twentieths of a point."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """A page and its cover. `type_scale` is for every size of type and the white about it.

    The cover's band reaches from edge to edge; of no height, a title replaces the cover. Ordinals of themes hang
    into the left margin by `hang`.
    """

    page_width: int = 11906  # A4
    page_height: int = 16838
    left: int = 2098
    right: int = 1474
    top: int = 1531
    bottom: int = 1417
    cover_top: int = 1247
    band_top: int = 2948
    band_height: int = 9354
    # Above the lines below the band, and above the marking.
    imprint_before: int = 680
    marking_before: int = 360
    hang: int = 737
    type_scale: float = 1.0
    columns: int = 1
    themes_start_pages: bool = False

    @property
    def text_width(self) -> int:
        return self.page_width - self.left - self.right


LAYOUTS: Mapping[str, Layout] = {
    "base": Layout(),
    "board": Layout(
        page_width=16838,
        page_height=11906,
        left=1701,
        right=1701,
        top=1474,
        bottom=1247,
        cover_top=907,
        band_top=2154,
        band_height=5954,
        imprint_before=300,
        marking_before=60,
        hang=964,
        type_scale=1.36,
    ),
    "paper": Layout(
        left=1134,
        right=1134,
        top=1304,
        bottom=1247,
        band_height=0,
        hang=0,
        type_scale=0.92,
        columns=2,
    ),
}
