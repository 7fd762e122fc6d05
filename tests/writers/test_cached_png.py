"""The pixels of a drawing are made once, and are those that the engine makes."""

from pathlib import Path

import pytest

from brief.charts.engine import render_png
from brief.writers.docx.body import cached_png

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="{}" height="9"/></svg>'


def test_pixels_come_from_the_store_the_second_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEF_CACHE_DIR", str(tmp_path))
    drawn: list[str] = []

    def draw(svg: str, scale: float) -> bytes:
        drawn.append(svg)
        return render_png(svg, scale)

    monkeypatch.setattr(cached_png, "render_png", draw)
    asked = [(SVG.format(width), scale) for width in (10, 30, 10) for scale in (1.0, 2.0)]
    assert [cached_png.render_cached_png(*each) for each in asked] == [render_png(*each) for each in asked]
    assert len(drawn) == 4
    monkeypatch.setenv("BRIEF_CACHE_DIR", "off")
    assert cached_png.render_cached_png(*asked[0]) == render_png(*asked[0])
    assert len(drawn) == 5
