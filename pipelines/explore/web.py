"""The pages: an address each, filled from the queries.

Covers addresses, reading their parameters, which queries make a page. For SQL, see queries/; for HTML, see templates/;
for starting a server, see commands/explore.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from pipelines.errors import counted
from pipelines.explore import pages
from pipelines.explore.cite import web_address
from pipelines.explore.downloads import MEDIA, TextFile, as_file
from pipelines.explore.file import Ask, PublishedFile
from pipelines.explore.given import MOST, BadAddressError, Given
from pipelines.explore.probes import health_answer, metrics_answer, wants_json
from pipelines.orchestration.health import Health
from pipelines.storage.published import NotPublishedError, TooSlowError

HOSTS = ("127.0.0.1", "localhost")
_HEADERS = {
    # Nothing is loaded but what this program serves, and no script runs but its own, whatever a text holds.
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def create_app(file: PublishedFile, probe: Callable[[], Health] | None = None) -> Starlette:
    """Return the pages over a published file; they answer under the names of this machine only.

    Args:
        file: The published file.
        probe: How the data folder is doing; with it /metrics answers, and /health to who does not ask for HTML.
    """
    environment = _environment()

    def page(name: str, make: Callable[[Ask, Given], dict[str, Any] | str | TextFile]) -> Route:
        """Return the route of a page: its values fill its template; a text is the address of another page."""

        def answer(request: Request) -> Response:
            try:
                given = Given(request)
                with file.ask() as ask:
                    values = make(ask, given)
                    if isinstance(values, str):
                        return RedirectResponse(values, headers=_HEADERS)
                    if isinstance(values, TextFile):
                        return _kept(values)
                    if given.form:
                        return _file(name, values, given)
                    values = {"publication": pages.publication(ask), **values, "asked": ask.asked}
            except NotPublishedError:
                return _message(environment, request, 503, "Nothing is published yet", "onrecord run PATH")
            except BadAddressError as error:
                return _message(environment, request, 400, str(error), None)
            except pages.UnknownError as error:
                return _message(environment, request, 404, str(error), None)
            except TooSlowError as error:
                return _message(
                    environment, request, 503, f"This page takes too long: {error}", "ONRECORD_QUERY_SECONDS"
                )
            except duckdb.Error as error:
                return _message(environment, request, 500, f"The file does not answer: {error}", "onrecord run")
            html = environment.get_template(f"{name}.html").render(request=request, here=request.url.path, **values)
            return HTMLResponse(html, headers=_HEADERS)

        return Route(pages.ADDRESSES[name], answer, name=name)

    def unknown(request: Request, _: Exception) -> Response:
        return _message(environment, request, 404, "There is no such page", None)

    static = StaticFiles(packages=[("pipelines.explore", "static")])
    return Starlette(
        routes=[*_probed(probe), *(page(name, make) for name, make in pages.PAGES.items()), Mount("/static", static)],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS))],
        exception_handlers={404: unknown},
    )


def _file(page: str, values: dict[str, Any], given: Given) -> Response:
    """Return a list of a page as a file.

    Raises:
        BadAddressError: the page has no such list, or the list is longer than a page gives.
    """
    name, form = given.text("list") or pages.LISTS[page][0], given.form or ""
    if name not in pages.LISTS[page]:
        raise BadAddressError(f"list: {name} is none of this page; {', '.join(pages.LISTS[page])} are")
    rows = values[name]
    if len(rows) > MOST:
        raise BadAddressError(f"this list has more than {MOST:,} rows: narrow it, or take the table by onrecord export")
    named = {"Content-Disposition": f'attachment; filename="onrecord-{page}-{name}.{form}"'}
    return Response(as_file(rows, form), headers={**_HEADERS, **named}, media_type=MEDIA[form])


def _kept(file: TextFile) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.text, headers={**_HEADERS, **named}, media_type=file.media)


def _probed(probe: Callable[[], Health] | None) -> Iterator[BaseRoute]:
    """Yield what answers to programs; a browser that asks for /health goes on to the page."""
    if probe is None:
        return

    class ForPrograms(Route):
        def matches(self, scope: Scope) -> tuple[Match, Scope]:
            found = super().matches(scope)
            return found if wants_json(Request(scope)) else (Match.NONE, {})

    yield ForPrograms("/health", lambda _: health_answer(probe()))
    yield Route("/metrics", lambda _: metrics_answer(probe()))


def _message(environment: Environment, request: Request, status: int, text: str, command: str | None) -> Response:
    html = environment.get_template("message.html").render(
        request=request, here=request.url.path, text=text, command=command, status=status, publication={}, asked=[]
    )
    return HTMLResponse(html, status_code=status, headers=_HEADERS)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipelines.explore"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "count": lambda n: f"{n:,}",
        "percent": lambda share: "" if share is None else f"{share:.0%}",
        "several": counted,
        "day": _day,
        "named": lambda values: [(value, value.replace("_", " ")) for value in values],
        "zip": lambda these, those: list(zip(these, those, strict=True)),
        "words": lambda name: str(name).replace("_", " "),
        "address": web_address,
        "with_page": lambda request, number: _with(request, page=number),
        "with_value": lambda request, name, value: _with(request, **{name: value}),
        "as_file": lambda request, form, name: _with(request, list=name, **{"as": form}),
    }
    return environment


def _day(value: date | None) -> str:
    """Return a day as people write it; an instant as its day and time in UTC."""
    if value is None:
        return "no date"
    text = f"{value.day} {value:%b %Y}"
    return f"{text}, {value:%H:%M} UTC" if hasattr(value, "hour") else text


def _with(request: Request, **changed: object) -> str:
    """Return the query part of an address of the same page with other values; a file begins at the first page."""
    kept = {k: v for k, v in request.query_params.items() if k != "page" and v}
    return "?" + urlencode({**kept, **changed})
