"""Draws the README's picture from the repository's own briefing: `python tools/readme_pictures.py`. Needs poppler.

Nothing in `output/` is read: the pages are made for the picture.
"""

import tempfile
from pathlib import Path

import contact_sheet

from brief import Project

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "pages.png"
# Audience, locale and page: a cover, figures, and how a theme opens in each Chinese script.
PAGES = (
    ("investor", "en", 1),
    ("investor", "en", 5),
    ("engineering", "zh-Hans", 3),
    ("policy", "zh-Hant", 3),
)
RESOLUTION = 60


def main() -> None:
    """Writes `docs/pages.png`; the same pages give the same bytes."""
    audiences, locales = ({page[part] for page in PAGES} for part in (0, 1))
    pack = Project.load(ROOT).build(sorted(audiences), sorted(locales), ["pdf"])
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for audience, locale, page in PAGES:
            artifact = pack[audience, locale, "pdf"]
            path = Path(folder, artifact.name)
            path.write_bytes(artifact.data)
            names.append(f"{path}:{page}")
        options = ["--resolution", str(RESOLUTION), "--across", str(len(PAGES))]
        contact_sheet.main([str(PICTURE), *names, *options], standalone_mode=False)


if __name__ == "__main__":
    main()
