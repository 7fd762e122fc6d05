"""Compiles folders with Typst in reused processes, which are killed if they take too much time or memory.

The engine itself has no time limit, and a template that nests too deeply crashes its process.

Compiling a document again after an edit takes a tenth of the time, because the engine keeps what it laid out, but only
for ten compilations. So each process compiles only a few documents, and a document always goes to the same process.
"""

import atexit
import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from brief.model.counts import format_count
from brief.model.diagnostics import MachineError
from brief.model.record import dataclass
from brief.store.temporary_folder import make_temporary_folder
from brief.workers.engine_process import EngineEndedError, EngineLateError, EngineProcess

_SERVER = Path(__file__).with_name("server.py")
SECONDS = 300.0
# Documents of a process, because the engine drops what ten compilations have not used.
_MAX_DOCUMENTS = 9
_MAX_PROCESSES = 2
_MEMORY = 3 << 30
# Folders within the temporary folder.
PROJECT, _FACES = "project", "faces"


class CompilerError(Exception):
    """The process was killed or crashed before it answered. The message is a predicate, such as "takes more than 300
    seconds".
    """


@dataclass(frozen=True, slots=True)
class EngineMessage:
    """An error or warning of the engine: message, trace (text with an excerpt of the source), and hints."""

    message: str
    diagnostic: str
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompileResult:
    """The PDF, or the selected values as JSON, with the engine's warnings. If there is an `error`, the data is empty."""

    data: bytes
    error: EngineMessage | None
    warnings: tuple[EngineMessage, ...]


def require_typst() -> None:
    """Checks that the engine can be imported.

    Raises:
        MachineError: the engine is not installed.
    """
    if find_spec("typst") is None:
        raise MachineError(
            "the PDF engine 'typst' is not installed: run pip install 'brief-press[typst]', or write "
            "'pdf_engine: weasyprint' in set.yaml"
        )


def compile_files(
    files: Mapping[str, bytes],
    faces: Mapping[str, bytes],
    main_file: str,
    timestamp: int,
    *,
    document: str = "",
    selector: str = "",
    seconds: float = SECONDS,
) -> CompileResult:
    """Compiles `main_file` of `files` with the fonts `faces`. The engine can read nothing else.

    `document` names what is compiled, so that it goes to the process that has compiled an earlier state of it. With a
    selector, the data is a JSON array of the values of the metadata that it selects, instead of a PDF.

    Raises:
        CompilerError: the engine takes too much time or memory, or crashes.
        MachineError: the temporary folder cannot be written to.
    """
    try:
        with make_temporary_folder() as folder:
            for name, data in files.items():
                _write(folder / PROJECT / name, data)
            for name, data in faces.items():
                _write(folder / _FACES / name, data)
            task = {
                "root": str(folder / PROJECT),
                "faces": str(folder / _FACES),
                "main_file": main_file,
                "timestamp": timestamp,
                "selector": selector,
            }
            return _compile(document, task, seconds)
    except OSError as problem:
        raise MachineError(f"Typst needs a temporary folder: {problem}") from problem


def _compile(document: str, task: Mapping[str, object], seconds: float) -> CompileResult:
    try:
        answer, data = _PROCESSES.choose(document).ask(task, seconds)
    except EngineLateError:
        raise CompilerError(f"takes more than {format_count(seconds, 'second')}") from None
    except EngineEndedError as problem:
        raise CompilerError("crashed; perhaps it needs too much memory, or the template nests too deeply") from problem
    error = answer["error"]
    return CompileResult(data, _read_message(error) if error else None, tuple(map(_read_message, answer["warnings"])))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


class EngineProcesses:
    """The engine's processes, and the documents that each has compiled; old documents are forgotten."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started: list[EngineProcess] = []
        self._compiles: OrderedDict[str, EngineProcess] = OrderedDict()

    def choose(self, document: str) -> EngineProcess:
        """Returns the process that has compiled the document before, or else one with few documents."""
        with self._lock:
            chosen = self._compiles.pop(document, None) or self._find_room()
            self._compiles[document] = chosen
            return chosen

    def close(self) -> None:
        with self._lock:
            for process in self._started:
                process.close()

    def _find_room(self) -> EngineProcess:
        counts = Counter(self._compiles.values())
        for process in self._started:
            if counts[process] < _MAX_DOCUMENTS:
                return process
        if len(self._started) < _MAX_PROCESSES:
            self._started.append(EngineProcess(str(_SERVER), str(_MEMORY)))
            return self._started[-1]
        return self._compiles.popitem(last=False)[1]


def _read_message(record: Mapping[str, object]) -> EngineMessage:
    hints = record["hints"]
    return EngineMessage(
        str(record["message"]),
        str(record["diagnostic"]),
        tuple(map(str, hints)) if isinstance(hints, list) else (),
    )


_PROCESSES = EngineProcesses()
atexit.register(_PROCESSES.close)
