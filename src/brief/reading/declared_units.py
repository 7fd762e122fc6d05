"""Makes messages of the units that a project declares for its catalogues, and checks them."""

from collections.abc import Mapping

from brief.model.catalogue import CONTEXT_SEPARATOR
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.declared_units import DeclaredUnit, DeclaredUnits, PluralForms
from brief.model.figures.units import PROJECT_UNITS, SYMBOLS, find_own_unit
from brief.model.locale import find_best_locale

_FORMS = ("zero", "one", "two", "few", "many", "other")


def make_unit_messages(declared: DeclaredUnits, locale: str) -> dict[str, tuple[str, ...]]:
    """Makes a message of each plural form of the units, in the locale or the nearest one for which they have words."""
    messages: dict[str, tuple[str, ...]] = {}
    for unit in declared.units:
        tag = find_best_locale(locale, unit.words)
        if tag is None:
            continue
        for form, pattern in _list_forms(unit.words[tag]).items():  # type: ignore[index]  # a tag is a LocaleTag
            suffix = "" if form == "other" else f"#{form}"
            messages[f"{PROJECT_UNITS}{CONTEXT_SEPARATOR}{unit.id}{suffix}"] = (pattern,)
    return messages


def check_units(declared: DeclaredUnits, locales: tuple[str, ...], sink: DiagnosticSink) -> None:
    """Reports units that are built in, declared twice, or whose words are missing or lack the number."""
    seen: dict[str, DeclaredUnit] = {}
    for unit in declared.units:
        if unit.id in seen:
            message = f"unit '{unit.id}' is declared twice"
            sink.add_error("bad-unit", unit.location, message, "remove one", seen[unit.id].location)
        elif find_own_unit(unit.id) is not None or unit.id in SYMBOLS:
            sink.add_error("bad-unit", unit.location, f"the unit '{unit.id}' is built in", "remove it, or rename it")
        seen.setdefault(unit.id, unit)
        for locale in locales:
            if find_best_locale(locale, unit.words) is None:
                message = f"unit '{unit.id}' has no '{locale}' text"
                sink.add_error("bad-unit", unit.location, message, f"add a text in '{locale}', as in '{{n}} buses'")
        for forms in unit.words.values():
            for pattern in _list_forms(forms).values():
                if pattern.count("{n}") != 1 or pattern.count("{") != 1:
                    message = f"'{pattern}' needs the placeholder {{n}} once, and no other"
                    sink.add_error("bad-unit", forms.location, message, "write {n} once, as in '{n} buses'")


def _list_forms(forms: PluralForms) -> Mapping[str, str]:
    """Returns the plural forms that are declared, by their CLDR category."""
    patterns = {name: getattr(forms, name) for name in _FORMS}
    return {name: pattern for name, pattern in patterns.items() if pattern is not None}
