"""What surrounds the pages: own routes, and what is done once when the server starts."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from threadpoolctl import threadpool_limits

from ae_models import jobs
from ae_models.base import Mistake
from ae_models.ui.address import base
from ae_models.ui.canvas.assets import canvas_routes
from ae_models.ui.owner import owner_cookies
from ae_models.ui.routes import array_routes
from ae_models.ui.static import packed_scripts

_FIRST_PAGES_FIRST = 8.0  # seconds before the workers are started, unless somebody asks for them


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Prepare the process before the first visitor, and start what trains and fits elsewhere."""
    # One thread a request: many students share the cores. Frozen objects are not walked by each collection.
    with threadpool_limits(limits=1):
        gc.collect()
        gc.freeze()
        jobs.opened(jobs.Engine(wait=_FIRST_PAGES_FIRST))
        try:
            yield {}
        finally:
            jobs.closed()


def routes() -> list[BaseRoute]:
    """Return what the server answers besides Streamlit's own routes, below its ``server.baseUrlPath``."""
    return [*array_routes(base()), *canvas_routes(base())]


def middleware() -> list[Middleware]:
    """Return what stands before Streamlit's own answers; a setting that cannot be right ends the server in a line."""
    try:
        jobs.check_environment()
    except Mistake as mistake:
        raise SystemExit(str(mistake)) from None
    return [owner_cookies(base()), packed_scripts(base())]
