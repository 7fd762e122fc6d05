"""Makes the template variables of the live preview: a row for each block, with a cell for each locale."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from brief.model.artifact import Artifact
from brief.model.catalogue import Catalogue
from brief.model.diagnostics import Diagnostic
from brief.model.record import dataclass
from brief.model.variant import Variant
from brief.templating.plain import Plain
from brief.web.live.choice import LiveChoice, View
from brief.web.live.comparison import EarlierTexts, compare_block, list_sections
from brief.web.live.origins import PlacedDiagnostics, describe_origins, place_diagnostics
from brief.web.live.page_blocks import BACK_MATTER, prefix_ids, split_page
from brief.web.live_project import LoadedProject
from brief.web.view_models import Offer, describe_locale, list_diagnostics

_MAX_REMOVED_CHARACTERS = 300


@dataclass(frozen=True, slots=True, eq=False)
class ShownVariant:
    """A built variant: the HTML fragments of a page by id, or the page sizes of a PDF (width and height in pixels)."""

    revision: LoadedProject
    artifact: Artifact
    variant: Variant
    blocks: Mapping[str, str]
    sizes: tuple[tuple[int, int], ...] = ()

    @classmethod
    def from_artifact(
        cls,
        revision: LoadedProject,
        artifact: Artifact,
        sizes: tuple[tuple[int, int], ...],
        previous: "ShownVariant | None" = None,
    ) -> "ShownVariant":
        """Splits the artifact into its blocks if it is HTML, unless it is the same as that of the `previous` state;
        `sizes` are those of the pages of a PDF.
        """
        variant = revision.project.make_variant(artifact.audience, artifact.locale)
        sections = list_sections(variant)
        if previous and previous.artifact.sha256 == artifact.sha256 and list_sections(previous.variant) == sections:
            return cls(revision, artifact, variant, previous.blocks, sizes)
        blocks = split_page(artifact.data.decode(), sections) if artifact.format == "html" else {}
        return cls(revision, artifact, variant, blocks, sizes)


def describe_page(
    offer: Offer,
    choice: LiveChoice,
    variants: Sequence[ShownVariant],
    diagnostics: Sequence[Diagnostic],
    earlier: Mapping[str, EarlierTexts],
    interface: Catalogue,
    *,
    is_for_author: bool,
    is_broken: bool,
) -> dict[str, Plain]:
    """Returns the variables for the template of the live preview.

    Diagnostics, source locations, claims and changes are included only for authors. `is_broken` says that the variants
    are not those of the current files, which have errors.
    """
    first = variants[0]
    brief = first.revision.project.brief
    locale = offer.choose_locale(interface.locale)
    names = _list_rows(variants) if choice.view is View.BLOCKS else []
    placed = place_diagnostics(diagnostics, brief, names) if is_for_author else PlacedDiagnostics()
    origins = describe_origins(brief, choice.audience, locale, interface) if is_for_author and names else {}
    formats = offer.list_formats(choice.audience)
    return {
        "title": first.variant.title,
        "title_language": first.variant.locale,
        "audience": choice.audience,
        "audience_title": first.variant.audience_title,
        "marking": first.variant.marking,
        "content_language": locale,
        "audiences": [{"name": name, "title": _find_title(offer, name, locale)} for name in offer.audiences],
        "locales": [{**describe_locale(name), "chosen": name in choice.locales} for name in offer.locales],
        "views": [str(view) for view in View if view.format_name in formats],
        "view": str(choice.view),
        "compare": choice.compare,
        "revision": choice.revision,
        "is_for_author": is_for_author,
        "is_broken": is_broken,
        "rows": [_describe_row(name, variants, earlier, origins.get(name), placed) for name in names],
        "columns": [_describe_column(shown) for shown in variants],
        # Errors are listed together, because the lines of blocks may have moved since the page was built.
        "problems": list_diagnostics(diagnostics if is_broken else placed.others) if is_for_author else [],
        "removed": list(_list_removed(names, variants, earlier)),
    }


def _find_title(offer: Offer, audience: str, locale: str) -> str:
    phrase = offer.project.brief.audiences[audience].title.find_phrase(locale)
    return phrase.source if phrase else audience


def _list_rows(variants: Sequence[ShownVariant]) -> list[str]:
    """Lists the ids of all openings and blocks in reading order, including those that only some locales have."""
    names: dict[str, None] = {}
    sections = dict.fromkeys(section.id for shown in variants for section in shown.variant.sections)
    for section in sections:
        names[section] = None
        for shown in variants:
            names |= dict.fromkeys(list_sections(shown.variant).get(section, ()))
    return [*names, *(name for name in BACK_MATTER if any(name in shown.blocks for shown in variants))]


def _describe_row(
    name: str,
    variants: Sequence[ShownVariant],
    earlier: Mapping[str, EarlierTexts],
    origin: Plain,
    placed: PlacedDiagnostics,
) -> Plain:
    cells: list[Plain] = []
    for shown in variants:
        markup, locale = shown.blocks.get(name), shown.artifact.locale
        cells.append(
            {
                **describe_locale(locale),
                # Safe: the HTML writer escaped this page.
                "markup": None if markup is None else Markup(prefix_ids(markup, f"{locale}-")),  # noqa: S704
                "change": None if markup is None else compare_block(earlier.get(locale), name, markup),
            }
        )
    return {
        "id": name,
        "cells": cells,
        "is_changed": any(isinstance(cell, dict) and cell["change"] for cell in cells),
        "origin": origin,
        "diagnostics": list_diagnostics(placed.by_block.get(name, ())),
    }


def _describe_column(shown: ShownVariant) -> Plain:
    return {
        **describe_locale(shown.artifact.locale),
        "digest": shown.artifact.sha256[:16],
        "pages": [
            {"number": number, "width": width, "height": height}
            for number, (width, height) in enumerate(shown.sizes, start=1)
        ],
    }


def _list_removed(
    names: Sequence[str], variants: Sequence[ShownVariant], earlier: Mapping[str, EarlierTexts]
) -> list[Plain]:
    """Lists the blocks of earlier pages that the current pages lack, each with the beginning of its text."""
    current = {*names, *BACK_MATTER}
    return [
        {"id": name, "tag": shown.artifact.locale, "words": text[:_MAX_REMOVED_CHARACTERS]}
        for shown in variants
        for name, text in (earlier.get(shown.artifact.locale) or {}).items()
        if name not in current
    ]
