"""Every record of a folder as DOCX by python-docx: plain_docx.py RECORDS OUTPUT."""

import json
import sys
from pathlib import Path

import docx

records, output = map(Path, sys.argv[1:])
for path in sorted(records.glob("*.json")):
    record = json.loads(path.read_text("utf-8"))
    document = docx.Document()
    document.add_heading(record["title"], 0)
    for section in record["sections"]:
        document.add_heading(section["title"], 1)
        for line in section["opening"]:
            document.add_paragraph(line)
        for part in section["parts"]:
            if part["title"]:
                document.add_paragraph(part["title"], style="Caption")
            for line in part["lines"]:
                document.add_paragraph(line)
            if part["rows"]:
                table = document.add_table(len(part["rows"]), len(part["rows"][0]), style="Table Grid")
                for row, cells in zip(table.rows, part["rows"], strict=True):
                    for cell, text in zip(row.cells, cells, strict=True):
                        cell.text = text
    for source in record["sources"]:
        document.add_paragraph(source, style="List Number")
    document.save(str(output / f"{path.stem}.docx"))
