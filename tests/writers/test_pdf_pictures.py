"""Pictures reach the print engine by short addresses, so that it does not keep copies of them."""

import base64
from pathlib import Path

from variant_samples import write_set

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
