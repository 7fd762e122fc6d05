"""A file of recipients: read and checked against the brief that they are to get."""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import get_origin

from brief.model.brief import Brief
from brief.model.diagnostic_sink import Faults, suggestion
from brief.model.diagnostics import Diagnostic, MachineError, in_order
from brief.model.recipient import Recipient, RecipientList
from brief.model.source_location import Place, Ref
from brief.reading import csv_nodes, text_file, yaml_nodes
from brief.reading.addresses import BadAddressError, parse_address
from brief.reading.decode import decode, hints, is_required, keys
from brief.reading.header_text import trouble
from brief.reading.text_file import TextFile
from brief.reading.yaml_nodes import Mapping, Sequence

LONGEST_NAME = 100
_LISTED = "recipients"


def inspect_recipients(path: Path, brief: Brief) -> tuple[tuple[Recipient, ...], tuple[Diagnostic, ...]]:
    """Those of the file's recipients that could be read, in its order and without numbers, and every fault of the file.

    The file is CSV where its name ends so, else YAML.

    Raises:
        MachineError: the file cannot be read.
    """
    faults = Faults()
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise MachineError(f"{path} cannot be read: {problem.strerror}") from problem
    file = text_file.decode(path.as_posix(), data, faults)
    node = _parse(file, faults) if file else None
    recipients = _decoded(node, file, faults) if file and node else ()
    for recipient in recipients:
        _check(recipient, brief, faults)
    _compare(recipients, faults)
    return recipients, in_order(faults.found)


def namesakes(recipients: Iterable[Recipient]) -> tuple[Diagnostic, ...]:
    """Faults of people of one name in one edition, where not each has the number of their copy.

    The order of the list alone would tell their copies apart, and the next list may have another.
    """
    faults = Faults()
    first: dict[tuple[str, str, str], Recipient] = {}
    for recipient in recipients:
        other = first.setdefault((recipient.name, recipient.audience.name, recipient.locale.name), recipient)
        if other is not recipient and None in (other.copy, recipient.copy):
            message = f"two recipients of this edition are called '{recipient.name}': their copies need numbers"
            faults.error("namesakes", recipient.place, message, "give both a copy number", related=other.place)
    return tuple(faults.found)


def numbered(recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    """Whoever has no number of a copy gets the next free one."""
    taken = {recipient.copy for recipient in recipients}
    free = (number for number in range(1, 2 * len(recipients) + 1) if number not in taken)
    return tuple(r if r.copy is not None else replace(r, copy=next(free)) for r in recipients)


def _parse(file: TextFile, faults: Faults) -> Mapping | None:
    if file.name.lower().endswith(".csv"):
        return csv_nodes.parse(file, _LISTED, _columns(), faults)
    return yaml_nodes.parse(file, faults)


def _columns() -> csv_nodes.Columns:
    fields = keys(Recipient)
    several = tuple(name for name in fields if get_origin(hints(Recipient)[name]) is tuple)
    return csv_nodes.Columns(tuple(fields), tuple(name for name, key in fields.items() if is_required(key)), several)


def _decoded(node: Mapping, file: TextFile, faults: Faults) -> tuple[Recipient, ...]:
    """The recipients that can be read, with the faults of those that cannot."""
    listed = decode(node, RecipientList, file, (), faults)
    if listed is not None:
        if not listed.recipients:
            faults.error("empty-list", listed.place, "the file names no recipient")
        return listed.recipients
    rows = next((value for key, value in node.entries if key.text == _LISTED and isinstance(value, Sequence)), None)
    # What is wrong with rows has been said; the others are read on, so that all faults come at once.
    read = (
        [decode(row, Recipient, file, (), Faults()) for row in rows.items if isinstance(row, Mapping)] if rows else []
    )
    return tuple(recipient for recipient in read if recipient is not None)


def _check(recipient: Recipient, brief: Brief, faults: Faults) -> None:
    place = recipient.place
    if (wrong := _wrong(recipient.name)) is not None:
        faults.error("bad-name", place, f"the name {wrong}", "write it as it should be printed")
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


def _wrong(name: str) -> str | None:
    if not name.strip():
        return "is empty"
    if len(name) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    unprinted = next((character for character in name if unicodedata.category(character) in ("Co", "Cn")), None)
    if unprinted is not None:
        return f"has U+{ord(unprinted):04X}, which no font has"
    return trouble(name)


def _identity(recipient: Recipient) -> str:
    """What tells people apart: the address, or without one the name."""
    if recipient.address is None:
        return recipient.name.casefold()
    try:
        return parse_address(recipient.address.name).identity
    except (BadAddressError, MachineError):
        # Whoever mails to it says what is wrong with it; copies need no address that works.
        return recipient.address.name.casefold()


def _compare(recipients: tuple[Recipient, ...], faults: Faults) -> None:
    """One person gets one edition, once in each language, and no two copies have one number."""
    people: dict[str, Recipient] = {}
    editions: dict[tuple[str, str], Recipient] = {}
    numbers: dict[int, Place] = {}
    for recipient in recipients:
        who = _identity(recipient)
        other = people.setdefault(who, recipient)
        twin = editions.setdefault((who, recipient.locale.name), recipient)
        if other.audience != recipient.audience:
            faults.error(
                "two-audiences",
                recipient.place,
                f"one recipient stands in two audiences, '{other.audience}' and '{recipient.audience}'",
                "keep one, or give an address to tell two people apart",
                related=other.place,
            )
        elif other.clearance != recipient.clearance:
            faults.error(
                "two-clearances",
                recipient.place,
                "one recipient has two clearances",
                "give both rows the same one",
                related=other.place,
            )
        elif twin is not recipient:
            faults.error("duplicate-recipient", recipient.place, "the recipient is listed twice", related=twin.place)
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
