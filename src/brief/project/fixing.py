"""Applies the fixes of diagnostics, and verifies each by checking the project again.

A diagnostic has a fix if there is exactly one. All fixes are first made in a copy of the content. A fix is kept if its
diagnostic is gone afterwards and no other has appeared, except a warning that also has a fix, or that is about a file
which was not read before; otherwise it is withdrawn. The files of the project are replaced at the end, all or none.
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

# Folders that fixes may change are copied; everything else is linked.
_COPIED_FOLDERS = ("content", SOURCES)
# A fix may reveal other diagnostics, for example in a file that is read only after it is renamed.
_MAX_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class WithdrawnFix:
    """A fix that was not made, and why."""

    diagnostic: Diagnostic
    reason: str


@dataclass(frozen=True, slots=True)
class Fixes:
    """The changes to the project at `root`.

    - `contents`: the old and new bytes of files, by their new names.
    - `renamed`: the new names of files, by their old names.
    - `fixed`: the diagnostics that the changes remove; `withdrawn`: the fixes that were not made.
    - `accepted`: the ids of texts whose accepted translations stay accepted, because only punctuation and spaces
      changed.
    - `stale`: the ids of texts whose translations must be reviewed.
    """

    root: Path
    contents: Mapping[str, tuple[bytes, bytes]]
    renamed: Mapping[str, str]
    fixed: tuple[Diagnostic, ...]
    withdrawn: tuple[WithdrawnFix, ...] = ()
    accepted: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()

    def describe_changes(self) -> Iterator[str]:
        """Yields the lines of a unified diff, without line ends."""
        names = {new: old for old, new in self.renamed.items()}
        for name in sorted(self.contents.keys() | names.keys()):
            before = names.get(name, name)
            data = (self.root / before).read_bytes()
            # Without this line, git reads the following files as changes to a renamed file.
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
    """Finds the fixes that can be made in the project at `root`, and tries them in a copy; changes nothing in the
    project.

    Raises:
        ContentError: the project cannot be read at all.
        MachineError: an earlier import was interrupted, and can be neither finished nor undone.
    """
    brief, diagnostics = read_and_check(root)
    if brief is None:
        raise ContentError(diagnostics)
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
            if entry.name in _COPIED_FOLDERS and entry.is_dir():
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
    withdrawn: list[WithdrawnFix] = field(default_factory=list)
    reworded: set[str] = field(default_factory=set)

    def run(self) -> Fixes:
        first, diagnostics = self.copy.check()
        brief = first
        for _ in range(_MAX_ROUNDS):
            refused = {_make_key(each.diagnostic) for each in self.withdrawn}
            todo = [each for each in diagnostics if each.fix is not None and _make_key(each) not in refused]
            if not todo:
                break
            self.make(todo, brief, diagnostics)
            brief, diagnostics = self.copy.check()
        accepted, stale = self.keep_translations(first, brief)
        versions = {name: (read_present(self.copy.root / name), self.copy.read(name)) for name in sorted(self.changed)}
        contents = {name: (old, new) for name, (old, new) in versions.items() if old != new}
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
        """Makes the fixes of `todo` in the copy if they are sound together; otherwise makes the sound ones, found by
        bisection.

        `before` has the diagnostics of the copy as it is now, `brief` its content.
        """
        reason = self.try_all(todo, brief, before)
        if reason is None:
            return
        if len(todo) == 1:
            self.withdrawn.append(WithdrawnFix(todo[0], reason))
            return
        half = len(todo) // 2
        for part in (todo[:half], todo[half:]):
            brief, now = self.copy.check()
            # The fixes made so far have moved the positions of the others.
            counts = Counter(map(_make_key, part))
            current = []
            for each in now:
                if each.fix is not None and counts[_make_key(each)] > 0:
                    counts[_make_key(each)] -= 1
                    current.append(each)
            if current:
                self.make(current, brief, now)

    def try_all(self, todo: Sequence[Diagnostic], brief: Brief | None, before: Sequence[Diagnostic]) -> str | None:
        """Makes the fixes in the copy; if they are not sound, undoes them and returns the reason, otherwise returns
        None.
        """
        originals: dict[str, bytes | None] = {}
        applied: list[Diagnostic] = []
        new_names: dict[str, str] = {}
        texts: dict[str, list[Diagnostic]] = {}
        failed: list[WithdrawnFix] = []
        for each in todo:
            if isinstance(each.fix, RenameFix):
                if self.rename(each.location.file, each.fix.name, originals):
                    new_names[each.location.file] = each.fix.name
                    applied.append(each)
            elif each.fix is not None:
                texts.setdefault(each.fix.text.file, []).append(each)
        for name, diagnostics in texts.items():
            fixed = fix_file(name, self.copy.read(name), [_get_text_fix(each) for each in diagnostics])
            if fixed.applied:
                originals.setdefault(name, self.copy.read(name))
                self.copy.write(name, fixed.data)
                applied += [each for each in diagnostics if each.fix in fixed.applied]
            reason = "its exact position in the file cannot be determined"
            failed += [WithdrawnFix(each, reason) for each in diagnostics if each.fix in fixed.failed]
        if not applied:
            self.withdrawn += failed
            return None if failed else "another file has that name"
        unsound = _find_unsound(before, self.copy.check()[1], applied, new_names)
        if unsound is not None:
            self.undo(originals)
            return (
                f"it would cause {unsound.severity}[{unsound.code}]: {unsound.message}"
                if unsound not in applied
                else "it would remain"
            )
        self.withdrawn += failed
        self.fixed += applied
        self.renamed |= new_names
        self.changed |= {name for name in originals if name not in new_names}
        self.reworded |= _find_reworded(applied, brief)
        return None

    def rename(self, old: str, new: str, originals: dict[str, bytes | None]) -> bool:
        """Renames a file of the copy, and adds its old state to `originals`; returns False if another file has the
        name.
        """
        data = self.copy.read(old)
        path = self.copy.path / new
        if os.path.lexists(path) and self.copy.read(new) != data:
            return False
        originals[new] = path.read_bytes() if path.exists() else None
        originals[old] = data
        self.copy.write(new, data)
        (self.copy.path / old).unlink()
        return True

    def undo(self, originals: Mapping[str, bytes | None]) -> None:
        """Restores files of the copy; None means that the file did not exist."""
        for name, data in originals.items():
            if data is None:
                (self.copy.path / name).unlink()
            else:
                self.copy.write(name, data)

    def keep_translations(self, before: Brief | None, after: Brief | None) -> tuple[list[str], list[str]]:
        """Keeps translations accepted if only punctuation and spaces of their source text changed: updates the copy's
        record.

        Returns the ids of these texts, and the ids of texts whose words changed, both sorted.
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
            if pair[0] != pair[1] and any(made_from.digest == pair[0] for made_from in record[name].values())
        }
        reformatted = {name: pair for name, pair in current.items() if name not in self.reworded}
        if reformatted:
            data = self.copy.read(TRANSLATIONS)
            self.copy.write(TRANSLATIONS, _replace_digests(data, reformatted))
            self.changed.add(TRANSLATIONS)
        return sorted(reformatted), sorted(current.keys() - reformatted.keys())


def _make_key(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return diagnostic.code, diagnostic.location.file, diagnostic.message


def _get_text_fix(diagnostic: Diagnostic) -> TextFix:
    assert isinstance(diagnostic.fix, TextFix)  # noqa: S101  # the caller has sorted them
    return diagnostic.fix


def _find_unsound(
    before: Sequence[Diagnostic], after: Sequence[Diagnostic], applied: Sequence[Diagnostic], names: Mapping[str, str]
) -> Diagnostic | None:
    """Returns a diagnostic that the applied fixes did not remove or have caused; None if they are sound.

    `before` and `after` have the diagnostics before and after the fixes of `applied`; `names` maps old to new file
    names.
    """
    kinds = Counter((each.code, names.get(each.location.file, each.location.file)) for each in before)
    kinds.subtract((each.code, names.get(each.location.file, each.location.file)) for each in applied)
    exact = Counter(map(_make_key, before))
    exact.subtract(map(_make_key, applied))
    gone = {_make_key(each) for each in applied}
    codes, read_now = {each.code for each in applied}, set(names.values())
    changed = {each.location for each in applied}
    for each in after:
        kinds[each.code, each.location.file] -= 1
        exact[_make_key(each)] -= 1
        is_revealed = each.location.file in read_now or (
            each.fix is not None and (each.code not in codes or each.location not in changed)
        )
        # Problems that a newly read file shows in others, such as forms that its terms forbid, existed before.
        is_elsewhere = bool(read_now) and each.location.file not in read_now and each.code not in codes
        is_harmless = is_elsewhere or (is_revealed and each.severity is Severity.WARNING)
        if kinds[each.code, each.location.file] < 0 and not is_harmless:
            return each
        if exact[_make_key(each)] < 0 and _make_key(each) in gone:
            return next(fixed for fixed in applied if _make_key(fixed) == _make_key(each))
    return None


def _find_reworded(applied: Sequence[Diagnostic], brief: Brief | None) -> set[str]:
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
    fixes = (each.fix for each in applied if isinstance(each.fix, TextFix) and not each.fix.is_typographic)
    return {text.id for fix in fixes for text in by_location.get(fix.text, ())}


def _replace_digests(data: bytes, digests: Mapping[str, tuple[str, ...]]) -> bytes:
    """Replaces the digests of texts, and leaves everything else in the record unchanged."""
    lines = data.decode().split("\n")
    for number, line in enumerate(lines):
        pair = digests.get(line.partition(" ")[0])
        if pair is not None:
            lines[number] = re.sub(rf"(?<=:){re.escape(pair[0])}(?=[: \r]|$)", pair[1], line)
    return "\n".join(lines).encode()
