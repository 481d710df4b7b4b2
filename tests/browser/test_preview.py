"""The maps before Plotly is there: the same dots at the same places, and they can be pointed at."""

import numpy as np
import pytest

from tests.browser import truth
from tests.browser.page import DECODES, MAPS

pytestmark = pytest.mark.browser
RINGS = """[...document.querySelectorAll(".ll-marks-map")].flatMap(map =>
  [...map.querySelectorAll(".ll-ring:not(.ll-halo)")].filter(ring => ring.style.display !== "none")
    .map(ring => [Number(ring.getAttribute("cx")), Number(ring.getAttribute("cy"))]))"""
INK = """() => {
  const canvas = document.querySelector(".ll-preview")
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  return [canvas.width, canvas.height, data.filter((_, i) => i % 4 === 3).reduce((sum, alpha) => sum + (alpha > 0), 0)]
}"""


@pytest.mark.parametrize("dim", [2, 3])
def test_dots_are_seen_and_decode_before_plotly_is_there_and_lie_where_it_puts_them(visit, dim):
    page, held = visit.page, []
    page.route("**/plotly.min.js", lambda route: held.append(route))
    page.goto(f"/?data=digits&dim={dim}")
    page.wait_for_selector(f"{DECODES} .ll-preview")
    visit.idle()
    assert page.locator(MAPS).count() == 0
    width, height, inked = page.evaluate(INK)
    assert 0.005 * width * height < inked < 0.5 * width * height  # dots, and space between them
    rings = page.evaluate(RINGS)
    assert len(rings) == 3
    if dim == 2:  # the pinned image's dot is touched, and decoded
        left, top, *_ = visit.area(0)
        visit.hover(left + rings[0][0], top + rings[0][1])
        run = "digits-dense-2d"
        row = truth.ids(run).tolist().index(int(visit.said()["image"]))
        visit.shows("Autoencoder draws", truth.drawn(run, truth.codes(run)[row]))
        visit.page.mouse.move(5, 5)
    for route in held:
        route.continue_()
    page.wait_for_selector(MAPS)
    assert page.locator(".ll-preview:visible").count() == 0
    assert np.abs(np.array(page.evaluate(RINGS)) - rings).max() < 0.5
