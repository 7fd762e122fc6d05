"""Every record of a folder as DOCX by docxtpl, from one template: docxtpl_all.py RECORDS OUTPUT."""

import json
import sys
from pathlib import Path

import docx
from docxtpl import DocxTemplate

records, output = map(Path, sys.argv[1:])
template = output / "template.docx"
document = docx.Document()
document.add_heading("{{ title }}", 0)
for line, style in (
    ("{%p for section in sections %}", None),
    ("{{ section.title }}", "Heading 1"),
    ("{%p for line in section.opening %}", None),
    ("{{ line }}", None),
    ("{%p endfor %}", None),
    ("{%p for part in section.parts %}", None),
    ("{{ part.title }}", "Caption"),
    ("{%p for line in part.lines %}", None),
    ("{{ line }}", None),
    ("{%p endfor %}", None),
    ("{%p for row in part.rows %}", None),
    ("{% for cell in row %}{{ cell }}\t{% endfor %}", None),
    ("{%p endfor %}", None),
    ("{%p endfor %}", None),
    ("{%p endfor %}", None),
    ("{%p for source in sources %}", None),
    ("{{ source }}", "List Number"),
    ("{%p endfor %}", None),
):
    document.add_paragraph(line, style=style)
document.save(str(template))
for path in sorted(records.glob("*.json")):
    merged = DocxTemplate(template)
    merged.render(json.loads(path.read_text("utf-8")), autoescape=True)
    merged.save(output / f"{path.stem}.docx")
