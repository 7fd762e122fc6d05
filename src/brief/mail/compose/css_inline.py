"""Style sheets to style attributes, for clients that drop style sheets and know no custom properties.

The package `css-inline` writes the attributes, by the cascade's own rules. Before that, custom properties become values,
also those that hold in one locale, which it does not do; and selectors are held to a tag and a class, for it skips
without a word what it cannot put into an attribute, such as `:hover`. It leaves comments alone: tables between
`<!--[if mso]>` and `<![endif]-->` need style attributes of their own in the template.
"""

import re
from dataclasses import dataclass

from brief.model.diagnostics import ContentError, Diagnostic, MachineError
from brief.model.locale import locale_fallbacks
from brief.model.source_location import SourceLocation

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"[a-z][a-z0-9]*(\.[A-Za-z][\w-]*)?|\.[A-Za-z][\w-]*")
_ROOT = re.compile(r":root(:lang\((?P<locale>[A-Za-z0-9-]+)\))?")
_VARIABLE = re.compile(r"var\(--([\w-]+)\)")


@dataclass(frozen=True, slots=True)
class MailStyles:
    """The rules of one style sheet, and the custom properties that hold in one locale."""

    shown: str
    rules: str
    properties: dict[str, str]

    def resolve(self, css: str) -> str:
        """The text with the values of custom properties; comments are left out.

        Raises:
            ContentError: it uses one that is not set.
        """

        def value(match: re.Match[str]) -> str:
            if match[1] not in self.properties:
                message = f"the style sheet of the mail uses --{match[1]}, which is set nowhere"
                raise ContentError([Diagnostic("mail-style", message, SourceLocation(self.shown))])
            return _VARIABLE.sub(value, self.properties[match[1]])

        return _VARIABLE.sub(value, _COMMENT.sub("", css)).strip()

    def inline(self, html: str) -> str:
        """The page with the rules in style attributes; what a tag has in one already comes last.

        Raises:
            MachineError: the extra `mail` is not installed.
        """
        try:
            import css_inline
        except ImportError:
            raise MachineError("mail needs the package 'css-inline': pip install 'css-inline>=0.20'") from None
        inliner = css_inline.CSSInliner(
            inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False, extra_css=self.rules
        )
        return inliner.inline(html)


def read_styles(css: str, shown: str, locale: str, properties: dict[str, str]) -> MailStyles:
    """Reads rules whose selectors are a tag, a class or both, and `:root`, also with `:lang()`, for custom properties.

    `properties` are those that hold before; `shown` names the file in messages.

    Raises:
        ContentError: a selector is of another kind.
    """
    scopes: dict[str, dict[str, str]] = {}
    rules = []
    for match in _RULE.finditer(_COMMENT.sub("", css)):
        for selector in match[1].split(","):
            if root := _ROOT.fullmatch(selector.strip()):
                scopes.setdefault(root["locale"] or "", {}).update(_custom(match[2]))
            elif _SELECTOR.fullmatch(selector.strip()):
                rules.append((selector.strip(), match[2]))
            else:
                message = f"the selector '{selector.strip()}' cannot be put into tags"
                hint = "use a tag, a class, or a tag with a class; move others to mail/page.css"
                raise ContentError([Diagnostic("mail-style", message, SourceLocation(shown), hint)])
    held = dict(properties)
    for scope in ("", *reversed(locale_fallbacks(locale))):
        held |= scopes.get(scope, {})
    sheet = MailStyles(shown, "", held)
    lines = [f"{selector} {{ {sheet.resolve(declarations)} }}" for selector, declarations in rules]
    return MailStyles(shown, "\n".join(lines), held)


def _custom(declarations: str) -> dict[str, str]:
    pairs = (declaration.partition(":") for declaration in declarations.split(";") if "--" in declaration)
    return {name.strip().removeprefix("--"): value.strip() for name, _, value in pairs}
