"""A second record of a ledger's revision, which detects a ledger that was removed, replaced or rolled back.

`.<ledger>.witness` beside the ledger contains its identity and revision. It is written after each commit and never
before: what a crash or a power cut leaves is a witness that is behind its ledger, which is harmless. A witness that is
ahead of its ledger means that the ledger has lost messages that were sent.
"""

import os
from pathlib import Path

from brief.mail.plan.plan import LedgerState
from brief.model.diagnostics import MachineError

_DIGITS = 20
# The revision of a new ledger.
_CREATED = 1
_ACCEPT = "restore a backup of it, or add '--accept-ledger' to send again to everyone it does not list"


def find_witness_path(ledger: Path) -> Path:
    """Returns the path of a ledger's witness."""
    return ledger.with_name(f".{ledger.name}.witness")


def read_witness(ledger: Path) -> LedgerState | None:
    """Reads the state that the witness of `ledger` recorded; None if there is no witness.

    Raises:
        MachineError: it cannot be read.
    """
    path = find_witness_path(ledger)
    try:
        identity, revision = path.read_text("ascii").split()
        return LedgerState(identity=identity, revision=int(revision))
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
        MachineError: a plan or the witness records one that existed.
    """
    if expected is not None or read_witness(ledger) is not None:
        raise MachineError(f"the ledger {ledger}, which records who was sent what, is missing: {_ACCEPT}")


def require_current(ledger: Path, state: LedgerState, expected: LedgerState | None) -> None:
    """Compares the state of a ledger with its witness and with the state that a plan expects.

    Raises:
        MachineError: it is another ledger, or an older copy of it.
    """
    witness = read_witness(ledger)
    for known in (witness, expected):
        if known is None:
            continue
        if known.identity != state.identity:
            raise MachineError(f"the ledger {ledger} was replaced by another one: {_ACCEPT}")
        if known.revision > state.revision:
            raise MachineError(
                f"the ledger {ledger} is an older copy: it is at revision {state.revision}, and was at"
                f" {known.revision}: {_ACCEPT}"
            )
    # A sender may be killed after it created the ledger; from its first entry on there is a witness.
    if witness is None and state.revision > _CREATED:
        raise MachineError(
            f"{find_witness_path(ledger)} is missing, so it is unknown whether {ledger} is complete: check the ledger, then"
            " run the command with '--accept-ledger'"
        )


def write_witness(ledger: Path, state: LedgerState, *, sync: bool = False) -> None:
    """Records the state, in place; raises OSError.

    Only the first write of a sender waits for the disk (`sync`). Later ones change digits in place, so that a power
    cut leaves an older revision.
    """
    descriptor = os.open(find_witness_path(ledger), os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        data = f"{state.identity} {state.revision:0{_DIGITS}}\n".encode()
        os.pwrite(descriptor, data, 0)
        if sync:
            os.ftruncate(descriptor, len(data))
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
