"""Writes and reads plans (`plan.json`)."""

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from brief.mail.compose.letter import Letter, Picture
from brief.mail.compose.message import Attachment, Envelope
from brief.mail.compose.outgoing import Key
from brief.mail.plan.plan import LedgerState, MailPlan, PlannedMessage
from brief.model.diagnostics import ContentError, Diagnostic, MachineError
from brief.model.source_location import SourceLocation
from brief.publish.durable_files import replace_file
from brief.publish.paths import find_path_problem
from brief.reading.addresses import Address, BadAddressError, parse_address

FORM = "brief mail plan 3"
# A plan contains names and addresses of people.
_OWNER_ONLY = 0o600


def write_plan(plan: MailPlan, path: Path) -> None:
    """Writes the plan in one step. The folder of the pack is written relative to the plan's own.

    Raises:
        MachineError: it cannot be written; an earlier file is left unchanged.
    """
    pictures: dict[str, str] = {}
    document = {
        "form": FORM,
        "brief": plan.brief,
        "date": plan.date,
        "pack": Path(os.path.relpath(plan.pack, path.parent)).as_posix(),
        "manifest": plan.manifest,
        "ledger": asdict(plan.ledger) if plan.ledger else None,
        "not_before": plan.not_before.isoformat() if plan.not_before else None,
        "sending": {
            "sender": str(plan.sending.sender),
            "moment": plan.sending.moment.isoformat(),
            "reply_to": str(plan.sending.reply_to) if plan.sending.reply_to else None,
            "list_unsubscribe": plan.sending.list_unsubscribe,
        },
        "letters": {name: _plain_letter(letter, pictures) for name, letter in plan.letters.items()},
        "pictures": pictures,
        "messages": [_plain_message(message) for message in plan.messages],
    }
    data = (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
    try:
        replace_file(path, data, _OWNER_ONLY)
    except OSError as problem:
        raise MachineError(f"cannot write {path}: {problem.strerror or problem}") from problem


def read_plan(path: Path) -> MailPlan:
    """Reads a plan that `write_plan` wrote.

    Raises:
        ContentError: the file is not a plan, or is incomplete.
        MachineError: it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise MachineError(f"cannot read {path}: {problem.strerror or problem}") from problem
    try:
        document = json.loads(data)
        if document["form"] != FORM:
            raise ValueError(f"it is of the form '{document['form']}'")
        return _plan(document, path.parent)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, BadAddressError) as problem:
        wrong = f"this is not a valid plan: {type(problem).__name__}: {problem}"
        raise ContentError(
            [Diagnostic("bad-plan", wrong[:300], SourceLocation(path.as_posix()), "plan again")]
        ) from problem


def _plain_letter(letter: Letter, pictures: dict[str, str]) -> dict[str, object]:
    listed = []
    for picture in letter.pictures:
        pictures[picture.cid] = base64.b64encode(picture.data).decode()
        listed.append({"cid": picture.cid, "media_type": picture.media_type})
    names = ("brief", "date", "audience", "locale", "sender_name", "title", "subject", "html", "text")
    return {**{name: getattr(letter, name) for name in names}, "pictures": listed}


def _plain_message(message: PlannedMessage) -> dict[str, object]:
    return {
        "key": asdict(message.key),
        "name": message.name,
        "address": str(message.address),
        "needs_smtputf8": message.address.needs_smtputf8,
        "letter": message.letter,
        "files": [asdict(file) for file in message.files],
        "message_id": message.message_id,
        "digest": message.digest,
        "size": message.size,
    }


def _plan(document: dict[str, Any], folder: Path) -> MailPlan:
    pictures = {cid: base64.b64decode(data, validate=True) for cid, data in document["pictures"].items()}
    letters = {name: _letter(plain, pictures) for name, plain in document["letters"].items()}
    sending = document["sending"]
    return MailPlan(
        brief=document["brief"],
        date=document["date"],
        pack=folder / document["pack"],
        manifest=document["manifest"],
        ledger=_ledger(document["ledger"]),
        not_before=_time(document["not_before"]),
        sending=Envelope(
            sender=parse_address(sending["sender"]),
            moment=datetime.fromisoformat(sending["moment"]),
            reply_to=_address(sending["reply_to"]),
            list_unsubscribe=sending["list_unsubscribe"],
        ),
        letters=letters,
        messages=tuple(_message(plain, letters) for plain in document["messages"]),
    )


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"'{text}' has no zone")
    return time


def _ledger(plain: dict[str, Any]) -> LedgerState:
    return LedgerState(identity=str(plain["identity"]), revision=int(plain["revision"]))


def _letter(plain: dict[str, Any], pictures: Mapping[str, bytes]) -> Letter:
    listed = tuple(Picture(one["cid"], one["media_type"], pictures[one["cid"]]) for one in plain.pop("pictures"))
    return Letter(**plain, pictures=listed)


def _message(plain: dict[str, Any], letters: Mapping[str, Letter]) -> PlannedMessage:
    files = tuple(Attachment(**file) for file in plain["files"])
    for file in files:
        if wrong := find_path_problem(file.path):
            raise ValueError(f"'{file.path}' is not a file of a pack: {wrong}")
    if plain["letter"] not in letters:
        raise ValueError(f"unknown letter '{plain['letter']}'")
    return PlannedMessage(
        key=Key(**plain["key"]),
        name=plain["name"],
        address=parse_address(plain["address"]),
        letter=plain["letter"],
        files=files,
        message_id=plain["message_id"],
        digest=plain["digest"],
        size=int(plain["size"]),
    )


def _address(text: str | None) -> Address | None:
    return parse_address(text) if text else None
