"""A power cut: what was not waited for may be lost, in any combination. What the link leads to is whole nevertheless."""

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from publisher_process import BRIEF, pack

Names = dict[str, object]
FSYNCS = 12


@dataclass
class Node:
    """A file, a link or a folder as it is in memory, and as it is known to be on the disk."""

    data: object = b""
    kept: object = b""
    names: Names | None = None
    kept_names: Names = field(default_factory=dict)


class Disk:
    """Records what is done to a folder through `os`, and tells what a power cut could leave of it.

    The model is the harshest that POSIX allows: a file's bytes are kept from its own fsync on, a name, a removed name or
    a changed link from the fsync of its folder on; before that each may be kept or lost, by itself.
    """

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.tree = Node(names={})
        self.open: dict[int, Node] = {}
        self.check: Callable[[], None] = lambda: None
        for name in ("open", "write", "fsync", "mkdir", "symlink", "rename", "unlink", "rmdir"):
            patch.setattr(os, name, self._recorded(name, getattr(os, name)))

    def _recorded(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            # rmtree works relative to an open folder; what it removes is not of interest here, but that it does.
            result = real(*args, **kwargs)
            getattr(self, f"_{name}")(args, kwargs, result)
            self.check()
            return result

        return call

    def _parent(self, path: object, kwargs: dict[str, object]) -> tuple[Node, str] | None:
        if kwargs.get("dir_fd") is not None:
            folder = self.open.get(int(str(kwargs["dir_fd"])))
            return (folder, str(path)) if folder else None
        full = Path(os.path.abspath(str(path)))
        if not full.is_relative_to(self.root) or full == self.root:
            return None
        node = self.tree
        for part in full.relative_to(self.root).parts[:-1]:
            assert node.names is not None
            node = node.names[part]  # type: ignore[assignment]
        return node, full.name

    def _open(self, args: tuple[object, ...], kwargs: dict[str, object], result: object) -> None:
        descriptor = int(str(result))
        self.open.pop(descriptor, None)
        if str(args[0]) == str(self.root):
            self.open[descriptor] = self.tree
        elif found := self._parent(args[0], kwargs):
            parent, name = found
            assert parent.names is not None
            self.open[descriptor] = parent.names.setdefault(name, Node())  # type: ignore[assignment]

    def _write(self, args: tuple[object, ...], kwargs: dict[str, object], result: object) -> None:
        if node := self.open.get(int(str(args[0]))):
            node.data = bytes(node.data) + bytes(args[1])[: int(str(result))]  # type: ignore[call-overload]

    def _fsync(self, args: tuple[object, ...], kwargs: dict[str, object], result: object) -> None:
        node = self.open[int(str(args[0]))]
        node.kept = node.data
        node.kept_names = dict(node.names or {})

    def _mkdir(self, args: tuple[object, ...], kwargs: dict[str, object], result: object) -> None:
        if found := self._parent(args[0], kwargs):
            found[0].names[found[1]] = Node(names={})  # type: ignore[index]

    def _symlink(self, args: tuple[object, ...], kwargs: dict[str, object], result: object) -> None:
        if found := self._parent(args[1], kwargs):
            target = str(args[0])
            found[0].names[found[1]] = Node(data=target, kept=target)  # type: ignore[index]

    def _rename(self, args: tuple[object, ...], kwargs: dict[str, object], result: object) -> None:
        (old, old_name), (new, new_name) = (self._parent(path, {}) or (Node(), "") for path in args[:2])
        new.names[new_name] = old.names.pop(old_name)  # type: ignore[index, union-attr]

    def _unlink(self, args: tuple[object, ...], kwargs: dict[str, object], result: object) -> None:
        if found := self._parent(args[0], kwargs):
            found[0].names.pop(found[1], None)  # type: ignore[union-attr]

    _rmdir = _unlink

    def after_power_cuts(self) -> list[dict[str, bytes] | None]:
        """What the link could lead to: its files, or None where there is no link."""
        found: list[dict[str, bytes] | None] = []
        for link in _either(self.tree, BRIEF):
            if link is None:
                found.append(None)
                continue
            for generation in _either(self.tree, str(link.kept)):
                assert generation is not None, f"the link leads to {link.kept}, whose name may be lost"
                found += _contents(generation)
        return found


def _either(folder: Node, name: str) -> list[Node | None]:
    """The node of that name as the disk may have it: as it was last synced, or as it is now."""
    nodes = [folder.kept_names.get(name), (folder.names or {}).get(name)]
    return nodes[:1] if nodes[0] is nodes[1] else nodes  # type: ignore[return-value]


def _contents(folder: Node, prefix: str = "") -> list[dict[str, bytes]]:
    """Every combination of what may be lost below a folder."""
    choices: list[list[dict[str, bytes]]] = []
    for name in {*folder.kept_names, *(folder.names or {})}:
        options: list[dict[str, bytes]] = []
        for node in _either(folder, name):
            if node is None:
                options.append({})
            elif node.names is not None:
                options += _contents(node, f"{prefix}{name}/")
            else:
                options += [{prefix + name: data} for data in {bytes(node.kept), bytes(node.data)}]  # type: ignore[call-overload]
        choices.append(options)
    return [
        {path: data for part in parts for path, data in part.items()}
        for parts in itertools.islice(itertools.product(*choices), 64)
    ]


def _whole(state: int) -> dict[str, bytes]:
    return {**pack(state, 40).list_files(), "manifest.json": pack(state, 40).make_manifest()}


def test_the_link_leads_to_a_whole_pack_after_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "output"
    root.mkdir()
    seen: list[dict[str, bytes] | None] = []
    with monkeypatch.context() as patch:
        disk = Disk(root, patch)
        for state, before in ((1, None), (2, _whole(1)), (3, _whole(2))):
            allowed = [before, _whole(state)]

            def check(allowed: list[dict[str, bytes] | None] = allowed) -> None:
                for outcome in disk.after_power_cuts():
                    assert outcome in allowed
                    seen.append(outcome)

            disk.check = check
            pack(state, 40).write(root)
            assert disk.after_power_cuts() == [_whole(state)]
    assert {None if outcome is None else len(outcome) for outcome in seen} == {None, 7}


@pytest.mark.parametrize("forgotten", range(1, FSYNCS + 1))
def test_the_model_notices_a_forgotten_fsync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgotten: int) -> None:
    root = tmp_path / "output"
    root.mkdir()
    wrong: set[str] = set()
    with monkeypatch.context() as patch:
        passed = itertools.count(1)
        real = os.fsync
        disk = Disk(root, patch)
        recorded = os.fsync
        patch.setattr(os, "fsync", lambda fd: real(fd) if next(passed) == forgotten else recorded(fd))

        def check() -> None:
            try:
                wrong.update(str(outcome) for outcome in disk.after_power_cuts() if outcome not in (None, _whole(1)))
            except AssertionError as problem:
                wrong.add(str(problem))

        disk.check = check
        pack(1, 40).write(root)
    # 7 files, 2 audience folders, the generation and the folder before the switch; the last is the folder after it,
    # without which it is not known which of two complete packs is current.
    assert next(passed) == FSYNCS + 1
    assert wrong or (forgotten == FSYNCS and disk.after_power_cuts() == [None, _whole(1)])
