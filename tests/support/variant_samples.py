"""A small variant with every kind of block and run, and small template sets, for the tests of templates and writers."""

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

from brief.model.align import Align
from brief.model.assets import Image
from brief.model.blocks import Tone
from brief.model.catalogue import Catalogue
from brief.model.inline import Citation, Code, Emphasis, Link, Number, Reference, Run, Runs, Strong, Text
from brief.model.variant import (
    Block,
    Callout,
    Column,
    Event,
    Figure,
    ListBlock,
    Metric,
    Metrics,
    Paragraph,
    Quote,
    Section,
    SourceEntry,
    Table,
    TermEntry,
    Timeline,
    Variant,
)
from brief.templating.template_set import TemplateSet, find_template_set

WORDS: dict[str, dict[str, str]] = {
    "en": {"title": "The race for video", "theme": "The cost of compute", "quoted": "a “usable” second — no more"},
    "zh-Hans": {"title": "视频竞赛", "theme": "算力这笔账", "quoted": "一秒“可用”的视频——仅此而已"},
    "zh-Hant": {"title": "影片競賽", "theme": "算力這筆帳", "quoted": "一秒「可用」的影片──僅此而已"},
}


def text(words: str) -> Runs:
    return (Text(words),)


def pixel() -> Image:
    """Makes a red PNG of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
        + chunk(b"IEND", b"")
    )
    return Image("pixel.png", "image/png", 1, 1, "0" * 64, data)


def every_block(locale: str = "en") -> tuple[Block, ...]:
    """Makes one block of each kind except charts, with every kind of inline run among them."""
    quoted = WORDS[locale]["quoted"]
    runs: Runs = (
        Text("<b>&amp;"),
        Strong[Run]((Text("strong"), Emphasis((Text("both"),)))),
        Code("fp8"),
        Link("https://example.org/?a=1&b=2", (Text("link"),)),
        Number("RMB 2.5 million"),
        Citation((1, 2)),
        Reference("costs", "Table 1"),
    )
    blocks: list[Block] = [
        Metrics(id="headline", metrics=(Metric(value="70%", label=text("less compute")),)),
        Paragraph(id="runs", heading=text("Runs"), text=runs),
        Paragraph(id="quoted", text=text(quoted)),
        ListBlock(id="steps", ordered=True, items=(text("first"), text("second"))),
        ListBlock(id="points", ordered=False, items=(text("a point"),)),
        Table(
            id="costs",
            label="Table 1",
            title=text("Costs by route"),
            columns=(Column(title=text("Route"), align=Align.START), Column(title=text("2025"), align=Align.END)),
            rows=((text("Imported"), text("4,200")), (text("Domestic"), text("1,150"))),
            note=text("Prices of 2025."),
        ),
        *(Callout(id=f"callout-{tone}", tone=tone, title=text("Look"), text=text("Closer.")) for tone in Tone),
        Quote(id="quote", text=text("We stopped counting."), attribution=text("A producer")),
        Timeline(id="line", label="Figure 1", title=text("Dates"), events=(Event(when="2024", text=text("Shown")),)),
        Figure(id="picture", label="Figure 2", image=pixel(), title=text("A pixel"), description="Red", note=None),
    ]
    return tuple(blocks)


# Fills most of the page with the contents, so that the first theme begins the next one.
LONG_INTRODUCTION = text("Who asked what, and when. " * 52)


def sample(locale: str = "en", *, blocks: tuple[Block, ...] | None = None, marking: str | None = "Internal") -> Variant:
    """Makes a variant of one section with `blocks`, all kinds by default."""
    return Variant(
        brief="race",
        audience="investor",
        locale=locale,
        title=WORDS[locale]["title"],
        subtitle=None,
        publisher="Institute",
        audience_title="Investors",
        marking=marking,
        date="2026-03-20",
        date_text="20 March 2026",
        introduction=None,
        sections=(
            Section(
                id="compute",
                number=1,
                title=text(WORDS[locale]["theme"]),
                summary=text("In short."),
                takeaways=(text("Costs fall."),),
                blocks=every_block(locale) if blocks is None else blocks,
            ),
        ),
        terms=(
            TermEntry(
                id="kling", kind="product", name="Kling", owner="Kuaishou", says=text("A generator."), mentions=(1,)
            ),
        ),
        sources=(
            SourceEntry(
                number=1,
                anchor="source-a",
                title=text("First"),
                publisher="36Kr",
                author="A. Writer",
                date="2026",
                language="en",
                notes=(text("Dates differ."),),
            ),
            SourceEntry(
                number=2,
                anchor="source-b",
                title=(Text("第二", None if locale.startswith("zh") else "zh-Hans"),),
                publisher="36Kr",
                author=None,
                date="2025",
                language="zh-Hans",
                notes=(),
            ),
        ),
        template_set="base",
        catalogue=Catalogue(locale),
    )


def write_set(project: Path, name: str = "mine", files: Mapping[str, str | bytes] | None = None) -> TemplateSet:
    """Writes a template set in `project/templates/name` that extends base and contains `files`."""
    folder = project / "templates" / name
    for path, content in {"set.yaml": "extends: base\n", **(files or {})}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return find_template_set(name, project)
