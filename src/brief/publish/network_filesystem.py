"""Detects network file systems, on which locks and durable writes may not work."""

import re
from pathlib import Path

from brief.model.diagnostics import Diagnostic, Severity
from brief.model.source_location import SourceLocation

_MOUNTINFO = Path("/proc/self/mountinfo")
# File systems on which a lock that one machine holds may not be visible to another.
_NETWORK = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "nfs", "nfs4", "smb3", "smbfs", "vboxsf"}
)
_OCTAL_ESCAPE = re.compile(r"\\([0-7]{3})")


def check_network_filesystem(folder: Path) -> tuple[Diagnostic, ...]:
    """Returns a warning if the folder is on a network file system; empty if it is not or if that cannot be determined."""
    try:
        table = _MOUNTINFO.read_text("utf-8", "surrogateescape")
    except OSError:
        return ()
    kind = find_filesystem_type(folder.resolve(), table)
    if kind not in _NETWORK:
        return ()
    message = f"the output is on a network file system ({kind}): a build on another machine may not see this one's lock"
    hint = "build on a local disk and copy the result, or build on one machine only"
    return (Diagnostic("output-on-network", message, SourceLocation(str(folder)), hint, Severity.WARNING),)


def find_filesystem_type(folder: Path, table: str) -> str:
    """Returns the type of the nearest mount at or above `folder`; empty if no mount is known.

    `table` is in the form of `/proc/self/mountinfo` (proc(5)).
    """
    mounts = {}
    for line in table.splitlines():
        mount_fields, _, type_fields = line.partition(" - ")
        fields = mount_fields.split()
        if len(fields) > 4 and type_fields:
            # A later mount covers an earlier one at the same place.
            mounts[Path(_OCTAL_ESCAPE.sub(lambda found: chr(int(found[1], 8)), fields[4]))] = type_fields.split()[0]
    return next((mounts[path] for path in (folder, *folder.parents) if path in mounts), "")
