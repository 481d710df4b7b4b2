"""The plane through a 3-D code: beside its map, in a place of its own; the pointer over it decodes."""

import re

import numpy as np
import pytest

from tests.browser import truth

pytestmark = pytest.mark.browser
RUN = "digits-dense-3d"
BOXES = """() => {
  const home = document.querySelector(".ll-canvas").getBoundingClientRect()
  const names = [".ll-card .ll-area", ".ll-plane", ".ll-strip", ".ll-legend", ".ll-neighbours"]
  return Object.fromEntries(names.map(name => [name, [...document.querySelectorAll(name)].map(one => {
    const { left, top, right, bottom } = one.getBoundingClientRect()
    return [left - home.left, top - home.top, right - home.left, bottom - home.top].map(Math.round)
  })]))
}"""


def shown() -> np.ndarray:
    """Return what the plane shows of each number, ``(3, 2)``: its middle 99 %, and 12 % of that as room."""
    codes = np.sort(truth.codes(RUN).astype(float), axis=0)
    n = len(codes) - 1
    low, high = codes[round(0.005 * n)], codes[round(0.995 * n)]
    room = 0.12 * (high - low)
    return np.stack([np.maximum(codes[0], low - room), np.minimum(codes[-1], high + room)], axis=1)


def over(visit, across: float, up: float) -> None:
    box = visit.page.locator(".ll-plane canvas").bounding_box()
    visit.page.mouse.move(box["x"] + 5, box["y"] + 5)
    x, y = box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"]
    visit.painted(lambda: visit.page.mouse.move(x, y))


def test_the_pointer_over_it_decodes_that_point(visit):
    visit.open("/?data=digits&dim=3")
    limits = shown()
    at = truth.codes(RUN)[0, 2]  # at first it goes through the pinned image
    assert visit.text(".ll-plane .ll-caption-right") == f"z3 = {at:.2f}"
    over(visit, 0.25, 0.75)
    wanted = limits[:, 0] + np.array([0.25, 0.75, 0]) * (limits[:, 1] - limits[:, 0])
    wanted[2] = at
    tolerance = (limits[:, 1] - limits[:, 0]).max() / 200  # a pixel
    assert visit.said()["kind"] == "point"
    assert visit.looked_at() == pytest.approx(wanted, abs=tolerance)
    visit.shows("Autoencoder draws", truth.drawn(RUN, visit.looked_at()))
    visit.page.locator(".ll-plane").get_by_role("button", name="z1").click()
    visit.page.get_by_label("Where the plane lies").fill(str(limits[0, 0]))
    over(visit, 0.5, 0.1)
    wanted = limits[:, 0] + np.array([0, 0.5, 0.1]) * (limits[:, 1] - limits[:, 0])
    assert visit.looked_at() == pytest.approx(wanted, abs=tolerance)
    assert visit.text(".ll-plane .ll-caption-right") == f"z1 = {limits[0, 0]:.2f}"


def test_it_is_drawn_in_the_map_and_holds_the_point_that_was_kept(space):
    space.tool("Plane")
    outline = space.page.locator(".ll-marks-map").first.locator(".ll-outline")

    def corners() -> np.ndarray:
        return np.array(re.findall(r"(-?[\d.]+),(-?[\d.]+)", outline.get_attribute("d")), float)

    space.page.locator(".ll-plane").get_by_role("button", name="z3").click()
    before = corners()
    assert before.shape == (4, 2)
    box = space.page.locator(".ll-plane canvas").bounding_box()
    space.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    space.until(lambda: "z" in space.parameters)
    middle = shown().mean(axis=1)
    assert space.point[:2] == pytest.approx(middle[:2], abs=0.05)
    cross = space.page.locator(".ll-marks-map").first.locator(".ll-cross").first.get_attribute("d")
    left, y = (float(value) for value in re.match(r"M(\S+) (\S+)H", cross).groups())
    # The middle of a square lies where its diagonals cross, seen from anywhere.
    (a, b, c, d), spot = corners(), np.array([left + 9, y])
    for one, other in ((a, c), (b, d)):
        away = np.cross(np.append(other - one, 0), np.append(spot - one, 0))[2] / np.linalg.norm(other - one)
        assert abs(away) < 2
    space.page.get_by_label("Where the plane lies").focus()
    space.page.keyboard.press("End")
    assert np.abs(corners() - before).max() > 5


@pytest.mark.parametrize("width", [1440, 1024])
def test_it_covers_no_map_and_moves_nothing_around_them(space, width):
    space.tool("Plane", False)
    space.resize(width, 768)
    without = space.page.evaluate(BOXES)
    space.tool("Plane")

    def lies_beside() -> None:
        boxes = space.page.evaluate(BOXES)
        for name in (".ll-strip", ".ll-legend", ".ll-neighbours"):
            assert boxes[name] == without[name]
        left, top, right, bottom = boxes[".ll-plane"][0]
        assert right - left > 200
        assert len(boxes[".ll-card .ll-area"]) == 3
        for area in boxes[".ll-card .ll-area"]:
            assert area[2] <= left or area[0] >= right or area[3] <= top or area[1] >= bottom
            assert area[2] - area[0] > 200
        first = boxes[".ll-card .ll-area"][0]
        assert first[2] <= left + 1  # beside the map that it cuts,
        assert top < first[3] < bottom + 1  # in the same row

    space.until(lies_beside)
    space.resize(1440, 900)
