"""Streamlit's own JavaScript, compressed on its way: Streamlit sends it as it lies, 2 MB more a first visit."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ae_models.ui.serving import IMMUTABLE, rooted, takes

_LOCK = Lock()
_PACKED: dict[str, bytes] = {}


@cache
def _scripts() -> dict[str, Path]:
    """Return the scripts by name: nothing else has an address here."""
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        return {}
    folder = Path(spec.origin).parent / "static" / "static" / "js"
    return {path.name: path for path in folder.glob("*.js")}


def plot_script() -> str:
    """Return the name of the script that draws Plotly figures; "" where this Streamlit has none of that name."""
    return next((name for name in sorted(_scripts()) if name.startswith("PlotlyChart.")), "")


def _packed(path: Path) -> bytes:
    with _LOCK:  # a class opens the page in the same second: compress once
        if path.name not in _PACKED:
            _PACKED[path.name] = gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)
        return _PACKED[path.name]


class PackedScripts:
    """Answers for Streamlit's scripts where a browser takes gzip; everything else goes on as it came."""

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self.app, self.folder = app, f"{rooted(base_path)}/static/js/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a script, or pass on."""
        path = self._script(scope)
        if path is None:
            return await self.app(scope, receive, send)
        headers = {**IMMUTABLE, "Content-Encoding": "gzip"}
        content = await run_in_threadpool(_packed, path)
        await Response(content, media_type="text/javascript; charset=utf-8", headers=headers)(scope, receive, send)

    def _script(self, scope: Scope) -> Path | None:
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(self.folder):
            return None
        accepted = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
        if not takes(accepted.decode("latin-1"), "gzip"):
            return None
        return _scripts().get(scope["path"].removeprefix(self.folder))
