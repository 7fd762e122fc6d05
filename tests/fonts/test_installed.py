"""The version of a font family."""

from brief.fonts.fontconfig import InstalledFace
from brief.fonts.installed import find_newest_versions


def test_the_newest_font_file_determines_the_version() -> None:
    """Newest by number: 10.0 comes after 9.5."""
    faces = [
        InstalledFace(f"{n}.otf", 0, ("Serif", "襯線"), round(version * 65536))
        for n, version in enumerate((9.5, 10, 2.001))
    ]
    assert find_newest_versions(faces) == {"Serif": "10.000", "襯線": "10.000"}
