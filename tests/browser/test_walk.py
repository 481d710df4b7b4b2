"""Walk in a real browser: what is drawn is what Python draws, and every tool works by keyboard."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ae_models import recipes
from ae_models.latent import code_bounds

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
READY = '.ll-walk[data-ready="true"]'
APP = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
INK = """canvas => {
  const [w, h] = [canvas.width, canvas.height]
  return Array.from(canvas.getContext("2d").getImageData(0, 0, w, h).data).filter((_, i) => i % 4 === 0)
}"""


@pytest.fixture(scope="module")
def visitor(chromium, server):
    """One visitor for all these tests; the console must stay clean of all but Streamlit's own look-up of its root."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=server, accept_downloads=True)
    page = context.new_page()
    errors: list[str] = []

    def heard(message) -> None:
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            errors.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def open_page(page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector(READY)
    page.wait_for_selector(APP)


def ink(page, block: str) -> np.ndarray:
    """Return the ink of a wall, 0 to 255."""
    canvas = page.locator(f'[data-block="{block}"] .ll-wall-sheet canvas').first
    size = canvas.evaluate("canvas => [canvas.height, canvas.width]")
    return 255 - np.array(canvas.evaluate(INK), np.int32).reshape(size)


def test_a_grid_is_what_decode_says(visitor):
    open_page(visitor, "/walk?walk=Grid&run=mnist-dense-2d&lines=6")
    drawn = ink(visitor, "autoencoder").reshape(6, 28, 6, 28).swapaxes(1, 2)
    store, record = recipes.find_run("mnist-dense-2d")
    x, y = code_bounds(recipes.stored_codes(store, record))
    command = [
        sys.executable,
        "-m",
        "ae_models",
        "decode",
        "mnist-dense-2d",
        "--json",
        "--at",
        repr(x.low),
        repr(y.high),
    ]
    said = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    corner = np.array(said["pixels"]).reshape(28, 28)
    others = [recipes.decode_point("mnist-dense-2d", at)[1][0] for at in ([x.high, y.low], [x.low, y.low])]
    for (row, column), image in zip([(0, 0), (5, 5), (5, 0)], [corner, *others], strict=True):
        assert np.abs(drawn[row, column] - np.clip(image, 0, 1) * 255).max() <= 1.01
    assert visitor.locator('[data-block="pca"]').is_visible()


def test_a_grid_is_walked_by_keys(visitor):
    canvas = visitor.locator('[data-block="autoencoder"] canvas').first
    canvas.focus()
    before = int(visitor.locator(".ll-walk").get_attribute("data-index"))
    visitor.keyboard.press("ArrowRight")
    visitor.keyboard.press("ArrowDown")
    assert int(visitor.locator(".ll-walk").get_attribute("data-index")) == before + 7
    note = visitor.locator(".ll-walk-frames .ll-picture-note").first.text_content()
    assert note.startswith("z1 = ")
    visitor.keyboard.press("End")
    assert visitor.locator(".ll-walk").get_attribute("data-index") == "35"


def test_a_way_is_walked_saved_and_set_by_a_click(visitor):
    open_page(visitor, "/walk?run=mnist-dense-2d&from=3&to=8&steps=7")
    store, record = recipes.find_run("mnist-dense-2d")
    own = recipes.stored_codes(store, record)
    slider = visitor.get_by_role("slider", name="Step along the way")
    slider.focus()
    visitor.keyboard.press("End")
    assert visitor.locator(".ll-walk").get_attribute("data-index") == "6"
    assert "reconstruction of B" in visitor.locator(".ll-walk-frames").text_content()
    assert visitor.locator('[data-block="autoencoder"] .ll-wall-bar').count() == 6

    with visitor.expect_download() as found:
        visitor.get_by_role("button", name="Save the codes (CSV)").click()
    rows = [
        row for row in csv.DictReader(io.StringIO(Path(found.value.path()).read_text())) if row["of"] == "Autoencoder"
    ]
    path = np.array([[float(row["z1"]), float(row["z2"])] for row in rows])
    assert np.allclose(path, np.linspace(own[3], own[8], 7), atol=1e-5)
    with visitor.expect_download() as found:
        visitor.get_by_role("button", name="Save the pictures (PNG)").click()
    assert Path(found.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"

    area = visitor.locator(".ll-small-map").first.locator("canvas").last
    area.click(position={"x": 154, "y": 95})
    visitor.wait_for_function("() => new URL(location).searchParams.get('to') !== '8'")
    visitor.wait_for_selector(APP)
    clicked = int(visitor.get_by_label("To", exact=True).last.input_value())
    dots = json.loads(visitor.locator(".ll-small-map").first.get_attribute("data-dots"))
    assert np.allclose(dots[1], own[clicked], atol=1e-5)


@pytest.mark.parametrize(
    ("name", "layout"), [("One number", "numbers"), ("Few bits", "bits"), ("A - B + C", "sum"), ("New pictures", "new")]
)
def test_every_other_view_draws(visitor, name, layout):
    visitor.get_by_role("button", name=name, exact=True).or_(visitor.get_by_role("radio", name=name)).first.click()
    visitor.wait_for_selector(f'.ll-walk[data-layout="{layout}"][data-ready="true"]')
    visitor.wait_for_selector(APP)
    assert visitor.evaluate("() => new URL(location).searchParams.get('walk')") == name
    painted = visitor.locator('.ll-wall[data-painted="true"]:visible').count()
    assert painted == visitor.locator(".ll-wall:visible").count() > 0
    wide = visitor.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_without_webassembly_the_server_draws(chromium, server):
    context = chromium.new_context(viewport={"width": 1024, "height": 768}, base_url=server, color_scheme="dark")
    context.add_init_script("delete window.WebAssembly")
    page = context.new_page()
    open_page(page, "/walk?run=mnist-dense-2d&walk=Grid&lines=4")
    page.get_by_text("Pictures are drawn by the server").wait_for()
    assert page.locator('[data-block="autoencoder"][data-painted="true"]').is_visible()
    context.close()
