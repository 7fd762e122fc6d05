"""The variants of a project as other tools take them: prepare.py PROJECT FOLDER.

For each variant NAME.html (for print), NAME.md, NAME.typ, and NAME.json (for DOCX); `locales` lists the locales by
name. Charts and cross-references stay only in the HTML, because pandoc loses them.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pypandoc

from brief import Project, Variant
from brief.model.inline import to_plain_text
from brief.model.variant import ListBlock, Paragraph, Table
from brief.templating.style import format_custom_properties
from brief.writers.html.document import render_markup

_FONTS = {"en": "Noto Serif CJK SC", "zh-Hans": "Noto Serif CJK SC", "zh-Hant": "Noto Serif CJK TC"}
_PICTURE = re.compile("<svg.*?</svg>|<img[^>]*>", re.DOTALL)
_LINK = re.compile('<a [^>]*href="#[^>]*>(.*?)</a>', re.DOTALL)


def main(root: Path, folder: Path) -> None:
    project = Project.load(root)
    locales = {}
    for audience in project.brief.audiences:
        for locale in project.brief.locales:
            variant = project.make_variant(audience, locale)
            name = f"{audience}.{locale}"
            locales[name] = locale
            page = _print_html(project, variant)
            (folder / f"{name}.html").write_text(page, "utf-8")
            (folder / f"{name}.json").write_text(json.dumps(_record(variant), ensure_ascii=False), "utf-8")
            body = folder / "body"
            body.write_text(_LINK.sub(r"\1", _PICTURE.sub("", page[page.index("<body") :])), "utf-8")
            title = f"--metadata=title:{variant.title}"
            _pandoc("-f", "html", body, "-t", "gfm-raw_html", title, "-o", folder / f"{name}.md")
            _pandoc(folder / f"{name}.md", "-V", f"mainfont={_FONTS[locale]}", "-o", folder / f"{name}.typ")
    (folder / "locales").write_text(json.dumps(locales))


def _print_html(project: Project, variant: Variant) -> str:
    look = format_custom_properties(project.template_set.look, variant.locale)
    rules = look + ":root { --folio: counter(page) }\n" + project.template_set.read("print.css").decode()
    page = render_markup(variant, project.template_set, "print.html.j2", medium="print")
    return page.replace("</head>", f"<style>{rules}</style></head>", 1)


def _record(variant: Variant) -> dict[str, object]:
    sections = []
    for section in variant.sections:
        parts: list[dict[str, object]] = []
        for block in section.blocks:
            match block:
                case Table():
                    rows = [[to_plain_text(column.title) for column in block.columns]]
                    rows += [[to_plain_text(cell) for cell in row] for row in block.rows]
                    parts.append({"title": to_plain_text(block.title), "rows": rows, "lines": []})
                case ListBlock():
                    parts.append({"title": "", "rows": [], "lines": [to_plain_text(item) for item in block.items]})
                case Paragraph():
                    parts.append({"title": "", "rows": [], "lines": [to_plain_text(block.text)]})
                case _:
                    parts.append({"title": block.label or "", "rows": [], "lines": []})
        opening = [to_plain_text(section.summary), *map(to_plain_text, section.takeaways)]
        sections.append({"title": to_plain_text(section.title), "opening": opening, "parts": parts})
    return {
        "title": variant.title,
        "sections": sections,
        "sources": [to_plain_text(entry.title) for entry in variant.sources],
    }


def _pandoc(*arguments: str | Path) -> None:
    subprocess.run([pypandoc.get_pandoc_path(), "-s", *arguments], check=True, capture_output=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
