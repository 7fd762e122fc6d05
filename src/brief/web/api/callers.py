"""Callers, what each may see, and the file with a hash of each caller's token."""

import hashlib
import hmac
import json
import os
import secrets
import stat
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from brief.model.access import EVERY_CLEARANCE, Clearance
from brief.model.brief import Brief
from brief.model.diagnostic_sink import suggest_name
from brief.model.diagnostics import MachineError, RequestError
from brief.model.record import dataclass
from brief.publish.approval import Clock, get_current_time
from brief.publish.durable_files import make_folders, replace_file
from brief.publish.embargo import KEY, list_embargoes, parse_embargoes
from brief.publish.lock import open_lock

_PREFIX = "brief_"
_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Caller:
    """A program or person that uses the API.

    A caller sees the `audiences` (all if None) whose clearance does not exceed `clearance` (no limit if None). It may
    send data for the `datasets`, which are named `source/dataset` (if None, for all datasets that one of its audiences
    may see).
    """

    name: str
    audiences: tuple[str, ...] | None = None
    clearance: str | None = None
    datasets: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        # A program may pass a Clearance, which never equals the name of one: the caller would then see nothing.
        clearance: object = self.clearance
        if isinstance(clearance, Clearance):
            object.__setattr__(self, "clearance", clearance.name)

    def list_audiences(self, brief: Brief, clock: Clock = get_current_time) -> tuple[str, ...]:
        """Returns the audiences that the caller may see, in the brief's order, without those under embargo."""
        levels = brief.settings.known_clearances
        # A clearance that is unknown to the project allows nothing.
        own = (level for level in levels if level.name == self.clearance)
        limit = len(levels) if self.clearance is None else next(own, -1)
        embargoes = parse_embargoes({KEY: list_embargoes(brief, brief.audiences)})
        return tuple(
            name
            for name, audience in brief.audiences.items()
            if (self.audiences is None or name in self.audiences)
            and audience.clearance <= limit
            and (name not in embargoes or clock() >= embargoes[name])
        )

    def list_unknown_names(self, brief: Brief) -> Iterator[str]:
        """Yields a line for each audience or clearance of the caller that the project lacks: it allows nothing."""
        clearances = [level.name for level in brief.settings.known_clearances]
        for kind, names, known in (
            ("audience", self.audiences or (), brief.audiences),
            ("clearance", (self.clearance,) if self.clearance is not None else (), clearances),
        ):
            for name in names:
                if name not in known:
                    yield f"caller '{self.name}' may see the {kind} '{name}', which is unknown; {suggest_name(name, known)}"

    def sees_everything(self) -> bool:
        """Returns whether no audience or clearance limits the caller, so that diagnostics may quote content."""
        return self.audiences is None and self.clearance is None


class TokenFile:
    """The file of callers, which only its owner can read; it contains no tokens, only their SHA-256 digests.

    A token has 256 random bits and cannot be guessed, so a slow hash, as used for passwords, would add no protection.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._callers: dict[str, Caller] = {}

    def find(self, token: str) -> Caller | None:
        """Returns the caller with this token, or None. Reads the file again if it has changed.

        Raises:
            MachineError: the file cannot be read, others may read it, or it is damaged.
        """
        digest = _hash(token)
        match = None
        # Every entry is compared, so that the response time does not reveal the position of a match.
        for known_digest, caller in self._read().items():
            if hmac.compare_digest(known_digest, digest):
                match = caller
        return match

    def list_callers(self) -> tuple[Caller, ...]:
        """Returns every caller; raises as `find` does."""
        return tuple(self._read().values())

    def add(self, caller: Caller) -> str:
        """Adds a caller and returns its token, which is not stored anywhere.

        Raises:
            RequestError: a caller of that name exists.
            MachineError: as for `find`, or the file cannot be written.
        """
        token = f"{_PREFIX}{secrets.token_urlsafe(32)}"

        def add_entry(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
            if any(entry["name"] == caller.name for entry in entries):
                raise RequestError(f"there is already a caller '{caller.name}'; revoke it first")
            return [*entries, _to_entry(caller, _hash(token))]

        self._change(add_entry)
        return token

    def revoke(self, name: str) -> None:
        """Removes a caller; its token is refused from the next request on.

        Raises:
            RequestError: no caller has that name.
            MachineError: as for `add`.
        """

        def remove_entry(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
            others = [entry for entry in entries if entry["name"] != name]
            if len(others) == len(entries):
                raise RequestError(f"there is no caller '{name}' in {self.path}")
            return others

        self._change(remove_entry)

    def _change(self, change: Any) -> None:
        try:
            make_folders(self.path.parent)
            with open_lock(self.path.with_name(f".{self.path.name}.lock"), hint="try again"):
                entries = _load(self.path) if self.path.exists() else []
                text = json.dumps({"callers": change(entries)}, ensure_ascii=False, indent=1) + "\n"
                replace_file(self.path, text.encode(), _MODE)
        except OSError as problem:
            raise MachineError(f"{self.path} cannot be written: {problem.strerror}") from problem

    def _read(self) -> Mapping[str, Caller]:
        with self._lock:
            try:
                status = self.path.stat()
            except OSError as problem:
                raise MachineError(f"{self.path} cannot be read: {problem.strerror}") from problem
            stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
            if stamp != self._stamp:
                self._callers = {entry["sha256"]: _to_caller(entry) for entry in _load(self.path)}
                self._stamp = stamp
            return self._callers


def find_token_file() -> Path:
    """Returns the default path of the token file (XDG Base Directory Specification)."""
    folder = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return (folder if folder.is_absolute() else Path.home() / ".config") / "brief" / "tokens.json"


def make_caller(
    name: str, audiences: Iterable[str] = (), clearance: str = "public", datasets: Iterable[str] = ()
) -> Caller:
    """Makes a caller from command-line values: no audiences means all, no datasets means none, and the clearance
    `EVERY_CLEARANCE` means no limit.
    """
    return Caller(name, tuple(audiences) or None, None if clearance == EVERY_CLEARANCE else clearance, tuple(datasets))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _load(path: Path) -> list[dict[str, Any]]:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise MachineError(f"others can read {path}: run chmod 600 {path}")
        entries = json.loads(path.read_bytes())["callers"]
        for entry in entries:
            _to_caller(entry)
    except OSError as problem:
        raise MachineError(f"{path} cannot be read: {problem.strerror}") from problem
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise MachineError(f"{path} is not a token file; restore it, or add the callers again") from problem
    return list(entries)


def _to_entry(caller: Caller, digest: str) -> dict[str, Any]:
    return {
        "name": caller.name,
        "sha256": digest,
        "audiences": None if caller.audiences is None else list(caller.audiences),
        "clearance": EVERY_CLEARANCE if caller.clearance is None else caller.clearance,
        "datasets": list(caller.datasets or ()),
    }


def _to_caller(entry: Mapping[str, Any]) -> Caller:
    audiences = entry["audiences"]
    if not isinstance(entry["sha256"], str) or len(entry["sha256"]) != 64:
        raise ValueError("no digest")
    return Caller(
        str(entry["name"]),
        None if audiences is None else tuple(map(str, audiences)),
        None if entry["clearance"] == EVERY_CLEARANCE else str(entry["clearance"]),
        tuple(map(str, entry["datasets"])),
    )
