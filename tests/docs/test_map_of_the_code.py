"""Every path that `src/brief/README.md` names exists: a map that leads nowhere is worse than none."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src/brief"
NAMED = re.compile(r"`([\w./-]+\.(?:py|js|css|typ|toml|txt|md)|[\w/]+/)`")
# Places that a path may be relative to, besides the folder of the path before it.
PLACES = (PACKAGE, ROOT, ROOT / "templates/base")


def test_the_map_names_only_files_that_exist() -> None:
    text = (PACKAGE / "README.md").read_text()
    missing, folder, named = [], PACKAGE, NAMED.findall(text[: text.index("## Adding things")])
    for path in named:
        found = next((place / path for place in (*PLACES, folder) if (place / path).exists()), None)
        if found is None:
            missing.append(path)
        elif "/" in path and found.is_relative_to(PACKAGE):
            folder = found if found.is_dir() else found.parent
    assert len(named) > 200
    assert missing == []
