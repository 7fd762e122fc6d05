"""Pictures reach the print engine by short addresses, so that it does not keep copies of them."""

import base64
from dataclasses import replace
from pathlib import Path

from variant_samples import pixel, sample, write_set

from brief.model.variant import Figure
from brief.templating.template_set import find_template_set
from brief.writers.html.document import render_markup
from brief.writers.html.late_pictures import list_pictures
from brief.writers.pdf.weasyprint.fetcher import LockedFetcher, separate_pictures


def test_each_picture_is_served_once_under_a_short_address(tmp_path: Path) -> None:
    picture, other = b"picture" * 200, b"other" * 300
    tags = "".join(f'<img src="data:image/png;base64,{base64.b64encode(data).decode()}">' for data in (picture, other))
    markup, pictures = separate_pictures(tags + tags)
    assert len(markup) < 600
    assert [data for _, data in pictures.values()] == [picture, other]
    fetcher = LockedFetcher(write_set(tmp_path), (), pictures)
    for url, (_, data) in pictures.items():
        assert markup.count(url) == 2
        served = fetcher.fetch(url)
        assert served.read() == data
        assert served.headers["Content-Type"] == "image/png"


def test_other_addresses_stay() -> None:
    markup = '<img src="data:image/png;base64,AAAA"><a href="https://example.org/">a</a>'
    assert separate_pictures(markup) == (markup, {})


def test_templates_see_a_digest_in_place_of_a_picture() -> None:
    """A page is copied several times while it is rendered, and with hundreds of photographs all of them would be."""
    image = replace(pixel(), data=b"photograph" * 100_000)
    figure = Figure(id="photo", label="Figure 1", image=image, title=(), description="A photograph", note=None)
    variant = sample(blocks=(figure,))
    markup = render_markup(variant, find_template_set("base"), "print.html.j2", medium="print")
    assert len(markup) < 100_000
    addressed, pictures = separate_pictures(markup, list_pictures(variant))
    assert list(pictures.values()) == [(image.media_type, image.data)]
    assert addressed.count(next(iter(pictures))) == 1
