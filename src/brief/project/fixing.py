"""Applies the fixes of diagnostics, and verifies each by checking the project again.

A diagnostic has a fix if there is exactly one. All fixes are first made in a copy of the content. A fix is kept if its
diagnostic is gone afterwards and no other has appeared, except a warning that also has a fix, or that is about a file
which was not read before; otherwise it is withdrawn. Only then are the files of the project replaced, all or none.
"""

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from tempfile import TemporaryDirectory

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import (
    ContentError,
    Diagnostic,
    MachineError,
    RenameFix,
    Severity,
    TextFix,
    sort_diagnostics,
)
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.model.translation import TranslatableText
from brief.project.file_changes import diff_lines, read_present, replace_files
from brief.project.loading import read_and_check
from brief.publish.durable_files import sync_folder
from brief.reading.edits.text_fixes import fix_file
from brief.reading.layout import SOURCES, TRANSLATIONS
from brief.reading.reading_cache import ReadingCache
from brief.translate.lockfile import read_lockfile
from brief.translate.state import collect_translatable, digest_source, get_stripped_text

# Folders that fixes change are copied; all others are linked.
_CHANGED = ("content", SOURCES)
# A fix may reveal other diagnostics, for example in a file that is read only after it is renamed.
_MAX_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A fix that was not made, and why."""

    diagnostic: Diagnostic
    reason: str


@dataclass(frozen=True, slots=True)
class Fixes:
    """The changes to make: old and new bytes of files by name, new names of files, and the fixes that were withdrawn.

    `fixed` lists the diagnostics that are gone. `accepted` lists texts whose accepted translations stay accepted,
    because only marks and spaces changed; the translations of texts in `stale` must be reviewed.
    """

    root: Path
    contents: Mapping[str, tuple[bytes, bytes]]
    renamed: Mapping[str, str]
    fixed: tuple[Diagnostic, ...]
    withdrawn: tuple[Withdrawn, ...] = ()
    accepted: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()

    def describe_changes(self) -> Iterator[str]:
        """Yields the lines of a unified diff, without line ends."""
        names = {new: old for old, new in self.renamed.items()}
        for name in sorted(self.contents.keys() | names.keys()):
            before = names.get(name, name)
            data = (self.root / before).read_bytes()
            # Without this line, git takes what follows a renamed file for changes to it.
            if names:
                yield f"diff --git a/{before} b/{name}"
            if name in names:
                yield from (f"rename from {before}", f"rename to {name}")
            yield from diff_lines(data, self.contents.get(name, (b"", data))[1], f"a/{before}", f"b/{name}")

    def write(self) -> None:
        """Replaces the files, all or none, then removes the old names of renamed files.

        Raises:
            MachineError: a file cannot be written, or has changed meanwhile.
            OutputLockedError: another process is replacing files of this project.
        """
        replace_files(self.root, self.contents)
        try:
            # If this is interrupted, a file has both names; running it again removes the old one.
            for old in self.renamed:
                (self.root / old).unlink()
                sync_folder((self.root / old).parent)
        except OSError as problem:
            raise MachineError(f"'{problem.filename}' cannot be removed: {problem.strerror}") from problem


def plan_fixes(root: Path) -> Fixes:
    """Finds what can be fixed in the project at `root`, and writes nothing.

    Raises:
        ContentError: the project cannot be read at all.
        MachineError: an earlier import was interrupted, and can be neither finished nor undone.
    """
    brief, found = read_and_check(root)
    if brief is None:
        raise ContentError(found)
    with TemporaryDirectory(prefix="brief-fix-") as folder:
        copy = _Copy(root, Path(folder))
        copy.fill()
        return _Fixer(copy).run()


@dataclass(slots=True)
class _Copy:
    """A copy of a project in which fixes are tried."""

    root: Path
    path: Path
    cache: ReadingCache = field(default_factory=dict)

    def fill(self) -> None:
        for entry in self.root.absolute().iterdir():
            if entry.name in _CHANGED and entry.is_dir():
                shutil.copytree(entry, self.path / entry.name, ignore=_leave_out_special)
            else:
                (self.path / entry.name).symlink_to(entry)

    def check(self) -> tuple[Brief | None, tuple[Diagnostic, ...]]:
        return read_and_check(self.path, self.cache)

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        (self.path / name).write_bytes(data)


def _leave_out_special(folder: str, names: list[str]) -> list[str]:
    """Lists sockets and pipes, which cannot be copied."""
    paths = ((name, Path(folder, name)) for name in names)
    return [name for name, path in paths if not (path.is_file() or path.is_dir())]


@dataclass(slots=True)
class _Fixer:
    copy: _Copy
    renamed: dict[str, str] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    fixed: list[Diagnostic] = field(default_factory=list)
    withdrawn: list[Withdrawn] = field(default_factory=list)
    reworded: set[str] = field(default_factory=set)

    def run(self) -> Fixes:
        first, found = self.copy.check()
        brief = first
        for _ in range(_MAX_ROUNDS):
            refused = {_make_key(each.diagnostic) for each in self.withdrawn}
            todo = [each for each in found if each.fix is not None and _make_key(each) not in refused]
            if not todo:
                break
            self.make(todo, brief, found)
            brief, found = self.copy.check()
        accepted, stale = self.keep_translations(first, brief)
        both = {name: (read_present(self.copy.root / name), self.copy.read(name)) for name in sorted(self.changed)}
        contents = {name: (old, new) for name, (old, new) in both.items() if old != new}
        return Fixes(
            self.copy.root,
            contents,
            self.renamed,
            sort_diagnostics(self.fixed),
            tuple(self.withdrawn),
            tuple(accepted),
            tuple(stale),
        )

    def make(self, todo: Sequence[Diagnostic], brief: Brief | None, before: Sequence[Diagnostic]) -> None:
        """Makes the fixes if they are sound together; otherwise finds the unsound ones by bisection and makes the
        others.
        """
        reason = self.try_all(todo, brief, before)
        if reason is None:
            return
        if len(todo) == 1:
            self.withdrawn.append(Withdrawn(todo[0], reason))
            return
        half = len(todo) // 2
        for part in (todo[:half], todo[half:]):
            brief, now = self.copy.check()
            # The fixes made so far have moved the positions of the others.
            known = Counter(map(_make_key, part))
            current = []
            for each in now:
                if each.fix is not None and known[_make_key(each)] > 0:
                    known[_make_key(each)] -= 1
                    current.append(each)
            if current:
                self.make(current, brief, now)

    def try_all(self, todo: Sequence[Diagnostic], brief: Brief | None, before: Sequence[Diagnostic]) -> str | None:
        """Makes the fixes in the copy; if the checks fail then, undoes them and returns the reason."""
        undo: dict[str, bytes | None] = {}
        made: list[Diagnostic] = []
        names: dict[str, str] = {}
        texts: dict[str, list[Diagnostic]] = {}
        failed: list[Withdrawn] = []
        for each in todo:
            if isinstance(each.fix, RenameFix):
                if self.rename(each.location.file, each.fix.name, undo):
                    names[each.location.file] = each.fix.name
                    made.append(each)
            elif each.fix is not None:
                texts.setdefault(each.fix.text.file, []).append(each)
        for name, diagnostics in texts.items():
            fixed = fix_file(name, self.copy.read(name), [_get_text_fix(each) for each in diagnostics])
            if fixed.applied:
                undo.setdefault(name, self.copy.read(name))
                self.copy.write(name, fixed.data)
                made += [each for each in diagnostics if each.fix in fixed.applied]
            reason = "its exact position in the file cannot be determined"
            failed += [Withdrawn(each, reason) for each in diagnostics if each.fix in fixed.failed]
        if not made:
            self.withdrawn += failed
            return None if failed else "another file has that name"
        new = _find_new(before, self.copy.check()[1], made, names)
        if new is not None:
            self.undo(undo)
            return (
                f"that would cause {new.severity}[{new.code}]: {new.message}" if new not in made else "it would remain"
            )
        self.withdrawn += failed
        self.fixed += made
        self.renamed |= names
        self.changed |= {name for name in undo if name not in names}
        self.reworded |= _find_reworded(made, brief)
        return None

    def rename(self, old: str, new: str, undo: dict[str, bytes | None]) -> bool:
        data = self.copy.read(old)
        path = self.copy.path / new
        if os.path.lexists(path) and self.copy.read(new) != data:
            return False
        undo[new] = path.read_bytes() if path.exists() else None
        undo[old] = data
        self.copy.write(new, data)
        (self.copy.path / old).unlink()
        return True

    def undo(self, undo: Mapping[str, bytes | None]) -> None:
        for name, data in undo.items():
            if data is None:
                (self.copy.path / name).unlink()
            else:
                self.copy.write(name, data)

    def keep_translations(self, before: Brief | None, after: Brief | None) -> tuple[list[str], list[str]]:
        """Records the new source texts for accepted translations of texts in which only marks and spaces changed.

        Returns the ids of these texts, and the ids of texts whose words changed.
        """
        record = read_lockfile(self.copy.path, DiagnosticSink())
        if before is None or after is None or not record:
            return [], []
        source = str(before.settings.source_locale)
        old, new = (collect_translatable(brief)[0] for brief in (before, after))
        digests = {
            name: tuple(digest_source(get_stripped_text(texts[name], source)) for texts in (old, new))
            for name in old.keys() & new.keys() & record.keys()
        }
        current = {
            name: pair
            for name, pair in digests.items()
            if pair[0] != pair[1] and any(made.digest == pair[0] for made in record[name].values())
        }
        kept = {name: pair for name, pair in current.items() if name not in self.reworded}
        if kept:
            data = self.copy.read(TRANSLATIONS)
            self.copy.write(TRANSLATIONS, _replace_digests(data, kept))
            self.changed.add(TRANSLATIONS)
        return sorted(kept), sorted(current.keys() - kept.keys())


def _make_key(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return diagnostic.code, diagnostic.location.file, diagnostic.message


def _get_text_fix(diagnostic: Diagnostic) -> TextFix:
    assert isinstance(diagnostic.fix, TextFix)  # noqa: S101  # the caller has sorted them
    return diagnostic.fix


def _find_new(
    before: Sequence[Diagnostic], after: Sequence[Diagnostic], made: Sequence[Diagnostic], names: Mapping[str, str]
) -> Diagnostic | None:
    """Returns a diagnostic that the fixes of `made` did not remove or have caused; None if they are sound."""
    kinds = Counter((each.code, names.get(each.location.file, each.location.file)) for each in before)
    kinds.subtract((each.code, names.get(each.location.file, each.location.file)) for each in made)
    exact = Counter(map(_make_key, before))
    exact.subtract(map(_make_key, made))
    gone = {_make_key(each) for each in made}
    codes, read_now = {each.code for each in made}, set(names.values())
    changed = {each.location for each in made}
    for each in after:
        kinds[each.code, each.location.file] -= 1
        exact[_make_key(each)] -= 1
        is_revealed = each.location.file in read_now or (
            each.fix is not None and (each.code not in codes or each.location not in changed)
        )
        # What a file that is now read says about others, such as forms that its terms forbid, was wrong before.
        is_elsewhere = bool(read_now) and each.location.file not in read_now and each.code not in codes
        is_harmless = is_elsewhere or (is_revealed and each.severity is Severity.WARNING)
        if kinds[each.code, each.location.file] < 0 and not is_harmless:
            return each
        if exact[_make_key(each)] < 0 and _make_key(each) in gone:
            return next(one for one in made if _make_key(one) == _make_key(each))
    return None


def _find_reworded(made: Sequence[Diagnostic], brief: Brief | None) -> set[str]:
    """Returns the ids of source texts in which words were changed."""
    if brief is None:
        return set()
    source = str(brief.settings.source_locale)
    texts, _ = collect_translatable(brief)
    by_location: dict[SourceLocation, list[TranslatableText]] = {}
    for text in texts.values():
        phrase = text.text.phrases.get(source)
        if phrase is not None:
            by_location.setdefault(phrase.location, []).append(text)
    fixes = (each.fix for each in made if isinstance(each.fix, TextFix) and not each.fix.is_typographic)
    return {text.id for fix in fixes for text in by_location.get(fix.text, ())}


def _replace_digests(data: bytes, digests: Mapping[str, tuple[str, ...]]) -> bytes:
    """Replaces the digests of texts, and leaves everything else in the record unchanged."""
    lines = data.decode().split("\n")
    for number, line in enumerate(lines):
        pair = digests.get(line.partition(" ")[0])
        if pair is not None:
            lines[number] = re.sub(rf"(?<=:){re.escape(pair[0])}(?=[: \r]|$)", pair[1], line)
    return "\n".join(lines).encode()
