"""Where the packaged template sets are: a wheel keeps them inside the package, a source checkout at its top."""

from pathlib import Path

PACKAGED = (Path(__file__).parents[1] / "template_sets", Path(__file__).parents[3] / "templates")
