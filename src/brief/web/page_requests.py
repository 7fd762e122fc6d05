"""What the pages of a project share: the language and the selection of a request, template variables, and failures."""

import secrets
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from brief.model.artifact import BuildSelection
from brief.model.diagnostics import BriefError
from brief.model.record import dataclass
from brief.templating.plain import Plain
from brief.web.languages import LANGUAGES, choose_language
from brief.web.view_models import BROWSER_FORMATS, FORMAT_NAMES, Offer

if TYPE_CHECKING:
    from starlette.requests import Request


# How much of a name in an address a page repeats.
_MAX_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class OfferedLink:
    """A link; `address` is relative to the first page in the same language."""

    label: str
    address: str


class NotOfferedError(Exception):
    """An address names something that is not on offer, or that does not exist.

    `kind` says what the name means: "audience", "locale", "format", "language", "page" or "state". `links` lead to what
    is on offer instead, and do not name what the reader may not see.
    """

    def __init__(self, kind: str, name: str, links: Collection[OfferedLink] = (), count: int = 0) -> None:
        super().__init__(kind, name)
        self.kind = kind
        self.name = "".join(
            each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name[:_MAX_CHARACTERS]
        )
        self.links = links
        self.count = count

    def describe(self) -> dict[str, Plain]:
        """Returns the variables of `web/not_offered.html.j2`."""
        links: list[Plain] = [{"label": link.label, "address": link.address} for link in self.links]
        return {"missing": {"kind": self.kind, "name": self.name, "links": links, "count": self.count}}


def choose_page_language(request: "Request") -> str:
    """Returns the language in the path of a request, or else the language that the browser prefers."""
    language: str = request.path_params.get("language", "")
    return language if language in LANGUAGES else choose_language(request.headers.get("accept-language", ""))


def require_language(request: "Request") -> str:
    """Returns the language in the path of a request.

    Raises:
        NotOfferedError: it is not one of `LANGUAGES`.
    """
    language: str = request.path_params["language"]
    if language not in LANGUAGES:
        # From the first page in the language that the browser prefers, which does not exist in this one.
        raise NotOfferedError(
            "language", language, [OfferedLink(name, f"../{tag}/") for tag, name in LANGUAGES.items()]
        )
    return language


def make_page_context(request: "Request") -> dict[str, Plain]:
    """Returns the variables of every page template.

    `root` is the relative URL of the first page in the same language, and `path` is the path and query of this page
    from there.
    """
    path = "".join(request.url.path.split("/", 2)[2:])
    return {
        "language": choose_page_language(request),
        "format_names": dict(FORMAT_NAMES),
        "browser_formats": list(BROWSER_FORMATS),
        "languages": [{"tag": tag, "name": name} for tag, name in LANGUAGES.items()],
        "root": "../" * path.count("/"),
        "path": path + (f"?{request.url.query}" if request.url.query else ""),
    }


def require_selection(request: "Request", offer: Offer) -> BuildSelection:
    """Returns the selection in the query; of audiences, locales or formats that it does not name, all are selected.

    Raises:
        NotOfferedError: something is not on offer.
    """
    query = request.query_params
    selected: list[tuple[str, ...]] = []
    for kind, offered in (("audience", offer.audiences), ("locale", offer.locales), ("format", offer.formats)):
        names = query.getlist(kind)
        if unknown := next((name for name in names if name not in offered), None):
            raise NotOfferedError(kind, unknown, [OfferedLink(name, f"?{kind}={name}") for name in offered])
        selected.append(tuple(name for name in offered if not names or name in names))
    return BuildSelection(*selected)


def require_offered(offer: Offer, audience: str, locale: str, format_name: str) -> None:
    """Raises a NotOfferedError if the variant is not on offer in this format."""
    if audience not in offer.audiences:
        links = [
            OfferedLink(name, f"{name}/{offer.locales[0]}/{offer.list_formats(name)[0]}") for name in offer.audiences
        ]
        raise NotOfferedError("audience", audience, links)
    formats = offer.list_formats(audience)
    if locale not in offer.locales:
        shown = format_name if format_name in formats else formats[0]
        raise NotOfferedError(
            "locale", locale, [OfferedLink(name, f"{audience}/{name}/{shown}") for name in offer.locales]
        )
    if format_name not in formats:
        raise NotOfferedError(
            "format", format_name, [OfferedLink(name, f"{audience}/{locale}/{name}") for name in formats]
        )


def number_failure(error: BaseException, report: Callable[[str], None]) -> str:
    """Reports an error with a random number, and returns the number, which a page shows instead of the error."""
    number = secrets.token_hex(4)
    report(f"{number}: {error if isinstance(error, BriefError) else repr(error)}")
    return number
