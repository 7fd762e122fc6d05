"""Writes messages as files, with the standard library instead of brief."""

from email.message import EmailMessage
from pathlib import Path

from variant_samples import pixel

CID = "picture@example.org"
HTML = (
    '<!DOCTYPE html><html lang="zh-Hant"><body><h1>深夜公車</h1><img src="cid:picture@example.org" alt="紅">'
    "</body></html>"
)
TEXT = "深夜公車\n\n您好："
HOSTILE = '"><script>alert(1)</script>.pdf'


def message(number: int = 1, subject: str = "深夜公車", attachment: str = "報告.pdf", page: str = HTML) -> bytes:
    """Makes a message with both forms of a body, an inline picture and an attachment."""
    made = EmailMessage()
    made["From"] = "研究組 <desk@example.org>"
    made["To"] = f"陳憲龍 <chen{number}@example.org>"
    made["Subject"] = subject
    made["Message-ID"] = f"<{number}@example.org>"
    made.set_content(TEXT)
    made.add_alternative(page, subtype="html")
    html = made.get_payload()[1]  # type: ignore[index]
    html.add_related(pixel().data, "image", "png", cid=f"<{CID}>")  # type: ignore[union-attr]
    made.add_attachment(b"%PDF-1.7 of no use\r\n", maintype="application", subtype="pdf", filename=attachment)
    made["Content-Language"] = "zh-Hant"
    return made.as_bytes()


def write_folder(folder: Path, count: int = 3) -> Path:
    """Writes a folder as a dry run does."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        name = f"{number:05d}.council.zh-Hant.chen{number}@example.org.eml"
        attachment = HOSTILE if number == 2 else "報告.pdf"
        subject = "<b>bold</b> & 深夜" if number == 2 else "深夜公車"
        (folder / name).write_bytes(message(number, subject, attachment))
    return folder
