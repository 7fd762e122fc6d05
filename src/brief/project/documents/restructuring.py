"""Gives an imported theme the structure of its changed document, and keeps what both have.

Blocks are matched by their texts. A block with the same structure keeps its lines. One with another structure is
written again, with its id, the keys that were added to it, and the translations of the texts that it still has. Blocks
of kinds that no document has, such as charts, stay behind the block that they follow.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import pairwise

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import has_errors
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.project.documents.alignment import align_entries, is_similar
from brief.project.documents.merging import FieldMerger
from brief.project.documents.theme_nodes import (
    describe_field,
    describe_node,
    list_translations,
    walk_translations,
)
from brief.project.documents.theme_pairing import Difference, ImportPair, is_imported_block, pair_block, pair_texts
from brief.reading import yaml_nodes
from brief.reading.documents.blocks import TakenIds
from brief.reading.documents.theme_writer import Field, ImportedText, ImportedTheme, write_entry, write_field
from brief.reading.edits.text_edits import TextEdit, apply_edits
from brief.reading.text_file import TextFile, decode_text
from brief.reading.yaml_nodes import MappingNode, ScalarNode, SequenceNode, find_value


@dataclass(frozen=True, slots=True)
class Loss:
    """A block that the document no longer has, or texts in `locales` of what `what` names that have no place any more.

    `location` is in the project.
    """

    what: str
    location: SourceLocation
    locales: tuple[str, ...]
    is_removed: bool


@dataclass(frozen=True, slots=True)
class Restructured:
    """The bytes of a theme with the structure of its document, and the texts in it that are to be rewritten.

    `outdated` has the locales whose texts, in blocks that were written again, translate an earlier wording.
    """

    data: bytes
    pairs: Sequence[ImportPair]
    losses: tuple[Loss, ...]
    outdated: frozenset[str]


def restructure_theme(
    theme: ImportedTheme, name: str, data: bytes, locales: Sequence[str], locale: str, taken: TakenIds
) -> Restructured | None:
    """Gives the theme file `name` with the bytes `data` the structure of `theme`; its texts in `locale` remain to be
    rewritten.

    `locales` are those of the brief, and `taken` has the ids that new blocks may not have. Returns None if the file is
    not written in lines, or differs from the document outside of its blocks.
    """
    file = decode_text(name, data, DiagnosticSink())
    root = _parse(file)
    blocks, new_blocks = find_value(root, "blocks"), theme.fields.get("blocks")
    if file is None or root is None or not isinstance(blocks, SequenceNode) or not isinstance(new_blocks, list):
        return None
    nodes = [block for block in blocks.items if isinstance(block, MappingNode)]
    spans = _find_spans(file, root, nodes)
    if spans is None or len(nodes) != len(blocks.items):
        return None
    others = tuple(each for each in locales if each != locale)
    merger = FieldMerger(locale, others, list_translations(root, locale, others))
    new = [block for block in new_blocks if isinstance(block, Mapping)]
    old = [index for index, node in enumerate(nodes) if is_imported_block(node)]
    aligned = align_entries(
        [describe_field(block) for block in new], [describe_node(nodes[index], locale) for index in old]
    )
    partners = [None if each is None else old[each] for each in aligned]
    lines = [file.text[slice(*span)] for span in spans.blocks]
    followers = _list_followers(nodes, partners, lines)
    written = [followers.get(None, "")]
    for block, partner in zip(new, partners, strict=True):
        if partner is None:
            fields = {**merger.merge_fields(block, None), "id": taken.take(str(block["id"]))}
            written.append(write_entry(fields, spans.indent, locale))
        elif _is_unchanged(block, nodes[partner], locale):
            written.append(_end_line(lines[partner]))
        else:
            written.append(write_entry(merger.merge_block(block, nodes[partner]), spans.indent, locale))
        written.append(followers.get(partner, "") if partner is not None else "")
    edits = list(_edit_head(theme, file, root, merger))
    body = "".join(written)
    if not body:
        edits.append(TextEdit(*spans.value, " []\n"))
    elif not nodes:
        edits.append(TextEdit(*spans.value, f"\n{body}"))
    elif body != _end_line("".join(lines)):
        edits.append(TextEdit(spans.blocks[0][0], spans.blocks[-1][1], body))
    changed = apply_edits(data, file, edits)
    result = _parse(decode_text(name, changed, DiagnosticSink()))
    pairs = pair_texts(theme, result, locale) if result else None
    if result is None or pairs is None or isinstance(pairs, Difference):
        return None
    remaining = {*walk_translations(result, others)}
    head = MappingNode(tuple(each for each in root.entries if each[0].text != "blocks"), root.location)
    lost = [
        *_find_loss(f"theme '{theme.id}'", head, others, remaining, is_removed=False),
        *(
            loss
            for index in old
            for loss in _find_loss(
                f"block '{_get_id(nodes[index])}'", nodes[index], others, remaining, is_removed=index not in partners
            )
        ),
    ]
    return Restructured(changed, pairs, tuple(lost), frozenset(merger.outdated))


def _parse(file: TextFile | None) -> MappingNode | None:
    """Returns the content of a file; None if a part of it cannot be read, such as an alias whose anchor was removed."""
    sink = DiagnosticSink()
    root = yaml_nodes.parse(file, sink) if file else None
    return None if has_errors(sink.found) else root


def _get_id(node: MappingNode) -> str:
    identifier = find_value(node, "id")
    return identifier.text if isinstance(identifier, ScalarNode) else ""


def _end_line(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _list_followers(
    nodes: Sequence[MappingNode], partners: Sequence[int | None], lines: Sequence[str]
) -> dict[int | None, str]:
    """Returns the lines of the blocks that are not imported, by the last block before them that remains; None for those
    at the beginning.
    """
    followers: dict[int | None, str] = {}
    previous: int | None = None
    for index, node in enumerate(nodes):
        if not is_imported_block(node):
            followers[previous] = followers.get(previous, "") + _end_line(lines[index])
        elif index in partners:
            previous = index
    return followers


def _find_loss(
    what: str,
    node: MappingNode,
    others: Sequence[str],
    remaining: Container[tuple[str, str]],
    *,
    is_removed: bool,
) -> Iterator[Loss]:
    """Yields the loss of a block, or of translations in a node that are not among those `remaining`."""
    lost = {each[0] for each in walk_translations(node, others) if each not in remaining}
    if lost or is_removed:
        yield Loss(what, node.location, tuple(each for each in others if each in lost), is_removed)


@dataclass(frozen=True, slots=True)
class _Spans:
    """Where the blocks are: the offsets at which each begins and ends, and those of all that follows `blocks:`.

    `indent` is the column of their dashes, from 0.
    """

    blocks: tuple[tuple[int, int], ...]
    value: tuple[int, int]
    indent: int


def _find_spans(file: TextFile, root: MappingNode, blocks: Sequence[MappingNode]) -> _Spans | None:
    """Returns the spans of blocks that begin on lines of their own; None if they do not."""
    lines = file.text.split("\n")
    key = next(key for key, _ in root.entries if key.text == "blocks")
    starts = [block.location.line for block in blocks]
    columns = {block.location.column for block in blocks}
    if len(columns) > 1 or starts != sorted(set(starts)) or key.location.column != 1:
        return None
    for line, column in ((line, column - 1) for column in columns for line in starts):
        if lines[line - 1][:column].strip() != "-" or lines[line - 1][column] in "{&*":
            return None
    indent = lines[starts[0] - 1].index("-") if starts else 2
    following = [each.location.line for each, _ in root.entries if each.location.line > key.location.line]
    end = min(following, default=len(lines) + bool(lines[-1]))
    bounds = [_skip_comments(lines, line, indent) for line in (*starts, end)]
    offsets = [(*file.line_starts, len(file.text))[line - 1] for line in bounds]
    return _Spans(tuple(pairwise(offsets)), (file.find_offset(key.location) + len("blocks:"), offsets[-1]), indent)


def _skip_comments(lines: Sequence[str], line: int, indent: int) -> int:
    """Returns the first of the empty lines and comments above a line that belong to it; lines count from 1."""
    while line > 1:
        above = lines[line - 2]
        is_comment = above.lstrip().startswith("#") and len(above) - len(above.lstrip()) <= indent
        if above.strip() and not is_comment:
            break
        line -= 1
    return line


def _edit_head(theme: ImportedTheme, file: TextFile, root: MappingNode, merger: "FieldMerger") -> Iterator[TextEdit]:
    """Yields edits of the theme's own texts that were replaced by others: their translations do not remain."""
    lines = [key.location.line for key, _ in root.entries]
    for (key, value), following in zip(root.entries, [*lines[1:], None], strict=True):
        text = theme.fields.get(key.text)
        if not isinstance(text, ImportedText) or following is None or not isinstance(value, MappingNode):
            continue
        current = merger.get_text(value)
        if current is None or is_similar(current, text.markup):
            continue
        end = _skip_comments(file.text.split("\n"), following, 0)
        start, stop = file.line_starts[key.location.line - 1], file.line_starts[end - 1]
        yield TextEdit(start, stop, write_field(key.text, merger.merge_text(text, None), 0, merger.locale))


def _is_unchanged(block: Mapping[str, Field], node: MappingNode, locale: str) -> bool:
    """Returns whether a block has the structure of the document, and no text that is another one than before."""
    image = block.get("image")
    present = find_value(node, "image")
    if isinstance(image, str) and not (isinstance(present, ScalarNode) and present.text == image):
        return False
    pairs = pair_block(block, node, locale)
    return not isinstance(pairs, Difference) and all(
        pair.current is None or is_similar(pair.current, pair.imported.markup) for pair in pairs
    )
