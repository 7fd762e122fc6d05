"""One LibreOffice for each process of a test run: to start it takes several times as long as to convert a document.

It ends after a conversion, unless a document is open; so one is. Other starts with the same settings give their command to
the one that runs, and wait until it has done it.
"""

import atexit
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# As one that does not start is told from one that starts slowly on a busy machine.
_SECONDS = 180


@dataclass(frozen=True)
class _Office:
    folder: "tempfile.TemporaryDirectory[str]"
    process: "subprocess.Popen[bytes]"
    command: tuple[str, ...]

    def is_running(self) -> bool:
        return self.process.poll() is None


_started: dict[int, _Office] = {}


def convert_to_pdf(sources: Sequence[Path], folder: Path) -> list[bytes]:
    """Converts documents to PDFs of the same names in `folder`.

    Raises:
        FileNotFoundError: A document was not converted.
    """
    targets = [folder / f"{source.stem}.pdf" for source in sources]
    for target in targets:
        # One of an earlier call would hide a failure of this one.
        target.unlink(missing_ok=True)
    command = [*_get_office().command, "--convert-to", "pdf", "--outdir", str(folder), *map(str, sources)]
    subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS + 60 * len(sources))
    return [target.read_bytes() for target in targets]


def _get_office() -> _Office:
    """The one of this process, which a crash may have ended."""
    found = _started.get(os.getpid())
    if found is None or not found.is_running():
        found = _started[os.getpid()] = _start()
    return found


def _start() -> _Office:
    folder = tempfile.TemporaryDirectory(prefix="office-")
    root = Path(folder.name)
    (root / "open.txt").write_text("open")
    command = ("soffice", f"-env:UserInstallation={(root / 'settings').as_uri()}", "--headless", "--norestore")
    # A group of its own, because the program is a script that starts others.
    process = subprocess.Popen(
        (*command, root / "open.txt"),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    office = _Office(folder, process, command)
    atexit.register(_stop, office, os.getpid())
    until = time.monotonic() + _SECONDS
    # The lock of the open document.
    while not (root / ".~lock.open.txt#").exists():
        assert office.is_running(), f"LibreOffice ended with status {process.returncode}"
        assert time.monotonic() < until, "LibreOffice did not open a document"
        time.sleep(0.05)
    return office


def _stop(office: _Office, owner: int) -> None:
    if os.getpid() == owner and office.is_running():
        os.killpg(office.process.pid, signal.SIGKILL)
        office.process.wait()
