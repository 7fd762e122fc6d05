"""Gives parsers many inputs, in a child process with bounds of time and memory.

BRIEF_FUZZ_EXAMPLES is the number of inputs for each parser; without it there are few. BRIEF_FUZZ_SECONDS is instead how long
each parser is given inputs, new ones in every run.
"""

import io
import json
import math
import mmap
import os
import resource
import signal
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from brief.model.diagnostics import BriefError

EXAMPLES = int(os.environ.get("BRIEF_FUZZ_EXAMPLES", "40"))
FUZZ_SECONDS = float(os.environ.get("BRIEF_FUZZ_SECONDS", "0"))
IS_LONG = bool(FUZZ_SECONDS) or "BRIEF_FUZZ_EXAMPLES" in os.environ
# Limits of time per input and memory per process.
SECONDS = 2.0
BYTES = 1_000_000_000
# What a command of the program takes before it parses anything. The process of tests, which is copied, takes several times that.
_COMMAND_BYTES = 200_000_000
# So much longer, and the process is ended: a loop in C ignores signals.
_GRACE = 4
_SHOWN = 1 << 20

# Inputs that break parsers: repeated delimiters, and what they count with.
MARKS = (
    *(
        "*",
        "**",
        "`",
        "[",
        "](",
        "{",
        "}",
        "<",
        ">",
        "&",
        "\\",
        "|",
        "-",
        ":",
        "#",
        "'",
        '"',
        "\n",
        "\t",
        " ",
        ",",
        ";",
    ),
    *("%", "(", ")", "!", "=", "/", "@", "~", "^", "_", "$", "+", "."),
)
WORDS = (
    *("a", "the", "年", "\u200b", "\ufeff", "\u202e", "é", "\U0001f600", "id: x\n", "- ", "msgid", "claims:"),
    *(
        "{a/b}",
        "[@a/b]",
        "&lt;",
        "&#0;",
        "<!--",
        "-->",
        "<![CDATA[",
        "@article{",
        "\\u0000",
        "\x00",
        "\ufffe",
        "&a",
        "*a",
    ),
)
NUMBERS = ("0", "1", "-1", "1e999", "9" * 400, "0x10", "NaN", "1_000", "٣", "2026-02-30", "2025/26", "FY2025", "1e-999")
pieces = st.one_of(
    st.sampled_from((*MARKS, *WORDS, *NUMBERS)),
    st.text(max_size=8),
    st.builds(lambda mark, many: mark * many, st.sampled_from(MARKS), st.sampled_from((2, 50, 2_000))),
)
texts = st.lists(pieces, max_size=25).map("".join)
encoded_texts = texts.map(lambda text: text.encode("utf-8", "surrogatepass"))
_change = st.tuples(st.floats(0, 1), st.integers(0, 40), pieces)
_changes = st.lists(_change, max_size=6)


_values: st.SearchStrategy[object] = st.one_of(
    st.sampled_from(
        ("remove", "double", None, True, 0, -1, 1.5, math.inf, math.nan, 10**400, "", [], {}, [[]], [None], {"": ""})
    ),
    st.sampled_from(
        (
            "2026-06-30",
            "2026-06-30T00:00:00",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "..",
            "/",
            "\x00",
        )
    ),
    st.integers(),
    texts,
)


def _mutate(data: bytes, changes: list[tuple[float, int, str]]) -> bytes:
    for where, length, text in changes:
        at = int(where * len(data))
        data = data[:at] + text.encode("utf-8", "surrogatepass") + data[at + length :]
    return data


def mutate_files(*originals: bytes) -> st.SearchStrategy[bytes]:
    """Sound files with parts cut out, doubled, or replaced by what parsers go wrong at."""
    return st.builds(_mutate, st.sampled_from(originals), _changes)


def files(*originals: bytes) -> st.SearchStrategy[bytes]:
    """Mutated files, made-up ones, and bytes."""
    return st.one_of(mutate_files(*originals), encoded_texts, st.binary(max_size=200))


def documents(*originals: bytes) -> st.SearchStrategy[bytes]:
    """Sound JSON with values at any depth replaced by other ones, removed or doubled, and files as by `files`."""

    def change(original: bytes, changes: list[tuple[int, object]]) -> bytes:
        document = json.loads(original)
        for number, value in changes:
            places = list(_list_places(document))
            if places:
                _replace(*places[number % len(places)], value)
        return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")

    changes = st.lists(st.tuples(st.integers(0, 10_000), _values), min_size=1, max_size=3)
    within = st.builds(change, st.sampled_from(originals), changes)
    return st.one_of(within, within, files(*originals))


def _list_places(value: object) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield value, key
            yield from _list_places(inner)


def _replace(parent: Any, key: Any, value: object) -> None:
    if value == "remove":
        del parent[key]
    elif value == "double" and isinstance(parent, list):
        parent.append(deepcopy(parent[key]))
    else:
        # One value is drawn several times, and must not become part of itself.
        parent[key] = deepcopy(value)


def archives(members: Mapping[str, bytes]) -> st.SearchStrategy[bytes]:
    """A sound archive with members changed, renamed, doubled and left out, or with the archive's own bytes changed."""
    sound = _zip(list(members.items()))
    names = sorted(members)

    def change(name: str, changes: list[tuple[float, int, str]], how: str, new: str) -> bytes:
        listed = [(each, _mutate(data, changes) if each == name else data) for each, data in members.items()]
        match how:
            case "rename":
                listed = [(new if each == name else each, data) for each, data in listed]
            case "double":
                listed.append((name, members[name]))
            case "leave out":
                listed = [(each, data) for each, data in listed if each != name]
            case "add":
                listed.append((new, members[name]))
        return _zip(listed)

    hows = st.sampled_from(("change", "change", "change", "rename", "double", "leave out", "add"))
    new_names = st.one_of(
        st.sampled_from(("../x", "/x", "a\\b", "", "x" * 300, "word/x.xml", "[Content_Types].xml")), texts
    )
    within = st.builds(change, st.sampled_from(names), _changes, hows, new_names.map(lambda name: name[:300]))
    return st.one_of(within, within, mutate_files(sound))


def _zip(members: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            # No file system could hold half of a surrogate pair.
            info = zipfile.ZipInfo(name.encode("utf-8", "replace").decode() or "x", (1980, 1, 1, 0, 0, 0))
            archive.writestr(info, data)
    return buffer.getvalue()


def fuzz(
    strategy: st.SearchStrategy[bytes], *allowed: type[Exception], share: float = 1
) -> Callable[[Callable[[bytes], object]], Callable[[], None]]:
    """Runs the test on many inputs; each ends within `SECONDS`, with a result or with one of our own errors.

    `allowed` are errors that the caller of the parser expects. A slow parser has a `share` of the inputs.
    """

    def decorate(parse: Callable[[bytes], object]) -> Callable[[], None]:
        def test() -> None:
            run_in_child(lambda current: _give_inputs(strategy, parse, allowed, share, current))

        test.__name__ = parse.__name__
        test.__doc__ = parse.__doc__
        return test

    return decorate


def _give_inputs(
    strategy: st.SearchStrategy[bytes],
    parse: Callable[[bytes], object],
    allowed: tuple[type[Exception], ...],
    share: float,
    current: mmap.mmap,
) -> None:
    until = time.monotonic() + FUZZ_SECONDS
    examples = 500 if FUZZ_SECONDS else max(int(EXAMPLES * share), 4)
    given_inputs = 0

    def once() -> None:
        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=not IS_LONG,
            database=None,
            phases=(Phase.generate, Phase.shrink) if IS_LONG else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def run(data: bytes) -> None:
            nonlocal given_inputs
            if FUZZ_SECONDS and time.monotonic() > until:
                return
            given_inputs += 1
            current[: min(len(data), _SHOWN) + 8] = len(data).to_bytes(8) + data[:_SHOWN]
            signal.setitimer(signal.ITIMER_PROF, SECONDS * _GRACE)
            began = time.process_time()
            try:
                parse(data)
            except Exception as problem:
                if isinstance(problem, UnicodeError) or not isinstance(problem, (BriefError, ValueError, *allowed)):
                    raise
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            assert time.process_time() - began < SECONDS, data

        # New inputs in every run.
        (seed(Random().getrandbits(64))(run) if FUZZ_SECONDS else run)()

    once()
    while time.monotonic() < until:
        once()
    if FUZZ_SECONDS:
        # Shown with `pytest -s`.
        print(f"{given_inputs:,} inputs in {FUZZ_SECONDS:g} s", flush=True)


@cache
def _prepare_hypothesis() -> None:
    """Lets Hypothesis read the constants of every module once: otherwise each child does it, for some seconds."""

    @settings(max_examples=100, deadline=None, derandomize=True, database=None, phases=(Phase.generate,))
    @given(texts)
    def draw(_: str) -> None:
        pass

    draw()


def run_in_child(act: Callable[[mmap.mmap], None]) -> None:
    """Runs `act` in a process that may grow by as much as a command that ends at `BYTES`.

    Fails with the traceback of `act`, or the input that ended the process.
    """
    _prepare_hypothesis()
    current = mmap.mmap(-1, _SHOWN + 8)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            mapped = int(Path("/proc/self/statm").read_text().split()[0])
            limit = mapped * mmap.PAGESIZE + BYTES - _COMMAND_BYTES
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
            act(current)
            status = 0
        except BaseException:
            said = traceback.format_exc()
            # Between them is the input, which may be long.
            os.write(writing, f"{said[:10_000]}\n...\n{said[-10_000:]}".encode("utf-8", "backslashreplace"))
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as opened:
        said = opened.read().decode("utf-8", "replace")
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        length = min(int.from_bytes(current[:8]), _SHOWN)
        raise AssertionError(f"status {status} at {bytes(current[8 : 8 + length])!r}\n{said}")
