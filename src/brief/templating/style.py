"""Reads the style sheets of a set, and writes its look as custom properties (`var(--brand)`, `var(--series-1)`)."""

import re

from brief.model.appearance.contrast import adjust_for_dark
from brief.model.appearance.look import Look
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.templating.template_set import TemplateSet

# Colours of text, which are lightened in dark mode.
_LIGHTENED = ("brand", "accent", "note", "insight", "warning", "question")
_SPECIAL = re.compile(r"""[\x00-\x1f"\\<>&]""")


@dataclass(frozen=True, slots=True)
class StyleSheetRules:
    """A style sheet: the rules of the parents of a set, followed by the rules of the set itself.

    `files` lists these files as messages name them, each with the number of lines before it.
    """

    text: str
    files: tuple[tuple[str, int], ...]

    def locate(self, line: int, column: int = 0) -> SourceLocation:
        """Returns the location in a file of a line of the text, counted from 1."""
        file, before = next((file, before) for file, before in reversed(self.files) if before < line)
        return SourceLocation(file, line - before, column)


def read_style_rules(template_set: TemplateSet, name: str) -> StyleSheetRules:
    """Reads the set's style sheet `name`.

    Raises:
        ContentError: the set has no such file, it is not UTF-8, or it is a link that leads out of the set.
    """
    try:
        layers = template_set.read_layers(name)
    except (FileNotFoundError, PermissionError) as error:
        code = "template-not-found" if isinstance(error, FileNotFoundError) else "template-forbidden"
        location = SourceLocation(template_set.display_name(name))
        raise ContentError([Diagnostic(code, str(error), location)]) from None
    text, files = "", []
    for display_name, data in layers:
        files.append((display_name, text.count("\n")))
        text += _decode_rules(display_name, data).rstrip("\n") + "\n"
    return StyleSheetRules(text, tuple(files))


def _decode_rules(display_name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = SourceLocation(display_name, data.count(b"\n", 0, error.start) + 1)
        raise ContentError([Diagnostic("template-encoding", "the style sheet is not UTF-8", line)]) from None


def format_custom_properties(look: Look, locale: str) -> str:
    """Returns a `:root` rule with the colours of the look, their variants for dark mode (`var(--brand-on-dark)`), and
    the faces.
    """
    faces = look.find_faces(locale)
    entries = [f"--{role}: {colour}" for role, colour in look.colours.items()]
    entries += [f"--{role}-on-dark: {adjust_for_dark(look.colours[role])}" for role in _LIGHTENED]
    entries += [f"--series-{number}: {colour}" for number, colour in enumerate(look.series, start=1)]
    entries += [f"--serif: {format_families(faces.serif)}, serif", f"--sans: {format_families(faces.sans)}, sans-serif"]
    # The first face alone, for style sheets that put other faces before the Han face, which also has Latin characters.
    entries += [
        f"--serif-first: {format_families(faces.serif[:1])}",
        f"--sans-first: {format_families(faces.sans[:1])}",
    ]
    return ":root {\n" + "".join(f"  {entry};\n" for entry in entries) + "}\n"


def format_families(names: tuple[str, ...]) -> str:
    """Returns family names as a CSS list, quoted."""
    return ", ".join(f'"{name}"' for name in names)


def format_css_string(text: str) -> str:
    """Returns a text as a CSS string that cannot end a style element."""
    return '"' + _SPECIAL.sub(lambda match: f"\\{ord(match[0]):x} ", text) + '"'
