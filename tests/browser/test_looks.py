"""Zoom and camera: told to Python when a hand lets go, kept in the address, the same through reruns."""

import math

import numpy as np
import pytest

from tests.browser import truth

pytestmark = pytest.mark.browser
CAMERA = 'place => document.querySelector(".ll-figure").painter.look(place)'


TURNS = """([times, clientX, clientY]) => {
  const target = document.elementFromPoint(clientX, clientY)
  const turn = { bubbles: true, cancelable: true, ctrlKey: true, deltaY: -200, clientX, clientY }
  for (let i = 0; i < times; i++) target.dispatchEvent(new WheelEvent("wheel", turn))
}"""


def wheel(visit, place: int, times: int = 4) -> None:
    visit.page.mouse.move(*visit.spot(place, 0.5, 0.5))
    visit.page.keyboard.down("Control")
    for _ in range(times):
        visit.page.mouse.wheel(0, -200)
    visit.page.keyboard.up("Control")


def told(visit, name: str) -> dict[int, list[float]]:
    """Return the numbers of each map in a parameter."""
    parts = [[float(value) for value in part.split(",")] for part in visit.parameters.get(name, "0").split("_")]
    return {int(part[0]) - 1: part[1:] for part in parts}


def test_a_zoom_is_told_once_kept_in_the_address_and_survives_reruns(mnist, visit):
    first = mnist.area(0)
    mnist.sent.clear()
    # Eight turns in one breath: a slow machine may let the pointer's own take seconds, with pauses between.
    mnist.page.evaluate(TURNS, [8, *mnist.spot(0, 0.5, 0.5)])
    mnist.until(lambda: told(mnist, "zoom") == {0: pytest.approx(list(mnist.area(0)[4:]), rel=1e-4)})
    mnist.idle()
    seen = mnist.area(0)[4:]
    assert seen[1] - seen[0] < 0.7 * (first[5] - first[4])
    assert len(mnist.sent) < 4  # not a message a turn of the wheel
    mnist.page.mouse.move(5, 5)
    mnist.slider.focus()
    for number in range(2):
        mnist.page.keyboard.press("ArrowRight")
        mnist.until(lambda: mnist.parameters.get("z", "").startswith(mnist.slider.input_value()[:6]))
        mnist.idle()
        assert mnist.area(0)[4:] == seen, number
    visit.open(mnist.page.url)
    assert visit.area(0)[4:] == pytest.approx(seen, rel=1e-4)
    assert visit.area(1)[4:] == pytest.approx(mnist.area(1)[4:])
    codes = truth.codes("mnist-dense-2d")
    shown = np.flatnonzero((codes > [seen[0], seen[2]]).all(axis=1) & (codes < [seen[1], seen[3]]).all(axis=1))
    visit.touch(0, int(shown[0]))
    assert visit.said()["kind"] == "image"
    # A double click brings the whole map back, and its zoom leaves the address.
    visit.page.mouse.dblclick(*visit.spot(0, 0.97, 0.03))
    visit.until(lambda: visit.area(0)[4:] == pytest.approx(first[4:]))
    visit.page.wait_for_function("() => !new URL(location).searchParams.has('zoom')")


def test_a_camera_is_told_kept_in_the_address_and_survives_reruns(space, visit):
    x, y = space.spot(1, 0.5, 0.5)
    space.drag([(x, y), (x + 70, y + 30)], steps=5)
    space.until(lambda: told(space, "cam") == {1: pytest.approx(space.page.evaluate(CAMERA, 1), abs=1e-4)})
    space.idle()
    seen = space.page.evaluate(CAMERA, 1)
    assert math.hypot(*np.subtract(seen[:3], [1.05, 1.05, 0.65])) > 0.1
    space.slider.focus()
    for number in range(2):
        space.page.keyboard.press("ArrowRight")
        space.until(lambda: space.parameters.get("z", "").startswith(space.slider.input_value()[:6]))
        space.idle()
        assert space.page.evaluate(CAMERA, 1) == pytest.approx(seen, abs=1e-6), number
    visit.open(space.page.url)
    assert visit.page.evaluate(CAMERA, 1) == pytest.approx(seen, abs=1e-4)
    assert visit.page.evaluate(CAMERA, 0) == pytest.approx(space.page.evaluate(CAMERA, 0), abs=1e-6)
    space.page.mouse.dblclick(*space.spot(1, 0.97, 0.03))
    space.page.wait_for_function("() => !new URL(location).searchParams.has('cam')")
