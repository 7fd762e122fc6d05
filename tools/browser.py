"""Finds Chromium for the tools that draw pages."""

import shutil

# `./run setup` installs the first.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find_browser() -> str:
    """Returns the path of a Chromium; ends the tool with a message if there is none."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise SystemExit(
            f"none of these is installed: {', '.join(BROWSERS)}; run './run setup', or install one yourself"
        )
    return browser
