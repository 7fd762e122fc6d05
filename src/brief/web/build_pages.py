"""The pages on which a visitor starts a build, follows it, and cancels it.

All of them are GET requests, as access control requires. That is safe, because a build changes no file of the project,
and the address that starts it is as secret as that of every page.
"""

import asyncio
from collections import OrderedDict
from importlib import resources
from itertools import product
from typing import TYPE_CHECKING

from brief.model.artifact import BuildSelection
from brief.model.diagnostics import BriefError, ContentError
from brief.templating.plain import Plain
from brief.templating.sandbox import render
from brief.templating.template_set import find_template_set
from brief.web.build_records import BuildRecord, BuildRecords
from brief.web.build_service import BuildService
from brief.web.languages import load_catalogue
from brief.web.page_build import BuildState, PageBuild
from brief.web.page_requests import make_page_context, require_language, require_selection
from brief.web.responses import PAGE, make_not_found_error, make_response
from brief.web.view_models import Offer, describe_locale, list_diagnostics

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from brief.web.live_project import LoadedProject

_PAGE = "web/build.html.j2"
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
_SCRIPT = "text/javascript; charset=utf-8"
_MAX_BUILDS = 50
_RETRY_SECONDS = 2  # until a project with errors is read again


class BuildPages:
    """Handles requests for builds. The most recent builds are kept in memory, and `records` has the builds that have
    not ended.
    """

    def __init__(self, service: BuildService, records: BuildRecords, report: "Callable[[str], None]") -> None:
        self._service = service
        self._records = records
        self._report = report
        self._base = find_template_set("base")
        self._script = resources.files("brief.web").joinpath("build.js").read_bytes()
        self._builds: OrderedDict[str, PageBuild] = OrderedDict()
        self._resuming: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Locks the records, and begins to continue the builds that had not ended when the server stopped."""
        self._records.open()
        self._resuming = asyncio.create_task(self._resume())

    def close(self) -> None:
        """Stops the builds; their records remain, so that they continue after the next start."""
        for task in (self._resuming, *(build.task for build in self._builds.values())):
            if task is not None:
                task.cancel()
        self._records.close()

    async def list_builds(self, language: str) -> list[Plain]:
        """Returns the variables with which the first page lists the builds, newest first."""
        return [
            {**_describe_progress(build), "titles": list((await self._read_titles(build, language)).values())}
            for build in reversed(tuple(self._builds.values()))
        ]

    async def send_script(self, request: "Request") -> "Response":
        return make_response(request, self._script, _SCRIPT)

    async def start(self, request: "Request") -> "Response":
        """Starts a build of the selection in the query, and redirects to its page."""
        require_language(request)
        revision = await self._service.get_current()
        offer = self._make_offer(revision)
        steps = tuple(_split_by_variant(require_selection(request, offer), offer))
        if not steps:
            raise make_not_found_error()
        build = PageBuild(revision, steps)
        self._records.write(BuildRecord(build.id, steps))
        self._run(build)
        return _redirect(f"builds/{build.id}")

    async def cancel(self, request: "Request") -> "Response":
        """Cancels a build, and redirects to its page."""
        require_language(request)
        await self._find(request).cancel()
        return _redirect("../" + request.path_params["id"])

    async def show_build(self, request: "Request") -> "Response":
        """Shows the progress of a build, and its finished files."""
        language = require_language(request)
        build = self._find(request)
        titles = await self._read_titles(build, language)
        is_for_author = not self._service.granted
        context: dict[str, Plain] = {
            **_describe_progress(build),
            "number": build.number,
            "content_language": self._make_offer(build.revision).choose_locale(language),
            "rows": [_describe(step, build, titles) for step in build.steps],
            "diagnostics": list_diagnostics(build.diagnostics) if is_for_author else [],
            "query": _format_query(build.steps),
        }
        page = render(self._base, _PAGE, make_page_context(request) | context, load_catalogue(language))
        return make_response(request, page.encode(), PAGE, policy=_POLICY, language=language)

    def _find(self, request: "Request") -> PageBuild:
        build = self._builds.get(request.path_params["id"])
        if build is None:
            raise make_not_found_error()
        return build

    def _make_offer(self, revision: "LoadedProject") -> Offer:
        return Offer(revision.project, self._service.list_audiences(revision))

    async def _read_titles(self, build: PageBuild, language: str) -> dict[str, str]:
        """Returns the titles of a build's audiences, which are read once for each language."""
        if language not in build.titles:
            offer = self._make_offer(build.revision)
            build.titles[language] = await asyncio.to_thread(_list_titles, build, offer.choose_locale(language), offer)
        return build.titles[language]

    def _run(self, build: PageBuild) -> None:
        self._builds[build.id] = build
        build.task = asyncio.create_task(build.run(self._service, self._report))
        build.task.add_done_callback(lambda _: self._remove_record(build))
        self._forget_old()

    def _remove_record(self, build: PageBuild) -> None:
        # A task that ends while its build is running was stopped by `close`.
        if build.state is not BuildState.RUNNING:
            self._records.remove(build.id)

    async def _resume(self) -> None:
        """Runs the recorded builds as soon as the project has no errors.

        Skips those of variants that are not on offer, and removes their records if every audience is on offer.
        """
        records = await asyncio.to_thread(lambda: list(self._records.read()))
        while records:
            try:
                revision = await self._service.get_current()
            except ContentError:
                await asyncio.sleep(_RETRY_SECONDS)
            except BriefError as problem:
                self._report(str(problem))
                return
            else:
                break
        for record in records:
            if self._is_offered(revision, record):
                self._run(PageBuild(revision, record.steps, record.id))
            elif not self._service.granted:
                # No server of this project can build it: the project has changed.
                self._records.remove(record.id)

    def _is_offered(self, revision: "LoadedProject", record: BuildRecord) -> bool:
        offer = self._make_offer(revision)
        return all(
            offer.has(audience, locale, format_name)
            for step in record.steps
            for audience, locale, format_name in product(step.audiences, step.locales, step.formats)
        )

    def _forget_old(self) -> None:
        for name in [name for name, build in self._builds.items() if build.state is not BuildState.RUNNING]:
            if len(self._builds) <= _MAX_BUILDS:
                return
            del self._builds[name]


def _split_by_variant(selection: BuildSelection, offer: Offer) -> list[BuildSelection]:
    """Returns a selection for each variant, with the selected formats that its audience is published in."""
    steps = []
    for audience in selection.audiences:
        formats = tuple(name for name in selection.formats if name in offer.list_formats(audience))
        steps += [BuildSelection((audience,), (locale,), formats) for locale in selection.locales if formats]
    return steps


def _describe_progress(build: PageBuild) -> dict[str, Plain]:
    return {
        "id": build.id,
        "state": build.state.value,
        "done": sum(len(step.formats) for step in build.finished),
        "total": sum(len(step.formats) for step in build.steps),
    }


def _list_titles(build: PageBuild, locale: str, offer: Offer) -> dict[str, str]:
    audiences = dict.fromkeys(step.audiences[0] for step in build.steps)
    return {audience: offer.project.make_variant(audience, locale).audience_title for audience in audiences}


def _describe(step: BuildSelection, build: PageBuild, titles: dict[str, str]) -> Plain:
    (audience,), (locale,) = step.audiences, step.locales
    return {
        "audience": audience,
        "title": titles[audience],
        "locale": describe_locale(locale),
        "formats": list(step.formats),
        "is_finished": step in build.finished,
    }


def _format_query(steps: tuple[BuildSelection, ...]) -> str:
    """Returns the selection as the query of a URL; names of audiences, locales and formats need no encoding."""
    parameters = (
        ("audience", (step.audiences[0] for step in steps)),
        ("locale", (step.locales[0] for step in steps)),
        ("format", (name for step in steps for name in step.formats)),
    )
    return "&".join(f"{kind}={name}" for kind, names in parameters for name in dict.fromkeys(names))


def _redirect(location: str) -> "Response":
    from starlette.responses import Response

    return Response(status_code=303, headers={"Location": location, "Cache-Control": "no-store"})
