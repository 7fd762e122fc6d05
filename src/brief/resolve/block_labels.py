"""The labels of numbered blocks: "Table 2", "Figure 3"."""

from brief.model import blocks as authored
from brief.model.brief import Brief
from brief.model.catalogue import Catalogue

# The numbered kinds and their series; charts, timelines and pictures are all figures.
LABELS = {
    authored.Table: "Table {n}",
    authored.Chart: "Figure {n}",
    authored.Timeline: "Figure {n}",
    authored.Figure: "Figure {n}",
    authored.Vega: "Figure {n}",
}


def number_blocks(brief: Brief, catalogue: Catalogue) -> dict[str, str]:
    """The localised label of every numbered block, by block id."""
    counts: dict[str, int] = {}
    found = {}
    for theme in brief.themes.values():
        for block in theme.blocks:
            pattern = LABELS.get(type(block))
            if pattern is not None:
                counts[pattern] = counts.get(pattern, 0) + 1
                found[str(block.id)] = catalogue.get(pattern, "label").format(n=counts[pattern])
    return found
