"""Personal copies: each recipient's PDF, stamped with their name and number, and its path in the pack."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from brief.fonts import outlines
from brief.inspection.leaks import Inspector
from brief.inspection.stamped import CopyInspector
from brief.model.appearance.look import Look
from brief.model.artifact import Artifact
from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.diagnostics import ContentError, Diagnostic, has_errors, sort_diagnostics
from brief.model.recipient import Recipient
from brief.publish.copy_files import COPIED_FORMAT, Copies, Copy
from brief.publish.pack import make_artifact_path
from brief.publish.paths import make_safe_stem
from brief.publish.watermark import Stamp, Stamper
from brief.reading.tables.recipients import assign_copy_numbers, find_namesakes, read_recipients
from brief.templating.template_set import TemplateSet

# Returns the template set of an audience's variants.
FindTemplateSet = Callable[[str], TemplateSet]

FOLDER = "copies"
_MAX_NAME_BYTES = 60
_UNSAFE = re.compile(r"[^\w]+")


def read_copy_recipients(brief: Brief, get_template_set: FindTemplateSet, file: Path) -> tuple[Recipient, ...]:
    """Reads the recipients in a file, each with the number of their copy.

    Raises:
        ContentError: the file has errors, a name has characters that no installed font has, or an audience is not
            published as PDF.
        MachineError: the file cannot be read.
    """
    recipients, diagnostics = read_recipients(file, brief)
    if not has_errors(diagnostics):
        diagnostics = (
            *diagnostics,
            *find_namesakes(recipients),
            *_check_recipients(brief, get_template_set, recipients),
        )
    if has_errors(diagnostics):
        raise ContentError(diagnostics)
    return assign_copy_numbers(recipients)


def make_copies(
    brief: Brief, get_template_set: FindTemplateSet, artifacts: Iterable[Artifact], recipients: Iterable[Recipient]
) -> Copies:
    """Makes a copy for each recipient whose variant is among the artifacts as PDF; leaves out the other recipients.

    Raises:
        ValueError: a recipient has no copy number.
    """
    originals = {(a.audience, a.locale): a for a in artifacts if a.format == COPIED_FORMAT}
    copies = Copies()
    with ExitStack() as stack:
        stampers: dict[tuple[str, str], Stamper] = {}
        for recipient in recipients:
            variant = (recipient.audience.name, recipient.locale.name)
            original = originals.get(variant)
            if original is None:
                continue
            if variant not in stampers:
                stampers[variant] = stack.enter_context(Stamper(original.data))
            if recipient.copy is None:
                raise ValueError(f"{recipient.name} has no copy number")
            number = recipient.copy
            look = get_template_set(variant[0]).look
            data = stampers[variant].stamp(make_stamp(recipient.name, number, brief.catalogues[variant[1]], look))
            copies.add(
                Copy(
                    path=f"{FOLDER}/{make_safe_stem(original.audience)}/{make_copy_name(original, number, recipient.name)}",
                    of=make_artifact_path(original),
                    recipient=recipient.name,
                    number=number,
                    audience=original.audience,
                    locale=original.locale,
                    format=original.format,
                    media_type=original.media_type,
                    bytes=len(data),
                    sha256=hashlib.sha256(data).hexdigest(),
                    pages=original.pages,
                ),
                data,
            )
    return copies


def inspect_copies(copies: Copies, inspector: Inspector) -> tuple[Diagnostic, ...]:
    """Inspects every copy for what its audience may not see, and returns the diagnostics.

    Replaces each record in `copies`: `inspected` is True if nothing was found in the copy.
    """
    inspection = CopyInspector(inspector)
    diagnostics: list[Diagnostic] = []
    for index, copy in enumerate(copies.records):
        leaks = inspection.inspect(copy.audience, copy.of, copy.path.rpartition("/")[2], copies[copy.path])
        copies.records[index] = replace(copy, inspected=not leaks)
        diagnostics += leaks
    return sort_diagnostics(diagnostics)


def make_stamp(name: str, number: int, catalogue: Catalogue, look: Look) -> Stamp:
    """Makes the stamp of a recipient's copy, in the text of its locale."""
    families = look.find_faces(catalogue.locale).sans
    text = catalogue.get("Copy {number} for {name}").format(number=number, name=name)
    return Stamp(name, number, outlines.shape_line(text, families), outlines.shape_line(name, families))


def make_copy_name(original: Artifact, number: int, name: str) -> str:
    """Returns `<brief>.<audience>.<locale>.<number>-<name>.pdf`, with at least four digits of the number.

    In the name, anything but letters and digits of any script becomes a hyphen, and at most `_MAX_NAME_BYTES` are kept,
    so that no file name exceeds the limit of file systems. The number distinguishes names that differ only in case or
    Unicode composition.
    """
    stem, _, suffix = original.name.rpartition(".")
    slug = _UNSAFE.sub("-", unicodedata.normalize("NFC", name)).strip("-_")
    while len(slug.encode()) > _MAX_NAME_BYTES:
        slug = slug[:-1].rstrip("-_")
    return f"{stem}.{number:04d}{'-' if slug else ''}{slug}.{suffix}"


def _check_recipients(
    brief: Brief, get_template_set: FindTemplateSet, recipients: Iterable[Recipient]
) -> Iterator[Diagnostic]:
    for recipient in recipients:
        audience = brief.audiences[recipient.audience.name]
        if COPIED_FORMAT not in {ref.name for ref in audience.formats}:
            yield Diagnostic(
                "no-copies",
                f"audience '{audience.id}' is not published as PDF, and personal copies are made only of PDFs",
                recipient.audience.location,
                f"add {COPIED_FORMAT} to its formats",
            )
        look = get_template_set(audience.id).look
        missing = outlines.find_unavailable_characters(recipient.name, look.find_faces(recipient.locale.name).sans)
        if missing:
            codes = " ".join(f"U+{ord(character):04X}" for character in missing)
            yield Diagnostic(
                "missing-glyph",
                f"no installed font has '{missing}' ({codes}) in the recipient's name",
                recipient.location,
                "install a font of that script, such as one of the Noto family",
            )
