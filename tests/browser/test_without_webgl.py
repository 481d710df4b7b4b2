"""A browser without WebGL: fewer dots, drawn as SVG, flat and in space; turned, shifted and picked all the same."""

import re

import numpy as np
import pytest

from ae_models import recipes
from tests.browser import truth
from tests.browser.page import Visit

pytestmark = pytest.mark.browser
NO_WEBGL = """const get = HTMLCanvasElement.prototype.getContext
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.includes("webgl") ? null : get.call(this, kind, ...rest)
}"""
PATHS = """place => [...document.querySelectorAll(".ll-svg-maps > svg")[place].querySelectorAll("path")]
  .map(path => path.getAttribute("d")).join("")"""
SCALE = 1.2  # side of the box in sides of the map, at a distance of one


@pytest.fixture
def plain(visitor, server):
    made = Visit(visitor.new_page(), server)
    made.page.add_init_script(NO_WEBGL)
    yield made
    made.page.close()
    assert made.errors == []


def dots(visit, place: int) -> np.ndarray:
    """Return the dots of a map in pixels of its area, ``(n, 2)``."""
    return np.array(re.findall(r"M(-?[\d.]+) (-?[\d.]+)h0", visit.page.evaluate(PATHS, place)), float)


def projected(codes: np.ndarray, width: float, height: float) -> np.ndarray:
    """Return where codes ``(n, 3)`` lie from the first camera, by NumPy alone: ``(n, 3)``, the last how far behind."""
    eye = np.array([1.05, 1.05, 0.65])
    away = eye / np.linalg.norm(eye)
    right = np.cross([0, 0, 1], away)
    right /= np.linalg.norm(right)
    above = np.cross(away, right)
    low, high = codes.min(axis=0), codes.max(axis=0)
    box = (codes - (low + high) / 2) / (1.08 * (high - low))
    side = SCALE * min(width, height) / np.linalg.norm(eye)
    x, y, z = box @ right, box @ above, box @ away
    return np.stack([width / 2 + side * x, height / 2 - side * y, -z], axis=1)


def alone(spots: np.ndarray) -> int:
    """Return a row whose dot has no other near it."""
    for row in range(len(spots)):
        far = np.linalg.norm(spots[:, :2] - spots[row, :2], axis=1)
        far[row] = np.inf
        if far.min() > 25:
            return row
    raise AssertionError("no dot is alone")


def test_maps_in_space_are_seen_turned_and_picked(plain):
    plain.open("/?data=digits&dim=3")
    codes = truth.codes("digits-dense-3d").astype(float)
    images = recipes.heldout_of(truth.record("digits-dense-3d"))
    box = plain.page.locator(".ll-area").first.bounding_box()
    expected = projected(codes, box["width"], box["height"])
    shown = dots(plain, 0)
    assert shown.shape == (360, 2)
    apart = np.linalg.norm(shown[:, None] - expected[None, :, :2], axis=2)
    assert max(apart.min(axis=0).max(), apart.min(axis=1).max()) < 0.2
    assert plain.page.get_by_text("WebGL is off: 360 of 360 dots").count() == 3
    row = alone(expected)
    plain.hover(box["x"] + expected[row, 0], box["y"] + expected[row, 1])
    assert (plain.said()["kind"], plain.said()["image"]) == ("image", str(images.ids[row]))
    plain.shows("Original", images.images()[row, 0])
    # A drag to the right takes what is in front with it: the camera goes to the left.
    x, y = box["x"] + 0.4 * box["width"], box["y"] + 0.4 * box["height"]
    plain.drag([(x, y), (x + 40, y)], steps=4)
    plain.until(lambda: "cam" in plain.parameters)
    camera = [float(value) for value in plain.parameters["cam"].split(",")]
    assert camera[0] == 1
    assert np.linalg.norm(camera[1:4]) == pytest.approx(np.linalg.norm([1.05, 1.05, 0.65]), abs=1e-4)
    eye, right = np.array(camera[1:4]), np.cross([0, 0, 1], [1.05, 1.05, 0.65])
    assert eye @ right < 0
    # Arrow keys with Ctrl turn it too.
    area = plain.page.locator(".ll-area").first
    area.focus()
    for _ in range(3):
        area.press("Control+ArrowRight")
    plain.until(
        lambda: np.array([float(v) for v in plain.parameters["cam"].split(",")][1:4]) @ right > eye @ right + 0.1
    )
    area.press("Enter")
    plain.until(lambda: plain.parameters["pin"] != "0")


def test_flat_maps_are_shifted_zoomed_and_sampled_class_by_class(plain):
    plain.open("/")
    labels = truth.labels("mnist-dense-2d")
    assert plain.page.get_by_text("WebGL is off: 3,000 of 10,000 dots").count() == 3
    assert len(dots(plain, 0)) == 3000
    plain.legend("1", only=True)
    plain.until(lambda: abs(len(dots(plain, 0)) - 0.3 * (labels == 1).sum()) <= 1)
    plain.page.get_by_role("button", name="Show all").click()
    before = dots(plain, 1)
    x, y = plain.spot(1, 0.5, 0.5)
    plain.drag([(x, y), (x + 60, y - 25)], steps=3)
    plain.until(lambda: np.abs(dots(plain, 1) - before - [60, -25]).max() < 0.3)
    plain.until(lambda: "zoom" in plain.parameters)
    area = plain.page.locator(".ll-area").nth(1)
    area.focus()
    area.press("0")
    plain.until(lambda: np.abs(dots(plain, 1) - before).max() < 0.11)
    area.press("+")
    plain.until(lambda: np.ptp(dots(plain, 1)[:, 0]) == pytest.approx(np.ptp(before[:, 0]) / 0.8, rel=1e-3))
