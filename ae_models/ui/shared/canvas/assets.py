"""The routes that hand the canvas's files to the browser, and the addresses of those files.

An address holds the hash of what it serves, so a browser may keep a file for ever and a new version has a new
address. All browser files share one folder address: their imports of one another are relative.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from threading import Lock

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from ae_models.canvas import webfiles
from ae_models.ui.serving import IMMUTABLE, rooted, takes

_RUNTIME_FILES = {
    webfiles.RUNTIME_MODULE: webfiles.RUNTIME_MODULE,
    webfiles.RUNTIME_GLUE: webfiles.RUNTIME_GLUE,
    webfiles.RUNTIME_BINARY: f"{webfiles.RUNTIME_BINARY}.gz",
}
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".wasm": "application/wasm",
}


@dataclass(frozen=True)
class _Asset:
    """One file: how to read it, and its gzipped bytes once somebody has asked for them."""

    read: Callable[[], bytes]
    media_type: str
    packed: list[bytes] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    kept_gzipped: bool = False
    brotli: Path | None = None  # beside it, smaller still

    def plain(self) -> bytes:
        return gzip.decompress(self.read()) if self.kept_gzipped else self.read()

    def gzipped(self) -> bytes:
        if self.kept_gzipped:
            return self.read()
        with self.lock:  # a class opens the page in the same second: compress once
            if not self.packed:
                self.packed.append(gzip.compress(self.read(), compresslevel=6, mtime=0))
            return self.packed[0]


@cache
def _files() -> dict[str, bytes]:
    """Return the browser's files by address, read once: the hash and the bytes always agree."""
    return {name: path.read_bytes() for name, path in webfiles.files().items()}


@cache
def _folder_hash() -> str:
    digest = sha256()
    for name, content in _files().items():
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


@cache
def _plotly_hash() -> str:
    return sha256(webfiles.plotly_path().read_bytes()).hexdigest()[:16]


@cache
def _runtime_files() -> dict[str, Path]:
    return {name: webfiles.RUNTIME / kept for name, kept in _RUNTIME_FILES.items()}


@cache
def _runtime_hash() -> str:
    digest = sha256()
    for path in _runtime_files().values():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def _assets() -> dict[tuple[str, str, str], _Asset]:
    """Return every file that may be served, by (kind, hash, name): nothing else has an address."""
    table = {
        ("canvas", _folder_hash(), name): _Asset(partial(_files().__getitem__, name), _TYPES[Path(name).suffix])
        for name in _files()
    }
    table["plotly", _plotly_hash(), "plotly.min.js"] = _Asset(webfiles.plotly_path().read_bytes, _TYPES[".js"])
    for name, path in _runtime_files().items():
        packed = path.suffix == ".gz"
        table["onnxruntime", _runtime_hash(), name] = _Asset(
            path.read_bytes,
            _TYPES[Path(name).suffix],
            kept_gzipped=packed,
            brotli=path.with_suffix(".br") if packed else None,
        )
    return table


def _serve(request: Request) -> Response:
    parameters = request.path_params
    asset = _assets().get((parameters["kind"], parameters["hash"], parameters["file"]))
    if asset is None:
        return PlainTextResponse("no such file", status_code=404, headers={"Cache-Control": "no-store"})
    accepted = request.headers.get("accept-encoding", "")
    if asset.brotli is not None and takes(accepted, "br"):
        packed = asset.brotli.read_bytes()
        return Response(packed, media_type=asset.media_type, headers={**IMMUTABLE, "Content-Encoding": "br"})
    if takes(accepted, "gzip"):
        return Response(asset.gzipped(), media_type=asset.media_type, headers={**IMMUTABLE, "Content-Encoding": "gzip"})
    return Response(asset.plain(), media_type=asset.media_type, headers=IMMUTABLE)


def canvas_routes(prefix: str = "") -> list[BaseRoute]:
    """Return the routes of the canvas's own files and of Plotly's JavaScript.

    Parameters
    ----------
    prefix : str
        Where the app lives on its server, Streamlit's ``server.baseUrlPath`` (own routes ignore it): ``""`` or
        ``"lab"``; slashes at its ends do not matter.

    Returns
    -------
    list of BaseRoute
        ``{prefix}/latent-lab/canvas/{hash}/{folder}/{file}``, ``{prefix}/latent-lab/plotly/{hash}/plotly.min.js`` and
        ``{prefix}/latent-lab/onnxruntime/{hash}/{file}``. A wrong hash or name is answered with 404.
    """
    root = rooted(prefix)
    # One route, and a look-up in a table: no path on disk is ever made from a request.
    return [Route(f"{root}/latent-lab/{{kind:str}}/{{hash:str}}/{{file:path}}", _serve, methods=["GET"])]


def canvas_url(file: str) -> str:
    """Return the address of a file of ``browser/`` (``painter/maps.js``), relative to the page.

    Raises
    ------
    ValueError
        If there is no such file.
    """
    if file not in _files():
        raise ValueError(f"file must be one of {', '.join(_files())}; got {file!r}")
    return f"./latent-lab/canvas/{_folder_hash()}/{file}"


def plotly_url() -> str:
    """Return the address of the JavaScript that the installed plotly package ships."""
    return f"./latent-lab/plotly/{_plotly_hash()}/plotly.min.js"


def runtime_url() -> str:
    """Return the address of ONNX Runtime's module; its WebAssembly lies beside it."""
    return f"./latent-lab/onnxruntime/{_runtime_hash()}/{webfiles.RUNTIME_MODULE}"


def stylesheet(file: str) -> str:
    """Return the text of a style sheet of ``browser/``, for Streamlit to put beside the component at once."""
    return _files()[file].decode()
