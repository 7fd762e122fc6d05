"""Makes the starting point of a packaged set's `reference.docx`, which designers then edit in Word.

    python tools/reference_docx base templates/base/reference.docx

Run it again only to start over: it replaces what was edited by hand. Styles refer to colours and fonts through the
theme, for the writer fills the theme from `set.yaml`: text 1 is ink, text 2 muted, background 2 tint, accents 1 to 6
are brand, accent, note, insight, warning and question, the visited link is the colour of rules; major fonts are the
sans family, minor fonts the serif one. Lengths are in twentieths of a point, type sizes in points.
"""

import re
import sys
import zipfile
from pathlib import Path

from layout import LAYOUTS, Layout
from markup import OFFICE, PACKAGE, WORD_TYPE, W, relations
from pages import cover_header, document, footer, header, settings, theme
from styles import numbering, styles


def scaled(xml: str, factor: float) -> str:
    """Styles with type, lines and the white above and below them larger by a factor; type in half points.

    Lines whose height follows their content are unchanged.
    """
    pattern = re.compile(r'(<w:(?:sz|szCs) w:val=|w:(?:line|before|after)=)"(\d+)"(?! w:lineRule="auto")')
    return pattern.sub(lambda found: f'{found[1]}"{round(int(found[2]) * factor)}"', xml)


def members(layout: Layout) -> dict[str, str]:
    parts = {
        "document": ("main+xml", document(layout)),
        "styles": ("styles+xml", scaled(styles(layout), layout.type_scale)),
        "numbering": ("numbering+xml", numbering(layout)),
        "settings": ("settings+xml", settings()),
        "fontTable": ("fontTable+xml", f"<w:fonts {W}/>"),
        "header1": ("header+xml", header()),
        "footer1": ("footer+xml", footer()),
        "header2": ("header+xml", cover_header(layout)),
    }
    kinds = {
        f"/word/{name}.xml": f"{WORD_TYPE}.{'document.' if kind == 'main+xml' else ''}{kind}"
        for name, (kind, _) in parts.items()
    }
    kinds["/word/theme/theme1.xml"] = "application/vnd.openxmlformats-officedocument.theme+xml"
    kinds["/docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    kinds["/docProps/app.xml"] = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    related = {
        f"rId{at}": (f"{OFFICE}/{kind}", target)
        for at, (kind, target) in enumerate(
            (("header", "header1.xml"), ("footer", "footer1.xml"), ("styles", "styles.xml"), ("numbering", "numbering.xml"),
             ("settings", "settings.xml"), ("fontTable", "fontTable.xml"), ("theme", "theme/theme1.xml"),
             ("header", "header2.xml")),
            start=1,
        )
    }  # fmt: skip
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": relations(
            {
                "rId1": (f"{OFFICE}/officeDocument", "word/document.xml"),
                "rId2": (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                "rId3": (f"{OFFICE}/extended-properties", "docProps/app.xml"),
            }
        ),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"/>',
        "docProps/app.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<Application>brief</Application></Properties>",
        "word/_rels/document.xml.rels": relations(related),
        "word/theme/theme1.xml": theme(),
        **{f"word/{name}.xml": xml for name, (_, xml) in parts.items()},
    }


def main(layout: str, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in members(LAYOUTS[layout]).items():
            declared = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}'
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), declared, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
