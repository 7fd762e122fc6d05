"""Configures the parser of imported Markdown documents."""

from functools import cache
from typing import TYPE_CHECKING

from brief.reading.documents.grid_tables import grid_table_rule
from brief.reading.documents.kept_lines import keep_lines
from brief.reading.texts.emphasis import emphasis_rule
from brief.reading.texts.markup import accept_any_link
from brief.reading.texts.prose import formula_rule

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


@cache
def make_parser() -> "MarkdownIt":
    """Returns the parser of CommonMark with extensions of GitHub and Pandoc; it is made once and shared."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin
    from mdit_py_plugins.subscript import sub_plugin
    from mdit_py_plugins.superscript import superscript_plugin

    parser = MarkdownIt("commonmark", {"maxNesting": 60})
    parser.enable(["table", "strikethrough"])
    # Links are not validated here, because `remove_unsupported` reports those that content does not allow; the parser
    # would silently keep their markup as text.
    parser.validateLink = accept_any_link  # type: ignore[method-assign]
    parser.core.ruler.before("inline", "kept_lines", keep_lines)
    parser.inline.ruler.at("emphasis", emphasis_rule)
    parser.block.ruler.before("table", "grid_table", grid_table_rule)
    parser.use(front_matter_plugin)
    parser.use(deflist_plugin)
    parser.use(sub_plugin)
    parser.use(superscript_plugin)
    parser.use(footnote_plugin, move_to_end=False, always_match_refs=True)
    parser.use(dollarmath_plugin, allow_labels=False, allow_blank_lines=False)
    parser.inline.ruler.at("math_inline", formula_rule)
    return parser
