"""The maps without a graphics card and without Plotly: every dot where NumPy says, seen, picked, turned and shifted."""

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
IDS = """place => {
  const { raster, sharp } = document.querySelector(".ll-figure").painter.maps.get(place)
  return [raster.width, raster.height, sharp, Array.from(raster.ids)]
}"""
PIXELS = """place => {
  const { canvas } = document.querySelector(".ll-figure").painter.maps.get(place)
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  const paper = data.slice(0, 3).join()
  let ink = 0
  for (let i = 0; i < data.length; i += 4) ink += data.slice(i, i + 3).join() !== paper
  return ink / (canvas.width * canvas.height)
}"""
EYE = np.array([1.05, 1.05, 0.65])


@pytest.fixture
def plain(visitor, server):
    made = Visit(visitor.new_page(), server)
    made.page.add_init_script(NO_WEBGL)
    yield made
    made.page.close()
    assert made.errors == []


def middles(visit, place: int) -> dict[int, np.ndarray]:
    """Return the middle of what is seen of each dot, in pixels of the map's area, by its row."""
    width, height, sharp, ids = visit.page.evaluate(IDS, place)
    found = np.array(ids).reshape(height, width)
    seen = {}
    for row in np.unique(found[found >= 0]):
        lines, columns = np.nonzero(found == row)
        seen[int(row)] = np.array([columns.mean() + 0.5, lines.mean() + 0.5]) / sharp
    return seen


def projected(codes: np.ndarray, width: float, height: float) -> np.ndarray:
    """Return where codes ``(n, 3)`` lie from the first camera, by NumPy alone: ``(n, 3)``, the last how far away."""
    far = np.linalg.norm(EYE)
    away = EYE / far
    right = np.cross([0, 0, 1], away)
    right /= np.linalg.norm(right)
    above = np.cross(away, right)
    low, high = codes.min(axis=0), codes.max(axis=0)
    box = (codes - (low + high) / 2) / (1.08 * (high - low))
    depth = far - box @ away
    side = height / 2 / np.tan(np.pi / 8) / depth
    return np.stack([width / 2 + side * (box @ right), height / 2 - side * (box @ above), depth], axis=1)


def alone(spots: np.ndarray) -> int:
    """Return a row whose dot has no other near it."""
    for row in range(len(spots)):
        far = np.linalg.norm(spots[:, :2] - spots[row, :2], axis=1)
        far[row] = np.inf
        if far.min() > 20:
            return row
    raise AssertionError("no dot is alone")


def test_maps_in_space_are_seen_turned_and_picked(plain):
    asked = []
    plain.page.on("request", lambda request: asked.append(request.url))
    plain.open("/?data=digits&dim=3")
    assert not [url for url in asked if "plotly" in url]
    codes = truth.codes("digits-dense-3d").astype(float)
    images = recipes.heldout_of(truth.record("digits-dense-3d"))
    box = plain.page.locator(".ll-area").first.bounding_box()
    expected = projected(codes, box["width"], box["height"])
    row = alone(expected)
    seen = middles(plain, 0)
    assert len(seen) > 300
    assert seen[row] == pytest.approx(expected[row, :2], abs=0.6)
    # What covers another dot is nearer to the eye.
    shown = {one: spot for one, spot in seen.items() if np.linalg.norm(spot - expected[one, :2]) < 0.8}
    assert len(shown) > 150
    hidden = sorted(set(range(len(codes))) - set(seen))
    for one in hidden:
        near = np.linalg.norm(expected[:, :2] - expected[one, :2], axis=1) < 9
        assert expected[near, 2].min() < expected[one, 2]
    plain.hover(box["x"] + expected[row, 0], box["y"] + expected[row, 1])
    assert (plain.said()["kind"], plain.said()["image"]) == ("image", str(images.ids[row]))
    plain.shows("Original", images.images()[row, 0])
    # A drag to the right takes what is in front with it: the camera goes to the left.
    x, y = box["x"] + 0.4 * box["width"], box["y"] + 0.4 * box["height"]
    plain.drag([(x, y), (x + 40, y)], steps=4)
    plain.until(lambda: "cam" in plain.parameters)
    camera = [float(value) for value in plain.parameters["cam"].split(",")]
    assert camera[0] == 1
    assert np.linalg.norm(camera[1:4]) == pytest.approx(np.linalg.norm(EYE), abs=1e-4)
    eye, right = np.array(camera[1:4]), np.cross([0, 0, 1], EYE)
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


def test_flat_maps_are_shifted_zoomed_and_hide_classes(plain):
    plain.open("/")
    labels = truth.labels("mnist-dense-2d")
    box = plain.page.locator(".ll-area").first.bounding_box()
    spots = np.array([plain.where(0, row) for row in range(0, 1000, 50)]) - [box["x"], box["y"]]
    for row, spot in zip(range(0, 1000, 50), spots, strict=True):
        seen = middles(plain, 0).get(row) if row == 0 else None
        assert seen is None or np.linalg.norm(seen - spot) < 3
    all_ink = plain.page.evaluate(PIXELS, 0)
    plain.legend("1", only=True)
    plain.until(lambda: set(labels[list(middles(plain, 0))]) == {1})
    assert plain.page.evaluate(PIXELS, 0) < 0.5 * all_ink
    plain.page.get_by_role("button", name="Show all").click()
    before = plain.area(1)
    x, y = plain.spot(1, 0.5, 0.5)
    there = plain.points_at(1, np.array([[x, y]]))
    plain.drag([(x, y), (x + 60, y - 25)], steps=3)
    plain.until(lambda: plain.points_at(1, np.array([[x + 60, y - 25]])) == pytest.approx(there, abs=1e-6))
    plain.until(lambda: "zoom" in plain.parameters)
    area = plain.page.locator(".ll-area").nth(1)
    area.focus()
    area.press("0")
    plain.until(lambda: plain.area(1)[4:] == pytest.approx(before[4:]))
    area.press("+")
    plain.until(lambda: np.ptp(plain.area(1)[4:6]) == pytest.approx(0.8 * np.ptp(before[4:6])))


def test_two_fingers_zoom_about_the_middle_between_them(plain):
    plain.open("/?data=digits")
    session = plain.page.context.new_cdp_session(plain.page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    x, y = plain.spot(0, 0.4, 0.6)
    before, there = plain.area(0), plain.points_at(0, np.array([[x, y]]))

    def touch(kind: str, apart: float) -> None:
        points = [{"x": x + side * apart, "y": y, "id": number} for number, side in enumerate((-1, 1))]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points if kind != "touchEnd" else []})

    touch("touchStart", 30)
    for apart in (35, 40, 50, 60):
        touch("touchMove", apart)
    touch("touchEnd", 60)
    plain.until(lambda: np.ptp(plain.area(0)[4:6]) == pytest.approx(0.5 * np.ptp(before[4:6]), rel=0.05))
    assert plain.points_at(0, np.array([[x, y]])) == pytest.approx(there, abs=0.05 * np.ptp(before[4:6]))
    assert "pin" not in plain.parameters or plain.parameters["pin"] == plain.first
