"""Checks whether the variants of a project can be written, without localising what earlier checks have seen.

With packaged templates, only charts can keep a variant from being written, and a chart in which nothing was found is known
by its localised content. Not even charts are localised while everything that shapes them is the same: the files beside the
themes, the charts as written, and what numbers them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import cache, partial
from pathlib import Path

from brief.build import fingerprint
from brief.model.blocks import Chart, Vega
from brief.model.brief import Brief, Gate
from brief.model.diagnostics import Diagnostic, RenderLimitError
from brief.model.inline import CrossReference
from brief.model.record import dataclass
from brief.project.check_cache import CheckCache
from brief.project.inputs import fingerprint_except_themes
from brief.reading.layout import THEMES
from brief.reading.reading_cache import dump_record
from brief.resolve import walk
from brief.resolve.checks.clean_texts import CleanTexts
from brief.resolve.select import select
from brief.store import digest
from brief.templating.template_set import TemplateSet
from brief.writers.preflight import needs_only_charts, preflight


@dataclass(frozen=True, slots=True)
class LoadedParts:
    """What could be loaded of a project: the brief and its template sets by name, and what earlier checks have found.

    `beside` is the digest of the project's files beside its themes, taken before they were read; "" without a store.
    """

    root: Path
    brief: Brief
    template_sets: Mapping[str, TemplateSet]
    cache: CheckCache
    clean: CleanTexts
    beside: str


def preflight_variants(parts: LoadedParts) -> Iterator[Diagnostic]:
    """Reports what would keep a variant from being written.

    Once a template has taken all the time or memory of a render, other variants are not rendered with its set.
    """
    needs_only_charts_of_set = cache(needs_only_charts)
    stopped: list[TemplateSet] = []
    # A file that has changed since it was read may be newer than what was read.
    beside = parts.beside if parts.beside and fingerprint_except_themes(parts.root) == parts.beside else ""
    for name, audience in parts.brief.audiences.items():
        cut = select(parts.brief, name)
        formats = tuple(ref.name for ref in audience.formats)
        template_set = parts.template_sets[(audience.template_set or parts.brief.settings.template_set).name]
        if not needs_only_charts_of_set(template_set, formats):
            try:
                for locale in parts.brief.locales if template_set not in stopped else ():
                    yield from _preflight_variant(parts, cut, locale, template_set, formats)
            except RenderLimitError as error:
                stopped.append(template_set)
                yield from error.diagnostics
        elif beside and not _depends_on_other_blocks(cut):
            inputs = ("charts", name, *formats, beside, _fingerprint_charts(cut))
            check = partial(_preflight_charts, parts, cut, template_set, formats)
            yield from parts.cache.find(template_set, inputs, check)
        else:
            yield from _preflight_charts(parts, cut, template_set, formats)


def _preflight_variant(
    parts: LoadedParts, cut: Brief, locale: str, template_set: TemplateSet, formats: tuple[str, ...]
) -> tuple[Diagnostic, ...]:
    """Fills in the templates of one variant."""
    from brief.build.render import fingerprint_variant
    from brief.resolve.localise import localise_gated

    variant, _ = localise_gated(cut, locale)
    check = partial(preflight, variant, template_set, formats)
    if parts.cache.store is None:
        return tuple(check())
    # What is found says where; the places of blocks shape no artifact, and so are not in its digest.
    places = tuple(str(block.location) for theme in cut.themes.values() for block in theme.blocks)
    return parts.cache.find(
        template_set, ("variant", *formats, fingerprint_variant(variant, template_set), *places), check
    )


def _preflight_charts(
    parts: LoadedParts, cut: Brief, template_set: TemplateSet, formats: tuple[str, ...]
) -> Iterator[Diagnostic]:
    """Draws each chart of an audience in each locale, unless nothing was found when it was drawn before."""
    # Localising needs much that is not needed where nothing is localised.
    from brief.resolve.localise import localise_gated

    look = fingerprint.fingerprint_template_set(template_set)
    for locale in parts.brief.locales:
        variant, _ = localise_gated(cut, locale, only_charts=True)
        words = repr(sorted(variant.catalogue.messages.items()))
        rule = parts.clean.select_rule("charts", parts.cache.machine, look, locale, *formats, words)
        charts = [(section, block) for section in variant.sections for block in section.blocks]
        # Without a chart, what is left are the style sheets.
        pages = {repr(block): (replace(section, blocks=(block,)),) for section, block in charts} | {"": ()}
        unknown = {content: page for content, page in pages.items() if not rule.has(content)}
        together = replace(variant, sections=tuple(section for page in unknown.values() for section in page))
        if unknown and not any(preflight(together, template_set, formats)):
            for content in unknown:
                rule.add(content)
            continue
        for content, page in unknown.items():
            found = tuple(preflight(replace(variant, sections=page), template_set, formats))
            if not found:
                rule.add(content)
            yield from found


def _fingerprint_charts(cut: Brief) -> str:
    """Returns the digest of an audience's charts as written, with their places, and of what numbers and gates them."""
    order = [
        (name, theme.appendix, [(block.KIND, str(block.id)) for block in theme.blocks])
        for name, theme in cut.themes.items()
    ]
    charts = _list_charts(cut)
    # Charts print their own texts, and those of other files, but none of other blocks.
    printed = {text.location for text in walk.walk_texts(charts)}
    gated = sorted(
        (str(location), locale, each.state.value)
        for (location, locale), each in cut.translations.items()
        if location in printed or not location.file.startswith(f"{THEMES}/")
    )
    return digest(repr(order), repr(gated), *map(dump_record, charts))


def _depends_on_other_blocks(cut: Brief) -> bool:
    """Returns whether a chart refers to another block, whose heading it then prints, or whether blocks may be left out."""
    (audience,) = cut.audiences.values()
    gates = audience.gates
    is_cut = bool(cut.translations) and Gate.OMIT in (getattr(gates, field.name) for field in fields(gates))
    return is_cut or any(isinstance(run, CrossReference) for run in walk.walk_references(_list_charts(cut)))


def _list_charts(cut: Brief) -> tuple[Chart | Vega, ...]:
    return tuple(block for theme in cut.themes.values() for block in theme.blocks if isinstance(block, Chart | Vega))
