"""Reads a file of recipients, and checks it against the brief."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import fields, replace
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, get_origin

from brief.model.access import Clearance
from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic, MachineError, Severity, sort_diagnostics
from brief.model.recipient import Recipient, RecipientList
from brief.model.source_location import Ref, SourceLocation
from brief.reading import text_file, yaml_nodes
from brief.reading.addresses import BadAddressError, find_header_problem, parse_address
from brief.reading.decode import decode
from brief.reading.record_hints import is_required, list_record_keys, resolve_hints
from brief.reading.tables import csv_nodes, workbook
from brief.reading.tables.csv_nodes import CellRow, Table
from brief.reading.text_file import TextFile
from brief.reading.yaml_nodes import MappingNode, SequenceNode

MAX_NAME_LENGTH = 200
# After this many errors the rest of a list is not read: it is probably the wrong file.
MAX_ERRORS = 1000
_RECIPIENTS_KEY = "recipients"
# A recipient, and whether it was read quickly by `_OrdinaryRows`, which has checked its variant.
_ReadRecipient = tuple[Recipient, bool]
_PLAIN_NUMBER = re.compile("[1-9][0-9]{0,5}")
_FIELD_SETTERS = tuple(getattr(Recipient, each.name).__set__ for each in fields(Recipient))


def read_recipients(path: Path, brief: Brief) -> tuple[tuple[Recipient, ...], tuple[Diagnostic, ...]]:
    """Returns the recipients that can be read, in the order of the file, and every diagnostic.

    Missing copy numbers stay None. A file with the content of a workbook is one; other files with the suffix .csv, .tsv
    or .txt are CSV, and all others YAML. After `MAX_ERRORS` errors, reading ends.

    Raises:
        MachineError: the file cannot be read.
    """
    sink = DiagnosticSink()
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise MachineError(f"{path} cannot be read: {problem.strerror}") from problem
    name = path.as_posix()
    read = _read_workbook if workbook.is_workbook(data) else _read_text
    rows = read(name, data, brief, sink)
    checks = _Checks(brief, sink)
    limit = ErrorLimit(sink)
    recipients = []
    for recipient, is_ordinary in rows:
        recipients.append(recipient)
        checks.check(recipient, is_ordinary)
        if limit.check(recipient):
            break
    return tuple(recipients), sort_diagnostics(sink.found)


class ErrorLimit:
    """Stops the reading of a list that has `MAX_ERRORS` errors."""

    def __init__(self, sink: DiagnosticSink) -> None:
        self._sink = sink
        self._counted = 0
        self._errors = 0

    def check(self, recipient: Recipient) -> bool:
        """Counts the errors up to this recipient; if the limit is reached, reports that and returns True."""
        found = self._sink.found
        if len(found) == self._counted:
            return False
        self._errors += sum(found[index].severity is Severity.ERROR for index in range(self._counted, len(found)))
        if self._errors >= MAX_ERRORS:
            message = f"the list has {MAX_ERRORS:,} errors up to here; the rest was not read"
            hint = "check that this is the right file, and that its first row names the columns"
            self._sink.add_error("too-many-errors", recipient.location, message, hint)
        self._counted = len(found)
        return self._errors >= MAX_ERRORS


def find_namesakes(recipients: Iterable[Recipient]) -> tuple[Diagnostic, ...]:
    """Returns an error for each second recipient of a name in a variant, unless both have a copy number.

    Only the order of the list would distinguish their copies, and the next list may have another order.
    """
    sink = DiagnosticSink()
    first: dict[tuple[str, str, str], Recipient] = {}
    for recipient in recipients:
        other = first.setdefault((recipient.name, recipient.audience.name, recipient.locale.name), recipient)
        if other is not recipient and None in (other.copy, recipient.copy):
            message = f"two recipients of this variant have the name '{recipient.name}'"
            sink.add_error("namesakes", recipient.location, message, "give both a copy number", related=other.location)
    return tuple(sink.found)


def assign_copy_numbers(recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    """Returns the recipients; those without a copy number have the lowest free ones, in order."""
    used = {recipient.copy for recipient in recipients}
    free = (number for number in range(1, 2 * len(recipients) + 1) if number not in used)
    return tuple(
        recipient if recipient.copy is not None else replace(recipient, copy=next(free)) for recipient in recipients
    )


def _read_text(name: str, data: bytes, brief: Brief, sink: DiagnosticSink) -> Iterable[_ReadRecipient]:
    file = text_file.decode_text(name, data, sink)
    if file is None:
        return ()
    if name.lower().endswith((".csv", ".tsv", ".txt")):
        table = csv_nodes.read_table(file, _make_columns(), sink)
        return _read_rows(table, file, brief, sink) if table else ()
    node = yaml_nodes.parse(file, sink)
    return ((recipient, False) for recipient in _decode_list(node, file, brief, sink)) if node else ()


def _read_workbook(name: str, data: bytes, brief: Brief, sink: DiagnosticSink) -> Iterable[_ReadRecipient]:
    rows = workbook.read_first_sheet(name, data, sink)
    table = csv_nodes.make_table(name, rows, _make_columns(), sink) if rows is not None else None
    # The decoder needs the text that locations refer to; a workbook has none.
    return _read_rows(table, text_file.make_text_file(name, ""), brief, sink) if table else ()


def _make_columns() -> csv_nodes.Columns:
    keys = list_record_keys(Recipient)
    lists = tuple(name for name in keys if get_origin(resolve_hints(Recipient)[name]) is tuple)
    return csv_nodes.Columns(tuple(keys), tuple(name for name, key in keys.items() if is_required(key)), lists)


def _read_rows(table: Table, file: TextFile, brief: Brief, sink: DiagnosticSink) -> Iterator[_ReadRecipient]:
    """Yields the recipients of a table, and reports the rows that cannot be read, or that there are none.

    Most rows of a long list are read without the decoder, which takes twenty times as long.
    """
    ordinary = _OrdinaryRows(table, brief)
    has_rows = False
    for row in table.rows:
        has_rows = True
        if (recipient := ordinary.read(row)) is not None:
            yield recipient, True
        elif (node := table.make_node(row, sink)) is not None:
            decoded = decode(node, Recipient, file, (), sink, clearances=brief.settings.known_clearances)
            if decoded is not None:
                yield decoded, False
    if not has_rows:
        _report_empty(SourceLocation(file.name, 1, 1), sink)


class _SharedCells(NamedTuple):
    """The values of cells that many rows share. References have the location of their first occurrence."""

    audience: Ref
    locale: Ref
    formats: tuple[Ref, ...]
    clearance: Clearance | None


class _OrdinaryRows:
    """Quickly reads rows in which only the name and the address can be wrong. Other rows need the decoder."""

    def __init__(self, table: Table, brief: Brief) -> None:
        positions = {name: index for index, (name, _) in enumerate(table.header)}
        self._brief = brief
        self._width = len(table.header)
        self._name, self._address, self._copy = positions["name"], positions.get("address"), positions.get("copy")
        self._shared_positions = [positions.get(name, -1) for name in ("audience", "locale", "formats", "clearance")]
        self._get_shared_cells: Callable[[tuple[str, ...]], tuple[str, ...]] = itemgetter(*self._shared_positions)
        self._shared_cells: dict[tuple[str, ...], _SharedCells | None] = {}

    def read(self, row: CellRow) -> Recipient | None:
        """Reads the recipient of a row; None if it needs the decoder."""
        texts = row.texts
        if len(texts) != self._width:
            return None
        key = self._get_shared_cells((*texts, ""))
        shared = (
            self._shared_cells[key]
            if key in self._shared_cells
            else self._shared_cells.setdefault(key, self._read_shared_cells(row, *key))
        )
        name = texts[self._name].strip()
        address = texts[self._address].strip() if self._address is not None else ""
        copy = texts[self._copy].strip() if self._copy is not None else ""
        if shared is None or not name or "[" in address or (copy and not _PLAIN_NUMBER.fullmatch(copy)):
            return None
        ref = Ref(address, row.locate(self._address)) if self._address is not None and address else None
        return _make_recipient(row.locate(0), name, ref, *shared, int(copy) if copy else None)

    def _read_shared_cells(
        self, row: CellRow, audience: str, locale: str, formats: str, clearance: str
    ) -> _SharedCells | None:
        """Reads the cells that many rows share; None if there is anything to report."""
        known_audience = self._brief.audiences.get(audience.strip())
        clearances = {"": None, **{each.name: each for each in self._brief.settings.known_clearances}}
        names = csv_nodes.split_values(formats)
        if known_audience is None or locale.strip() not in self._brief.locales or clearance.strip() not in clearances:
            return None
        known_clearance = clearances[clearance.strip()]
        if {*names} - {ref.name for ref in known_audience.formats} or (
            known_clearance is not None and known_audience.clearance > known_clearance
        ):
            return None
        audience_location, locale_location, formats_location, _ = (
            row.locate(max(index, 0)) for index in self._shared_positions
        )
        refs = tuple(Ref(name, formats_location) for name in names)
        return _SharedCells(
            Ref(audience.strip(), audience_location), Ref(locale.strip(), locale_location), refs, known_clearance
        )


def _make_recipient(*values: object) -> Recipient:
    """Makes a recipient from the values of its fields, in order.

    Calling the class takes three times as long, because a frozen dataclass sets its fields by name.
    """
    recipient = Recipient.__new__(Recipient)
    for set_field, value in zip(_FIELD_SETTERS, values, strict=True):
        set_field(recipient, value)
    return recipient


def _report_empty(location: SourceLocation, sink: DiagnosticSink) -> None:
    sink.add_error("empty-list", location, "the file has no recipients", "add a row or an entry for each recipient")


def _decode_list(node: MappingNode, file: TextFile, brief: Brief, sink: DiagnosticSink) -> tuple[Recipient, ...]:
    """Returns the recipients of a YAML file that can be decoded, and reports the others."""
    clearances = brief.settings.known_clearances
    recipient_list = decode(node, RecipientList, file, (), sink, clearances=clearances)
    if recipient_list is not None:
        if not recipient_list.recipients:
            _report_empty(recipient_list.location, sink)
        return recipient_list.recipients
    rows = next(
        (value for key, value in node.entries if key.text == _RECIPIENTS_KEY and isinstance(value, SequenceNode)), None
    )
    # Bad rows have been reported; the others are still checked, so that all diagnostics come at once.
    recipients = (
        [
            decode(row, Recipient, file, (), DiagnosticSink(), clearances=clearances)
            for row in rows.items
            if isinstance(row, MappingNode)
        ]
        if rows
        else []
    )
    return tuple(recipient for recipient in recipients if recipient is not None)


class _Checks:
    """Checks each recipient of a list by itself and against earlier recipients.

    A person may get the variants of one audience only, each locale once, and no copy number may occur twice.
    """

    def __init__(self, brief: Brief, sink: DiagnosticSink) -> None:
        self._brief = brief
        self._sink = sink
        self._people: dict[str, Recipient] = {}
        self._variants: dict[tuple[str, str], Recipient] = {}
        self._numbers: dict[int, SourceLocation] = {}

    def check(self, recipient: Recipient, is_ordinary: bool) -> None:
        """Reports what is wrong with the recipient. For an ordinary row, `_OrdinaryRows` has checked the variant."""
        if (problem := _find_name_problem(recipient.name)) is not None:
            self._sink.add_error(
                "bad-name", recipient.location, f"the name {problem}", "write it as it should be printed"
            )
        if not is_ordinary:
            self._check_variant(recipient)
        self._check_person(recipient)
        self._check_number(recipient)

    def _check_variant(self, recipient: Recipient) -> None:
        audience = self._brief.audiences.get(recipient.audience.name)
        self._check_known(recipient.audience, self._brief.audiences, "audience")
        self._check_known(recipient.locale, self._brief.locales, "locale")
        if audience is not None:
            for ref in recipient.formats:
                if ref not in audience.formats:
                    self._check_known(ref, [ref.name for ref in audience.formats], "format")
            if recipient.clearance is not None and audience.clearance > recipient.clearance:
                self._sink.add_error(
                    "above-clearance",
                    recipient.audience.location,
                    f"the recipient is cleared for {recipient.clearance.name}, but audience '{audience.id}' sees"
                    f" {self._brief.settings.known_clearances[audience.clearance].name}",
                    "choose another audience, or change the recipient's clearance",
                )

    def _check_known(self, ref: Ref, known: Collection[str], what: str) -> None:
        if ref.name not in known:
            hint = _suggest_name(ref.name, tuple(known))
            self._sink.add_error(f"unknown-{what}", ref.location, f"unknown {what} '{ref}'", hint)

    def _check_person(self, recipient: Recipient) -> None:
        person = _identify(recipient)
        other = self._people.setdefault(person, recipient)
        if other is recipient:
            return
        # The first row of a person is in `_people`; `_variants` has only the others.
        has_same_locale = other.locale == recipient.locale
        first_in_locale = (
            other if has_same_locale else self._variants.setdefault((person, recipient.locale.name), recipient)
        )
        location = recipient.location
        if other.audience != recipient.audience:
            self._sink.add_error(
                "two-audiences",
                location,
                f"one recipient is in two audiences, '{other.audience}' and '{recipient.audience}'",
                "keep one, or give an address to tell two people apart",
                related=other.location,
            )
        elif other.clearance != recipient.clearance:
            message, hint = "one recipient has two clearances", "give both rows the same clearance"
            self._sink.add_error("two-clearances", location, message, hint, related=other.location)
        elif first_in_locale is not recipient:
            self._sink.add_error(
                "duplicate-recipient",
                location,
                "the recipient is listed twice",
                "remove one of the two",
                related=first_in_locale.location,
            )

    def _check_number(self, recipient: Recipient) -> None:
        if recipient.copy is None:
            return
        first = self._numbers.setdefault(recipient.copy, recipient.location)
        if first is not recipient.location:
            message, hint = f"copy {recipient.copy} is given twice", "change one of them, or leave the number out"
            self._sink.add_error("duplicate-copy", recipient.location, message, hint, related=first)


@lru_cache(maxsize=256)
def _suggest_name(name: str, known: tuple[str, ...]) -> str:
    # A wrong name is often in every row of a list.
    return suggest_name(name, known)


def _find_name_problem(name: str) -> str | None:
    """Returns what is wrong with a name, as a predicate; None if nothing is."""
    if name.isprintable() and "=?" not in name and len(name) <= MAX_NAME_LENGTH and not name.isspace() and name:
        return None
    if not name.strip():
        return "is empty"
    if len(name) > MAX_NAME_LENGTH:
        return f"is longer than {MAX_NAME_LENGTH} characters"
    if name.isprintable():
        return find_header_problem(name)
    unprinted = next((character for character in name if unicodedata.category(character) in ("Co", "Cn")), None)
    if unprinted is not None:
        return f"has U+{ord(unprinted):04X}, which no font has"
    return find_header_problem(name)


def _identify(recipient: Recipient) -> str:
    """Returns the identity of a person: the normalised address, or else the name without regard to case."""
    if recipient.address is None:
        return recipient.name.casefold()
    if (address := recipient.address.name).isascii():
        # The same as `Address.identity`, in a tenth of the time, and also for invalid addresses. An unchanged string is
        # returned itself, so that a long list does not store it twice.
        folded = address.lower()
        return address if folded == address else folded
    try:
        return parse_address(address).identity
    except (BadAddressError, MachineError):
        # The mail planner reports invalid addresses; copies do not need a valid one.
        return address.casefold()
