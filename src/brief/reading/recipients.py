"""A file of recipients: read and checked against the brief that they are to get."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from brief.model.brief import Brief
from brief.model.diagnostics import ContentError, MachineError, has_errors
from brief.model.place import Place, Ref
from brief.model.recipient import Recipient, RecipientList
from brief.reading import text_file, yaml_nodes
from brief.reading.decode import decode
from brief.reading.faults import Faults, suggestion

LONGEST_NAME = 100
# What reorders the text around it (Unicode Standard Annex 9). Joiners are letters' business in Persian and Hindi.
_REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_JOINERS = "\u200c\u200d"


def read_recipients(path: Path, brief: Brief) -> tuple[Recipient, ...]:
    """The recipients in the order of the file, each with the number of their copy.

    Raises:
        ContentError: with every fault of the file.
        MachineError: the file cannot be read.
    """
    faults = Faults()
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise MachineError(f"{path} cannot be read: {problem.strerror}") from problem
    file = text_file.decode(path.as_posix(), data, faults)
    node = yaml_nodes.parse(file, faults) if file else None
    listed = decode(node, RecipientList, file, (), faults) if file and node else None
    recipients = listed.recipients if listed else ()
    if listed is not None and not recipients:
        faults.error("empty-list", listed.place, "the file names no recipient")
    for recipient in recipients:
        _check(recipient, brief, faults)
    _compare(recipients, faults)
    if has_errors(faults.found):
        raise ContentError(faults.found)
    return _numbered(recipients)


def _check(recipient: Recipient, brief: Brief, faults: Faults) -> None:
    place = recipient.place
    if (trouble := _trouble(recipient.name)) is not None:
        faults.error("bad-name", place, f"the name {trouble}", "write it as it should be printed")
    audience = brief.audiences.get(recipient.audience.name)
    _known(recipient.audience, brief.audiences, "audience", faults)
    _known(recipient.locale, brief.locales, "locale", faults)
    if audience is not None:
        for ref in recipient.formats:
            _known(ref, (form.name for form in audience.formats), "format", faults)
        if recipient.clearance is not None and audience.clearance > recipient.clearance:
            faults.error(
                "above-clearance",
                recipient.audience.place,
                f"the recipient is cleared for {recipient.clearance.name.lower()}, and audience '{audience.id}' sees"
                f" {audience.clearance.name.lower()}",
                "choose another audience, or change the recipient's clearance",
            )


def _known(ref: Ref, names: Iterable[str], what: str, faults: Faults) -> None:
    known = tuple(names)
    if ref.name not in known:
        faults.error(f"unknown-{what}", ref.place, f"there is no {what} '{ref}'", suggestion(ref.name, known))


def _trouble(name: str) -> str | None:
    if not name.strip():
        return "is empty"
    if len(name) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    for character in name:
        category = unicodedata.category(character)
        if _REORDERING.match(character):
            return f"has U+{ord(character):04X}, which reorders what stands around it"
        if category in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") or (category == "Cf" and character not in _JOINERS):
            return f"has U+{ord(character):04X}, which cannot be printed"
    return None


def _compare(recipients: tuple[Recipient, ...], faults: Faults) -> None:
    """One person gets one edition, and no two copies have one number."""
    people: dict[str, Recipient] = {}
    numbers: dict[int, Place] = {}
    for recipient in recipients:
        person = (recipient.address or recipient.name).casefold()
        other = people.setdefault(person, recipient)
        if other.audience != recipient.audience:
            faults.error(
                "two-audiences",
                recipient.place,
                f"one recipient stands in two audiences, '{other.audience}' and '{recipient.audience}'",
                "keep one, or give an address to tell two people apart",
                related=other.place,
            )
        elif other is not recipient and other.locale == recipient.locale:
            faults.error("duplicate-recipient", recipient.place, "the recipient is listed twice", related=other.place)
        if recipient.copy is not None and recipient.copy in numbers:
            faults.error(
                "duplicate-copy",
                recipient.place,
                f"copy {recipient.copy} is given twice",
                "number one of them anew, or leave the number out",
                related=numbers[recipient.copy],
            )
        elif recipient.copy is not None:
            numbers[recipient.copy] = recipient.place


def _numbered(recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    taken = {recipient.copy for recipient in recipients}
    free = (number for number in range(1, 2 * len(recipients) + 1) if number not in taken)
    return tuple(r if r.copy is not None else replace(r, copy=next(free)) for r in recipients)
