"""What a message of a plan looks like, for pages that show it: no file of the pack is read."""

import base64
import html
from collections.abc import Iterator
from dataclasses import dataclass, field

from brief.mail.letter import RECIPIENT
from brief.mail.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One message. `html` is a whole page that refers to nothing outside itself; `attachments` are names."""

    name: str
    address: str
    sender: str
    subject: str
    variant: str
    locale: str
    attachments: tuple[str, ...]
    html: str = field(repr=False)
    text: str = field(repr=False)


def previews(plan: Plan) -> Iterator[Preview]:
    """The messages of a plan, in its order."""
    for message in plan.messages:
        letter = plan.letters[message.letter]
        page = letter.html.replace(RECIPIENT, html.escape(message.name))
        for picture in letter.pictures:
            data = base64.b64encode(picture.data).decode()
            page = page.replace(f"cid:{picture.cid}", f"data:{picture.media_type};base64,{data}")
        yield Preview(
            name=message.name,
            address=message.address.shown,
            sender=f"{letter.sender_name} <{plan.sending.sender}>",
            subject=letter.subject,
            variant=message.key.variant,
            locale=letter.locale,
            attachments=tuple(file.name for file in message.files),
            html=page,
            text=letter.text.replace(RECIPIENT, message.name),
        )
