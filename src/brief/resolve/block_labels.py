"""Composes what cross-references print: the labels of numbered blocks ("Table 2", "Figure 3"), and headings."""

from collections.abc import Callable

from brief.model import blocks as authored
from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.text import LocalisedText, Phrase
from brief.resolve.claim_words import render_with_figures

# The numbered kinds and their series; charts, timelines and pictures are all figures.
LABELS = {
    authored.Table: "Table {n}",
    authored.Chart: "Figure {n}",
    authored.Timeline: "Figure {n}",
    authored.Figure: "Figure {n}",
    authored.Vega: "Figure {n}",
}


def number_blocks(brief: Brief, catalogue: Catalogue) -> dict[str, str]:
    """Returns the localised label of every numbered block, by block id."""
    counts: dict[str, int] = {}
    found = {}
    for theme in brief.themes.values():
        for block in theme.blocks:
            pattern = LABELS.get(type(block))
            if pattern is not None:
                counts[pattern] = counts.get(pattern, 0) + 1
                found[str(block.id)] = catalogue.get(pattern, "label").format(n=counts[pattern])
    return found


def name_headings(
    brief: Brief, find_phrase: Callable[[LocalisedText], Phrase | None], locale: str, catalogue: Catalogue
) -> dict[str, str]:
    """Maps the ids of themes and unnumbered blocks to what cross-references to them print: the heading in quotation
    marks.

    `find_phrase` returns the printed phrase of a text.
    """
    pattern = catalogue.get("“{heading}”", "changes")
    found = {}
    for theme in brief.themes.values():
        headed = ((str(block.id), block.heading) for block in theme.blocks if block.heading)
        for name, heading in ((str(theme.id), theme.title), *headed):
            phrase = find_phrase(heading)
            printed = render_with_figures(phrase.runs, brief, locale) if phrase else ""
            found[name] = pattern.format(heading=" ".join(printed.split()))
    return found
