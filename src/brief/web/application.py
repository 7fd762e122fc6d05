"""Combines pages into an application behind access control."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from brief.web import server
from brief.web.responses import respond_not_found

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from starlette.types import ASGIApp


def make_application(
    pages: Mapping[str, Callable[..., Any]],
    token: str,
    *,
    handlers: Mapping[type[Exception], Callable[..., Any]],
    names: tuple[str, ...] = (),
    lifespan: "Callable[[Any], AbstractAsyncContextManager[None]] | None" = None,
) -> "ASGIApp":
    """Makes an application that admits requests below `/token/` only.

    `pages` maps each path below it to the handler of its requests, and `handlers` each class of exceptions to its
    handler. `names` lists the names by which other machines reach the server.

    Raises:
        MachineError: the extra `web` is not installed.
    """
    try:
        from starlette.applications import Starlette
        from starlette.routing import Route

        from brief.web.access_control import AccessControl
    except ImportError as problem:
        raise server.make_not_installed_error() from problem
    routes = [Route(path, page) for path, page in pages.items()]
    inner = Starlette(routes=routes, exception_handlers={404: respond_not_found, **handlers}, lifespan=lifespan)
    inner.router.redirect_slashes = False
    return AccessControl(inner, token, names)
