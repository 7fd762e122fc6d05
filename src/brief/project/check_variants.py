"""Checks whether the variants of a project can be written, without localising what earlier checks have seen.

With packaged templates, only charts can keep a variant from being written. A chart without findings is recorded by its
localised content. Charts are not even localised while everything they depend on is unchanged: the files other than the
themes, the charts as written, and the blocks and themes by which they are numbered.
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
    """The parts of a project that could be loaded: the brief and its template sets by name, and results of earlier
    checks.

    `digest_except_themes` is the digest of the project's files other than its themes, computed before they were read;
    it is empty without a store.
    """

    root: Path
    brief: Brief
    template_sets: Mapping[str, TemplateSet]
    cache: CheckCache
    clean: CleanTexts
    digest_except_themes: str


def preflight_variants(parts: LoadedParts) -> Iterator[Diagnostic]:
    """Yields the diagnostics of everything that would keep a variant from being written.

    After a render has exceeded its limit of time or memory, no other variant is rendered with the same template set.
    """
    needs_only_charts_of_set = cache(needs_only_charts)
    stopped_sets: list[TemplateSet] = []
    # A file that has changed since it was read may be newer than what was read.
    rest_digest = parts.digest_except_themes
    is_unchanged = bool(rest_digest) and fingerprint_except_themes(parts.root) == rest_digest
    for name, audience in parts.brief.audiences.items():
        selected = select(parts.brief, name)
        formats = tuple(ref.name for ref in audience.formats)
        template_set = parts.template_sets[(audience.template_set or parts.brief.settings.template_set).name]
        if not needs_only_charts_of_set(template_set, formats):
            try:
                for locale in parts.brief.locales if template_set not in stopped_sets else ():
                    yield from _preflight_variant(parts, selected, locale, template_set, formats)
            except RenderLimitError as error:
                stopped_sets.append(template_set)
                yield from error.diagnostics
        elif is_unchanged and not _depends_on_other_blocks(selected):
            inputs = ("charts", name, *formats, rest_digest, _fingerprint_charts(selected))
            check = partial(_preflight_charts, parts, selected, template_set, formats)
            yield from parts.cache.find_or_check(template_set, inputs, check)
        else:
            yield from _preflight_charts(parts, selected, template_set, formats)


def _preflight_variant(
    parts: LoadedParts, selected: Brief, locale: str, template_set: TemplateSet, formats: tuple[str, ...]
) -> tuple[Diagnostic, ...]:
    """Returns the diagnostics of filling in the templates of one variant."""
    from brief.build.render import fingerprint_variant
    from brief.resolve.localise import localise_gated

    variant, _ = localise_gated(selected, locale)
    check = partial(preflight, variant, template_set, formats)
    if parts.cache.store is None:
        return tuple(check())
    # The diagnostics have locations, which are not in the digest of the variant, because no artifact depends on them.
    locations = tuple(str(block.location) for theme in selected.themes.values() for block in theme.blocks)
    return parts.cache.find_or_check(
        template_set, ("variant", *formats, fingerprint_variant(variant, template_set), *locations), check
    )


def _preflight_charts(
    parts: LoadedParts, selected: Brief, template_set: TemplateSet, formats: tuple[str, ...]
) -> Iterator[Diagnostic]:
    """Draws each chart of an audience in each locale, except charts without findings in an earlier check."""
    # Localising imports many modules, and most checks localise nothing.
    from brief.resolve.localise import localise_gated

    set_digest = fingerprint.fingerprint_template_set(template_set)
    for locale in parts.brief.locales:
        variant, _ = localise_gated(selected, locale, only_charts=True)
        messages = repr(sorted(variant.catalogue.messages.items()))
        rule = parts.clean.for_rule("charts", parts.cache.machine, set_digest, locale, *formats, messages)
        charts = [(section, block) for section in variant.sections for block in section.blocks]
        # A page without a chart shows the problems of the style sheets alone.
        pages = {repr(block): (replace(section, blocks=(block,)),) for section, block in charts} | {"": ()}
        unknown = {content: sections for content, sections in pages.items() if not rule.recall(content)}
        unknown_variant = replace(
            variant, sections=tuple(section for sections in unknown.values() for section in sections)
        )
        if unknown and not any(preflight(unknown_variant, template_set, formats)):
            for content in unknown:
                rule.add(content)
            continue
        for content, sections in unknown.items():
            diagnostics = tuple(preflight(replace(variant, sections=sections), template_set, formats))
            if not diagnostics:
                rule.add(content)
            yield from diagnostics


def _fingerprint_charts(selected: Brief) -> str:
    """Returns the digest of an audience's charts as written with their locations, and of what their numbers and gates
    depend on.
    """
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
