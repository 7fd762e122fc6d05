"""Style sheets of a set: its own rules, and the look as custom properties (`var(--brand)`, `var(--series-1)`)."""

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.place import Place
from brief.templating.template_set import Look, TemplateSet


def rules(look_set: TemplateSet, name: str) -> str:
    """The text of the set's style sheet `name`.

    Raises:
        ContentError: there is none, it is not UTF-8, or it is a link that leads out of the set.
    """
    place = Place(look_set.shown(name))
    try:
        data = look_set.read(name)
    except FileNotFoundError as error:
        raise ContentError([Diagnostic("template-not-found", str(error), place)]) from None
    except PermissionError as error:
        raise ContentError([Diagnostic("template-forbidden", str(error), place)]) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = Place(place.file, data.count(b"\n", 0, error.start) + 1)
        raise ContentError([Diagnostic("template-encoding", "the style sheet is not UTF-8", line)]) from None


def custom_properties(look: Look, locale: str) -> str:
    """A `:root` rule with the look's colours and the locale's faces."""
    faces = look.faces_for(locale)
    entries = [f"--{role}: {colour}" for role, colour in look.colours.items()]
    entries += [f"--series-{number}: {colour}" for number, colour in enumerate(look.series, start=1)]
    entries += [f"--serif: {families(faces.serif)}, serif", f"--sans: {families(faces.sans)}, sans-serif"]
    # The first face alone, for who wants others before the Han face: that one has Latin letters and marks too.
    entries += [f"--serif-first: {families(faces.serif[:1])}", f"--sans-first: {families(faces.sans[:1])}"]
    return ":root {\n" + "".join(f"  {entry};\n" for entry in entries) + "}\n"


def families(names: tuple[str, ...]) -> str:
    """Family names as a CSS list, quoted."""
    return ", ".join(f'"{name}"' for name in names)
