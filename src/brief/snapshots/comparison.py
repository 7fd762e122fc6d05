"""Compares artifacts with their snapshots, and describes the differences."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from brief.diff.text_diff import diff_text
from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic
from brief.model.difference import SpanKind
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.snapshots.capture import FONTS, OUTLINE, PAGE_COUNT, find_format_paths, parse_page_number, read_sections
from brief.snapshots.images import ImageDifference, compare_images
from brief.snapshots.settings import ImageTolerance

# The number of characters of a text in a message, and how many of them are before the first difference.
_EXCERPT_LENGTH, _EXCERPT_BEFORE = 48, 16


@dataclass(frozen=True, slots=True)
class SectionDrift:
    """A section of a text that differs.

    `name` is its header in the snapshot, such as `page 3`, and `line` its first line there; 0 if the snapshot lacks it.
    `old` and `new` are the lines of the snapshot and of the artifact.
    """

    name: str
    line: int
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArtifactDrift:
    """The differences between an artifact and its snapshot; `is_new` if there is no snapshot.

    To accept them, `files` are written, and the files with the paths in `removed` are removed.
    """

    artifact: Artifact
    text_file: str
    sections: tuple[SectionDrift, ...]
    images: tuple[ImageDifference, ...]
    files: Mapping[str, bytes]
    removed: tuple[str, ...]
    is_new: bool = False

    @property
    def name(self) -> str:
        return f"{self.artifact.audience} {self.artifact.locale} {self.artifact.format}"

    @property
    def differs(self) -> bool:
        return bool(self.is_new or self.sections or self.images)


def compare_artifact(
    artifact: Artifact, captured: Mapping[str, bytes], snapshots: Mapping[str, bytes], tolerance: ImageTolerance
) -> ArtifactDrift:
    """Compares the captured files of an artifact with `snapshots`, the files of all snapshots of the project."""
    text_file, folder = find_format_paths(artifact.audience, artifact.locale, artifact.format)
    pictures = {name: data for name, data in snapshots.items() if name.startswith(f"{folder}/")}
    if text_file not in snapshots:
        return ArtifactDrift(
            artifact, text_file, (), (), captured, tuple(sorted(pictures.keys() - captured.keys())), is_new=True
        )
    sections = tuple(_compare_sections(snapshots[text_file], captured[text_file]))
    images = tuple(
        difference
        for name in sorted((pictures.keys() | captured.keys()) - {text_file})
        if (
            difference := compare_images(
                parse_page_number(name) or 0, pictures.get(name), captured.get(name), tolerance
            )
        )
    )
    changed = {image.page for image in images}
    files = {
        name: data
        for name, data in captured.items()
        if (name == text_file and snapshots[name] != data) or parse_page_number(name) in changed
    }
    removed = tuple(sorted(pictures.keys() - captured.keys()))
    return ArtifactDrift(artifact, text_file, sections, images, files, removed)


def _compare_sections(old: bytes, new: bytes) -> Iterator[SectionDrift]:
    old_sections = read_sections(old.decode("utf-8", "replace"))
    new_sections = read_sections(new.decode())
    for name in dict.fromkeys((*old_sections, *new_sections)):
        line, old_lines = old_sections.get(name, (0, []))
        _, new_lines = new_sections.get(name, (0, []))
        if old_lines != new_lines:
            yield SectionDrift(name, line, tuple(old_lines), tuple(new_lines))


def describe_drift(drift: ArtifactDrift) -> Iterator[Diagnostic]:
    """Yields one diagnostic for each kind of difference: texts of the first section, pictures of the worst page."""
    artifact = drift.artifact
    hint = (
        "if this change is intended, run "
        f"'brief snapshot accept -a {artifact.audience} -l {artifact.locale} -f {artifact.format}'"
    )
    if drift.is_new:
        message = f"there is no snapshot of '{artifact.audience}' in '{artifact.locale}' as {artifact.format}"
        yield Diagnostic("snapshot-missing", message, SourceLocation(drift.text_file), hint)
        return
    subject = f"'{artifact.audience}' in '{artifact.locale}', {artifact.format}"
    texts = []
    for section in drift.sections:
        if section.name in (PAGE_COUNT, FONTS, OUTLINE):
            message = f"{subject}: {_describe_list(section)}"
            yield Diagnostic(
                f"snapshot-{section.name}", message, SourceLocation(drift.text_file, section.line, 1), hint
            )
        else:
            texts.append(section)
    if texts:
        yield _describe_text(drift, subject, texts, hint)
    yield from _describe_images(drift, subject, {section.name for section in texts}, hint)


def _describe_list(section: SectionDrift) -> str:
    if section.name == PAGE_COUNT:
        return f"{_format_page_count(section.new)} instead of {_format_page_count(section.old)}"
    removed = [line.strip() for line in section.old if line not in section.new]
    added = [line.strip() for line in section.new if line not in section.old]
    parts = (
        (f"without {_list_names(removed)}" if removed else ""),
        (f"new {_list_names(added)}" if added else ""),
        ("in a different order" if not removed and not added else ""),
    )
    return f"{section.name}: {', '.join(part for part in parts if part)}"


def _format_page_count(lines: tuple[str, ...]) -> str:
    number = lines[0] if lines else "0"
    return f"{number} page{'' if number == '1' else 's'}"


def _list_names(names: list[str]) -> str:
    text = ", ".join(f"'{name}'" for name in names[:3])
    return text + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _describe_text(drift: ArtifactDrift, subject: str, texts: list[SectionDrift], hint: str) -> Diagnostic:
    first = texts[0]
    index, old, new = find_first_difference(first.old, first.new)
    place = f"{subject}, {first.name}" if first.name else subject
    old_words, new_words = ([line.replace(" ", "") for line in lines] for lines in (first.old, first.new))
    if old_words == new_words:
        change = "only the spaces differ"
    elif "".join(old_words) == "".join(new_words):
        change = "the words are the same, but the lines break elsewhere"
    elif old and new:
        change = f"'{old}' has become '{new}'"
    elif old:
        change = f"'{old}' is missing"
    else:
        change = f"'{new}' is new"
    others = len(texts) - 1
    noun = "page" if drift.artifact.format == "pdf" else "part"
    more = f" ({others} more {noun}{'' if others == 1 else 's'} differ{'s' if others == 1 else ''})" if others else ""
    line = first.line + index if first.line else 0
    location = SourceLocation(drift.text_file, line, 1 if line else 0)
    return Diagnostic("snapshot-text", f"{place}: {change}{more}", location, hint)


def _describe_images(drift: ArtifactDrift, subject: str, texts: set[str], hint: str) -> Iterator[Diagnostic]:
    """Yields a diagnostic for the pages whose pictures differ although their texts do not, if there are any."""
    pages = [image for image in drift.images if f"page {image.page}" not in texts]
    if pages:
        worst = max(pages, key=lambda image: image.share)
        numbers = ", ".join(str(image.page) for image in pages[:8]) + (", ..." if len(pages) > 8 else "")
        message = f"{subject}, page{'' if len(pages) == 1 else 's'} {numbers}: {_describe_image(worst)}"
        yield Diagnostic("snapshot-image", message, SourceLocation(_find_picture_file(drift, worst)), hint)


def _describe_image(image: ImageDifference) -> str:
    if image.old is None:
        return f"page {image.page} is not in the snapshot"
    if image.new is None:
        return f"page {image.page} of the snapshot is gone"
    if not image.is_same_size:
        return f"the text is the same, but the size of page {image.page} has changed"
    return f"the text is the same, but {image.share:.1%} of page {image.page} differs"


def _find_picture_file(drift: ArtifactDrift, image: ImageDifference) -> str:
    """Returns the path of the picture that differs, relative to the project's root."""
    _, folder = find_format_paths(drift.artifact.audience, drift.artifact.locale, drift.artifact.format)
    return f"{folder}/page-{image.page:03}.png"


def find_first_difference(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[int, str, str]:
    """Returns the index of the first line that differs, and excerpts of the old and new text around the difference.

    The excerpt of a line that was inserted or removed is its beginning; the other excerpt is then "".
    """
    index = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    removed, added = list(old[index:]), list(new[index:])
    if removed and added and added[1:2] == removed[:1]:
        return index, "", _cut_excerpt(added[0], 0)
    if removed and added and removed[1:2] == added[:1]:
        return index, _cut_excerpt(removed[0], 0), ""
    old_text, new_text = " ".join(removed[:2]), " ".join(added[:2])
    start = 0
    for span in diff_text(old_text, new_text):
        if span.mark is not SpanKind.SAME:
            break
        start += len(span.text)
    return index, _cut_excerpt(old_text, start), _cut_excerpt(new_text, start)


def _cut_excerpt(text: str, start: int) -> str:
    """Returns the text around the character at `start`, from the beginning of a word if it is in Latin letters."""
    first = max(0, start - _EXCERPT_BEFORE)
    while 0 < first < start and text[first - 1] != " " and text[first - 1].isascii():
        first += 1
    excerpt = text[first : first + _EXCERPT_LENGTH].strip()
    return f"{'…' if first else ''}{excerpt}{'…' if len(text) > first + _EXCERPT_LENGTH else ''}"


def find_unused(
    snapshots: Mapping[str, bytes], published: set[tuple[str, str, str]], selection: "Selection"
) -> tuple[str, ...]:
    """Returns the files of snapshots within a selection that belong to no published artifact.

    `published` has the audience, locale and format of each artifact.
    """
    paths = [find_format_paths(*key) for key in published]
    texts, folders = {text for text, _ in paths}, tuple(f"{folder}/" for _, folder in paths)
    return tuple(
        name
        for name in sorted(snapshots)
        if name not in texts and not (name.startswith(folders) and parse_page_number(name)) and selection.includes(name)
    )


def describe_unused(files: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each unused text or folder of pictures."""
    texts = [name for name in files if parse_page_number(name) is None]
    folders = {PurePosixPath(name).parent.as_posix() for name in files if parse_page_number(name) is not None}
    for name in sorted({*texts, *(folder for folder in folders if f"{folder}.txt" not in texts)}):
        message = "the project no longer publishes the file of this snapshot"
        yield Diagnostic("snapshot-unused", message, SourceLocation(name), "run 'brief snapshot accept' to remove it")


@dataclass(frozen=True, slots=True)
class Selection:
    """The audiences, locales and formats that the user selected; empty means all."""

    audiences: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()

    def includes(self, name: str) -> bool:
        """Returns whether the path `name` of a snapshot's file has a selected audience, locale and format."""
        _, *parts = PurePosixPath(name).parts
        selected = (self.audiences, self.locales, self.formats)
        return all(
            not names or (index < len(parts) and PurePosixPath(parts[index]).stem in names)
            for index, names in enumerate(selected)
        )
