"""Reads a pack request from the body of an HTTP request, and plans its artifacts if the caller may see all of them."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn

from brief.model.brief import Brief
from brief.model.counts import format_count
from brief.model.record import dataclass
from brief.web.api.callers import Caller
from brief.web.api.models import Cell, PackRequest, ProblemField
from brief.web.api.problems import ProblemError
from brief.writers.formats import FORMATS

_SELECTIONS = ("audiences", "locales", "formats")
_KEYS = ("brief", *_SELECTIONS, "data")
_MAX_NUMBER_LENGTH = 200
_MAX_EXPONENT = 400


@dataclass(frozen=True, slots=True)
class ArtifactKey:
    """One artifact that a pack request asks for."""

    audience: str
    locale: str
    format: str


def read_pack_request(body: bytes) -> PackRequest:
    """Reads a pack request from JSON.

    Raises:
        ProblemError: the body is not JSON or not a pack request. It lists every error, but at most 50 of the data.
    """
    document = _read_json(body)
    if not isinstance(document, dict):
        raise ProblemError("invalid-pack-request", errors=[ProblemField("", "must be an object")])
    errors = [
        ProblemField(f"/{_escape(key)}", "is not a key of a pack request") for key in document if key not in _KEYS
    ]
    if not isinstance(document.get("brief"), str):
        errors.append(ProblemField("/brief", "must be the id of a brief"))
    for name in _SELECTIONS:
        errors += _check_names(name, document.get(name, []))
    data = document.get("data", {})
    errors += _check_data(data)
    if errors:
        raise ProblemError("invalid-pack-request", errors=errors)
    tables: Mapping[str, Sequence[Mapping[str, Cell]]] = data
    audiences, locales, formats = (tuple(dict.fromkeys(document.get(name, []))) for name in _SELECTIONS)
    return PackRequest(
        document["brief"], audiences, locales, formats, {name: tuple(records) for name, records in tables.items()}
    )


def plan_pack(brief: Brief, caller: Caller, request: PackRequest, limit: int) -> tuple[ArtifactKey, ...]:
    """Lists the artifacts of a pack request, in the order of the brief's audiences, locales and formats.

    What the caller may not see is treated as if it did not exist.

    Raises:
        ProblemError: the request names something that is not offered to the caller, or asks for no artifact or for more
            than `limit`.
    """
    audiences = caller.list_audiences(brief)
    if not audiences or request.brief != brief.settings.id:
        raise ProblemError("invalid-pack-request", errors=[ProblemField("/brief", "is not offered to you")])
    formats = list_formats(brief, audiences)
    offered = {"audiences": audiences, "locales": brief.locales, "formats": formats}
    errors = [
        ProblemField(f"/{kind}/{position}", "is not offered to you")
        for kind, names in offered.items()
        for position, name in enumerate(getattr(request, kind))
        if name not in names
    ]
    errors += [
        ProblemField(f"/data/{_escape(name)}", "is not a dataset that you may send data for")
        for name in request.data
        if name not in list_datasets(brief, caller)
    ]
    if errors:
        raise ProblemError("invalid-pack-request", errors=errors)
    planned = tuple(
        ArtifactKey(audience, locale, ref.name)
        for audience in audiences
        if not request.audiences or audience in request.audiences
        for locale in brief.locales
        if not request.locales or locale in request.locales
        for ref in brief.audiences[audience].formats
        if not request.formats or ref.name in request.formats
    )
    if not planned:
        raise ProblemError("invalid-pack-request", "None of these audiences is published in these formats.")
    if len(planned) > limit:
        raise ProblemError(
            "invalid-pack-request", f"The request asks for more than {format_count(limit, 'artifact')}; divide it."
        )
    return planned


def list_formats(brief: Brief, audiences: Sequence[str]) -> tuple[str, ...]:
    """Returns the formats in which at least one of the audiences is published."""
    used = {ref.name for audience in audiences for ref in brief.audiences[audience].formats}
    return tuple(name for name in FORMATS if name in used)


def list_datasets(brief: Brief, caller: Caller) -> tuple[str, ...]:
    """Returns the names `source/dataset` of the datasets for which the caller may send data.

    These are the datasets of the caller or, if it has no list of them, all that one of its audiences may see.
    """
    clearances = {
        f"{source.id}/{dataset.id}": max(source.clearance, dataset.clearance)
        for source in brief.sources.values()
        for dataset in source.datasets
    }
    if caller.datasets is not None:
        return tuple(name for name in clearances if name in caller.datasets)
    if caller.sees_everything():
        return tuple(clearances)
    limit = max((brief.audiences[name].clearance for name in caller.list_audiences(brief)), default=-1)
    return tuple(name for name, clearance in clearances.items() if clearance <= limit)


def _read_json(body: bytes) -> Any:
    try:
        text = body.decode("utf-8")
        document = json.loads(
            text,
            parse_float=_read_number,
            parse_int=_read_number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_read_object,
        )
        # JSON allows a lone surrogate, which no encoding can write (RFC 8259, 8.2).
        json.dumps(document, ensure_ascii=False, default=str).encode("utf-8")
    except RecursionError:
        raise ProblemError("bad-json", "The body is nested too deeply.") from None
    except UnicodeDecodeError:
        raise ProblemError("bad-json", "The body is not UTF-8.") from None
    except UnicodeEncodeError:
        raise ProblemError("bad-json", "A string in the body contains half of a surrogate pair.") from None
    except _JsonError as problem:
        raise ProblemError("bad-json", f"The body cannot be read: {problem}.") from None
    except json.JSONDecodeError as problem:
        raise ProblemError("bad-json", f"The body is not JSON: {problem}.") from None
    return document


class _JsonError(ValueError):
    """JSON that cannot be read without loss, such as an object with a repeated key."""


def _read_number(digits: str) -> Decimal:
    if len(digits) > _MAX_NUMBER_LENGTH:
        raise _JsonError(f"a number has more than {_MAX_NUMBER_LENGTH} characters")
    number = Decimal(digits)
    if abs(number.adjusted()) > _MAX_EXPONENT:
        raise _JsonError("a number is too large or too small")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise _JsonError(f"{name} is not a JSON number")


def _read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _JsonError("an object repeats a key")
    return members


def _check_names(kind: str, names: object) -> list[ProblemField]:
    if not isinstance(names, list):
        return [ProblemField(f"/{kind}", "must be a list of names")]
    return [
        ProblemField(f"/{kind}/{position}", "must be a name")
        for position, name in enumerate(names)
        if not isinstance(name, str)
    ]


def _check_data(data: object) -> list[ProblemField]:
    if not isinstance(data, dict):
        return [ProblemField("/data", "must be an object of datasets")]
    errors = []
    for name, records in data.items():
        pointer = f"/data/{_escape(name)}"
        if not isinstance(records, list):
            errors.append(ProblemField(pointer, "must be a list of records"))
            continue
        for number, record in enumerate(records):
            if not isinstance(record, dict):
                errors.append(ProblemField(f"{pointer}/{number}", "must be an object"))
                continue
            errors += [
                ProblemField(f"{pointer}/{number}/{_escape(column)}", "must be a string, a number, true, false or null")
                for column, cell in record.items()
                if not isinstance(cell, str | Decimal | bool | None)
            ]
    return errors[:50]


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
