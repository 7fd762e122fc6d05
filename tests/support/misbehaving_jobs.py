"""Jobs that fail in every way that work in another process can."""

import gc
import os
import resource
import signal
import sys
import threading
import time
import weakref
from pathlib import Path
from typing import Any, NoReturn

from brief import ContentError, Diagnostic, MachineError, SourceLocation


def double(number: int, seconds: float = 0) -> int:
    time.sleep(seconds)
    return 2 * number


def pid() -> int:
    return os.getpid()


def describe_pid(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def describe_imports(module: str) -> tuple[bool, float]:
    """Says whether a module is imported, and how much processor time this process has taken."""
    return module in sys.modules, time.process_time()


def describe_surroundings(name: str) -> tuple[str, str | None, int]:
    """Returns the folder, a variable of the environment and the number of the parent, and writes a line."""
    os.write(1, f"in {os.getcwd()}\n".encode())
    return os.getcwd(), os.environ.get(name), os.getppid()


def kill_itself() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def exits() -> NoReturn:
    os._exit(7)


def aborts() -> NoReturn:
    os.abort()


def closes_everything() -> NoReturn:
    os.closerange(3, 1000)
    time.sleep(60)
    raise AssertionError


def once(marker: str, number: int, how: str) -> int:
    """Dies the first time and works the second."""
    path = Path(marker)
    if not path.exists():
        path.touch()
        globals()[how]()
    return 2 * number


def each_time(marker: str, how: str) -> NoReturn:
    """Dies every time and keeps count."""
    with open(marker, "a") as file:
        file.write("x")
    globals()[how]()
    raise AssertionError


def sleeps() -> None:
    time.sleep(60)


def loops() -> NoReturn:
    while True:
        pass


def loops_natively() -> int:
    """Makes one call into C that never releases the interpreter."""
    return sum(range(10**12))


def starts_thread_without_memory() -> None:
    """Starts a thread that gets a stack, which an earlier thread left, but no memory to begin."""
    threading.Thread(target=int).start()
    time.sleep(0.2)
    resource.setrlimit(resource.RLIMIT_DATA, (1 << 20, 1 << 20))
    for _ in range(100):
        threading.Thread(target=int).start()


def drops_a_failing_object() -> str:
    """Returns after an exception that nothing can catch, and that is not about memory."""

    class Failing:
        def __del__(self) -> None:
            raise ValueError("nothing catches this")

    Failing()
    time.sleep(0.2)
    return "still here"


def wants_memory() -> int:
    return len(bytearray(8 << 30))


def answers_with_a_function() -> Any:
    return lambda: None


class LocalError(Exception):
    """Cannot be unpickled: its constructor needs more arguments than it stores."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one)


def raises_strangely() -> NoReturn:
    raise LocalError("one", "other")


def raises_the_end() -> NoReturn:
    sys.exit(5)


def raises_an_interrupt() -> NoReturn:
    raise KeyboardInterrupt


def lacks_a_font() -> NoReturn:
    raise MachineError("fonts are missing: Some Serif")


def finds_errors() -> NoReturn:
    raise ContentError([Diagnostic("some-code", "it is wrong", SourceLocation("a.yaml", 3, 4))])


def recurses() -> int:
    return recurses() + 1


def waits_for_file(folder: str, name: str) -> str:
    """Notes its name in `folder/calls`, and returns it when there is a file `folder/open`."""
    with Path(folder, "calls").open("a") as calls:
        calls.write(f"{name}\n")
    while not Path(folder, "open").exists():
        time.sleep(0.01)
    return name


def stops_when_it_collects() -> int:
    gc.callbacks.append(lambda *_: os.kill(os.getpid(), signal.SIGSTOP))
    return os.getpid()


_cycles: "weakref.WeakSet[_Cycle]" = weakref.WeakSet()


class _Cycle:
    def __init__(self) -> None:
        self.own = self
        _cycles.add(self)


def leaves_a_cycle() -> tuple[int, int]:
    """Returns how many cycles there are before and after more objects are made than start the collector."""
    _Cycle()
    before = len(_cycles)
    objects: list[list[int]] = [[] for _ in range(200_000)]
    del objects
    return before, len(_cycles)


def count_cycles() -> int:
    return len(_cycles)
