"""The briefing as the benchmarks use it: a copy to edit, and what other tools take in place of its content."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypandoc

from brief import Project, Variant
from brief.model.inline import plain_text
from brief.model.variant import ListBlock, Paragraph, Table
from brief.press.rebuild import READ
from brief.templating.style import custom_properties
from brief.writers.html.document import markup

PANDOC = pypandoc.get_pandoc_path()
FONTS = {"en": "Noto Serif CJK SC", "zh-Hans": "Noto Serif CJK SC", "zh-Hant": "Noto Serif CJK TC"}
# Reads well at the end of any Chinese sentence, and is written alike in both scripts.
_ADDED = "此句已改。"


def copy(source: Path, target: Path) -> Path:
    for name in READ:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
    return target


@dataclass(frozen=True)
class Sentence:
    """A sentence to edit: in one locale, in one block that `audiences` editions show."""

    file: Path
    text: str
    audiences: int

    def edit(self) -> None:
        written = self.file.read_text("utf-8")
        self.file.write_text(written.replace(self.text, self.text + _ADDED, 1), "utf-8")


def sentence(root: Path, wanted: Callable[[int], bool], locale: str = "zh-Hant") -> Sentence:
    """A paragraph's text in a block of which the number of editions that show it is `wanted`."""
    project = Project.load(root)
    shown: dict[str, set[str]] = {}
    for audience in project.brief.audiences:
        for section in project.variant(audience, locale).sections:
            for block in section.blocks:
                shown.setdefault(f"{section.id}/{block.id}", set()).add(audience)
    candidates = []
    for theme in project.brief.themes.values():
        for block in theme.blocks:
            phrase = block.text.phrase(locale) if hasattr(block, "text") else None
            audiences = [names for anchor, names in shown.items() if anchor.split("/")[-1] == block.id]
            if phrase is None or not audiences or not wanted(len(audiences[0])):
                continue
            file = root / phrase.place.file
            last = phrase.source.strip().split("\n")[-1]
            if file.read_text("utf-8").count(last) == 1 and last.endswith("。"):
                candidates.append(Sentence(file, last, len(audiences[0])))
    return max(candidates, key=lambda found: found.audiences)


@dataclass(frozen=True)
class Prepared:
    """The same editions for other tools: print HTML, Markdown, Typst, and plain records for DOCX."""

    folder: Path
    names: tuple[str, ...]
    locales: dict[str, str]

    def path(self, name: str, suffix: str) -> Path:
        return self.folder / f"{name}.{suffix}"


def prepare(root: Path, folder: Path) -> Prepared:
    """Made before anything is timed; charts stay in the HTML alone, for pandoc drops inline SVG."""
    folder.mkdir()
    project = Project.load(root)
    locales = {}
    for audience in project.brief.audiences:
        for locale in project.brief.locales:
            variant = project.variant(audience, locale)
            name = f"{audience}.{locale}"
            locales[name] = locale
            (folder / f"{name}.html").write_text(_print_html(project, variant), "utf-8")
            (folder / f"{name}.json").write_text(json.dumps(_record(variant), ensure_ascii=False), "utf-8")
            _pandoc(folder / f"{name}.html", folder / f"{name}.md", "markdown-raw_html-native_divs-native_spans")
            _pandoc(folder / f"{name}.md", folder / f"{name}.typ", "typst", "-V", f"mainfont={FONTS[locale]}")
    return Prepared(folder, tuple(locales), locales)


def _print_html(project: Project, variant: Variant) -> str:
    look = custom_properties(project.template_set.look, variant.locale)
    rules = look + ":root { --folio: counter(page) }\n" + project.template_set.read("print.css").decode()
    page = markup(variant, project.template_set, "print.html.j2", medium="print")
    return page.replace("</head>", f"<style>{rules}</style></head>", 1)


def _record(variant: Variant) -> dict[str, object]:
    sections = []
    for section in variant.sections:
        parts: list[dict[str, object]] = []
        for block in section.blocks:
            match block:
                case Table():
                    rows = [[plain_text(column.title) for column in block.columns]]
                    rows += [[plain_text(cell) for cell in row] for row in block.rows]
                    parts.append({"title": plain_text(block.title), "rows": rows, "lines": []})
                case ListBlock():
                    parts.append({"title": "", "rows": [], "lines": [plain_text(item) for item in block.items]})
                case Paragraph():
                    parts.append({"title": "", "rows": [], "lines": [plain_text(block.text)]})
                case _:
                    parts.append({"title": block.label or "", "rows": [], "lines": []})
        opening = [plain_text(section.summary), *map(plain_text, section.takeaways)]
        sections.append({"title": plain_text(section.title), "opening": opening, "parts": parts})
    return {"title": variant.title, "sections": sections, "sources": [entry.title for entry in variant.sources]}


def _pandoc(source: Path, target: Path, to: str, *more: str) -> None:
    subprocess.run([PANDOC, source, "-s", "-t", to, *more, "-o", target], check=True, capture_output=True)  # noqa: S603
