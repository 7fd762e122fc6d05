"""The pages of the live preview."""

import asyncio
from collections import OrderedDict
from contextlib import nullcontext, suppress
from importlib import resources
from typing import TYPE_CHECKING
from urllib.parse import quote

from brief.build.render import warm_up
from brief.model.artifact import Artifact, BuildSelection
from brief.model.diagnostics import BriefError, ContentError, Diagnostic, Severity
from brief.templating.plain import Plain
from brief.templating.sandbox import render
from brief.templating.template_set import TemplateSet, find_template_set
from brief.web.build_service import BuildService
from brief.web.languages import load_catalogue
from brief.web.live.built import list_build_states
from brief.web.live.change_feed import ChangeFeed
from brief.web.live.choice import LiveChoice, View, read_choice
from brief.web.live.comparison import Comparisons, RevisionError
from brief.web.live.page_images import encode_page, measure_pages
from brief.web.live.page_style import make_stylesheet
from brief.web.live.rows import ShownVariant, describe_page
from brief.web.page_requests import NotOfferedError, OfferedLink, make_page_context, require_language
from brief.web.responses import PAGE, STYLE, make_not_found_error, make_response
from brief.web.view_models import Offer, describe_locale, list_diagnostics

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from brief.web.live_project import LoadedProject

_PAGE, _BUILT, _PROBLEM = "web/live.html.j2", "web/built.html.j2", "web/live_problem.html.j2"
# The script and the style sheet come from this server. Blocks contain style attributes and inline pictures.
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline';"
    " img-src 'self' data:; font-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_SCRIPT = "text/javascript; charset=utf-8"
# The script sends this header when it fetches a page again after an edit.
_INSPECTION, _LATER = "brief-inspection", "later"
_MAX_SHOWN = 30
_MAX_IMAGES = 200

# An audience, a locale and a format.
_Key = tuple[str, str, str]


class LivePages:
    """Handles requests for the live preview.

    While the content has errors, authors see the last good page of each variant: the last that was built without
    errors. Texts at which a build would stop, such as stale translations, are shown with the error. If the server is
    limited to some audiences, its readers are not authors: they get no source locations, claims, diagnostics or earlier
    texts, and no last good page, because the edit with errors may also withhold a block on it.

    An author's open page gets new blocks before they are inspected. The inspection follows; if it finds anything,
    pages are notified as of a change.
    """

    def __init__(self, service: BuildService, report: "Callable[[str], None]") -> None:
        self._service = service
        self._is_for_author = not service.granted
        self._feed = ChangeFeed(service.project.stamp, service.project.list_folders, report)
        self._comparisons = Comparisons(service.workers)
        self._base = find_template_set("base")
        self._script = resources.files("brief.web.live").joinpath("live.js").read_bytes()
        self._last_good: LoadedProject | None = None
        self._later_findings: dict[_Key, tuple[LoadedProject, tuple[Diagnostic, ...]]] = {}
        self._inspection_lock = asyncio.Lock()
        self._background: set[asyncio.Task[None]] = set()
        self._warm_up_lock = asyncio.Lock()
        self._warmed: set[_Key] = set()
        self._shown: OrderedDict[_Key, ShownVariant] = OrderedDict()
        self._images: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def close(self) -> None:
        self._feed.close()

    async def send_script(self, request: "Request") -> "Response":
        return make_response(request, self._script, _SCRIPT)

    async def stream_events(self, _: "Request") -> "Response":
        """Streams an opaque identifier of the state of the files, which changes with each saved file."""
        from starlette.responses import PlainTextResponse, StreamingResponse

        if self._feed.is_full:
            return PlainTextResponse("503 Service Unavailable\n", 503, {"Retry-After": "5"})
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._feed.stream_events(), media_type="text/event-stream", headers=headers)

    async def show_variant(self, request: "Request") -> "Response":
        """Shows one audience in up to three locales: block by block, or as the pages of the PDF."""
        require_language(request)
        state = await self._feed.check()
        try:
            revision = await self._service.get_current()
            diagnostics: tuple[Diagnostic, ...] = ()
        except ContentError as error:
            diagnostics = error.diagnostics
            if self._last_good is None or not self._is_for_author:
                return self._show_problem(request, state, diagnostics)
            revision = self._last_good
        try:
            offer, choice = self._choose(request, revision)
        except NotOfferedError as error:
            return self._show_missing(request, state, error)
        is_broken = bool(diagnostics)
        is_inspected = not self._is_for_author or request.headers.get(_INSPECTION) != _LATER
        results = await asyncio.gather(
            *(
                self._find_variant(revision, choice, locale, is_broken=is_broken, is_inspected=is_inspected)
                for locale in choice.locales
            )
        )
        # Builds of several locales find the same errors of templates.
        diagnostics = (*diagnostics, *dict.fromkeys(each for _, of_variant, _ in results for each in of_variant))
        is_broken = is_broken or any(has_failed for *_, has_failed in results)
        variants = [shown for shown, *_ in results if shown is not None]
        if not variants or (is_broken and not self._is_for_author):
            return self._show_problem(request, state, diagnostics)
        if not is_broken:
            self._last_good = variants[0].revision
        context = await asyncio.to_thread(self._describe, request, offer, choice, variants, diagnostics, is_broken)
        response = await asyncio.to_thread(self._render, request, _PAGE, context | {"state": state})
        from starlette.background import BackgroundTask

        begin = self._begin_warm_up if is_inspected else self._begin_inspections
        response.background = BackgroundTask(begin, variants)
        return response

    async def show_built(self, request: "Request") -> "Response":
        """Lists which artifacts of the audience are in the last pack, and which of them are stale."""
        language = require_language(request)
        if not self._is_for_author:
            raise make_not_found_error()
        state = await self._feed.check()
        try:
            revision = await self._service.get_current()
        except ContentError as error:
            return self._show_problem(request, state, error.diagnostics)
        try:
            offer, choice = self._choose(request, revision)
        except NotOfferedError as error:
            return self._show_missing(request, state, error)
        rows = await asyncio.to_thread(list_build_states, revision.project, choice.audience)
        variant = await asyncio.to_thread(revision.project.make_variant, choice.audience, offer.choose_locale(language))
        context: dict[str, Plain] = {
            "state": state,
            "audience": choice.audience,
            "audience_title": variant.audience_title,
            "content_language": variant.locale,
            "formats": list(offer.list_formats(choice.audience)),
            "rows": rows,
            "locale_names": {locale: describe_locale(locale)["name"] for locale in offer.locales},
        }
        context |= {"style": self._make_stylesheet(request, revision)[0]}
        return self._render(request, _BUILT, context)

    async def send_stylesheet(self, request: "Request") -> "Response":
        revision = self._last_good
        if revision is None:
            try:
                revision = await self._service.get_current()
            except ContentError:
                revision = None
        if revision is not None:
            self._choose(request, revision)
        data = (await asyncio.to_thread(self._make_stylesheet, request, revision))[1]
        return make_response(request, data, STYLE)

    async def send_page_image(self, request: "Request") -> "Response":
        """Sends a page of a PDF that the preview shows, as PNG."""
        require_language(request)
        audience, locale = request.path_params["audience"], request.path_params["locale"]
        shown = self._shown.get((audience, locale, "pdf"))
        number = request.path_params["page"]
        shown_name, shown_locale = quote(audience, safe=""), quote(locale, safe="")
        link = OfferedLink(shown_name, f"live/{shown_name}?view=pdf&locale={shown_locale}")
        if shown is None or request.query_params.get("v") != shown.artifact.sha256[:16]:
            # Also if there is no such audience or locale: that page says so.
            raise NotOfferedError("state", number, [link])
        count = shown.artifact.pages or 0
        if not number.isdecimal() or not 1 <= int(number[:6]) <= count:
            raise NotOfferedError("page", number, [link], count)
        key = shown.artifact.sha256, int(number) - 1
        if key not in self._images:
            self._images[key] = await self._service.run(encode_page, shown.artifact.data, key[1])
            while len(self._images) > _MAX_IMAGES:
                self._images.popitem(last=False)
        return make_response(request, self._images[key], "image/png")

    def _choose(self, request: "Request", revision: "LoadedProject") -> tuple[Offer, LiveChoice]:
        """Returns what is on offer, and the choice in the request; raises a NotOfferedError if it is not on offer."""
        offer = Offer(revision.project, self._service.list_audiences(revision))
        return offer, read_choice(request.path_params["audience"], request.query_params, offer)

    async def _begin_inspections(self, variants: "Sequence[ShownVariant]") -> None:
        """Begins inspections, and does not wait for them: the connection of the response waits for this call."""
        for shown in variants:
            self._run_in_background(self._inspect(shown))

    async def _begin_warm_up(self, variants: "Sequence[ShownVariant]") -> None:
        """Has workers render what a new page shows once more, so that its first edit does not wait for cold workers.

        The page may come from the cache, or another worker than the one that rendered it may get the edit. Templates take a
        fifth of a second to compile, and a worker prints a PDF a second time in up to a quarter less time.
        """
        for shown in variants:
            artifact = shown.artifact
            key = artifact.audience, artifact.locale, artifact.format
            if key not in self._warmed:
                self._warmed.add(key)
                self._run_in_background(self._warm_up(shown))

    def _run_in_background(self, work: "Coroutine[None, None, None]") -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _warm_up(self, shown: ShownVariant) -> None:
        template_set = shown.revision.project.get_template_set(shown.artifact.audience)
        # Printing takes seconds: one worker at a time, so that an edit finds another.
        turn = self._warm_up_lock if shown.artifact.format == View.PDF.format_name else nullcontext()
        # The next edit reports what goes wrong; the pool is shut down if the server ends.
        with suppress(BriefError, RuntimeError, asyncio.CancelledError):
            async with turn:
                await self._service.run(warm_up, shown.variant, template_set, shown.artifact.format)

    async def _inspect(self, shown: ShownVariant) -> None:
        """Inspects what is shown, and notifies pages if that finds anything new."""
        if await self._find_later(shown):
            self._feed.announce()

    async def _find_later(self, shown: ShownVariant) -> bool:
        """Inspects what is shown, unless that has been done; returns whether that finds anything new."""
        key = shown.artifact.audience, shown.artifact.locale, shown.artifact.format
        async with self._inspection_lock:
            if self._later_findings.get(key, (None, ()))[0] is shown.revision:
                return False
            diagnostics = await self._service.inspect(shown.revision, shown.artifact)
            self._later_findings[key] = shown.revision, diagnostics
        return bool(diagnostics)

    async def _find_variant(
        self, revision: "LoadedProject", choice: LiveChoice, locale: str, *, is_broken: bool, is_inspected: bool
    ) -> "tuple[ShownVariant | None, Sequence[Diagnostic], bool]":
        """Returns the current variant, the diagnostics of its build and inspection, and whether the build failed.

        If it failed, the last variant that was built is returned, with the errors; if the content `is_broken`, without
        diagnostics. The variant is None if none was built yet.
        """
        key = choice.audience, locale, choice.view.format_name
        if is_broken:
            return self._shown.get(key), (), True
        try:
            selection = BuildSelection((choice.audience,), (locale,), (choice.view.format_name,))
            revision, pack = await self._service.build_newest(revision, selection, is_preview=self._is_for_author)
        except ContentError as error:
            return self._shown.get(key), error.diagnostics, True
        artifact = pack[key]
        shown = self._shown.get(key)
        if shown is None or shown.revision is not revision:
            shown = await self._make_shown_variant(revision, artifact, shown)
            self._shown[key] = shown
        self._shown.move_to_end(key)
        while len(self._shown) > _MAX_SHOWN:
            self._shown.popitem(last=False)
        if is_inspected:
            await self._find_later(shown)
        inspected, diagnostics = self._later_findings.get(key, (None, ()))
        return shown, (*pack.diagnostics, *(diagnostics if inspected is revision else ())), False

    async def _make_shown_variant(
        self, revision: "LoadedProject", artifact: Artifact, previous: ShownVariant | None
    ) -> ShownVariant:
        sizes: tuple[tuple[int, int], ...] = ()
        if artifact.format == View.PDF:
            is_same = previous is not None and previous.artifact.sha256 == artifact.sha256
            sizes = previous.sizes if previous and is_same else await self._service.run(measure_pages, artifact.data)
        return await asyncio.to_thread(ShownVariant.from_artifact, revision, artifact, sizes, previous)

    def _describe(
        self,
        request: "Request",
        offer: Offer,
        choice: LiveChoice,
        variants: "Sequence[ShownVariant]",
        diagnostics: "Sequence[Diagnostic]",
        is_broken: bool,
    ) -> dict[str, Plain]:
        language = require_language(request)
        revision = variants[0].revision
        earlier, revision_problem = {}, ""
        if choice.since and choice.view is View.BLOCKS and self._is_for_author:
            try:
                described = [each.variant for each in variants]
                earlier = self._comparisons.read(choice.since, revision.project, described)
            except RevisionError as error:
                revision_problem = error.reason
        if not is_broken:
            # A warning on which the project stops is an error of the variants.
            reported = {(each.code, each.location) for each in diagnostics}
            others = (each for each in revision.project.diagnostics if (each.code, each.location) not in reported)
            diagnostics = (*diagnostics, *others)
        context = describe_page(
            offer,
            choice,
            variants,
            diagnostics,
            earlier,
            load_catalogue(language),
            is_for_author=self._is_for_author,
            is_broken=is_broken,
        )
        return context | {
            "revision_problem": revision_problem,
            "lacks_earlier": [locale for locale, each in earlier.items() if each is None],
            "style": self._make_stylesheet(request, revision)[0],
        }

    def _show_problem(self, request: "Request", state: str, diagnostics: "Sequence[Diagnostic]") -> "Response":
        context: dict[str, Plain] = {
            "state": state,
            "kind": "invalid",
            "count": sum(each.severity is Severity.ERROR for each in diagnostics),
            "diagnostics": list_diagnostics(diagnostics) if self._is_for_author else [],
        }
        context |= {"style": self._make_stylesheet(request, None)[0]}
        return self._render(request, _PROBLEM, context)

    def _show_missing(self, request: "Request", state: str, error: NotOfferedError) -> "Response":
        """Returns a page that says that the project lacks what the address names, and that is replaced when an edit
        adds it.
        """
        context: dict[str, Plain] = {"state": state, "kind": "missing", **error.describe()}
        context |= {"style": f"{make_page_context(request)['root']}style.css"}
        return self._render(request, _PROBLEM, context, status=404)

    def _make_stylesheet(self, request: "Request", revision: "LoadedProject | None") -> tuple[str, bytes]:
        """Returns the relative URL of the style sheet, which changes with its content, and the style sheet in UTF-8.

        It is that of the base set if `revision` is None.
        """
        audience: str = request.path_params["audience"]
        template_set: TemplateSet = self._base if revision is None else revision.project.get_template_set(audience)
        digest, data = make_stylesheet(require_language(request), template_set, self._base)
        context = make_page_context(request)
        return f"{context['root']}live/{audience}/style.css?v={digest}", data

    def _render(self, request: "Request", template: str, context: dict[str, Plain], *, status: int = 200) -> "Response":
        language = require_language(request)
        page = render(self._base, template, make_page_context(request) | context, load_catalogue(language))
        return make_response(request, page.encode(), PAGE, policy=_POLICY, language=language, status=status)
