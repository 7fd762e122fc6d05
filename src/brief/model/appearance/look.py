"""The look of a template set as plain data: colours, fonts, logo. `brief.templating.template_set` creates it."""

from collections.abc import Mapping
from functools import lru_cache

from brief.model.appearance.brand import Omission
from brief.model.assets import Image
from brief.model.locale import find_best_locale, get_primary_language, split_subtags
from brief.model.record import dataclass
from brief.model.scripts import find_han_region, find_script
from brief.model.source_location import Ref

DEFAULT_PDF_ENGINE = Ref("weasyprint")


@dataclass(frozen=True, slots=True)
class Faces:
    """Font families in order of preference: the Latin font first, then the regional Han font. `mono` is for code in PDF."""

    serif: tuple[str, ...]
    sans: tuple[str, ...]
    mono: tuple[str, ...] = ()

    @property
    def families(self) -> tuple[str, ...]:
        """Every family, once."""
        return tuple(dict.fromkeys((*self.serif, *self.sans, *self.mono)))

    @property
    def text_families(self) -> tuple[str, ...]:
        """The families of running text, once each."""
        return tuple(dict.fromkeys((*self.serif, *self.sans)))

    @property
    def code_families(self) -> tuple[str, ...]:
        """The families of code, once each; the sans families draw the characters that `mono` lacks."""
        return tuple(dict.fromkeys((*self.mono, *self.sans)))


@dataclass(frozen=True, slots=True)
class RenderLimits:
    """The limits of a render of one template: seconds of processor time, and megabytes of memory."""

    seconds: float = 10.0
    megabytes: int = 500


@dataclass(frozen=True, slots=True)
class Look:
    """The settings of `set.yaml` and `brand.yaml`, fully resolved.

    `colours` maps each `Role` to `#rrggbb`, `series` lists the colours of data series, and `faces` maps locale tags to
    faces. `has_footnotes` says that references are also printed at the bottom of the page, `has_compact` that short
    variants have a band instead of a cover and contents, and `is_landscape` that pages are wider than high.
    `pdf_engine` names the engine that lays out PDFs. `leaves_out` lists what the templates do not print on purpose.
    """

    colours: Mapping[str, str]
    series: tuple[str, ...]
    faces: Mapping[str, Faces]
    logo: Image | None = None
    has_footnotes: bool = False
    has_compact: bool = True
    is_landscape: bool = False
    pdf_engine: Ref = DEFAULT_PDF_ENGINE
    limits: RenderLimits = RenderLimits()
    leaves_out: tuple[Omission, ...] = ()

    def find_faces(self, locale: str) -> Faces:
        """Returns the faces of the locale, of the nearest tag above it (RFC 4647 section 3.4), or of another locale in
        its script.

        Raises:
            LookupError: no faces are given for the script (see `TemplateSet.check_faces`).
        """
        tag = choose_faces(tuple(self.faces), locale)
        if tag is None:
            raise LookupError(f"there are no faces for '{locale}'")
        return self.faces[tag]

    def has_faces_for(self, locale: str) -> bool:
        return choose_faces(tuple(self.faces), locale) is not None


@lru_cache(maxsize=1000)
def choose_faces(tags: tuple[str, ...], locale: str) -> str | None:
    """Returns the tag, out of `tags`, whose fonts draw the locale; None if none is in its script.

    Cached, because preflight, charts and writers all ask for it.
    """
    if (tag := find_best_locale(locale, tags)) is not None:
        return tag
    script, region = find_script(locale), find_han_region(locale) or split_subtags(locale)[2]
    full_tag = "-".join(filter(None, (get_primary_language(locale), script, region)))
    if (tag := find_best_locale(full_tag, tags)) is not None:
        return tag
    in_script = [tag for tag in tags if script is not None and find_script(tag) == script]
    return next((tag for tag in in_script if split_subtags(tag)[2] == region), in_script[0] if in_script else None)
