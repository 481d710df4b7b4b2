"""The canvas's Python face: what a browser may say, what is refused, what is served."""

import asyncio
import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from starlette.applications import Starlette

from ae_models.ui.routes import Blob, array_routes, blob_later, blob_of, blob_of_pixels, publish
from ae_models.ui.shared.canvas.assets import canvas_routes, runtime_url
from ae_models.ui.shared.canvas.events import CanvasState


def ask(routes, path: str, encoding: str = "identity") -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and bytes of an answer, as they would cross the wire."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "query_string": b"", "http_version": "1.1"}
    headers = [(b"accept-encoding", encoding.encode())]

    def answer() -> None:
        asyncio.run(Starlette(routes=routes)({**scope, "headers": headers}, receive, send))

    with ThreadPoolExecutor(1) as thread:  # a browser test may have left its event loop running in this one
        thread.submit(answer).result()
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}, body


RUNTIME = Path(__file__).resolve().parents[2] / "ae_models" / "canvas" / "onnxruntime"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"n": 3, "pin": 17}, CanvasState(heard=3, pin=17)),
        ({"n": 4, "space": "pca", "point": [1, -2.5]}, CanvasState(4, space="pca", point=(1.0, -2.5))),
        ({"n": 5, "home": True}, CanvasState(5, home=True)),
        ({"n": 6, "selection": [], "near": "pixels"}, CanvasState(6, selection=(), near="pixels")),
        ({"n": 7, "colour": "clusters pca", "clusters": 12}, CanvasState(7, colour="clusters pca", clusters=12)),
        ({"n": 7, "colour": 3, "clusters": "12"}, CanvasState(7)),
        ({"n": 7, "dims": [4, 0]}, CanvasState(7, dims=(4, 0))),
        (
            {"n": 8, "zoom": [None, [0, 1, -2, 2.5], None], "view": "a"},
            CanvasState(8, zoom=(None, (0.0, 1.0, -2.0, 2.5), None), view="a"),
        ),
        ({"camera": [[1, 1, 1, 0, 0, 0, 0, 0, 1]]}, CanvasState(camera=((1, 1, 1, 0, 0, 0, 0, 0, 1),))),
        # What is not as it should be is left out.
        ({"zoom": [[0, 1, 2]], "camera": [[0] * 9], "view": 3}, CanvasState()),
        ({"zoom": [[1, 0, 0, 1]]}, CanvasState()),
        ({"zoom": [None] * 99}, CanvasState()),
        ({"zoom": {"0": None}, "camera": ["x"]}, CanvasState()),
        (None, CanvasState()),
        ("pin", CanvasState()),
        ({"n": True, "pin": "7", "space": 3, "point": [], "home": 1, "near": "umap"}, CanvasState()),
        ({"point": [1, float("nan")]}, CanvasState()),
        ({"point": [1, "2"]}, CanvasState()),
        ({"point": [1e300]}, CanvasState()),
        ({"selection": [1, None]}, CanvasState()),
        ({"pin": 2**60}, CanvasState()),
        ({"cannot": "x" * 5000}, CanvasState(cannot="x" * 200)),
    ],
)
def test_a_message_is_read_with_care(said, state):
    assert CanvasState.of(said) == state


def test_the_runtime_is_the_published_one_and_sent_as_it_lies():
    table = dict(
        re.findall(r"\| `?([\w.-]+?|the `.wasm` in them)`? \| `([0-9a-f]{64})`", (RUNTIME / "README.md").read_text())
    )
    for name in (path.name for path in RUNTIME.iterdir() if path.suffix in (".mjs", ".gz", ".br")):
        assert sha256((RUNTIME / name).read_bytes()).hexdigest() == table[name]
    folder = runtime_url()[1:].rsplit("/", 1)[0]
    packed = (RUNTIME / "ort-wasm-simd-threaded.wasm.gz").read_bytes()
    status, headers, body = ask(canvas_routes(), f"{folder}/ort-wasm-simd-threaded.wasm", "gzip")
    assert (status, body) == (200, packed)
    assert (headers["content-type"], headers["content-encoding"]) == ("application/wasm", "gzip")
    assert "immutable" in headers["cache-control"]
    _, headers, body = ask(canvas_routes(), f"{folder}/ort-wasm-simd-threaded.wasm", "gzip, deflate, br")
    assert headers["content-encoding"] == "br"
    assert len(body) < len(packed)
    _, headers, body = ask(canvas_routes(), f"{folder}/ort-wasm-simd-threaded.wasm")
    assert "content-encoding" not in headers
    assert sha256(body).hexdigest() == table["the `.wasm` in them"]
    assert gzip.decompress(packed) == body
    assert ask(canvas_routes(), runtime_url()[1:])[1]["content-type"].startswith("text/javascript")
    assert ask(canvas_routes(), f"{folder}/README.md")[0] == 404


def test_arrays_are_made_once_when_asked_for_and_pictures_are_packed():
    made = []

    def make() -> np.ndarray:
        made.append(1)
        return np.arange(5, dtype=np.float32)

    later = blob_later("five numbers", make)
    pixels = blob_of_pixels(np.zeros((50, 1, 28, 28), np.uint8), "fifty blanks")
    for blob in (later, pixels):
        publish(blob)
    assert made == []
    for _ in range(2):
        body = ask(array_routes(""), f"/latent-lab/arrays/{later.digest}")[2]
        assert np.frombuffer(body, np.float32).tolist() == [0, 1, 2, 3, 4]
    assert made == [1]
    _, headers, body = ask(array_routes(""), f"/latent-lab/arrays/{pixels.digest}", "gzip")
    assert headers["content-encoding"] == "gzip"
    assert len(body) < 1000
    assert gzip.decompress(body) == bytes(50 * 784)
    assert ask(array_routes(""), "/latent-lab/arrays/nothing")[0] == 404


def test_the_same_content_has_the_same_address():
    assert blob_of(np.arange(4, dtype="<f4")).digest == blob_of(np.arange(4, dtype=">f4")).digest
    assert isinstance(blob_of(np.zeros(1)), Blob)
