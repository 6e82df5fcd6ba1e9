"""What stands in front of the pages: the hot path of `/sparql` as an ASGI application, and its place in uvicorn.

The pages are a Flask application like any other and run in threads. A query from a stranger is not theirs: it has to
be given up when the client leaves and broken off when it fails half-way, and the interface of WSGI can do neither
(PEP 3333 knows no departure; the WSGI servers that are fast enough end a failed body as if it were complete).
"""

from __future__ import annotations

from functools import partial

from server.app import create_app
from server.engine.pool import Pool, PoolEngine
from server.federating import Federator
from server.front.application import Front
from server.front.cache import AnswerCache
from server.front.observation import Figures, Observer
from server.http.quota import Quota
from server.limits import limits_of
from server.settings import Settings


def create_front(settings: Settings) -> Front:
    """The ASGI application that serves the release the settings name.

    :raises ReleaseError: if there is no such release
    :raises OperationError: if the access log cannot be opened
    :raises ConfigError: if federation is on without a contact
    """
    pool = Pool(settings.limits)
    pages = create_app(settings, partial(PoolEngine, limits=settings.limits, pool=pool))
    cache = AnswerCache(settings.cache_bytes)
    at_once = pool.limits.processes + pool.limits.queue // 2
    quota = Quota(settings.client_seconds, at_once, settings.trusted_proxies)
    observer = Observer(settings.access_log, queries=settings.log_queries)
    observer.registry.register(Figures(pool, cache, quota))
    federator = Federator(settings.federation) if settings.federation.endpoints else None
    pages.config["FEDERATES"] = federator is not None
    pages.config["LIMITS"] = limits_of(settings, fronted=True)
    return Front(pages, cache, quota, observer, federator)


def from_environment() -> Front:
    """The application for any ASGI server, with the settings in `KG_SERVER_SETTINGS`.

    :raises ConfigError: if the variable is absent or wrong
    :raises ReleaseError: if there is no such release
    """
    return create_front(Settings.from_environment())
