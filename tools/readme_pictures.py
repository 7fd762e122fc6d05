"""Draws the README's pictures from the repository's own briefing: `python tools/readme_pictures.py`. Needs poppler.

Nothing in `output/` is read: the pages are made for the pictures, and the same pages give the same bytes.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

import contact_sheet

from brief import Project
from brief.templating.template_set import find_template_set

ROOT = Path(__file__).parents[1]
# By picture: template set (none for the briefing's own), audience, locale and page.
PICTURES = {
    # A cover, figures, and how a theme opens in each Chinese script.
    "pages.png": (
        ("", "investor", "en", 1),
        ("", "investor", "en", 5),
        ("", "engineering", "zh-Hans", 3),
        ("", "policy", "zh-Hant", 3),
    ),
    "template-sets.png": (
        ("board", "executive", "en", 1),
        ("board", "executive", "en", 3),
        ("board", "executive", "zh-Hans", 5),
        ("paper", "investor", "zh-Hant", 1),
    ),
}
RESOLUTION = 60


def main() -> None:
    """Writes the pictures into `docs/`."""
    project = Project.load(ROOT)
    for name, pages in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder:
            files = [
                f"{build_pdf(project, look, audience, locale, folder)}:{page}" for look, audience, locale, page in pages
            ]
            options = ["--resolution", str(RESOLUTION), "--across", str(len(pages))]
            contact_sheet.main([str(ROOT / "docs" / name), *files, *options], standalone_mode=False)


def build_pdf(project: Project, look: str, audience: str, locale: str, folder: str) -> Path:
    """Writes the PDF of the variant to the folder."""
    if look:
        project = replace(project, template_set=find_template_set(look, ROOT), template_sets={})
    artifact = project.build([audience], [locale], ["pdf"])[audience, locale, "pdf"]
    path = Path(folder, f"{look}.{artifact.name}")
    path.write_bytes(artifact.data)
    return path


if __name__ == "__main__":
    main()
