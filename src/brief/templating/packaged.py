"""Where the packaged template sets are: inside the package in a wheel, at the top of a source checkout."""

from pathlib import Path

PACKAGED = (Path(__file__).parents[1] / "template_sets", Path(__file__).parents[3] / "templates")
