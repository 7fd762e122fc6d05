"""Further records of a ledger's revision, which detect a ledger that was removed, replaced or rolled back.

`.<ledger>.witness` beside the ledger contains its identity and revision. It is written after each commit and never
before: after a crash or a power cut, it may be behind its ledger, which is harmless. A witness that is ahead of its
ledger means that the ledger has lost messages that were sent.

If a whole folder is restored or deleted, so is the witness in it. Therefore there is a second one in the user's state
folder, the distant witness. Its name is the ledger's identity, and it also contains the ledger's path. Another user or
another machine does not have it.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from brief.mail.plan.plan import LedgerState
from brief.model.diagnostics import MachineError
from brief.publish.regular_files import read_regular_file
from brief.store.folder import find_user_state_folder

_WITNESS = ".witness"
_DIGITS = 20  # of a revision, so that a witness never gets longer
# The revision of a ledger that `open_ledger` has created.
_NEW_REVISION = 1
_FIX = "restore a backup of it, or add '--accept-ledger' to send again to everyone it does not list"


def find_witness_path(ledger: Path) -> Path:
    """Returns the path of a ledger's witness."""
    return ledger.with_name(f".{ledger.name}{_WITNESS}")


def list_known_ledgers(folder: Path, suffix: str) -> tuple[Path, ...]:
    """Lists the ledgers in a folder, including lost ledgers of which only the witness is left."""
    gone = (folder / path.name[1:].removesuffix(_WITNESS) for path in folder.glob(f".*{suffix}{_WITNESS}"))
    return tuple(sorted({*folder.glob(f"*{suffix}"), *gone}))


def find_distant_witness(identity: str) -> Path | None:
    """Returns the path of the witness in the user's state folder; None if there is no such folder."""
    state_folder = find_user_state_folder()
    return state_folder / "ledgers" / identity if state_folder is not None and identity.isalnum() else None


def _list_removed(ledger: Path) -> Iterator[LedgerState]:
    """Yields the states of earlier ledgers that were last used at this path."""
    state_folder = find_user_state_folder()
    with suppress(OSError):
        for path in (state_folder / "ledgers").iterdir() if state_folder is not None else ():
            line, _, ledger_path = read_regular_file(path).partition(b"\n")
            if ledger_path.removesuffix(b"\n") == os.fsencode(os.path.realpath(ledger)):
                with suppress(ValueError):
                    yield _parse(line)


def _parse(line: bytes) -> LedgerState:
    identity, revision = line.decode("ascii").split()
    return LedgerState(identity=identity, revision=int(revision))


def read_witness(ledger: Path, path: Path | None = None) -> LedgerState | None:
    """Reads the state in the witness of `ledger`: at `path`, or beside the ledger. Returns None if there is no witness.

    Raises:
        MachineError: the witness cannot be read.
    """
    path = path or find_witness_path(ledger)
    try:
        return _parse(read_regular_file(path).partition(b"\n")[0])
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as problem:
        raise MachineError(
            f"{path} cannot be read, so it is unknown whether {ledger} is complete: check the ledger, then run the"
            " command with '--accept-ledger'"
        ) from problem


def require_unused(ledger: Path, expected: LedgerState | None) -> None:
    """Checks that a new ledger may be created at `ledger`.

    Raises:
        MachineError: a plan or a witness records that there was a ledger.
    """
    if expected is not None or read_witness(ledger) is not None or any(_list_removed(ledger)):
        raise MachineError(f"the ledger {ledger}, which records who was sent what, is missing: {_FIX}")


def require_same(ledger: Path, state: LedgerState, expected: LedgerState | None) -> None:
    """Compares the identity of a ledger with the identity in its witness and with the identity that a plan expects.

    Raises:
        MachineError: the identities differ.
    """
    for known in (read_witness(ledger), expected):
        if known is not None and known.identity != state.identity:
            raise MachineError(f"the ledger {ledger} was replaced by another one: {_FIX}")


def require_current(ledger: Path, state: LedgerState, expected: LedgerState | None) -> None:
    """Compares the revision of a ledger with the revisions in its witnesses and with the revision that a plan expects.

    Raises:
        MachineError: the ledger is an older copy, or the witness beside it is missing.
    """
    witness = read_witness(ledger)
    distant = find_distant_witness(state.identity)
    is_readable = distant is not None and os.access(distant, os.R_OK)
    for known in (witness, expected, read_witness(ledger, distant) if is_readable else None):
        if known is not None and known.revision > state.revision:
            raise MachineError(
                f"the ledger {ledger} is an older copy: it is at revision {state.revision}, and was at"
                f" {known.revision}: {_FIX}"
            )
    # Only a sender that was killed just after it created the ledger leaves no witness.
    if witness is None and state.revision > _NEW_REVISION:
        raise MachineError(
            f"{find_witness_path(ledger)} is missing, so it is unknown whether {ledger} is complete: check the ledger, then"
            " run the command with '--accept-ledger'"
        )


def write_witness(ledger: Path, state: LedgerState, *, sync: bool = False) -> None:
    """Records the state in the witness beside the ledger, and in the distant one if it exists. Raises OSError.

    Only the first write of a sender waits for the disk (`sync`). Later ones change digits in place, so that a power
    cut leaves an older revision.
    """
    _write(find_witness_path(ledger), state, os.O_CREAT, sync=sync)
    _write_distant(ledger, state, 0, sync)


def record_use(ledger: Path, state: LedgerState) -> None:
    """Records the state in the distant witness, and creates it: from now on the ledger has messages."""
    _write_distant(ledger, state, os.O_CREAT, sync=True)


def forget_removed(ledger: Path) -> None:
    """Removes the distant witnesses of earlier ledgers at this path: a person has decided to do without them."""
    for state in tuple(_list_removed(ledger)):
        if (distant := find_distant_witness(state.identity)) is not None:
            with suppress(OSError):
                distant.unlink()


def _write_distant(ledger: Path, state: LedgerState, creation_flag: int, sync: bool) -> None:
    if (distant := find_distant_witness(state.identity)) is None:
        return
    # If this witness cannot be written, the ledger and the witness beside it are used without it.
    with suppress(OSError):
        if creation_flag:
            distant.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(distant, state, creation_flag, os.fsencode(os.path.realpath(ledger)) + b"\n", sync=sync)


def _write(path: Path, state: LedgerState, creation_flag: int, second_line: bytes = b"", *, sync: bool) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | creation_flag, 0o600)
    try:
        data = f"{state.identity} {state.revision:0{_DIGITS}}\n".encode()
        if sync:
            data += second_line
        os.pwrite(descriptor, data, 0)
        if sync:
            os.ftruncate(descriptor, len(data))
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
