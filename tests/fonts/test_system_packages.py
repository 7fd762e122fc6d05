"""Advice on what to install is for the system at hand."""

from pathlib import Path

import pytest

from brief.fonts import system_packages
from brief.fonts.system_packages import SYSTEM_PACKAGES, suggest_package

_RELEASES = [
    ('ID=debian\nVERSION_ID="12"\n', "on Debian: apt-get install fonts-noto-cjk"),
    ("ID=ubuntu\nID_LIKE=debian\n", "on Debian: apt-get install fonts-noto-cjk"),
    ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "on Fedora: dnf install google-noto-sans-cjk-fonts"),
]


@pytest.mark.parametrize(("release", "said"), _RELEASES, ids=["debian", "ubuntu", "rocky"])
def test_it_is_for_this_distribution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: str, said: str) -> None:
    (tmp_path / "os-release").write_text(release)
    monkeypatch.setattr(system_packages, "_RELEASE", tmp_path / "os-release")
    monkeypatch.setattr("sys.platform", "linux")
    assert suggest_package("han-faces").startswith(said)
    assert suggest_package("han-faces").count("on ") == 1


@pytest.mark.parametrize("name", SYSTEM_PACKAGES)
def test_it_is_for_every_system_where_this_one_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(system_packages, "_RELEASE", tmp_path / "none")
    monkeypatch.setattr("sys.platform", "linux")
    said = suggest_package(name)
    assert all(f"on {system}: " in said for system in ("Debian", "Fedora", "macOS", "Windows"))
