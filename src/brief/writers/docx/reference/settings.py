"""The settings of a document, which stand in one order (ECMA-376 part 1, 17.15.1.78, CT_Settings)."""

from brief.writers.ooxml.elements import Element, qualified_name

# From the first that is added on, and of those that `scrub` leaves.
_ORDER = (
    "noLineBreaksAfter",
    "noLineBreaksBefore",
    "updateFields",
    "footnotePr",
    "endnotePr",
    "compat",
    "themeFontLang",
    "clrSchemeMapping",
    "decimalSymbol",
    "listSeparator",
)


def put_setting(settings: Element, setting: Element) -> None:
    """Puts a setting in its place, where the one of its name stood if there was one."""
    tags = [qualified_name(f"w:{name}") for name in _ORDER]
    following = tags[tags.index(str(setting.tag)) + 1 :]
    for old in settings.findall(str(setting.tag)):
        settings.remove(old)
    after = next((element for element in settings if element.tag in following), None)
    if after is None:
        settings.append(setting)
    else:
        after.addprevious(setting)
