"""The two sides of a comparison: each a folder, or a git revision extracted into a temporary folder."""

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from brief.model.diagnostics import MachineError, RequestError
from brief.model.record import dataclass
from brief.publish.pack import MANIFEST
from brief.reading.layout import PROJECT_FOLDERS


@dataclass(frozen=True, slots=True)
class ComparisonSide:
    """One side of a comparison.

    `name` is the folder or revision as requested, with the commit if that differs. `is_pack` is set if the folder has a
    manifest.
    """

    name: str
    folder: Path
    is_pack: bool = False


@contextmanager
def open_side(name: str, project: Path) -> Iterator[ComparisonSide]:
    """Opens the folder `name` or, if no folder has that name, the revision of the project's git repository with that name.

    Of an output folder with a single pack, opens the pack.

    Raises:
        RequestError: there is no such folder and no such revision, or the revision contains a link out of the project.
        MachineError: git is missing or fails.
    """
    folder = Path(name)
    if name and folder.is_dir():
        pack = _find_pack_folder(folder)
        yield ComparisonSide(name, pack or folder, pack is not None)
        return
    commit = find_commit(name, project)
    with open_revision(commit, project) as folder:
        yield ComparisonSide(f"{name} ({commit[:10]})" if not commit.startswith(name) else name, folder)


@contextmanager
def open_revision(commit: str, project: Path) -> Iterator[Path]:
    """Extracts the project as it was at a commit into a temporary folder.

    Raises:
        RequestError: the commit contains a link that leads out of the project.
        MachineError: git is missing or fails.
    """
    with tempfile.TemporaryDirectory(prefix="brief-") as scratch:
        _check_out(commit, project, Path(scratch))
        yield Path(scratch)


def list_commits(path: str, project: Path, limit: int) -> tuple[str, ...]:
    """Lists the commits in which a file of the project changed, latest first; empty if the project is not in a
    repository.

    Raises:
        MachineError: git is missing.
    """
    result = _run_git(project, "log", "--format=%H", f"--max-count={limit}", "--", path)
    return tuple(result.stdout.decode().split()) if result.returncode == 0 else ()


def _find_pack_folder(folder: Path) -> Path | None:
    """Returns the folder itself if it is a pack, or the only pack in an output folder; None for a project or several
    packs.
    """
    if (folder / MANIFEST).is_file():
        return folder
    if (folder / "content").is_dir():
        return None
    packs = [path.parent for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.startswith(".")]
    return packs[0] if len(packs) == 1 else None


def find_commit(name: str, project: Path) -> str:
    """Returns the full hash of the commit that a revision of the project's git repository names.

    Raises:
        RequestError: git has no such revision.
        MachineError: git is missing.
    """
    # A name that begins with a dash would be an option to git; it is never a revision.
    if name and not name.startswith("-"):
        result = _run_git(project, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if result.returncode == 0:
            return result.stdout.decode().strip()
        if result.returncode != 1:
            raise RequestError(f"there is no folder '{name}', and git has no such revision: {_read_message(result)}")
        if _run_git(project, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
            raise RequestError(
                f"git has no revision '{name}' here, because this is a shallow clone: fetch its history with "
                "'git fetch --unshallow', in GitHub Actions with 'fetch-depth: 0' for actions/checkout"
            )
    raise RequestError(f"there is neither a folder nor a git revision '{name}'")


def _check_out(commit: str, project: Path, target: Path) -> None:
    paths = _require_success(_run_git(project, "ls-tree", "--name-only", "-z", commit, "--", *PROJECT_FOLDERS))
    present = [path for path in paths.decode().split("\0") if path]
    if not present:
        return
    archive = _require_success(_run_git(project, "archive", "--format=tar", commit, "--", *present))
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            _extract(tar, member, target.resolve(), commit[:10])


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path, revision: str) -> None:
    """Extracts a file, folder or symbolic link that stays inside `target`, as the `data` filter of PEP 706 does.

    Python has that filter only since 3.11.4.

    Raises:
        RequestError: the member leads out of `target`.
    """
    path = target / member.name
    leads_to = path.parent / member.linkname if member.issym() else path
    if not leads_to.resolve().is_relative_to(target):
        raise RequestError(f"{revision} contains a file that leads out of the project: {member.name}")
    if member.isdir():
        path.mkdir(parents=True, exist_ok=True)
    elif member.issym():
        path.symlink_to(member.linkname)
    elif (content := tar.extractfile(member)) is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read())


def _run_git(project: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(["git", "-C", project, *arguments], capture_output=True, check=False)  # noqa: S603, S607
    except FileNotFoundError as problem:
        raise MachineError("reading a revision needs git, which is not installed") from problem


def _require_success(result: "subprocess.CompletedProcess[bytes]") -> bytes:
    if result.returncode:
        raise MachineError(f"git failed: {_read_message(result)}")
    return result.stdout


def _read_message(result: "subprocess.CompletedProcess[bytes]") -> str:
    return result.stderr.decode(errors="replace").strip().removeprefix("fatal: ") or f"status {result.returncode}"
