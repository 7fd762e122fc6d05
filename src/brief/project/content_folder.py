"""Writes the files of a project that exists only in memory to a private temporary folder."""

import json
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path, PurePosixPath

from brief.model.diagnostics import RequestError
from brief.reading.layout import PROJECT_FOLDERS


class ContentFolder:
    """The files of a project in a folder of their own (`path`), which is removed with this object.

    `files` maps paths in the project to bytes, a text, or a mapping.

    Raises:
        RequestError: a path leads out of the project, or is not one of a project's files.
        TypeError: the content of a file is neither bytes, text nor mapping, or a value in a mapping cannot be written.
    """

    def __init__(self, files: Mapping[str, object]) -> None:
        for name in files:
            _require_inside(name)
        self.path = Path(tempfile.mkdtemp(prefix="brief-"))
        self._finalizer = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
        for name, content in files.items():
            path = self.path / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(_encode(name, content))
            except (FileExistsError, IsADirectoryError, NotADirectoryError):
                raise RequestError(f"'{name}' cannot be both a file and a folder") from None


def _require_inside(name: str) -> None:
    path = PurePosixPath(name)
    if not path.parts or path.as_posix() != name or path.parts[0] not in PROJECT_FOLDERS or len(path.parts) == 1:
        raise RequestError(
            f"'{name}' is not a file of a project; paths begin with {', '.join(f'{each}/' for each in PROJECT_FOLDERS)}"
        )
    if ".." in path.parts or "\\" in name or "\0" in name:
        raise RequestError(f"'{name}' is outside the project")


def _encode(name: str, content: object) -> bytes:
    match content:
        case bytes() | bytearray() | memoryview():
            return bytes(content)
        case str():
            return content.encode()
        case Mapping():
            # JSON is YAML, so a mapping is checked like a file, and diagnostics have the lines of this text.
            return json.dumps(content, ensure_ascii=False, indent=1, default=_to_plain).encode()
        case _:
            raise TypeError(f"'{name}' is a {type(content).__name__}: give bytes, a text or a mapping")


def _to_plain(value: object) -> object:
    match value:
        case Mapping():
            return dict(value)
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case _:
            raise TypeError(f"{value!r} cannot be written as YAML")
