"""What only the cache needs stops no work: the home folder may be that of somebody else."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from brief.fonts.font_fingerprint import fingerprint_installed_fonts
from brief.store.store import Store

ANYBODY = 65534


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder that this process may not enter."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(ANYBODY)
    try:
        yield folder
    finally:
        os.seteuid(user)
        folder.chmod(0o700)


def test_a_store_in_a_locked_folder_keeps_nothing(locked: Path) -> None:
    store = Store(locked / ".cache" / "brief")
    store.put("0" * 64, b"bytes")
    assert store.get("0" * 64) is None
    store.prune()


def test_the_settings_of_fonts_in_a_locked_home_are_left_out(locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(locked))
    assert "/home/.config" not in fingerprint_installed_fonts()


def test_the_settings_of_fonts_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / ".config/fontconfig/conf.d/.own.conf"
    settings.parent.mkdir(parents=True)
    settings.write_text("<fontconfig/>")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert str(settings) in fingerprint_installed_fonts()
