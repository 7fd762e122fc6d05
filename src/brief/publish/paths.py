"""Names of files and folders that every system accepts: Linux, macOS, Windows, archives and mail."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import SourceLocation

MANIFEST = "manifest.json"
# The version of the manifest's schema; raised if older readers would misread a newer manifest.
MANIFEST_SCHEMA = 1
# File systems allow 255 bytes per name; Windows allows 260 characters for the whole path.
MAX_STEM = 96
_DIGEST_DIGITS = 8
# "Naming Files, Paths, and Namespaces" (Microsoft): these are devices, with any suffix.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"\\|?*\u200e\u200f\u2028-\u202e\u2066-\u2069]')


def make_safe_stem(stem: str) -> str:
    """Makes a file-name stem that every system accepts from one or more ids, joined with dots.

    A stem of more than `MAX_STEM` bytes is shortened, and ends in a hyphen and eight hexadecimal digits of its SHA-256;
    the name of a Windows device gets an underscore, which no id contains. Any other stem is returned unchanged, because
    ids have no characters that a system forbids.
    """
    head, dot, tail = stem.partition(".")
    if _DEVICE.fullmatch(head):
        stem = f"{head}_{dot}{tail}"
    if len(stem.encode()) > MAX_STEM:
        digest = hashlib.sha256(stem.encode()).hexdigest()[:_DIGEST_DIGITS]
        beginning = stem.encode()[: MAX_STEM - _DIGEST_DIGITS - 1].decode(errors="ignore").rstrip("-.")
        stem = f"{beginning}-{digest}"
    return stem


def find_path_problem(path: str) -> str | None:
    """Returns what is wrong with a path inside a pack, as a clause; None if nothing is wrong."""
    if path.startswith("/") or _FORBIDDEN.search(path):
        return "it is absolute or has characters that some systems do not allow"
    for part in path.split("/"):
        if part in ("", ".", ".."):
            return "it does not stay inside the pack"
        if part[-1] in ". " or _DEVICE.fullmatch(part.partition(".")[0]):
            return "Windows does not allow it"
        if len(part.encode()) > 255:
            return "it is longer than 255 bytes"
    return None


def require_safe(paths: Iterable[str]) -> None:
    """Checks that every path can be a file of a pack, and that no two are the same file on systems that ignore case or
    Unicode composition.

    Raises:
        ContentError: with a diagnostic for each other path (`unsafe-name`, `same-name`).
    """
    diagnostics = []
    # The manifest's own name is taken.
    paths_by_key = {MANIFEST: MANIFEST}
    for path in paths:
        problem = find_path_problem(path)
        key = _fold_path(path)
        if problem is not None:
            diagnostics.append(
                Diagnostic(
                    "unsafe-name", f"'{path}' cannot be a file of a pack: {problem}", SourceLocation(path), "rename it"
                )
            )
        elif key in paths_by_key:
            message = f"'{path}' and '{paths_by_key[key]}' are the same file on some systems"
            diagnostics.append(
                Diagnostic(
                    "same-name",
                    message,
                    SourceLocation(path),
                    "rename one of them",
                    related=SourceLocation(paths_by_key[key]),
                )
            )
        paths_by_key.setdefault(key, path)
    if diagnostics:
        raise ContentError(diagnostics)


def _fold_path(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
