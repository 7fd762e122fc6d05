"""Special files are never opened, and what is not read is reported."""

import contextlib
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from projects import SETTINGS, THEME, ProjectCopy

from brief.model.diagnostic_sink import DiagnosticSink
from brief.reading.project_files import read_project
from brief.translate.lockfile import read_lockfile


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as opened, contextlib.chdir(path.parent):
        opened.bind(path.name)


def make_folder(path: Path) -> None:
    path.mkdir()


def make_dead_link(path: Path) -> None:
    path.symlink_to("nothing")


def make_device_link(path: Path) -> None:
    path.symlink_to("/dev/zero")


KINDS = (make_pipe, make_socket, make_dead_link, make_device_link)


def read_in_time(project: ProjectCopy) -> list[str]:
    """What reading the project reports; it must not wait for anything."""
    found: list[list[str]] = []

    def run() -> None:
        sink = DiagnosticSink()
        read_lockfile(project.root, sink)
        diagnostics = (*read_project(project.root).diagnostics, *sink.found)
        found.append([f"{each.code} {each.location.file}" for each in diagnostics])

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(30)
    assert found, "reading waits"
    return found[0]


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("name", ["content/themes/other.yaml", "content/assets/a.png", "seeds/b.yaml", "content/x.txt"])
def test_it_is_reported(project: ProjectCopy, make: Callable[[Path], None], name: str) -> None:
    (project.root / name).parent.mkdir(exist_ok=True)
    make(project.root / name)
    assert read_in_time(project).count(f"special-file {name}") == 1


@pytest.mark.parametrize("make", [*KINDS[:2], make_folder, make_device_link])
@pytest.mark.parametrize(
    "name", ["content/glossary.yaml", "content/units.yaml", "content/translations.lock", THEME, SETTINGS]
)
def test_in_place_of_a_file_that_is_read(project: ProjectCopy, make: Callable[[Path], None], name: str) -> None:
    (project.root / name).unlink(missing_ok=True)
    make(project.root / name)
    found = {diagnostic.split()[0] for diagnostic in read_in_time(project)}
    assert found & {"unreadable-file", "missing-file", "unknown-theme"}


def test_a_link_out_of_the_project_is_reported_and_read(project: ProjectCopy) -> None:
    outside = project.root.parent / "ridership.yaml"
    (project.root / THEME).rename(outside)
    (project.root / THEME).symlink_to(outside)
    assert read_in_time(project) == [f"outside-link {THEME}"]


def test_a_link_within_the_project_is_no_matter(project: ProjectCopy) -> None:
    (project.root / THEME).rename(project.root / "ridership.yaml")
    (project.root / THEME).symlink_to("../../ridership.yaml")
    assert read_in_time(project) == []


@pytest.mark.parametrize("escape", [r"\u200b", r"\u2060", r"\xad"])
def test_an_invisible_character_that_is_written_as_an_escape(project: ProjectCopy, escape: str) -> None:
    where = project.replace(
        THEME, "en: The trial has found its public.", f'en: ▸"The tri{escape}al has found its public."'
    )
    assert ("invisible-character", where) in [(diagnostic.code, diagnostic.where) for diagnostic in project.check()[1]]


@pytest.mark.parametrize("character", ["\u200b", "\u200c", "\u2060", "\xad"])
def test_an_invisible_character_within_a_word(project: ProjectCopy, character: str) -> None:
    where = project.replace(THEME, "The trial has found", f"The tri▸{character}al has found")
    status, found = project.check()
    assert (status, [(diagnostic.code, diagnostic.where) for diagnostic in found]) == (
        0,
        [("invisible-character", where)],
    )


@pytest.mark.parametrize("text", ["The \u200btrial has found", "The trial\u2060 has found"])
def test_beside_a_word_it_does_no_harm(project: ProjectCopy, text: str) -> None:
    project.replace(THEME, "The trial has found", text)
    assert project.check() == (0, [])
