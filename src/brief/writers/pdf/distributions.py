"""The packages that each PDF engine consists of. They are listed here so that their versions can be read without
importing the engine.
"""

from collections.abc import Mapping

# The first is listed in manifests. A new version of any of them makes cached PDFs invalid.
ENGINE_DISTRIBUTIONS: Mapping[str, tuple[str, ...]] = {
    "weasyprint": ("weasyprint", "cssselect2", "pydyf", "pyphen", "tinycss2", "tinyhtml5"),
    "typst": ("typst",),
}
