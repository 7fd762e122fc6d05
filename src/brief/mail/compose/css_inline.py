"""Turns style sheets into style attributes, for clients that drop style sheets or do not support custom properties.

The package `css-inline` writes the attributes according to the cascade. Before that, custom properties are resolved,
including those of one locale, which it does not support. Selectors are limited to a tag and a class, because it
silently skips rules that cannot become an attribute, such as those for `:hover`. It does not change comments, so tables
between `<!--[if mso]>` and `<![endif]-->` need `style` attributes in the template.
"""

import re

from brief.model.diagnostics import ContentError, Diagnostic, MachineError
from brief.model.locale import list_locale_fallbacks
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"[a-z][a-z0-9]*(\.[A-Za-z][\w-]*)?|\.[A-Za-z][\w-]*")
_ROOT = re.compile(r":root(:lang\((?P<locale>[A-Za-z0-9-]+)\))?")
# The name is missing if the reference has any other form, such as a fallback.
_VARIABLE = re.compile(r"\bvar\((?:\s*--(?P<name>[\w-]+)\s*\)|[^)]*\)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailStyles:
    """The rules of one style sheet, and the custom properties of one locale.

    `rules` is a style sheet without comments and custom properties. `properties` maps the names of custom properties,
    without `--`, to their values, which may refer to other properties.
    """

    display_name: str
    rules: str
    properties: dict[str, str]

    def resolve(self, css: str) -> str:
        """Replaces references to custom properties in the text with their values, and removes comments.

        Raises:
            ContentError: a property is undefined or refers to itself, or a reference is not of the form `var(--name)`.
        """
        return self._resolve_variables(_COMMENT.sub("", css), ()).strip()

    def _resolve_variables(self, css: str, enclosing: tuple[str, ...]) -> str:
        """Replaces references in the text, which is in the values of the `enclosing` properties."""

        def look_up(match: re.Match[str]) -> str:
            name: str | None = match["name"]
            if name is None:
                raise self._make_error(f"cannot use '{match[0]}'", "write 'var(--name)', without a fallback")
            if name in enclosing:
                raise self._make_error(f"defines the property '--{name}' with itself")
            if name not in self.properties:
                raise self._make_error(f"uses the undefined property '--{name}'")
            return self._resolve_variables(self.properties[name], (*enclosing, name))

        return _VARIABLE.sub(look_up, css)

    def _make_error(self, predicate: str, hint: str | None = None) -> ContentError:
        message = f"the style sheet of the mail {predicate}"
        return ContentError([Diagnostic("mail-style", message, SourceLocation(self.display_name), hint)])

    def inline_styles(self, html: str) -> str:
        """Returns the page with the rules as style attributes; those that an element already has take precedence.

        Raises:
            MachineError: the extra `mail` is not installed.
        """
        try:
            import css_inline
        except ImportError:
            raise MachineError("mail needs the package 'css-inline': run pip install 'css-inline>=0.20'") from None
        inliner = css_inline.CSSInliner(
            inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False, extra_css=self.rules
        )
        return inliner.inline(html)


def read_styles(css: str, display_name: str, locale: str, properties: dict[str, str]) -> MailStyles:
    """Reads rules whose selectors are a tag, a class or both, and custom properties of `:root`, also with `:lang()`.

    `properties` has custom properties that the style sheet may use and replace; messages name it `display_name`.

    Raises:
        ContentError: a selector is anything else, or as `MailStyles.resolve` does.
    """
    scopes: dict[str, dict[str, str]] = {}
    rules = []
    for match in _RULE.finditer(_COMMENT.sub("", css)):
        for selector in match[1].split(","):
            if root := _ROOT.fullmatch(selector.strip()):
                scopes.setdefault(root["locale"] or "", {}).update(_parse_custom_properties(match[2]))
            elif _SELECTOR.fullmatch(selector.strip()):
                rules.append((selector.strip(), match[2]))
            else:
                message = f"the selector '{selector.strip()}' cannot be inlined"
                hint = "use a tag, a class, or a tag with a class; move others to mail/page.css"
                raise ContentError([Diagnostic("mail-style", message, SourceLocation(display_name), hint)])
    properties_by_name = dict(properties)
    for scope in ("", *reversed(list_locale_fallbacks(locale))):
        properties_by_name |= scopes.get(scope, {})
    sheet = MailStyles(display_name, "", properties_by_name)
    lines = [f"{selector} {{ {sheet.resolve(declarations)} }}" for selector, declarations in rules]
    return MailStyles(display_name, "\n".join(lines), properties_by_name)


def _parse_custom_properties(declarations: str) -> dict[str, str]:
    pairs = (declaration.partition(":") for declaration in declarations.split(";") if "--" in declaration)
    return {name.strip().removeprefix("--"): value.strip() for name, _, value in pairs}
