"""The record that a person reviewed a pack. It is written beside the pack, so that the pack itself does not change.

`<brief>.approval.json` identifies the pack by the digest of its manifest, and so by every byte in it: a pack built from
changed content has a different digest and is not approved.
"""

import getpass
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from brief.model.diagnostics import ContentError, Diagnostic, MachineError, Severity
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.publish.durable_files import replace_file
from brief.publish.embargo import require_released
from brief.publish.paths import make_safe_stem
from brief.publish.regular_files import read_regular_file
from brief.publish.verify import PackVerdict, verify_pack

Clock = Callable[[], datetime]
_TOLERANCE = timedelta(minutes=10)


def get_current_time() -> datetime:
    """Returns the current time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Approval:
    """Who reviewed a pack and when. `manifest` is the SHA-256 of its manifest; `at` is ISO 8601 in UTC, to the second.

    `before_embargo` is the reason for approving it before its embargo ended.
    """

    brief: str
    manifest: str
    by: str
    at: str
    note: str = ""
    before_embargo: str = ""


def approve(
    folder: str | Path,
    by: str | None = None,
    note: str = "",
    clock: Clock = get_current_time,
    *,
    before_embargo: str = "",
) -> Approval:
    """Records that `by` (default: the user's name) reviewed the pack in `folder`.

    A pack under embargo is approved only for a reason, `before_embargo`, which is recorded. It still cannot be
    mailed before the embargo ends.

    Raises:
        ContentError: the pack does not match its manifest, or is under embargo.
        MachineError: the record cannot be written.
    """
    verdict = verify_pack(folder)
    if not verdict.is_consistent:
        raise ContentError(verdict.diagnostics)
    if not before_embargo.strip():
        hint = "approve it after that time, or run with '--before-embargo REASON'"
        require_released(verdict.embargoes, clock(), SourceLocation(Path(folder).as_posix()), hint)
    time = clock().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    approval = Approval(verdict.brief, verdict.digest, by or _find_user_name(), time, note, before_embargo.strip())
    record = _make_record_path(folder, verdict)
    try:
        replace_file(record, (json.dumps(asdict(approval), ensure_ascii=False, indent=2) + "\n").encode())
    except OSError as problem:
        raise MachineError(f"cannot write {record}: {problem.strerror or problem}") from problem
    return approval


def find_approval(
    folder: str | Path, verdict: PackVerdict | None = None, clock: Clock = get_current_time
) -> Approval | None:
    """Finds the approval of exactly this pack; None if it is missing, unreadable, dated in the future or for other bytes."""
    verdict = verdict or verify_pack(folder)
    if not verdict.is_consistent:
        return None
    try:
        plain = json.loads(read_regular_file(_make_record_path(folder, verdict)))
        approval = Approval(**{str(key): str(value) for key, value in plain.items()})
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    if (approval.brief, approval.manifest) != (verdict.brief, verdict.digest) or not _is_past(approval.at, clock()):
        return None
    return approval


def _is_past(time: str, now: datetime) -> bool:
    """Returns whether a time in ISO 8601 is past; up to `_TOLERANCE` in the future counts as past, because the clocks of
    two machines may differ. A time that cannot be read or has no zone is not past.
    """
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment <= now.astimezone(UTC) + _TOLERANCE


def report_not_approved(folder: Path, severity: Severity = Severity.ERROR) -> Diagnostic:
    """Makes the diagnostic for a pack in `folder` that is not approved."""
    hint = f"review it, then run 'brief approve {folder}'"
    return Diagnostic("not-approved", "this pack is not approved", SourceLocation(folder.as_posix()), hint, severity)


def require_approved(folder: str | Path) -> None:
    """Checks that a pack is unchanged since its approval.

    Raises:
        ContentError: the pack in `folder` does not match its manifest, or is not approved in this state.
    """
    verdict = verify_pack(folder)
    diagnostics = list(verdict.diagnostics)
    if verdict.is_consistent and find_approval(folder, verdict) is None:
        diagnostics.append(report_not_approved(Path(folder)))
    if diagnostics:
        raise ContentError(diagnostics)


def _make_record_path(folder: str | Path, verdict: PackVerdict) -> Path:
    # Beside the generation folder, and so beside the link to it.
    return Path(os.path.realpath(folder)).parent / f"{make_safe_stem(verdict.brief)}.approval.json"


def _find_user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
