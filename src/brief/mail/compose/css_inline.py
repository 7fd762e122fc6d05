"""Style sheets to style attributes, for clients that drop style sheets and know no custom properties."""

import re
from dataclasses import dataclass
from html import escape

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.locale import locale_fallbacks
from brief.model.source_location import SourceLocation

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(\.(?P<name>[A-Za-z][\w-]*))?")
_ROOT = re.compile(r":root(:lang\((?P<locale>[A-Za-z0-9-]+)\))?")
_VARIABLE = re.compile(r"var\(--([\w-]+)\)")
_TAG = re.compile(r'<(?P<tag>[a-z][a-z0-9]*)(?P<attributes>(\s+[A-Za-z:-]+(="[^"]*")?)*)\s*/?>')
_ATTRIBUTE = re.compile(r'\s(?P<name>class|style)="(?P<value>[^"]*)"')


@dataclass(frozen=True, slots=True)
class _Rule:
    tag: str | None
    name: str | None
    declarations: str


@dataclass(frozen=True, slots=True)
class MailStyles:
    """The rules of one style sheet, and the custom properties that hold in one locale."""

    shown: str
    rules: tuple[_Rule, ...]
    properties: dict[str, str]

    def resolved(self, css: str) -> str:
        """The text with the values of custom properties; comments are left out.

        Raises:
            ContentError: it uses one that there is not.
        """

        def value(match: re.Match[str]) -> str:
            if match[1] not in self.properties:
                message = f"the style sheet of the mail uses --{match[1]}, which is set nowhere"
                raise ContentError([Diagnostic("mail-style", message, SourceLocation(self.shown))])
            return _VARIABLE.sub(value, self.properties[match[1]])

        return _VARIABLE.sub(value, _COMMENT.sub("", css)).strip()

    def inlined(self, html: str) -> str:
        """The page with the rules in its tags' style attributes; what stands in one already comes last."""
        return _TAG.sub(self._styled, html)

    def _styled(self, match: re.Match[str]) -> str:
        attributes = {found["name"]: found["value"] for found in _ATTRIBUTE.finditer(match["attributes"])}
        names = attributes.get("class", "").split()
        found = [
            rule.declarations for rule in self.rules if rule.tag in (None, match["tag"]) and rule.name in (None, *names)
        ]
        if not found:
            return match[0]
        style = "; ".join(
            [
                *(escape(each, quote=False).replace('"', "&quot;") for each in found),
                *([attributes["style"]] if "style" in attributes else []),
            ]
        )
        kept = _ATTRIBUTE.sub(lambda each: "" if each["name"] == "style" else each[0], match["attributes"])
        return f'<{match["tag"]}{kept} style="{style}">'


def read_sheet(css: str, shown: str, locale: str, properties: dict[str, str]) -> MailStyles:
    """Reads rules whose selectors are a tag, a class or both, and `:root`, also with `:lang()`, for custom properties.

    `properties` are those that hold before; `shown` names the file in messages.

    Raises:
        ContentError: a selector is none of these.
    """
    scopes: dict[str, dict[str, str]] = {}
    rules = []
    for match in _RULE.finditer(_COMMENT.sub("", css)):
        for selector in match[1].split(","):
            if root := _ROOT.fullmatch(selector.strip()):
                scopes.setdefault(root["locale"] or "", {}).update(_custom(match[2]))
            elif (simple := _SELECTOR.fullmatch(selector.strip())) and selector.strip():
                rules.append(_Rule(simple["tag"], simple["name"], match[2].strip().rstrip(";").strip()))
            else:
                message = f"the selector '{selector.strip()}' cannot be put into tags"
                hint = "use a tag, a class, or a tag with a class; others belong into mail/page.css"
                raise ContentError([Diagnostic("mail-style", message, SourceLocation(shown), hint)])
    held = dict(properties)
    for scope in ("", *reversed(locale_fallbacks(locale))):
        held |= scopes.get(scope, {})
    # A class says more than a tag does (Selectors 4, 17).
    sheet = MailStyles(shown, (), held)
    rules.sort(key=lambda rule: rule.name is not None)
    return MailStyles(shown, tuple(_Rule(r.tag, r.name, sheet.resolved(r.declarations)) for r in rules), held)


def _custom(declarations: str) -> dict[str, str]:
    pairs = (declaration.partition(":") for declaration in declarations.split(";") if "--" in declaration)
    return {name.strip().removeprefix("--"): value.strip() for name, _, value in pairs}
