"""The pages make a site, and no link is broken."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_site_is_made_without_a_warning(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-d",
        str(tmp_path / "trees"),
        str(ROOT / "docs"),
    ]
    made = subprocess.run([*command, str(tmp_path / "site")], capture_output=True, text=True, check=False)
    assert (made.returncode, made.stderr) == (0, "")
    home = (tmp_path / "site/index.html").read_text("utf-8")
    for title in ("Your first briefing", "Commands", "Diagnostics", "How brief compares"):
        assert title in home
