"""Composes the text of cross-references: the labels of numbered blocks ("Table 2", "Figure 3"), or headings in quotation
marks.
"""

from collections.abc import Callable

from brief.model import blocks as authored
from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.text import LocalisedText, Phrase
from brief.resolve.claim_words import render_with_figures

# The numbered kinds of blocks with their labels, which are messages of the catalogue. Kinds with the same label are
# numbered together.
LABELS = {
    authored.Table: "Table {n}",
    authored.Chart: "Figure {n}",
    authored.Timeline: "Figure {n}",
    authored.Figure: "Figure {n}",
    authored.Vega: "Figure {n}",
}


def label_numbered_blocks(brief: Brief, catalogue: Catalogue) -> dict[str, str]:
    """Maps the id of every numbered block to its localised label. Numbers count from 1 in the order of the themes."""
    counts: dict[str, int] = {}
    labels = {}
    for theme in brief.themes.values():
        for block in theme.blocks:
            pattern = LABELS.get(type(block))
            if pattern is not None:
                counts[pattern] = counts.get(pattern, 0) + 1
                labels[str(block.id)] = catalogue.get(pattern, "label").format(n=counts[pattern])
    return labels


def quote_headings(
    brief: Brief, find_phrase: Callable[[LocalisedText], Phrase | None], locale: str, catalogue: Catalogue
) -> dict[str, str]:
    """Maps the id of every theme to its title, and the id of every block with a heading to the heading, in quotation marks.

    Numbered blocks are included, although references to them print their labels. `find_phrase` returns the phrase that the
    variant prints for a text, or None; the quotation marks are then empty.
    """
    # The list of changes has the same message.
    pattern = catalogue.get("“{heading}”", "changes")
    quoted = {}
    for theme in brief.themes.values():
        block_headings = ((str(block.id), block.heading) for block in theme.blocks if block.heading)
        for name, heading in ((str(theme.id), theme.title), *block_headings):
            phrase = find_phrase(heading)
            text = render_with_figures(phrase.runs, brief, locale) if phrase else ""
            quoted[name] = pattern.format(heading=" ".join(text.split()))
    return quoted
