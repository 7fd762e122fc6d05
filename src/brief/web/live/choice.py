"""What a reader of the live preview chooses: audience, locales, view and comparison."""

import enum
from typing import TYPE_CHECKING

from brief.model.record import dataclass
from brief.web.live.comparison import PACK
from brief.web.page_requests import NotOfferedError, OfferedLink
from brief.web.view_models import Offer

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

MAX_LOCALES = 3
_GIT, _LAST_COMMIT = "git", "HEAD"
_MAX_CHARACTERS = 200  # of a revision


class View(enum.StrEnum):
    """How the preview is shown: blocks side by side, or the pages of the PDF."""

    BLOCKS = "blocks"
    PDF = "pdf"

    @property
    def format_name(self) -> str:
        """The format that is built for the view."""
        return "html" if self is View.BLOCKS else "pdf"


@dataclass(frozen=True, slots=True)
class LiveChoice:
    """What the reader of the preview chose. `compare` is "", "pack" or "git"; `revision` is the git revision for "git"."""

    audience: str
    locales: tuple[str, ...]
    view: View
    compare: str
    revision: str

    @property
    def since(self) -> str:
        """What to compare with: "pack", a git revision, or "" for no comparison."""
        return self.revision if self.compare == _GIT else self.compare


def read_choice(audience: str, query: "QueryParams", offer: Offer) -> LiveChoice:
    """Reads the choice from the query of a URL, with defaults: the source locale and one more, and the first view.

    Locales beyond the third are left out. A `since` that is none of the choices on the page is a git revision.

    Raises:
        NotOfferedError: the query asks for something that is not on offer.
    """
    if audience not in offer.audiences:
        raise NotOfferedError("audience", audience, [OfferedLink(name, f"live/{name}") for name in offer.audiences])
    requested = query.getlist("locale")
    if unknown := next((name for name in requested if name not in offer.locales), None):
        links = [OfferedLink(name, f"live/{audience}?locale={name}") for name in offer.locales]
        raise NotOfferedError("locale", unknown, links)
    source = str(offer.project.brief.settings.source_locale)
    defaults = sorted(offer.locales, key=lambda locale: locale != source)[:2]
    locales = tuple(locale for locale in offer.locales if locale in (requested or defaults))[:MAX_LOCALES]
    formats = offer.list_formats(audience)
    available = [view for view in View if view.format_name in formats]
    view = query.get("view") or next(iter(available), "")
    if view not in available:
        raise NotOfferedError("format", view, [OfferedLink(each, f"live/{audience}?view={each}") for each in available])
    compare, revision = query.get("since", ""), query.get("revision", "")
    if compare not in ("", PACK, _GIT):
        compare, revision = _GIT, compare
    elif compare == _GIT:
        revision = revision or _LAST_COMMIT
    return LiveChoice(audience, locales, View(view), compare, revision[:_MAX_CHARACTERS])
