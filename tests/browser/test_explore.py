"""The first page as a visitor meets it."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
MAPS = '.ll-maps[data-ready="true"]'
DECODES = '.ll-canvas[data-decodes="true"]'
APP = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
PIXELS = """canvas => {
  const [w, h] = [canvas.width, canvas.height]
  return Array.from(canvas.getContext("2d").getImageData(0, 0, w, h).data)
}"""


def open_page(page, address: str = "/") -> None:
    page.goto(address)
    page.wait_for_selector(MAPS, timeout=60_000)
    page.wait_for_selector(APP, timeout=60_000)
    page.wait_for_selector(DECODES, timeout=60_000)
    page.wait_for_timeout(250)


def picture(page, title: str) -> np.ndarray:
    """Return the ink of a picture on the page, 0 to 255, ``(h, w)``; in the light theme ink is dark."""
    canvas = page.locator(f'canvas[data-picture="{title}"]')
    size = canvas.evaluate("canvas => [canvas.height, canvas.width]")
    return 255 - np.array(canvas.evaluate(PIXELS), np.int32).reshape(*size, 4)[..., 0]


def test_three_maps_a_slider_a_permalink(page, chromium, server):
    open_page(page)
    assert page.get_by_role("heading", name="Squeeze a picture to 2 numbers. What survives?").is_visible()
    assert page.locator(MAPS).get_attribute("data-points") == "10000"
    for title in ("Autoencoder", "PCA", "UMAP"):
        assert page.get_by_text(title, exact=True).first.is_visible()
    assert page.locator('[data-testid="stException"], [data-testid="stAlert"]').count() == 0

    before = picture(page, "Autoencoder draws")
    slider = page.get_by_role("slider").first
    slider.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(
        """() => {
          const z = new URL(location).searchParams.get("z")
          const slider = document.querySelector('input[type="range"]')
          return z && Math.abs(Number(z.split(",")[0]) - Number(slider.value)) < 1e-4
        }""",
        timeout=20_000,
    )
    page.wait_for_selector(APP)
    page.wait_for_timeout(500)
    after = picture(page, "Autoencoder draws")
    assert (before != after).any()

    address = page.url
    other = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    open_page(other, address)
    assert float(other.get_by_role("slider").first.input_value()) == float(slider.input_value())
    assert (picture(other, "Autoencoder draws") == after).all()
    other.context.close()


def test_the_picture_is_what_decode_says(page):
    open_page(page, "/?data=mnist&run=mnist-dense-2d&dim=2&z=1.5,-2.25")
    command = [sys.executable, "-m", "ae_models", "decode", "mnist-dense-2d", "--at", "1.5", "-2.25", "--json"]
    said = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    expected = np.clip(np.array(said["pixels"]).reshape(28, 28), 0, 1) * 255
    assert np.abs(picture(page, "Autoencoder draws") - expected).max() <= 32  # the ink's colour is not pure black


def test_a_click_pins_the_image_under_the_pointer(page):
    open_page(page)
    page.mouse.move(700, 600)
    point = page.evaluate(
        """() => {
          const plot = document.querySelector(".js-plotly-plot")
          const trace = plot.data.find(t => t.x && t.x.length > 1000)
          const layout = plot._fullLayout
          const axis = [layout.xaxis, layout.yaxis]
          const box = plot.getBoundingClientRect()
          let best = -1, far = -1
          for (let i = 0; i < trace.x.length; i += 1) {
            const d = Math.hypot(trace.x[i], trace.y[i])
            const [x, y] = [axis[0].l2p(trace.x[i]), axis[1].l2p(trace.y[i])]
            const inside = x > 15 && y > 15 && x < axis[0]._length - 15 && y < axis[1]._length - 15
            if (d > far && inside) { far = d; best = i }
          }
          return {
            x: box.left + axis[0]._offset + axis[0].l2p(trace.x[best]),
            y: box.top + axis[1]._offset + axis[1].l2p(trace.y[best]),
            id: trace.customdata ? trace.customdata[best] : best,
          }
        }"""
    )
    page.mouse.move(point["x"], point["y"])
    page.wait_for_timeout(200)
    page.mouse.click(point["x"], point["y"])
    page.wait_for_function("id => new URL(location).searchParams.get('pin') == String(id)", arg=point["id"])
    page.get_by_text(f"test image #{point['id']},").first.wait_for()


def test_a_bad_link_is_said_and_the_page_works(page):
    open_page(page, "/?z=inf,nan&run=nope&pin=x")
    alerts = page.locator('[data-testid="stAlert"]')
    assert alerts.count() == 3
    assert page.locator('[data-testid="stException"]').count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)])
def test_nothing_is_wider_than_the_window(chromium, server, scheme, size):
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, base_url=server, color_scheme=scheme)
    page = context.new_page()
    open_page(page)
    wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    shown = page.screenshot()
    assert len(base64.b64encode(shown)) > 50_000
    context.close()
