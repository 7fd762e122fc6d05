"""Texts that are written into YAML are read back as they were."""

import pytest
import yaml

from brief.reading.edits.quoting import quote_scalar


@pytest.mark.parametrize("start", [*range(0, 0x10000, 0x1000), 0x20000], ids=hex)
def test_every_character_is_read_back(start: int) -> None:
    codes = (code for code in range(start, start + 0x1000) if not 0xD800 <= code <= 0xDFFF)
    text = "".join(f"a{chr(code)}b" for code in codes)
    quoted = quote_scalar(text)
    assert len(quoted.splitlines()) == 1
    assert yaml.safe_load(quoted) == text


def test_han_characters_are_not_escaped() -> None:
    assert quote_scalar("說「好」") == '"說「好」"'
