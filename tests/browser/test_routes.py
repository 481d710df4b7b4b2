"""What the server sends beside Streamlit's pages: kept for ever by the browser, and nothing else."""

import urllib.error
import urllib.request

import pytest

from ae_models.ui.shared.canvas.assets import canvas_url, plotly_url

pytestmark = pytest.mark.browser


def fetch(address: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {name.lower(): value for name, value in error.headers.items()}, b""


@pytest.mark.parametrize("path", [canvas_url("painter/maps.js"), canvas_url("explore/canvas.css"), plotly_url()])
def test_own_files_are_gzipped_and_immutable(server, path):
    status, headers, content = fetch(f"{server}/{path.lstrip('./')}")
    assert status == 200
    assert headers["content-encoding"] == "gzip"
    assert "immutable" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"
    assert len(content) < 1_600_000


@pytest.mark.parametrize(
    "path",
    [
        "/latent-lab/arrays/0123",
        "/latent-lab/canvas/0123/painter/maps.js",
        canvas_url("painter/maps.js").replace("maps.js", "..%2f..%2fapp.py"),
        canvas_url("painter/maps.js").replace("maps.js", "__init__.py"),
    ],
)
def test_anything_else_is_not_there(server, path):
    status, headers, _ = fetch(f"{server}/{path.lstrip('./')}")
    assert status in (400, 403, 404)
    assert "immutable" not in headers.get("cache-control", "")
