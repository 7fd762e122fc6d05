"""Writes and reads plans (`plan.json`)."""

import base64
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from brief.mail.compose.letter import Letter, Picture
from brief.mail.compose.message import Attachment, Envelope
from brief.mail.compose.outgoing import Key
from brief.mail.compose.unsubscribe import Unsubscribe, find_unsubscribe_problem
from brief.mail.plan.plan import LedgerState, MailPlan, PlannedMessage, RecipientListFile
from brief.model.diagnostics import ContentError, Diagnostic, MachineError
from brief.model.source_location import SourceLocation
from brief.publish.durable_files import replace_file
from brief.publish.paths import find_path_problem
from brief.reading.addresses import Address, BadAddressError, parse_address

FORM = "brief mail plan 4"
# Near the beginning of plans of every version.
_FORM_PREFIX = b'"form": "brief mail plan '
# A plan contains names and addresses of people.
_OWNER_ONLY = 0o600
_LETTER_TEXTS = ("brief", "date", "audience", "locale", "sender_name", "title", "subject", "html", "text")
_ATTACHMENT_TEXTS = ("path", "name", "plain_name", "media_type", "sha256")


def write_plan(plan: MailPlan, path: Path) -> None:
    """Writes the plan in one step. The folder of the pack is written relative to the folder of the plan.

    Raises:
        MachineError: the file cannot be written; an earlier file is left unchanged.
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
        "list": _describe_list(plan.recipient_list, path.parent),
        "envelope": {
            "sender": str(plan.envelope.sender),
            "moment": plan.envelope.moment.isoformat(),
            "reply_to": _format_optional_address(plan.envelope.reply_to),
            "list_unsubscribe": plan.envelope.unsubscribe.uri,
            "unsubscribe_mailbox": _format_optional_address(plan.envelope.unsubscribe.mailbox),
        },
        "letters": {name: _describe_letter(letter, pictures) for name, letter in plan.letters.items()},
        "pictures": pictures,
    }
    attachments = {file: number for number, file in enumerate(dict.fromkeys(f for m in plan.messages for f in m.files))}
    # One line for each message: written in one piece, a plan for 100,000 people takes several times its size in memory.
    data = bytearray(json.dumps(document, ensure_ascii=False, indent=1).removesuffix("\n}").encode())
    _add_lines(data, "attachments", map(asdict, attachments))
    _add_lines(data, "messages", (_describe_message(message, attachments) for message in plan.messages))
    data += b"\n}\n"
    try:
        replace_file(path, data, _OWNER_ONLY)
    except OSError as problem:
        raise MachineError(f"cannot write {path}: {problem.strerror or problem}") from problem


def may_write_plan(path: Path) -> bool:
    """Returns whether a plan may be written to `path`: nothing is there, or a plan, but not a list of recipients."""
    if not os.path.lexists(path):
        return True
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return _FORM_PREFIX in stream.read(200)
    except OSError:
        # `write_plan` will report why the file cannot be used.
        return True


def read_plan(path: Path) -> MailPlan:
    """Reads a plan that `write_plan` wrote.

    Raises:
        ContentError: the file is not a plan, or is incomplete.
        MachineError: the file cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise MachineError(f"cannot read {path}: {problem.strerror or problem}") from problem
    try:
        document = json.loads(data)
        if document["form"] != FORM:
            raise ValueError(f"it has the format '{document['form']}', and this version reads '{FORM}'")
        return _parse_plan(document, path.parent)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, BadAddressError) as problem:
        message = f"this is not a valid plan: {type(problem).__name__}: {problem}"
        raise ContentError(
            [Diagnostic("bad-plan", message[:300], SourceLocation(path.as_posix()), "plan again")]
        ) from problem


def _describe_list(file: RecipientListFile | None, folder: Path) -> dict[str, str] | None:
    if file is None:
        return None
    return {"path": Path(os.path.relpath(file.path, folder)).as_posix(), "sha256": file.digest}


def _parse_list(record: dict[str, Any] | None, folder: Path) -> RecipientListFile | None:
    return RecipientListFile(path=_parse_path(record, "path", folder), digest=record["sha256"]) if record else None


def _describe_letter(letter: Letter, pictures: dict[str, str]) -> dict[str, object]:
    """Returns the record of a letter, and adds its pictures to `pictures`, in base64 by Content-ID."""
    descriptions = []
    for picture in letter.pictures:
        pictures[picture.cid] = base64.b64encode(picture.data).decode()
        descriptions.append({"cid": picture.cid, "media_type": picture.media_type})
    return {**{name: getattr(letter, name) for name in _LETTER_TEXTS}, "pictures": descriptions}


def _add_lines(data: bytearray, name: str, entries: Iterable[dict[str, object]]) -> None:
    data += f',\n "{name}": ['.encode()
    for number, entry in enumerate(entries):
        data += f"{',' if number else ''}\n  {json.dumps(entry, ensure_ascii=False)}".encode()
    data += b"\n ]"


def _describe_message(message: PlannedMessage, attachments: Mapping[Attachment, int]) -> dict[str, object]:
    return {
        "recipient": message.key.recipient,
        "name": message.name,
        "address": str(message.address),
        "letter": message.letter,
        "files": [attachments[file] for file in message.files],
        **({"token": message.token} if message.token else {}),
        "message_id": message.message_id,
        "digest": message.digest,
        "size": message.size,
    }


def _parse_plan(document: dict[str, Any], folder: Path) -> MailPlan:
    pictures = {cid: base64.b64decode(data, validate=True) for cid, data in document["pictures"].items()}
    letters = {name: _parse_letter(record, pictures) for name, record in document["letters"].items()}
    envelope = document["envelope"]
    attachments = [_parse_attachment(record) for record in document["attachments"]]
    return MailPlan(
        **_get_texts(document, ("date", "manifest")),
        brief=_check_brief_id(document["brief"]),
        pack=_parse_path(document, "pack", folder),
        ledger=_parse_ledger(document["ledger"]),
        not_before=None if document["not_before"] is None else _parse_time(document["not_before"]),
        recipient_list=_parse_list(document.get("list"), folder),
        envelope=Envelope(
            sender=parse_address(envelope["sender"]),
            moment=_parse_time(envelope["moment"]),
            reply_to=_parse_optional_address(envelope["reply_to"]),
            unsubscribe=_parse_unsubscribe(envelope),
        ),
        letters=letters,
        messages=tuple(_parse_message(record, letters, attachments) for record in document["messages"]),
    )


def _get_texts(record: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    for name in names:
        if not isinstance(record[name], str):
            raise TypeError(f"'{name}' is not text")
        # Raises UnicodeEncodeError, a ValueError, for half of a surrogate pair, which cannot be sent.
        record[name].encode()
    return {name: record[name] for name in names}


def _get_count(record: dict[str, Any], name: str) -> int:
    number = record[name]
    if not isinstance(number, int) or number < 0:
        raise TypeError(f"'{name}' is not a whole number from 0")
    return number


def _parse_path(record: dict[str, Any], name: str, folder: Path) -> Path:
    path: str = _get_texts(record, [name])[name]
    if "\0" in path:
        raise ValueError(f"'{name}' is not a path")
    return folder / path


def _check_brief_id(name: str) -> str:
    """Returns the id of a brief; raises ValueError if it cannot be part of the name of the ledger's file."""
    if "/" in name or find_path_problem(name):
        raise ValueError(f"'{name}' is not the id of a brief")
    return name


def _parse_time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"'{text}' has no time zone")
    return time


def _parse_ledger(record: dict[str, Any]) -> LedgerState:
    return LedgerState(identity=str(record["identity"]), revision=_get_count(record, "revision"))


def _parse_letter(record: dict[str, Any], pictures: Mapping[str, bytes]) -> Letter:
    letter_pictures = tuple(
        Picture(**_get_texts(picture, ("cid", "media_type")), data=pictures[picture["cid"]])
        for picture in record["pictures"]
    )
    return Letter(**_get_texts(record, _LETTER_TEXTS), pictures=letter_pictures)


def _parse_attachment(record: dict[str, Any]) -> Attachment:
    file = Attachment(**_get_texts(record, _ATTACHMENT_TEXTS))
    if problem := find_path_problem(file.path):
        raise ValueError(f"'{file.path}' is not a file of a pack: {problem}")
    return file


def _parse_message(
    record: dict[str, Any], letters: Mapping[str, Letter], attachments: Sequence[Attachment]
) -> PlannedMessage:
    letter = letters.get(record["letter"])
    if letter is None:
        raise ValueError(f"unknown letter '{record['letter']}'")
    if any(number not in range(len(attachments)) for number in record["files"]):
        raise ValueError(f"unknown attachment in {record['files']}")
    token = record.get("token")
    if token is not None and not isinstance(token, str):
        raise ValueError(f"'{token}' is not a token")
    return PlannedMessage(
        **_get_texts(record, ("name", "letter", "message_id", "digest")),
        key=Key(letter.brief, letter.date, letter.variant_name, **_get_texts(record, ["recipient"])),
        address=parse_address(record["address"]),
        files=tuple(attachments[number] for number in record["files"]),
        token=token,
        size=_get_count(record, "size"),
    )


def _parse_unsubscribe(record: dict[str, Any]) -> Unsubscribe:
    uri = record["list_unsubscribe"]
    if uri is not None and find_unsubscribe_problem(uri):
        raise ValueError(f"'{uri}' is not an address for unsubscribing")
    return Unsubscribe(uri=uri, mailbox=_parse_optional_address(record["unsubscribe_mailbox"]))


def _format_optional_address(address: Address | None) -> str | None:
    return str(address) if address else None


def _parse_optional_address(text: str | None) -> Address | None:
    return parse_address(text) if text else None
