"""Fixtures shared by several test packages."""

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from projects import ProjectCopy

from brief import Pack, Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Without the parts of Chromium that draw its windows, a page costs less than half.
BROWSER = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")

# Groups of tests that take twenty seconds or more, so placed that those which compute and those which wait run side by side.
LONGEST = (
    *("briefing", "chromium", "hard-pages", "pages/test_balance.py", "refusals", "reading/test_repeated_marks.py"),
    *("inspection/test_property.py", "cluster", "docs/test_sessions.py", "pages/test_continued_tables.py"),
    *("live-preview", "pages/test_landscape_pages.py", "mail/test_mail_send.py", "test_sets.py", "api-stops"),
    *("test_kinds.py", "api-tls", "inspection/test_hidden_words.py", "inspection/test_documents.py"),
    *("corpus/test_corpus.py", "page-builds", "inspection/test_divided_texts.py", "robustness/test_workers.py"),
    *("writers/test_print_rules.py", "serving", "inspection/test_unusual_places.py", "charts/test_vega.py"),
    *("inspection/test_copies.py", "packaging/test_wheel.py", "project/test_sample_projects.py"),
    *("inspection/test_left_out.py", "typesetting/test_hard_pages.py", "writers/test_pdf.py"),
    *("robustness/test_killed_builds.py", "adding/test_larger_additions.py"),
)

# An example that is slow on a busy machine is no failure.
settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")

# Tests are about what is made now. Those of the cache give it a folder of their own.
os.environ["BRIEF_CACHE_DIR"] = "off"
# Hundreds of processes import the program and the tests, and would each compile them again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_configure(config: pytest.Config) -> None:
    # Ledgers and orders of earlier tests, whose folders have the same names, are none of theirs.
    states = tempfile.TemporaryDirectory()
    config.add_cleanup(states.cleanup)
    os.environ["XDG_STATE_HOME"] = states.name
    # What a shell runs in the background ignores interrupts, and so would every program that the tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Keeps the collector from traversing the thousands of tests again and again while they are collected, and often after."""
    _begin_apart(session.config)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.set_threshold(20_000, 20, 20)
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Searches for garbage once before pytest does so five times, among all that the tests made."""
    gc.collect()
    gc.freeze()


def _begin_apart(config: pytest.Config) -> None:
    """Lets each process of a test run collect all tests from another folder on, so that it finds most modules compiled."""
    tests = config.rootpath / "tests"
    if "PYTEST_XDIST_WORKER" not in os.environ or [config.rootpath / given for given in config.args] != [tests]:
        return
    parts = sorted(str(path) for path in tests.iterdir() if path.match("test_*.py") or any(path.rglob("test_*.py")))
    number, count = int(os.environ["PYTEST_XDIST_WORKER"][2:]), int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    first = len(parts) * number // count
    config.args[:] = parts[first:] + parts[:first]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Returns how many processes `-n auto` starts: more than processors, for many tests wait for servers and browsers."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors + (processors + 1) // 2


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Gives each file to one process of a test run, which makes what its tests share once; the longest come first.

    After them, files of slow tests, which often wait, alternate with others, which compute. Short ones at the end keep every
    process busy.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(config.rootpath / "tests").as_posix()))
    groups = [str(marker.args[0]) for item in items if (marker := item.get_closest_marker("xdist_group"))]
    slow = {group for item, group in zip(items, groups, strict=True) if item.get_closest_marker("slow")}
    sizes = Counter(groups)
    order: dict[str, tuple[int, str]] = {}
    for kind in (slow, sizes.keys() - slow):
        largest_first = sorted(kind, key=lambda group: (-sizes[group], group))
        order |= {group: (len(LONGEST) + at, group) for at, group in enumerate(largest_first)}
    order |= {group: (at, group) for at, group in enumerate(LONGEST)}
    items[:] = [
        item for _, item in sorted(zip(groups, items, strict=True), key=lambda pair: (order[pair[0]], pair[1].path))
    ]


@pytest.fixture(scope="session")
def briefing_project() -> Project:
    """The repository's own briefing."""
    return Project.load(Path(__file__).parents[1])


@pytest.fixture(scope="session")
def briefing(briefing_project: Project, shared_cache: Path) -> Pack:
    """All 36 artifacts of it. Tests that ask for it are of the xdist group "briefing", so that it is made once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIEF_CACHE_DIR", str(shared_cache))
        return briefing_project.build()


@pytest.fixture(scope="session")
def briefing_pages(briefing_project: Project, shared_cache: Path) -> Pack:
    """Its 12 HTML pages, which are those of `briefing`, whichever is made first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIEF_CACHE_DIR", str(shared_cache))
        return briefing_project.build(formats=["html"], jobs=1)


@pytest.fixture
def project(tmp_path: Path) -> ProjectCopy:
    """A writable copy of the starter project."""
    return ProjectCopy(tmp_path / "project")


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The starter project, loaded; not to be edited."""
    return Project.load(ProjectCopy(tmp_path_factory.mktemp("starter") / "project").root)


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for what is only read, shared by all processes of a test run."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "cache"


@pytest.fixture(scope="session")
def starter_pack(starter: Project, shared_cache: Path) -> Pack:
    """Every variant of the starter project in every format, as one process makes it: once a test run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIEF_CACHE_DIR", str(shared_cache))
        return starter.build(jobs=1)


@pytest.fixture(scope="session")
def _pack(tmp_path_factory: pytest.TempPathFactory, shared_cache: Path) -> Path:
    """An output folder as a successful build leaves it."""
    built = ProjectCopy(tmp_path_factory.mktemp("built") / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIEF_CACHE_DIR", str(shared_cache))
        assert built.run("build", "-f", "html", "--jobs", "1").status == 0
    return built.root / "output"


@pytest.fixture
def published(project: ProjectCopy, _pack: Path) -> ProjectCopy:
    """The copy with a pack in its output folder."""
    shutil.copytree(_pack, project.root / "output", symlinks=True)
    return project


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium without background network requests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield started
        started.close()
