"""Bookmark names: letters, digits and underscores, at most 40, each used once (ECMA-376 part 1, 17.13.6.2)."""

import re
from collections.abc import Mapping

from brief.model.record import dataclass
from brief.model.variant import Block, Variant

# The bookmarks of the headings of the back matter.
MATTER_TERMS = "_Toc_back_terms"
MATTER_SOURCES = "_Toc_back_sources"
_MAX_NAME = 32  # leaves room for a number


@dataclass(frozen=True, slots=True)
class BookmarkNames:
    """The names of the bookmarks of a document.

    `sections` has them by section number, `sources` by source number. `headings` maps the ids of sections, and of
    blocks with a heading, to the bookmarks of their headings, for the contents. `blocks` maps the ids of other blocks,
    and of blocks with a label, to the bookmarks of the blocks. The bookmark of a block with a label is at the label, so
    that a cross-reference repeats it. `labels` maps the id of each such block to its label.
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
        section_names = {section.id: make_name("_Toc_", section.id) for section in variant.sections}
        return cls(
            sections={section.number: section_names[section.id] for section in variant.sections},
            blocks={block.id: make_name("_Ref_", block.id) for block in blocks if _has_own_bookmark(block)},
            headings={**section_names, **{block.id: make_name("_Toc_", block.id) for block in blocks if block.heading}},
            sources={source.number: make_name("_Src_", source.anchor) for source in variant.sources},
            labels={block.id: block.label for block in blocks if block.label},
        )


def _has_own_bookmark(block: Block) -> bool:
    return block.label is not None or block.heading is None
