"""Refuses templates that print a value where escaping does not make it safe.

Escaping protects only text and quoted attributes. A value printed into a style, a script, an attribute without
quotes or a tag could add rules, code or attributes; an attachment link makes a PDF embed any file.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import SourceLocation
from brief.templating.html_parser import LenientHtmlParser
from brief.templating.template_errors import UnsafeTemplateError

CODE = "template-unsafe"
# The only value that may be printed in a <style> element: the set's own style sheet.
STYLE_SHEET = "stylesheet"
# Filters that treat an argument or their own result as markup. For `indent`, it is the text with which it indents.
UNESCAPING = ("safe", "xmlattr", "urlize", "tojson", "indent")

_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# Private-use characters that replace what Jinja prints; no template needs these characters themselves.
_PRINTED = "\ue0f0"
_SHEET = "\ue0f1"
_UNQUOTED = re.compile(r"=[^\s\"'>]*" + _PRINTED)
_QUOTED = re.compile(r"=\s*(\"[^\"]*\"|'[^']*')")


class UnsafeOutputExtension(Extension):
    """Refuses templates that print a value where escaping does not make it safe."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        problems = tuple(find_unsafe_places(source, filename or name or ""))
        if problems:
            raise ContentError(problems)
        return source


class EscapingGenerator(CodeGenerator):
    """Refuses templates that switch escaping off, and compiles guards into the others.

    Jinja treats the result of a filter on a whole block as markup: there, `striptags` would print unescaped what had
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
        """Compiles `~` to a call of `Sandbox.join_texts`, as Jinja's own operator turns anything into text."""
        self.write("environment.join_texts((")
        for operand in node.nodes:
            self.visit(operand, frame)
            self.write(", ")
        self.write("))")

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802
        self._limit_size(super().visit_List, node, frame)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802
        if node.ctx == "load":
            self._limit_size(super().visit_Tuple, node, frame)
        else:
            super().visit_Tuple(node, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802
        self._limit_size(super().visit_Dict, node, frame)

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:  # noqa: N802
        # `varargs` and `kwargs` of a macro hold as many values as a call passes.
        if node.ctx == "load" and node.name in ("varargs", "kwargs"):
            self._limit_size(super().visit_Name, node, frame)
        else:
            super().visit_Name(node, frame)

    def visit_With(self, node: nodes.With, frame: Frame) -> None:  # noqa: N802
        """Names the line, which Jinja leaves out; errors would be reported at the line before."""
        self.newline(node)
        super().visit_With(node, frame)

    def _limit_size(self, visit: Callable[[Any, Frame], None], node: nodes.Node, frame: Frame) -> None:
        """Compiles a list expression to a call of `Sandbox.require_small_tree`."""
        self.write("environment.require_small_tree(")
        visit(node, frame)
        self.write(")")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        """Leaves constants to the render: while compiling, Jinja turns them into text before it calls `finalize`."""
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def visit_ScopedEvalContextModifier(self, node: nodes.ScopedEvalContextModifier, frame: Frame) -> None:  # noqa: N802
        self._refuse("{% autoescape %}", node)

    def _refuse(self, what: str, node: nodes.Node) -> NoReturn:
        raise UnsafeTemplateError(f"{what} prints without escaping", node.lineno, self.name, self.filename)


def find_unsafe_places(source: str, display_name: str) -> Iterator[Diagnostic]:
    """Yields an error for each place in a template's source where escaping does not make a value safe. `display_name`
    is the template's name in messages.
    """
    scanner = _Scanner(display_name)
    scanner.feed(_JINJA.sub(_replace_with_marker, source))
    scanner.close()
    yield from scanner.problems


def guard_environment(environment: Environment) -> None:
    """Makes the environment refuse unsafe templates, and removes what makes output differ between runs."""
    environment.add_extension(UnsafeOutputExtension)
    environment.code_generator_class = EscapingGenerator
    environment.filters.update({name: _make_refusal(name) for name in UNESCAPING})
    environment.filters.pop("random")
    environment.filters.pop("pprint")
    environment.globals.pop("lipsum")


def _make_refusal(name: str) -> Callable[..., NoReturn]:
    """Makes a filter that raises an error. It is needed because `map` takes the names of filters as values, which the
    generator does not see.
    """

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise SecurityError(f"the filter {name!r} prints without escaping")

    return refuse


def _replace_with_marker(match: re.Match[str]) -> str:
    """Replaces a printed value with a marker, and removes other Jinja code; line numbers stay the same."""
    lines = "\n" * match[0].count("\n")
    if not match[0].startswith("{{"):
        return lines
    return (_SHEET if match[0].strip("{}- \n") == STYLE_SHEET else _PRINTED) + lines


class _Scanner(LenientHtmlParser):
    def __init__(self, display_name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.display_name = display_name
        self.problems: list[Diagnostic] = []
        self.open_element: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open_element = tag if tag in ("script", "style") else None
        text = self.get_starttag_text() or ""
        if _PRINTED in _QUOTED.sub("", text):
            where = "an attribute without quotes" if _UNQUOTED.search(_QUOTED.sub("", text)) else "a tag"
            self._report(f"a value is printed into {where} of <{tag}>", "put the attribute's value in quotes")
        for name, value in attrs:
            is_printed = _PRINTED in (value or "")
            if is_printed and (name == "style" or name.startswith("on")):
                self._report(f"a value is printed into the {name} attribute of <{tag}>", "use a class")
            if name == "rel" and (is_printed or "attachment" in (value or "").lower().split()):
                self._report(f"<{tag} rel=attachment> embeds files and is not allowed")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open_element = None

    def handle_endtag(self, tag: str) -> None:
        self.open_element = None

    def handle_data(self, data: str) -> None:
        if _PRINTED in data and self.open_element is not None:
            self._report(f"a value is printed into <{self.open_element}>")
        if _SHEET in data and self.open_element != "style":
            self._report(f"{STYLE_SHEET} is printed outside <style>")

    def _report(self, message: str, hint: str | None = None) -> None:
        location = SourceLocation(self.display_name, self.getpos()[0])
        self.problems.append(Diagnostic(CODE, message.replace(_PRINTED, "{{ }}"), location, hint=hint))
