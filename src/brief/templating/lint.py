"""What escaping cannot make safe: places of HTML where a printed value could do more than be read.

Escaping protects text and quoted attributes alone. A value printed into a style, a script, an attribute without
quotes or a tag could add rules, code or attributes; an attachment link makes a PDF embed any file.
"""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any, NoReturn

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import SourceLocation
from brief.templating.template_errors import UnsafeTemplateError

CODE = "template-unsafe"
# The only value that may stand in a <style> element: the set's own style sheet.
STYLE_SHEET = "stylesheet"
# Filters that declare an argument or their own result to be markup; `indent` does so with the text it indents by.
UNESCAPING = ("safe", "xmlattr", "urlize", "tojson", "indent")

_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# Private-use stand-ins for what Jinja prints; no template needs these characters themselves.
_PRINTED = "\ue0f0"
_SHEET = "\ue0f1"
_UNQUOTED = re.compile(r"=[^\s\"'>]*" + _PRINTED)
_QUOTED = re.compile(r"=\s*(\"[^\"]*\"|'[^']*')")


class UnsafeOutputExtension(Extension):
    """Refuses templates that print where escaping does not protect."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        faults = tuple(find_unsafe_places(source, filename or name or ""))
        if faults:
            raise ContentError(faults)
        return source


class EscapingGenerator(CodeGenerator):
    """Refuses templates that switch escaping off.

    Jinja takes what a filter makes of a whole block for markup, whatever it is: a `striptags` there prints what had
    been escaped.
    """

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:  # noqa: N802
        if node.name in UNESCAPING:
            self._refuse(f"the filter {node.name!r}", node)
        super().visit_Filter(node, frame)

    def visit_FilterBlock(self, node: nodes.FilterBlock, frame: Frame) -> None:  # noqa: N802
        self._refuse("{% filter %}", node)

    def visit_AssignBlock(self, node: nodes.AssignBlock, frame: Frame) -> None:  # noqa: N802
        if node.filter is not None:
            self._refuse("{% set %} of a block with a filter", node)
        super().visit_AssignBlock(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        """`~` as a call of `Sandbox.join_texts`: Jinja's own makes text of anything."""
        self.write("environment.join_texts((")
        for each in node.nodes:
            self.visit(each, frame)
            self.write(", ")
        self.write("))")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        """Leaves constants to the render: while compiling, Jinja makes text of them before it asks `finalize`."""
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def visit_ScopedEvalContextModifier(self, node: nodes.ScopedEvalContextModifier, frame: Frame) -> None:  # noqa: N802
        self._refuse("{% autoescape %}", node)

    def _refuse(self, what: str, node: nodes.Node) -> NoReturn:
        raise UnsafeTemplateError(f"{what} prints without escaping", node.lineno, self.name, self.filename)


def find_unsafe_places(source: str, shown: str) -> Iterator[Diagnostic]:
    """Every unsafe place of one template's source, which messages name `shown`."""
    scanner = _Scanner(shown)
    scanner.feed(_JINJA.sub(_replace_with_marker, source))
    scanner.close()
    yield from scanner.faults


def guard_environment(environment: Environment) -> None:
    """Makes the environment refuse unsafe templates, and drops what makes output differ from run to run."""
    environment.add_extension(UnsafeOutputExtension)
    environment.code_generator_class = EscapingGenerator
    environment.filters.update({name: _make_refusal(name) for name in UNESCAPING})
    environment.filters.pop("random")
    environment.filters.pop("pprint")
    environment.globals.pop("lipsum")


def _make_refusal(name: str) -> Callable[..., NoReturn]:
    """A filter for who names it in a value, as `map` allows, where the generator cannot see it."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise SecurityError(f"the filter {name!r} prints without escaping")

    return refuse


def _replace_with_marker(match: re.Match[str]) -> str:
    """Keeps the lines; a value's place is marked, other Jinja vanishes."""
    lines = "\n" * match[0].count("\n")
    if not match[0].startswith("{{"):
        return lines
    return (_SHEET if match[0].strip("{}- \n") == STYLE_SHEET else _PRINTED) + lines


class _Scanner(HTMLParser):
    def __init__(self, shown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shown = shown
        self.faults: list[Diagnostic] = []
        self.open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open = tag if tag in ("script", "style") else None
        text = self.get_starttag_text() or ""
        if _PRINTED in _QUOTED.sub("", text):
            where = "an attribute without quotes" if _UNQUOTED.search(_QUOTED.sub("", text)) else "a tag"
            self._fault(f"a value is printed into {where} of <{tag}>", "put the attribute's value in quotes")
        for name, value in attrs:
            printed = _PRINTED in (value or "")
            if printed and (name == "style" or name.startswith("on")):
                self._fault(f"a value is printed into the {name} attribute of <{tag}>", "use a class")
            if name == "rel" and (printed or "attachment" in (value or "").lower().split()):
                self._fault(f"<{tag} rel=attachment> embeds files and is not allowed")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open = None

    def handle_endtag(self, tag: str) -> None:
        self.open = None

    def handle_data(self, data: str) -> None:
        if _PRINTED in data and self.open is not None:
            self._fault(f"a value is printed into <{self.open}>")
        if _SHEET in data and self.open != "style":
            self._fault(f"{STYLE_SHEET} is printed outside <style>")

    def _fault(self, message: str, hint: str | None = None) -> None:
        self.faults.append(Diagnostic(CODE, message, SourceLocation(self.shown, self.getpos()[0]), hint=hint))
