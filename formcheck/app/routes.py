"""Routes that are made at the first request: the base path is known only after Streamlit has read its settings."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Match, NoMatchFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.datastructures import URLPath
    from starlette.types import Receive, Scope, Send

_CHOSEN = "formcheck.route"


class LazyRoutes(BaseRoute):
    """Routes that ``make`` returns at the first request. A request that none of them matches goes to the app's next route."""

    def __init__(self, make: Callable[[], list[BaseRoute]]) -> None:
        self._make = make

    @cached_property
    def _routes(self) -> list[BaseRoute]:
        return self._make()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return the first match among the routes."""
        for route in self._routes:
            match, child = route.matches(scope)
            if match is not Match.NONE:
                return match, {**child, _CHOSEN: route}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route that matched answer."""
        await scope[_CHOSEN].handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """Raise NoMatchFound: these routes have no names."""
        raise NoMatchFound(name, path_params)
