"""The page behind `brief serve`: choose editions of a project, preview and download them, and see what is wrong."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING

from brief.model.artifact import Artifact, Order
from brief.model.diagnostics import BriefError, ContentError, Diagnostic, Severity
from brief.publish.archive import archive_pack, make_archives
from brief.templating.plain import Plain
from brief.templating.sandbox import render
from brief.templating.template_set import find_template_set
from brief.web.application import application
from brief.web.build_service import BuildService
from brief.web.languages import LANGUAGES, preferred, words
from brief.web.responses import PAGE, STYLE, answer, missing, size
from brief.web.single_flight import BusyError
from brief.web.view_models import FORMAT_NAMES, SHOWN, Offer, list_diagnostics, locale_entry, overview
from brief.writers.html import build_screen_stylesheet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from brief.web.live_project import Revision

_HOME, _EDITION, _PROBLEM = "web/home.html.j2", "web/edition.html.j2", "web/problem.html.j2"
_STYLES = ("screen.css", "preview/page.css", "web/page.css")
_RETRY = 5  # seconds

_OWN = "frame-ancestors 'none'; base-uri 'none'"
# Our pages load their style sheet, show an edition in a frame, and send a choice back here.
_PAGE_POLICY = f"default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; {_OWN}"
# An edition is shown without script and without reaching anybody, in our frame alone.
_SHOWN_POLICY = "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
_POLICIES = {
    "html": f"sandbox; img-src data:; font-src data:; style-src 'unsafe-inline'; {_SHOWN_POLICY}",
    # Browsers show a PDF in a page of their own making, which a sandbox would keep them from.
    "pdf": f"style-src 'unsafe-inline'; {_SHOWN_POLICY}",
}


def app(editions: BuildService, *, token: str, tell: Callable[[str], None] = lambda _: None) -> "ASGIApp":
    """The application, whose pages stand below `/token/`. What goes wrong inside is told under a number of its own.

    Raises:
        MachineError: the extra `web` is not installed.
    """
    pages = _Pages(editions, tell)

    @asynccontextmanager
    async def lifespan(_: object) -> "AsyncIterator[None]":
        editions.start()
        yield
        editions.close()

    return application(
        {
            "/": pages.entrance,
            "/{language}/": pages.home,
            "/{language}/style.css": pages.style,
            "/{language}/zip": pages.archive,
            "/{language}/{audience}/{locale}/{form}": pages.edition,
            "/{language}/{audience}/{locale}/{form}/file": pages.file,
        },
        token,
        faults={
            BusyError: pages.busy,
            ContentError: pages.faulty,
            BriefError: pages.failed,
            Exception: pages.failed,
        },
        lifespan=lifespan,
    )


class _Pages:
    """Answers to requests."""

    def __init__(self, editions: BuildService, tell: Callable[[str], None]) -> None:
        self.editions = editions
        self.tell = tell
        self.look = find_template_set("base")
        self.css = cache(lambda language: build_screen_stylesheet(language, self.look, *_STYLES).encode())

    async def entrance(self, request: "Request") -> "Response":
        """Leads on to the page in the language that the browser asks for."""
        from starlette.responses import Response

        language = preferred(request.headers.get("accept-language", ""))
        return Response(status_code=302, headers={"Location": f"{language}/", "Vary": "Accept-Language"})

    async def home(self, request: "Request") -> "Response":
        language = _language(request)
        try:
            revision, offer = await self._offer()
        except ContentError as error:
            return self._page(request, _PROBLEM, self._faulty(error.diagnostics))
        order = _order(request, offer)
        told = await asyncio.to_thread(overview, offer, order, language, words(language))
        return self._page(request, _HOME, told | {"warnings": self._told(revision.project.diagnostics)})

    async def edition(self, request: "Request") -> "Response":
        """One edition, in a frame where browsers show its format."""
        language, (revision, offer) = _language(request), await self._offer()
        artifact, warnings = await self._artifact(request, revision, offer)
        variant = await asyncio.to_thread(offer.project.variant, artifact.audience, offer.locale_for(language))
        context: dict[str, Plain] = {
            "title": variant.title,
            "content_language": variant.locale,
            "audience": artifact.audience,
            "audience_title": variant.audience_title,
            "marking": variant.marking,
            "locale": locale_entry(artifact.locale),
            "locales": [locale_entry(locale) for locale in offer.locales],
            "format": artifact.format,
            "formats": list(offer.formats_of(artifact.audience)),
            "size": size(len(artifact.data)),
            "pages": artifact.pages,
            "warnings": self._told(warnings),
        }
        return self._page(request, _EDITION, context)

    async def file(self, request: "Request") -> "Response":
        """An edition's bytes, to be shown or, with `?save`, to be kept."""
        _language(request)
        artifact, _ = await self._artifact(request, *await self._offer())
        is_saved = "save" in request.query_params or artifact.format not in SHOWN
        return answer(
            request,
            artifact.data,
            artifact.media_type,
            policy=None if is_saved else _POLICIES[artifact.format],
            name=artifact.name,
            is_saved=is_saved,
        )

    async def archive(self, request: "Request") -> "Response":
        """What was chosen: one audience's editions as `brief build --zip` packs them, or several audiences' together."""
        _language(request)
        revision, offer = await self._offer()
        order = _order(request, offer)
        if not any(set(order.formats).intersection(offer.formats_of(audience)) for audience in order.audiences):
            raise missing()
        pack = await self.editions.pack(revision, order)
        audiences = {artifact.audience for artifact in pack}
        if len(audiences) == 1:
            (packed,) = await asyncio.to_thread(make_archives, pack)
            return answer(request, packed.data, packed.media_type, name=packed.name)
        data = await asyncio.to_thread(archive_pack, pack)
        return answer(request, data, "application/zip", name=f"{pack.brief}.zip")

    async def style(self, request: "Request") -> "Response":
        return answer(request, self.css(_language(request)), STYLE)

    async def _offer(self) -> "tuple[Revision, Offer]":
        revision = await self.editions.current()
        offer = Offer(revision.project, self.editions.audiences(revision))
        if not offer.audiences:
            raise missing()
        return revision, offer

    async def _artifact(
        self, request: "Request", revision: "Revision", offer: Offer
    ) -> tuple[Artifact, Sequence[Diagnostic]]:
        asked = tuple(request.path_params[name] for name in ("audience", "locale", "form"))
        if not offer.has(*asked):
            raise missing()
        audience, locale, form = asked
        pack = await self.editions.pack(revision, Order((audience,), (locale,), (form,)))
        return pack[audience, locale, form], pack.diagnostics

    # Each gets the exception that it is for; Starlette knows them as exceptions alone.

    async def faulty(self, request: "Request", error: Exception) -> "Response":
        context = self._faulty(getattr(error, "diagnostics", ()))
        return self._page(request, _PROBLEM, context, status=422)

    async def busy(self, request: "Request", _: Exception) -> "Response":
        answered = self._page(request, _PROBLEM, _problem("busy"), status=503)
        answered.headers["Retry-After"] = str(_RETRY)
        return answered

    async def failed(self, request: "Request", error: Exception) -> "Response":
        number = secrets.token_hex(4)
        self.tell(f"{number}: {error if isinstance(error, BriefError) else repr(error)}")
        return self._page(request, _PROBLEM, _problem("failed") | {"number": number}, status=500)

    def _faulty(self, diagnostics: Sequence[Diagnostic]) -> dict[str, Plain]:
        errors = sum(each.severity is Severity.ERROR for each in diagnostics)
        return _problem("faulty") | {"count": errors, "faults": self._told(diagnostics)}

    def _told(self, diagnostics: Sequence[Diagnostic]) -> Plain:
        # They quote what stands in the content, whoever may see it.
        return [] if self.editions.granted else list_diagnostics(diagnostics)

    def _page(self, request: "Request", template: str, context: dict[str, Plain], *, status: int = 200) -> "Response":
        language = _spoken(request)
        path = "".join(request.url.path.split("/", 2)[2:])
        common: dict[str, Plain] = {
            "language": language,
            "format_names": dict(FORMAT_NAMES),
            "shown": list(SHOWN),
            "languages": [{"tag": tag, "name": name} for tag, name in LANGUAGES.items()],
            "root": "../" * path.count("/"),
            "path": path + (f"?{request.url.query}" if request.url.query else ""),
        }
        page = render(self.look, template, common | context, words(language))
        return answer(request, page.encode(), PAGE, policy=_PAGE_POLICY, language=language, status=status)


def _problem(kind: str) -> dict[str, Plain]:
    return {"kind": kind, "number": None, "count": 0, "faults": []}


def _order(request: "Request", offer: Offer) -> Order:
    query = request.query_params
    order = offer.chosen(query.getlist("audience"), query.getlist("locale"), query.getlist("format"))
    if order is None:
        raise missing()
    return order


def _spoken(request: "Request") -> str:
    """The language of the page that was asked for, wherever it leads."""
    language: str = request.path_params.get("language", "")
    return language if language in LANGUAGES else preferred(request.headers.get("accept-language", ""))


def _language(request: "Request") -> str:
    language: str = request.path_params["language"]
    if language not in LANGUAGES:
        raise missing()
    return language
