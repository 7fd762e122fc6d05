"""The page of `brief serve`: choose variants of a project, preview and download them, and see its diagnostics."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from brief.model.artifact import Artifact, BuildSelection
from brief.model.diagnostics import BriefError, ContentError, Diagnostic, DiskFullError, Severity, WorkerTimeoutError
from brief.publish.archive import archive_pack, make_archives
from brief.templating.plain import Plain
from brief.templating.sandbox import render
from brief.templating.template_set import find_template_set
from brief.web.application import make_application
from brief.web.build_pages import BuildPages
from brief.web.build_records import BuildRecords
from brief.web.build_service import BuildService
from brief.web.languages import choose_language, load_catalogue
from brief.web.live.pages import LivePages
from brief.web.page_requests import (
    NotOfferedError,
    choose_page_language,
    make_page_context,
    number_failure,
    require_language,
    require_offered,
    require_selection,
)
from brief.web.responses import PAGE, STYLE, format_size, make_not_found_error, make_response
from brief.web.single_flight import BusyError
from brief.web.view_models import BROWSER_FORMATS, Offer, describe_locale, describe_project, list_diagnostics
from brief.writers.html import build_screen_stylesheet

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from brief.web.live_project import LoadedProject

_HOME, _VARIANT, _PROBLEM = "web/home.html.j2", "web/variant.html.j2", "web/problem.html.j2"
_STYLES = ("screen.css", "preview/page.css", "web/page.css")
_RETRY_SECONDS = 5

_COMMON_POLICY = "frame-ancestors 'none'; base-uri 'none'"
# The pages load their style sheet, show a variant in a frame, and submit a form to this server.
_PAGE_POLICY = f"default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; {_COMMON_POLICY}"
# A variant is shown without scripts and network access, in a frame of this page only.
_BROWSER_FORMATS_POLICY = "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
_POLICIES = {
    "html": f"sandbox; img-src data:; font-src data:; style-src 'unsafe-inline'; {_BROWSER_FORMATS_POLICY}",
    # Browsers show a PDF in a built-in viewer, which a sandbox would block.
    "pdf": f"style-src 'unsafe-inline'; {_BROWSER_FORMATS_POLICY}",
}


def app(
    service: BuildService,
    *,
    token: str,
    folder: Path,
    names: tuple[str, ...] = (),
    report: Callable[[str], None] = lambda _: None,
) -> "ASGIApp":
    """Makes the application, with its pages below `/token/`.

    `report` is called with a line for each failure, which begins with the number that the page shows. `folder` keeps
    the records of unfinished builds. `names` lists the names by which other machines reach the server.

    Raises:
        MachineError: the extra `web` is not installed.
    """
    builds = BuildPages(service, BuildRecords(folder), report)
    pages = _Pages(service, builds, report)
    live = LivePages(service, report)

    @asynccontextmanager
    async def lifespan(_: object) -> "AsyncIterator[None]":
        service.start()
        builds.open()
        yield
        builds.close()
        live.close()
        service.close()

    return make_application(
        {
            "/": pages.redirect,
            "/build.js": builds.send_script,
            "/live.js": live.send_script,
            "/events": live.stream_events,
            "/{language}/live/{audience}": live.show_variant,
            "/{language}/live/{audience}/built": live.show_built,
            "/{language}/live/{audience}/style.css": live.send_stylesheet,
            "/{language}/live/{audience}/{locale}/{page}.png": live.send_page_image,
            "/{language}/": pages.show_home,
            "/{language}/style.css": pages.send_stylesheet,
            "/{language}/zip": pages.send_archive,
            "/{language}/build": builds.start,
            "/{language}/builds/{id}": builds.show_build,
            "/{language}/builds/{id}/cancel": builds.cancel,
            "/{language}/{audience}/{locale}/{format}": pages.show_variant,
            "/{language}/{audience}/{locale}/{format}/file": pages.send_file,
        },
        token,
        handlers={
            NotOfferedError: pages.show_not_offered,
            BusyError: pages.show_busy,
            ContentError: pages.show_invalid,
            WorkerTimeoutError: pages.show_timed_out,
            BriefError: pages.show_failed,
            Exception: pages.show_failed,
        },
        names=names,
        lifespan=lifespan,
    )


class _Pages:
    """Responds to requests."""

    def __init__(self, service: BuildService, builds: BuildPages, report: Callable[[str], None]) -> None:
        self.service = service
        self.builds = builds
        self.report = report
        self.template_set = find_template_set("base")
        self.css = cache(lambda language: build_screen_stylesheet(language, self.template_set, *_STYLES).encode())

    async def redirect(self, request: "Request") -> "Response":
        """Redirects to the page in the language that the browser prefers."""
        from starlette.responses import Response

        language = choose_language(request.headers.get("accept-language", ""))
        return Response(status_code=302, headers={"Location": f"{language}/", "Vary": "Accept-Language"})

    async def show_home(self, request: "Request") -> "Response":
        language = require_language(request)
        try:
            revision, offer = await self._make_offer()
        except ContentError as error:
            return self._render_page(request, _PROBLEM, self._describe_invalid(error.diagnostics))
        selection = require_selection(request, offer)
        context = await asyncio.to_thread(describe_project, offer, selection, language, load_catalogue(language))
        context |= {
            "warnings": self._list_diagnostics(revision.project.diagnostics),
            "builds": await self.builds.list_builds(language),
        }
        return self._render_page(request, _HOME, context)

    async def show_variant(self, request: "Request") -> "Response":
        """Shows one variant, in a frame if browsers display its format."""
        language, (revision, offer) = require_language(request), await self._make_offer()
        artifact, warnings = await self._build_artifact(request, revision, offer)
        variant = await asyncio.to_thread(offer.project.make_variant, artifact.audience, offer.choose_locale(language))
        context: dict[str, Plain] = {
            "title": variant.title,
            "content_language": variant.locale,
            "audience": artifact.audience,
            "audience_title": variant.audience_title,
            "marking": variant.marking,
            "locale": describe_locale(artifact.locale),
            "locales": [describe_locale(locale) for locale in offer.locales],
            "format": artifact.format,
            "formats": list(offer.list_formats(artifact.audience)),
            "size": format_size(artifact.content.size),
            "pages": artifact.pages,
            "warnings": self._list_diagnostics(warnings),
        }
        return self._render_page(request, _VARIANT, context)

    async def send_file(self, request: "Request") -> "Response":
        """Sends an artifact, for display or, with `?save`, for download."""
        require_language(request)
        artifact, _ = await self._build_artifact(request, *await self._make_offer())
        is_saved = "save" in request.query_params or artifact.format not in BROWSER_FORMATS
        return make_response(
            request,
            artifact.data,
            artifact.media_type,
            policy=None if is_saved else _POLICIES[artifact.format],
            name=artifact.name,
            is_saved=is_saved,
        )

    async def send_archive(self, request: "Request") -> "Response":
        """Sends the selection as a zip: that of `brief build --zip` for one audience, or one for several together."""
        require_language(request)
        revision, offer = await self._make_offer()
        selection = require_selection(request, offer)
        if not any(
            set(selection.formats).intersection(offer.list_formats(audience)) for audience in selection.audiences
        ):
            raise make_not_found_error()
        pack = await self.service.build_pack(revision, selection)
        audiences = {artifact.audience for artifact in pack}
        if len(audiences) == 1:
            (archive,) = await asyncio.to_thread(make_archives, pack)
            return make_response(request, archive.data, archive.media_type, name=archive.name)
        combined = await asyncio.to_thread(archive_pack, pack)
        return make_response(request, combined.read(), "application/zip", name=f"{pack.brief}.zip")

    async def send_stylesheet(self, request: "Request") -> "Response":
        return make_response(request, self.css(require_language(request)), STYLE)

    async def _make_offer(self) -> "tuple[LoadedProject, Offer]":
        revision = await self.service.get_current()
        offer = Offer(revision.project, self.service.list_audiences(revision))
        if not offer.audiences:
            raise make_not_found_error()
        return revision, offer

    async def _build_artifact(
        self, request: "Request", revision: "LoadedProject", offer: Offer
    ) -> tuple[Artifact, Sequence[Diagnostic]]:
        requested = tuple(request.path_params[name] for name in ("audience", "locale", "format"))
        require_offered(offer, *requested)
        audience, locale, format_name = requested
        pack = await self.service.build_pack(revision, BuildSelection((audience,), (locale,), (format_name,)))
        return pack[audience, locale, format_name], pack.diagnostics

    # Exception handlers. Starlette types each exception as Exception.

    async def show_invalid(self, request: "Request", error: Exception) -> "Response":
        context = self._describe_invalid(getattr(error, "diagnostics", ()))
        return self._render_page(request, _PROBLEM, context, status=422)

    async def show_not_offered(self, request: "Request", error: Exception) -> "Response":
        context = _describe_problem("missing")
        if isinstance(error, NotOfferedError):
            context |= error.describe()
        return self._render_page(request, _PROBLEM, context, status=404)

    async def show_busy(self, request: "Request", _: Exception) -> "Response":
        response = self._render_page(request, _PROBLEM, _describe_problem("busy"), status=503)
        response.headers["Retry-After"] = str(_RETRY_SECONDS)
        return response

    async def show_timed_out(self, request: "Request", error: Exception) -> "Response":
        return self._render_page(
            request, _PROBLEM, _describe_problem("timed-out") | self._number_failure(error), status=504
        )

    async def show_failed(self, request: "Request", error: Exception) -> "Response":
        status = 507 if isinstance(error, DiskFullError) else 500
        return self._render_page(
            request, _PROBLEM, _describe_problem("failed") | self._number_failure(error), status=status
        )

    def _number_failure(self, error: Exception) -> dict[str, Plain]:
        return {"number": number_failure(error, self.report)}

    def _describe_invalid(self, diagnostics: Sequence[Diagnostic]) -> dict[str, Plain]:
        errors = sum(each.severity is Severity.ERROR for each in diagnostics)
        return _describe_problem("invalid") | {"count": errors, "diagnostics": self._list_diagnostics(diagnostics)}

    def _list_diagnostics(self, diagnostics: Sequence[Diagnostic]) -> Plain:
        # Diagnostics quote content, which the granted audiences may not be allowed to see.
        return [] if self.service.granted else list_diagnostics(diagnostics)

    def _render_page(
        self, request: "Request", template: str, context: dict[str, Plain], *, status: int = 200
    ) -> "Response":
        common = make_page_context(request)
        language = choose_page_language(request)
        page = render(self.template_set, template, common | context, load_catalogue(language))
        return make_response(request, page.encode(), PAGE, policy=_PAGE_POLICY, language=language, status=status)


def _describe_problem(kind: str) -> dict[str, Plain]:
    return {"kind": kind, "number": None, "count": 0, "diagnostics": []}
