"""Reads a file of recipients and checks it against the brief."""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import get_origin

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic, MachineError, sort_diagnostics
from brief.model.recipient import Recipient, RecipientList
from brief.model.source_location import Ref, SourceLocation
from brief.reading import text_file, yaml_nodes
from brief.reading.addresses import BadAddressError, find_header_problem, parse_address
from brief.reading.decode import decode, is_required, record_keys, resolve_hints
from brief.reading.tables import csv_nodes, workbook
from brief.reading.text_file import TextFile
from brief.reading.yaml_nodes import MappingNode, SequenceNode

LONGEST_NAME = 200
_LISTED = "recipients"


def read_recipients(path: Path, brief: Brief) -> tuple[tuple[Recipient, ...], tuple[Diagnostic, ...]]:
    """Reads the file's recipients in order, without copy numbers, as far as possible, and returns every diagnostic.

    The file is a workbook if its bytes say so, CSV or tab-separated if its name ends so, else YAML.

    Raises:
        MachineError: the file cannot be read.
    """
    sink = DiagnosticSink()
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise MachineError(f"{path} cannot be read: {problem.strerror}") from problem
    name = path.as_posix()
    if workbook.is_workbook(data):
        # The decoder needs the text that locations refer to; a workbook has none.
        file: TextFile | None = text_file.make_text_file(name, "")
        rows = workbook.read_first_sheet(name, data, sink)
        node = csv_nodes.build_records(name, rows, _LISTED, _columns(), sink) if rows is not None else None
    else:
        file = text_file.decode_text(name, data, sink)
        node = _parse(file, sink) if file else None
    recipients = _decode_recipients(node, file, brief, sink) if file and node else ()
    for recipient in recipients:
        _check(recipient, brief, sink)
    _check_duplicates(recipients, sink)
    return recipients, sort_diagnostics(sink.found)


def find_namesakes(recipients: Iterable[Recipient]) -> tuple[Diagnostic, ...]:
    """Reports people of one name in one variant, unless each has the number of their copy.

    Otherwise only the order of the list would distinguish their copies, and the next list may have another order.
    """
    sink = DiagnosticSink()
    first: dict[tuple[str, str, str], Recipient] = {}
    for recipient in recipients:
        other = first.setdefault((recipient.name, recipient.audience.name, recipient.locale.name), recipient)
        if other is not recipient and None in (other.copy, recipient.copy):
            message = f"two recipients of this variant are called '{recipient.name}': their copies need numbers"
            sink.error("namesakes", recipient.location, message, "give both a copy number", related=other.location)
    return tuple(sink.found)


def assign_copy_numbers(recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    """Assigns the next free copy number to recipients without one."""
    taken = {recipient.copy for recipient in recipients}
    free = (number for number in range(1, 2 * len(recipients) + 1) if number not in taken)
    return tuple(r if r.copy is not None else replace(r, copy=next(free)) for r in recipients)


def _parse(file: TextFile, sink: DiagnosticSink) -> MappingNode | None:
    if file.name.lower().endswith((".csv", ".tsv", ".txt")):
        return csv_nodes.parse(file, _LISTED, _columns(), sink)
    return yaml_nodes.parse(file, sink)


def _columns() -> csv_nodes.Columns:
    fields = record_keys(Recipient)
    several = tuple(name for name in fields if get_origin(resolve_hints(Recipient)[name]) is tuple)
    return csv_nodes.Columns(tuple(fields), tuple(name for name, key in fields.items() if is_required(key)), several)


def _decode_recipients(node: MappingNode, file: TextFile, brief: Brief, sink: DiagnosticSink) -> tuple[Recipient, ...]:
    """Decodes the readable recipients and reports the others."""
    clearances = brief.settings.known_clearances
    listed = decode(node, RecipientList, file, (), sink, clearances=clearances)
    if listed is not None:
        if not listed.recipients:
            sink.error("empty-list", listed.location, "the file has no recipients")
        return listed.recipients
    rows = next((value for key, value in node.entries if key.text == _LISTED and isinstance(value, SequenceNode)), None)
    # Bad rows have been reported; the others are still checked, so that all diagnostics come at once.
    read = (
        [
            decode(row, Recipient, file, (), DiagnosticSink(), clearances=clearances)
            for row in rows.items
            if isinstance(row, MappingNode)
        ]
        if rows
        else []
    )
    return tuple(recipient for recipient in read if recipient is not None)


def _check(recipient: Recipient, brief: Brief, sink: DiagnosticSink) -> None:
    location = recipient.location
    if (wrong := _find_name_problem(recipient.name)) is not None:
        sink.error("bad-name", location, f"the name {wrong}", "write it as it should be printed")
    audience = brief.audiences.get(recipient.audience.name)
    _check_known(recipient.audience, brief.audiences, "audience", sink)
    _check_known(recipient.locale, brief.locales, "locale", sink)
    if audience is not None:
        for ref in recipient.formats:
            _check_known(ref, (form.name for form in audience.formats), "format", sink)
        if recipient.clearance is not None and audience.clearance > recipient.clearance:
            sink.error(
                "above-clearance",
                recipient.audience.location,
                f"the recipient is cleared for {recipient.clearance.name}, and audience '{audience.id}' sees"
                f" {brief.settings.known_clearances[audience.clearance].name}",
                "choose another audience, or change the recipient's clearance",
            )


def _check_known(ref: Ref, names: Iterable[str], what: str, sink: DiagnosticSink) -> None:
    known = tuple(names)
    if ref.name not in known:
        sink.error(f"unknown-{what}", ref.location, f"unknown {what} '{ref}'", suggest_name(ref.name, known))


def _find_name_problem(name: str) -> str | None:
    if not name.strip():
        return "is empty"
    if len(name) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    unprinted = next((character for character in name if unicodedata.category(character) in ("Co", "Cn")), None)
    if unprinted is not None:
        return f"has U+{ord(unprinted):04X}, which no font has"
    return find_header_problem(name)


def _identity(recipient: Recipient) -> str:
    """What identifies a person: the address, or the name if there is none."""
    if recipient.address is None:
        return recipient.name.casefold()
    try:
        return parse_address(recipient.address.name).identity
    except (BadAddressError, MachineError):
        # The mail planner reports invalid addresses; copies do not need a valid one.
        return recipient.address.name.casefold()


def _check_duplicates(recipients: tuple[Recipient, ...], sink: DiagnosticSink) -> None:
    """Checks that a person gets one audience's variant, once in each language, and that no copy number is given twice."""
    people: dict[str, Recipient] = {}
    variants: dict[tuple[str, str], Recipient] = {}
    numbers: dict[int, SourceLocation] = {}
    for recipient in recipients:
        who = _identity(recipient)
        other = people.setdefault(who, recipient)
        twin = variants.setdefault((who, recipient.locale.name), recipient)
        if other.audience != recipient.audience:
            sink.error(
                "two-audiences",
                recipient.location,
                f"one recipient is in two audiences, '{other.audience}' and '{recipient.audience}'",
                "keep one, or give an address to tell two people apart",
                related=other.location,
            )
        elif other.clearance != recipient.clearance:
            sink.error(
                "two-clearances",
                recipient.location,
                "one recipient has two clearances",
                "give both rows the same one",
                related=other.location,
            )
        elif twin is not recipient:
            sink.error(
                "duplicate-recipient", recipient.location, "the recipient is listed twice", related=twin.location
            )
        if recipient.copy is not None and recipient.copy in numbers:
            sink.error(
                "duplicate-copy",
                recipient.location,
                f"copy {recipient.copy} is given twice",
                "change one of them, or leave the number out",
                related=numbers[recipient.copy],
            )
        elif recipient.copy is not None:
            numbers[recipient.copy] = recipient.location
