"""What the pages of a project share: the language and the selection of a request, template variables, and failures."""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from brief.model.artifact import BuildSelection
from brief.model.diagnostics import BriefError
from brief.templating.plain import Plain
from brief.web.languages import LANGUAGES, choose_language
from brief.web.responses import make_not_found_error
from brief.web.view_models import BROWSER_FORMATS, FORMAT_NAMES, Offer

if TYPE_CHECKING:
    from starlette.requests import Request


def choose_page_language(request: "Request") -> str:
    """Returns the language in the path of a request, or else the language that the browser prefers."""
    language: str = request.path_params.get("language", "")
    return language if language in LANGUAGES else choose_language(request.headers.get("accept-language", ""))


def require_language(request: "Request") -> str:
    """Returns the language in the path of a request.

    Raises:
        HTTPException: 404, it is not one of `LANGUAGES`.
    """
    language: str = request.path_params["language"]
    if language not in LANGUAGES:
        raise make_not_found_error()
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
        HTTPException: 404, something is not on offer.
    """
    query = request.query_params
    selection = offer.make_selection(query.getlist("audience"), query.getlist("locale"), query.getlist("format"))
    if selection is None:
        raise make_not_found_error()
    return selection


def number_failure(error: BaseException, report: Callable[[str], None]) -> str:
    """Reports an error with a random number, and returns the number, which a page shows instead of the error."""
    number = secrets.token_hex(4)
    report(f"{number}: {error if isinstance(error, BriefError) else repr(error)}")
    return number
