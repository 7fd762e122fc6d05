"""Writes the report of differences as one HTML page that loads nothing from the network and runs no script."""

import base64
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape
from itertools import zip_longest

from brief.diff.text_diff import diff_text
from brief.model.diagnostics import Diagnostic
from brief.model.difference import SpanKind
from brief.snapshots.comparison import ArtifactDrift, SectionDrift
from brief.snapshots.images import ImageDifference, draw_overlay
from brief.snapshots.settings import ImageTolerance

# With more pages, of three pictures each, browsers are slow to show the report.
_MAX_PAGES = 120
_MAX_LINES = 60
_MARKS = {SpanKind.SAME: "{}", SpanKind.REMOVED: "<del>{}</del>", SpanKind.ADDED: "<ins>{}</ins>"}
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --ground: #fff; --muted: #5d5d5d; --rule: #cfcfcf; --removed: #8f1d1d;
  --removed-ground: #fbe9e7; --added: #14532d; --added-ground: #e3f3e6 }
@media (prefers-color-scheme: dark) { :root { --ink: #ececec; --ground: #161616; --muted: #adadad; --rule: #444;
  --removed: #f5b5ad; --removed-ground: #3d1f1d; --added: #aee0b8; --added-ground: #173322 } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 2rem auto; max-width: 78rem;
  padding: 0 1rem }
h2 { border-top: 2px solid var(--rule); padding-top: 1rem; margin-top: 2.5rem; overflow-wrap: anywhere }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem }
a { color: inherit }
li, p { overflow-wrap: anywhere }
.muted { color: var(--muted) }
.pages { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1rem; margin: .5rem 0 1.5rem }
figure { margin: 0 }
figcaption { font-size: .85rem; color: var(--muted) }
img { width: 100%; height: auto; border: 1px solid var(--rule); background: #fff }
.words { margin: 0; padding: 0; list-style: none; font-size: .95rem }
.words li { padding: .15rem 0 .15rem .8rem; border-left: 3px solid var(--rule); margin-bottom: .3rem }
del { color: var(--removed); background: var(--removed-ground) }
ins { color: var(--added); background: var(--added-ground) }
@media (max-width: 40rem) { .pages { grid-template-columns: minmax(0, 1fr) } }
"""


def render_report(
    brief: str, drifts: Sequence[ArtifactDrift], diagnostics: Sequence[Diagnostic], tolerance: ImageTolerance
) -> bytes:
    """Renders the report in UTF-8: the diagnostics, then the differing words and pages of each artifact."""
    title = f"Snapshots of {escape(brief)}"
    parts = [
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>{_STYLE}</style>',
        f"</head>\n<body>\n<main>\n<h1>{title}</h1>",
        *_list_diagnostics(diagnostics),
    ]
    remaining = _MAX_PAGES
    for number, drift in enumerate((each for each in drifts if each.differs), 1):
        parts.append(f'<section aria-labelledby="part-{number}">\n<h2 id="part-{number}">{escape(drift.name)}</h2>')
        if drift.is_new:
            parts.append('<p class="muted">There is no snapshot of it yet.</p>')
        for section in drift.sections:
            parts += _render_section(section)
        for image in drift.images[:remaining]:
            parts += _render_page(image, tolerance)
        if drift.images[remaining:]:
            parts.append(f'<p class="muted">More pages that differ, not shown: {len(drift.images[remaining:])}.</p>')
        remaining = max(0, remaining - len(drift.images))
        parts.append("</section>")
    parts.append("</main>\n</body>\n</html>\n")
    return "\n".join(parts).encode()


def _list_diagnostics(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    if not diagnostics:
        yield "<p>Nothing differs.</p>"
        return
    yield "<ul>"
    for each in diagnostics:
        yield f'<li><code>{escape(each.code)}</code> {escape(each.message)} <span class="muted">{escape(str(each.location))}</span></li>'
    yield "</ul>"


def _render_section(section: SectionDrift) -> Iterator[str]:
    yield f'<h3>{escape(section.name[:1].upper() + section.name[1:] or "Text")}</h3>\n<ul class="words">'
    lines = [pair for pair in _pair_lines(section.old, section.new) if pair[0] != pair[1]]
    for old, new in lines[:_MAX_LINES]:
        spans = "".join(_MARKS[span.mark].format(escape(span.text)) for span in diff_text(old, new))
        yield f"<li>{spans}</li>"
    if lines[_MAX_LINES:]:
        yield f'<li class="muted">and {len(lines) - _MAX_LINES} more</li>'
    yield "</ul>"


def _pair_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs lines that replace each other; a line without a counterpart is paired with an empty one."""
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from zip_longest(old[old_start:old_end], new[new_start:new_end], fillvalue="")


def _render_page(image: ImageDifference, tolerance: ImageTolerance) -> Iterator[str]:
    share = f", {image.share:.1%} differs" if image.old and image.new and image.is_same_size else ""
    yield f'<h3>Page {image.page}{share}</h3>\n<div class="pages">'
    for name, data in (("Before", image.old), ("After", image.new), ("Difference", draw_overlay(image, tolerance))):
        if data is None:
            yield f"<figure><figcaption>{name}: no page</figcaption></figure>"
            continue
        address = f"data:image/png;base64,{base64.b64encode(data).decode()}"
        yield f'<figure><img src="{address}" alt="{name}, page {image.page}"><figcaption>{name}</figcaption></figure>'
    yield "</div>"
