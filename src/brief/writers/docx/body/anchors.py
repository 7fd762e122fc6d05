"""Bookmark names: letters, digits and underscores, at most 40, each used once (ECMA-376 part 1, 17.13.6.2)."""

import re
from collections.abc import Mapping

from brief.model.record import dataclass
from brief.model.variant import Block, Variant

# The bookmarks of the headings of lists at the end.
MATTER_TERMS = "_Toc_back_terms"
MATTER_SOURCES = "_Toc_back_sources"
_MAX_NAME = 32  # leaves room for a number


@dataclass(frozen=True, slots=True)
class BookmarkNames:
    """The names of the bookmarks of a document.

    A block with a label is marked at its label, so that a cross-reference repeats the label; its heading has a separate
    bookmark for the contents. `headings` maps the ids of blocks and sections to the bookmarks of their headings.
    `labels` maps the id of each labelled block to its label.
    """

    sections: Mapping[int, str]
    blocks: Mapping[str, str]
    headings: Mapping[str, str]
    sources: Mapping[int, str]
    labels: Mapping[str, str]

    @classmethod
    def from_variant(cls, variant: Variant) -> "BookmarkNames":
        """Makes the names of all bookmarks of a variant."""
        used: set[str] = set()

        def make_name(prefix: str, text: str) -> str:
            base = (prefix + re.sub(r"[^A-Za-z0-9]+", "_", text))[:_MAX_NAME]
            candidate, count = base, 1
            while candidate.lower() in used:
                count += 1
                candidate = f"{base}_{count}"
            used.add(candidate.lower())
            return candidate

        blocks = [block for section in variant.sections for block in section.blocks]
        themes = {section.id: make_name("_Toc_", section.id) for section in variant.sections}
        return cls(
            sections={section.number: themes[section.id] for section in variant.sections},
            blocks={block.id: make_name("_Ref_", block.id) for block in blocks if _is_marked(block)},
            headings={**themes, **{block.id: make_name("_Toc_", block.id) for block in blocks if block.heading}},
            sources={source.number: make_name("_Src_", source.anchor) for source in variant.sources},
            labels={block.id: block.label for block in blocks if block.label},
        )


def _is_marked(block: Block) -> bool:
    return block.label is not None or block.heading is None
