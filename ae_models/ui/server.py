"""What surrounds the pages: own routes, and what is done once when the server starts."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit import config
from streamlit.web.server import server_util
from threadpoolctl import threadpool_limits

from ae_models import jobs
from ae_models.base import UserError
from ae_models.jobs import sandbox
from ae_models.ui.cache import CACHE, budget
from ae_models.ui.gate import Gate
from ae_models.ui.headers import Policy, SecureHeaders
from ae_models.ui.heap import give_memory_back
from ae_models.ui.hosts import Hosts, advice, listens_on_loopback
from ae_models.ui.routes import array_routes
from ae_models.ui.server_owner import server_owner_routes
from ae_models.ui.serving import base
from ae_models.ui.sessions import departed_sessions
from ae_models.ui.shared.canvas.assets import canvas_routes
from ae_models.ui.static import PackedScripts
from ae_models.ui.uploads import GuardedUploads
from ae_models.ui.visitor import VisitorCookies, visitor_routes

_FIRST_PAGES_FIRST = 8.0  # seconds before the workers are started, unless somebody asks for them


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
    """Prepare the process before the first visitor, and start what trains and fits elsewhere."""
    # One thread a request: many students share the cores. Frozen objects are not walked by each collection.
    with threadpool_limits(limits=1):
        give_memory_back()
        gc.collect()
        gc.freeze()
        limits = jobs.JobLimits.of_environment(shared=not listens_on_loopback())
        jobs.opened(jobs.Engine(limits=limits, wait=_FIRST_PAGES_FIRST))
        _greet()
        try:
            async with departed_sessions(app):
                yield {}
        finally:
            sandbox.close()
            jobs.closed()


def _greet() -> None:
    """Say where the server is. Streamlit's own greeting is switched off: it asks the network for its outer address."""
    address = str(config.get_option("server.address") or "") or "localhost"
    url = server_util.get_url(server_util.get_display_address(address))
    sys.stdout.write(f"\n  Latent Lab is open: {url}\n\n")
    sys.stdout.flush()
    if line := advice():
        logging.getLogger(__name__).warning(line)


def routes() -> list[BaseRoute]:
    """Return what the server answers besides Streamlit's own routes, below its ``server.baseUrlPath``."""
    makers = (array_routes, canvas_routes, server_owner_routes, visitor_routes)
    return [route for make in makers for route in make(base())]


def middleware() -> list[Middleware]:
    """Return what stands before Streamlit's own answers; a setting that cannot be right ends the server in a line."""
    try:
        jobs.check_environment()
        CACHE.budget = budget()
        hosts, policy = Hosts.of_environment(), Policy.of_environment()
    except UserError as mistake:
        raise SystemExit(str(mistake)) from None
    return [  # the first is outside of all others
        Middleware(SecureHeaders, policy=policy),
        Middleware(Gate, base_path=base(), hosts=hosts),
        Middleware(VisitorCookies, base_path=base()),
        Middleware(PackedScripts, base_path=base()),
        Middleware(GuardedUploads),
    ]
