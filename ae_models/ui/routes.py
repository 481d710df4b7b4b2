"""What the server sends outside of Streamlit's own messages: arrays and graphs under the digest of their content.

An address names its content, so a browser may keep what it fetched for ever: a second visit sends nothing again.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ae_models.ui.cache import CACHE
from ae_models.ui.serving import IMMUTABLE, rooted, takes

_SECONDS = 60.0  # for which a page's arrays are not dropped: its browser asks for them now


@dataclass(eq=False)
class Blob:
    """Bytes and the digest that is their address; made when somebody first asks, where ``make`` takes a while."""

    digest: str
    make: Callable[[], bytes | memoryview]
    pack: bool = False  # worth compressing: pictures are, points are not
    _made: dict[str, bytes | memoryview] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def weight(self) -> int:
        """Bytes that were made on request; what ``make`` looks at counts apart."""
        return sum(len(made) for made in list(self._made.values()) if isinstance(made, bytes))

    @property
    def content(self) -> bytes | memoryview:
        """The bytes as they are."""
        with self._lock:  # a class opens the page in the same second: make it once
            if "plain" not in self._made:
                self._made["plain"] = self.make()
            return self._made["plain"]

    @property
    def gzipped(self) -> bytes | memoryview:
        """The bytes, compressed once."""
        content = self.content
        with self._lock:
            if "gzip" not in self._made:
                self._made["gzip"] = gzip.compress(content, compresslevel=6, mtime=0)
            return self._made["gzip"]


def bytes_of(array: np.ndarray) -> bytes:
    """Return an array's raw bytes, row-major and little-endian."""
    return np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()


def blob_of(array: np.ndarray) -> Blob:
    """Return an array as a blob."""
    return blob_of_bytes(bytes_of(array))


def blob_of_bytes(content: bytes) -> Blob:
    """Return bytes as a blob."""
    return Blob(sha256(content).hexdigest()[:32], lambda: memoryview(content))


def blob_of_pixels(pixels: np.ndarray, digest: str) -> Blob:
    """Return the uint8 pixels of a data set as a blob, without a copy; ``digest`` already names the data."""
    whole = np.ascontiguousarray(pixels)
    name = sha256(f"pixels {digest}".encode()).hexdigest()[:32]
    return Blob(name, lambda: whole.data.cast("B"), pack=True)


def blob_later(name: str, make: Callable[[], np.ndarray], *, pack: bool = False) -> Blob:
    """Return an array that is computed when a browser first asks; ``name`` says all that it depends on."""
    return Blob(sha256(f"later {name}".encode()).hexdigest()[:32], lambda: bytes_of(make()), pack)


def publish(blob: Blob) -> str:
    """Publish a blob and return its address, relative to the page: proxies strip a prefix that nobody here knows.

    Each run of a page publishes what it shows, so a blob that was dropped is back before a browser asks for it.
    """
    if published(blob.digest) is None:
        CACHE.put(("blob", blob.digest), blob, name="what pages show", seconds=_SECONDS)
    return f"./latent-lab/arrays/{blob.digest}"


def published(digest: str) -> Blob | None:
    """Return the blob of this digest, or None where none is kept."""
    found: Blob | None = CACHE.find(("blob", digest))
    return found


def _send(request: Request) -> Response:  # not async: what is made now is made in a thread, and no visitor waits
    blob = published(request.path_params["digest"])
    if blob is None:
        return Response("no such array: reload the page", status_code=404, headers={"Cache-Control": "no-store"})
    kind = "application/octet-stream"
    if blob.pack and takes(request.headers.get("accept-encoding", ""), "gzip"):
        return Response(blob.gzipped, media_type=kind, headers={**IMMUTABLE, "Content-Encoding": "gzip"})
    return Response(blob.content, media_type=kind, headers=IMMUTABLE)


def array_routes(base_path: str) -> list[BaseRoute]:
    """Return the route of published arrays, below Streamlit's ``server.baseUrlPath``."""
    return [Route(f"{rooted(base_path)}/latent-lab/arrays/{{digest}}", _send)]
