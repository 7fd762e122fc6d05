"""Checks whether the variants of a project can be written, without localising what earlier checks have seen.

With packaged templates, only charts can keep a variant from being written, and a chart in which nothing was found is known
by its localised content. Not even charts are localised while everything that they depend on is the same: the files other
than the themes, the charts as written, and what numbers them.
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
from brief.project.project_fingerprint import fingerprint_except_themes
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

    `digest_except_themes` is the digest of the project's files other than its themes, taken before they were read; ""
    without a store.
    """

    root: Path
    brief: Brief
    template_sets: Mapping[str, TemplateSet]
    cache: CheckCache
    clean: CleanTexts
    digest_except_themes: str


def preflight_variants(parts: LoadedParts) -> Iterator[Diagnostic]:
    """Reports what would keep a variant from being written.

    Once a template has taken all the time or memory of a render, other variants are not rendered with its set.
    """
    needs_only_charts_of_set = cache(needs_only_charts)
    stopped: list[TemplateSet] = []
    # A file that has changed since it was read may be newer than what was read.
    others = parts.digest_except_themes
    is_unchanged = bool(others) and fingerprint_except_themes(parts.root) == others
    for name, audience in parts.brief.audiences.items():
        selected = select(parts.brief, name)
        formats = tuple(ref.name for ref in audience.formats)
        template_set = parts.template_sets[(audience.template_set or parts.brief.settings.template_set).name]
        if not needs_only_charts_of_set(template_set, formats):
            try:
                for locale in parts.brief.locales if template_set not in stopped else ():
                    yield from _preflight_variant(parts, selected, locale, template_set, formats)
            except RenderLimitError as error:
                stopped.append(template_set)
                yield from error.diagnostics
        elif is_unchanged and not _depends_on_other_blocks(selected):
            inputs = ("charts", name, *formats, others, _fingerprint_charts(selected))
            check = partial(_preflight_charts, parts, selected, template_set, formats)
            yield from parts.cache.find_or_check(template_set, inputs, check)
        else:
            yield from _preflight_charts(parts, selected, template_set, formats)


def _preflight_variant(
    parts: LoadedParts, selected: Brief, locale: str, template_set: TemplateSet, formats: tuple[str, ...]
) -> tuple[Diagnostic, ...]:
    """Returns what is wrong when the templates of one variant are filled in."""
    from brief.build.render import fingerprint_variant
    from brief.resolve.localise import localise_gated

    variant, _ = localise_gated(selected, locale)
    check = partial(preflight, variant, template_set, formats)
    if parts.cache.store is None:
        return tuple(check())
    # The diagnostics have locations, which are not in the digest of the variant, because no artifact depends on them.
    places = tuple(str(block.location) for theme in selected.themes.values() for block in theme.blocks)
    return parts.cache.find_or_check(
        template_set, ("variant", *formats, fingerprint_variant(variant, template_set), *places), check
    )


def _preflight_charts(
    parts: LoadedParts, selected: Brief, template_set: TemplateSet, formats: tuple[str, ...]
) -> Iterator[Diagnostic]:
    """Draws each chart of an audience in each locale, unless nothing was found when it was drawn before."""
    # Localising needs much that is not needed where nothing is localised.
    from brief.resolve.localise import localise_gated

    look = fingerprint.fingerprint_template_set(template_set)
    for locale in parts.brief.locales:
        variant, _ = localise_gated(selected, locale, only_charts=True)
        words = repr(sorted(variant.catalogue.messages.items()))
        rule = parts.clean.for_rule("charts", parts.cache.machine, look, locale, *formats, words)
        charts = [(section, block) for section in variant.sections for block in section.blocks]
        # A page without a chart finds what is wrong with the style sheets alone.
        pages = {repr(block): (replace(section, blocks=(block,)),) for section, block in charts} | {"": ()}
        unknown = {content: page for content, page in pages.items() if not rule.recall(content)}
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


def _fingerprint_charts(selected: Brief) -> str:
    """Returns the digest of an audience's charts as written, with their places, and of what numbers and gates them."""
    order = [
        (name, theme.appendix, [(block.KIND, str(block.id)) for block in theme.blocks])
        for name, theme in selected.themes.items()
    ]
    charts = _list_charts(selected)
    # Charts print their own texts and texts of other files, but no texts of other blocks.
    printed = {text.location for text in walk.walk_texts(charts)}
    gated = sorted(
        (str(location), locale, each.state.value)
        for (location, locale), each in selected.translations.items()
        if location in printed or not location.file.startswith(f"{THEMES}/")
    )
    return digest(repr(order), repr(gated), *map(dump_record, charts))


def _depends_on_other_blocks(selected: Brief) -> bool:
    """Returns whether a chart refers to another block, whose heading it then prints, or whether blocks may be left out."""
    (audience,) = selected.audiences.values()
    gates = audience.gates
    may_omit = bool(selected.translations) and Gate.OMIT in (getattr(gates, field.name) for field in fields(gates))
    return may_omit or any(isinstance(run, CrossReference) for run in walk.walk_references(_list_charts(selected)))


def _list_charts(selected: Brief) -> tuple[Chart | Vega, ...]:
    return tuple(
        block for theme in selected.themes.values() for block in theme.blocks if isinstance(block, Chart | Vega)
    )
