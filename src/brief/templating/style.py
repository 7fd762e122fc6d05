"""Custom properties that carry a look into style sheets: `var(--brand)`, `var(--series-1)`, `var(--serif)`."""

from brief.templating.contrast import on_dark
from brief.templating.template_set import Look

# Colours of text, which a page in the dark shows lighter.
_LIGHTENED = ("brand", "accent", "note", "insight", "warning", "question")


def custom_properties(look: Look, locale: str) -> str:
    """A `:root` rule with the look's colours, those to be read on a dark page (`var(--brand-on-dark)`), and the faces."""
    faces = look.faces_for(locale)
    entries = [f"--{role}: {colour}" for role, colour in look.colours.items()]
    entries += [f"--{role}-on-dark: {on_dark(look.colours[role])}" for role in _LIGHTENED]
    entries += [f"--series-{number}: {colour}" for number, colour in enumerate(look.series, start=1)]
    entries += [f"--serif: {families(faces.serif)}, serif", f"--sans: {families(faces.sans)}, sans-serif"]
    # The first face alone, for who wants others before the Han face: that one has Latin letters and marks too.
    entries += [f"--serif-first: {families(faces.serif[:1])}", f"--sans-first: {families(faces.sans[:1])}"]
    return ":root {\n" + "".join(f"  {entry};\n" for entry in entries) + "}\n"


def families(names: tuple[str, ...]) -> str:
    """Family names as a CSS list, quoted."""
    return ", ".join(f'"{name}"' for name in names)
