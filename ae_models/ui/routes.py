"""What the server sends outside of Streamlit's own messages: arrays under the digest of their content.

An address names its content, so a browser may keep what it fetched for ever: a second visit sends no points again.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
_MOST_BYTES = 64_000_000


@dataclass(frozen=True)
class Blob:
    """Bytes and the digest that is their address."""

    digest: str
    content: bytes


class Blobs:
    """The blobs that pages show now: at most 64 MB of them, the longest unused dropped first.

    Each run of a page publishes what it shows, so a dropped blob is back before a browser asks for it.
    """

    def __init__(self) -> None:
        self._blobs: OrderedDict[str, Blob] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def publish(self, blob: Blob) -> None:
        """Keep a blob, and mark it as used now."""
        with self._lock:
            if blob.digest in self._blobs:
                self._blobs.move_to_end(blob.digest)
                return
            self._blobs[blob.digest] = blob
            self._bytes += len(blob.content)
            while self._bytes > _MOST_BYTES and len(self._blobs) > 1:
                _, dropped = self._blobs.popitem(last=False)
                self._bytes -= len(dropped.content)

    def get(self, digest: str) -> Blob | None:
        """Return the blob of this digest, or None."""
        with self._lock:
            return self._blobs.get(digest)


BLOBS = Blobs()


def blob_of(array: np.ndarray) -> Blob:
    """Return an array's raw bytes, row-major and little-endian, as a blob."""
    content = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
    return Blob(sha256(content).hexdigest()[:32], content)


def publish(blob: Blob) -> str:
    """Publish a blob and return its address, relative to the server's root."""
    import streamlit as st

    BLOBS.publish(blob)
    return f"{_prefix(str(st.get_option('server.baseUrlPath') or ''))}/latent-lab/arrays/{blob.digest}"


def _prefix(base_path: str) -> str:
    return f"/{base_path.strip('/')}" if base_path.strip("/") else ""


async def _send(request: Request) -> Response:
    blob = BLOBS.get(request.path_params["digest"])
    if blob is None:
        return Response("no such array: reload the page", status_code=404, headers={"Cache-Control": "no-store"})
    return Response(blob.content, media_type="application/octet-stream", headers=IMMUTABLE)


def array_routes(base_path: str) -> list[BaseRoute]:
    """Return the route of published arrays, below Streamlit's ``server.baseUrlPath``."""
    return [Route(f"{_prefix(base_path)}/latent-lab/arrays/{{digest}}", _send)]
