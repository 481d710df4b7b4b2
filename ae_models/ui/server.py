"""What surrounds the pages: own routes, and what is done once when the server starts."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from threadpoolctl import threadpool_limits

from ae_models.ui.address import base
from ae_models.ui.canvas.assets import canvas_routes
from ae_models.ui.routes import array_routes
from ae_models.ui.static import packed_scripts


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Prepare the process before the first visitor."""
    # One thread a request: many students share the cores. Frozen objects are not walked by each collection.
    with threadpool_limits(limits=1):
        gc.collect()
        gc.freeze()
        yield {}


def routes() -> list[BaseRoute]:
    """Return what the server answers besides Streamlit's own routes, below its ``server.baseUrlPath``."""
    return [*array_routes(base()), *canvas_routes(base())]


def middleware() -> list[Middleware]:
    """Return what stands before Streamlit's own answers."""
    return [packed_scripts(base())]
