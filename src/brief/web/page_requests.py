"""Reads from a request what every page of a project needs: the language, and the path of the page."""

from typing import TYPE_CHECKING

from brief.templating.plain import Plain
from brief.web.languages import LANGUAGES, preferred
from brief.web.responses import missing
from brief.web.view_models import FORMAT_NAMES, SHOWN

if TYPE_CHECKING:
    from starlette.requests import Request


def page_language(request: "Request") -> str:
    """Returns the language of the requested page, even if the page does not exist."""
    language: str = request.path_params.get("language", "")
    return language if language in LANGUAGES else preferred(request.headers.get("accept-language", ""))


def require_language(request: "Request") -> str:
    """Returns the language of the requested page, which must be one of `LANGUAGES`."""
    language: str = request.path_params["language"]
    if language not in LANGUAGES:
        raise missing()
    return language


def page_context(request: "Request") -> dict[str, Plain]:
    """Returns the variables of every page template: its language, the others, and the path to the first page."""
    path = "".join(request.url.path.split("/", 2)[2:])
    return {
        "language": page_language(request),
        "format_names": dict(FORMAT_NAMES),
        "shown": list(SHOWN),
        "languages": [{"tag": tag, "name": name} for tag, name in LANGUAGES.items()],
        "root": "../" * path.count("/"),
        "path": path + (f"?{request.url.query}" if request.url.query else ""),
    }
