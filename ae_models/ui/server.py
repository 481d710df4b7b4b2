"""What surrounds the pages: own routes, and what is done once when the server starts."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from threadpoolctl import threadpool_limits

from ae_models.ui.canvas.assets import canvas_routes
from ae_models.ui.routes import array_routes

SCRIPT = Path(__file__).with_name("app.py")


@asynccontextmanager
async def _lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    # One thread a request: many students share the cores. Frozen objects are not walked by each collection.
    with threadpool_limits(limits=1):
        gc.collect()
        gc.freeze()
        yield {}


def make_app() -> Any:
    """Return the ASGI application that ``streamlit run`` serves."""
    base_path = str(st.get_option("server.baseUrlPath") or "")
    prefix = f"/{base_path.strip('/')}" if base_path.strip("/") else ""
    return st.App(SCRIPT, routes=[*array_routes(base_path), *canvas_routes(prefix)], lifespan=_lifespan)
