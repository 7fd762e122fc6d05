"""The sandbox that templates run in: strict, always escaping, with access to plain data only."""

import operator
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from brief.model.catalogue import Catalogue
from brief.model.diagnostics import ContentError, Diagnostic, RenderLimitError
from brief.model.han import CLOSING, CLOSING_QUOTES
from brief.resolve.typesetting import insert_word_joiners, join_headline
from brief.templating.formulas import draw_formula
from brief.templating.limits import (
    LimitedTemplate,
    TemplateLimitError,
    get_loaded_templates,
    join_chunks,
    limit_render,
    require_small_tree,
)
from brief.templating.lint import guard_environment
from brief.templating.loader import CompiledTemplates, SetLoader
from brief.templating.mapping_guards import guard_mappings, list_entries, unpack
from brief.templating.output_guards import (
    OPERATORS,
    apply_operator,
    guard_filter,
    guard_translation,
    join_texts,
    require_printable,
)
from brief.templating.plain import Plain
from brief.templating.template_errors import diagnose_template_error
from brief.templating.template_set import TemplateSet
from brief.templating.tokens import mark_unhyphenated

TEMPLATE_SUFFIX = ".j2"
_PLAIN_TYPES = (str, int, bool, list, tuple, dict, type(None))
_COMPILED = CompiledTemplates()
_catalogue: ContextVar[Catalogue] = ContextVar("catalogue")


def render(template_set: TemplateSet, name: str, context: Mapping[str, Plain], catalogue: Catalogue) -> str:
    """Renders the set's template `name` for `context`, with the interface texts of the catalogue.

    Raises:
        ContentError: the template or one it includes is missing, has errors or asks for something forbidden.
    """
    environment = _make_environment(template_set)
    token = _catalogue.set(catalogue)
    try:
        with limit_render(template_set.look.limits):
            return environment.get_template(name).render(context)
    except ContentError:
        raise
    except Exception as error:
        kind = RenderLimitError if isinstance(error, TemplateLimitError) else ContentError
        raise kind([diagnose_template_error(error, name, environment.set_loader)]) from error
    finally:
        _catalogue.reset(token)


def check_templates(template_set: TemplateSet) -> tuple[Diagnostic, ...]:
    """Returns the errors in all templates of the set that are found without rendering: syntax, encoding, unsafe output.

    Sets without templates of the project's own are skipped.
    """
    if not template_set.has_own(f"*{TEMPLATE_SUFFIX}"):
        return ()
    environment = _make_environment(template_set)
    problems: list[Diagnostic] = []
    for name in template_set.list_names():
        if not name.endswith(TEMPLATE_SUFFIX):
            continue
        try:
            environment.get_template(name)
        except ContentError as error:
            problems += error.diagnostics
        except Exception as error:
            problems.append(diagnose_template_error(error, name, environment.set_loader))
    return tuple(problems)


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which `a.b` on data looks up a key and never an attribute (`d.items` is the key "items")."""

    template_class = LimitedTemplate
    intercepted_binops = OPERATORS
    concat = staticmethod(join_chunks)
    join_texts = staticmethod(join_texts)
    require_small_tree = staticmethod(require_small_tree)
    list_entries = staticmethod(list_entries)
    unpack = staticmethod(unpack)

    def __init__(self, template_set: TemplateSet) -> None:
        self.set_loader = SetLoader(template_set)
        super().__init__(
            loader=self.set_loader,
            bytecode_cache=_COMPILED,
            undefined=StrictUndefined,
            autoescape=True,
            finalize=require_printable,
            # Constants that are joined while compiling would not be checked.
            optimized=False,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        guard_environment(self)
        self.globals["dict"] = _make_dict
        self.filters["joined"] = insert_word_joiners
        self.filters["joined_unit"] = join_headline
        self.filters["drawn"] = draw_formula
        self.filters["unhyphenated"] = mark_unhyphenated
        names: MutableMapping[str, Any] = self.globals
        names["closing_marks"] = CLOSING + CLOSING_QUOTES
        self.install_gettext_callables(_gettext, _ngettext, newstyle=True, pgettext=_pgettext, npgettext=_npgettext)  # type: ignore[attr-defined]
        self.filters.update({name: guard_filter(name, apply) for name, apply in self.filters.items()})
        for name in ("gettext", "ngettext", "pgettext", "npgettext"):
            translate: Any = self.globals[name]
            self.globals[name] = guard_translation(translate)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        with _locate_errors(name, filename):
            return guard_mappings(super()._parse(source, name, filename))

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        with _locate_errors(name, filename):
            return super()._generate(source, name, filename, defer_init)

    def _compile(self, source: str, filename: str) -> CodeType:
        with _locate_errors(None, filename):
            return super()._compile(source, filename)

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:
        """Looks a template up once in each render, not each time that it is included."""
        loaded = get_loaded_templates()
        if name not in loaded:
            loaded[name] = super()._load_template(name, globals)
        return loaded[name]

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        return apply_operator(self.binop_table[operator], operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if not isinstance(obj, _PLAIN_TYPES):
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def find_method(self, obj: Any, name: str) -> Any:
        """Returns the value that a template calls as `obj.name`; for a mapping without that key, one of
        `LISTING_METHODS`.
        """
        return getattr(obj, name) if isinstance(obj, dict) and name not in obj else self.getattr(obj, name)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if not isinstance(obj, _PLAIN_TYPES):
            return super().getitem(obj, argument)
        try:
            return operator.getitem(obj, argument)  # type: ignore[arg-type]
        except (LookupError, TypeError):
            return self.undefined(obj=obj, name=argument)


@contextmanager
def _locate_errors(name: str | None, filename: str | None) -> Iterator[None]:
    """Turns errors of the compiler in a template that is nested too deeply into a syntax error of that template, not of
    the template that includes it.
    """
    try:
        yield
    except (RecursionError, MemoryError, SyntaxError, OverflowError) as error:
        raise TemplateSyntaxError("the template is nested too deeply", 1, name, filename) from error


def _make_dict(**entries: Any) -> dict[str, Any]:
    checked: dict[str, Any] = require_small_tree(entries)
    return checked


@lru_cache(maxsize=16)
def _make_environment(template_set: TemplateSet) -> Sandbox:
    return Sandbox(template_set)


# Jinja treats the results of these functions as markup and escapes only the values of placeholders. Interface words are
# text, and templates can translate content: both are escaped here.


def _gettext(message: str) -> Markup:
    return escape(_catalogue.get().get(message))


def _pgettext(context: str, message: str) -> Markup:
    return escape(_catalogue.get().get(message, context))


def _ngettext(one: str, other: str, count: int) -> Markup:
    return _translate_plural(one, other, count, None)


def _npgettext(context: str, one: str, other: str, count: int) -> Markup:
    return _translate_plural(one, other, count, context)


def _translate_plural(one: str, other: str, count: int, context: str | None) -> Markup:
    from brief.resolve.figures.plurals import find_plural_index

    catalogue = _catalogue.get()
    # A message without a translation is printed in English, in the plural forms of English.
    locale = catalogue.locale if catalogue.has(one, context) else "en"
    return escape(catalogue.get_plural(one, other, find_plural_index(count, locale), context))
