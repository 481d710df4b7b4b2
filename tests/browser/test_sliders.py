"""Sliders: dragged, stepped, typed, one with the crosshair; and which numbers of a long code the map shows."""

import re
from itertools import pairwise

import numpy as np
import pytest

from ae_models.latent import code_bounds, dims_that_matter
from tests.browser import truth

pytestmark = pytest.mark.browser


def stands(visit) -> list[float]:
    """Where the sliders stand."""
    return [float(slider.input_value()) for slider in visit.page.get_by_role("slider").all()]


def tells(visit, name: str) -> bool:
    """Whether Python was told something of this name."""
    frames = (frame.encode() if isinstance(frame, str) else frame for frame in visit.sent)
    return any(name.encode() in frame for frame in frames)


def test_an_image_morphs_while_a_slider_is_dragged(digits):
    box, page, pictures = digits.slider.bounding_box(), digits.page, []
    left, top, width, height = (box[side] for side in ("x", "y", "width", "height"))
    page.mouse.move(left + 0.3 * width, top + height / 2)
    page.mouse.down()
    digits.sent.clear()
    for step in range(8):
        before = digits.slider.input_value()
        page.mouse.move(left + (0.32 + 0.05 * step) * width, top + height / 2)
        digits.until(lambda before=before: digits.slider.input_value() != before)
        digits.until(lambda: digits.looked_at() == pytest.approx(stands(digits)))
        pictures.append(digits.picture("Autoencoder draws"))
        digits.shows("Autoencoder draws", truth.drawn("digits-dense-2d", stands(digits)))
    # Nothing is told of the point until it is let go; what the test before did may still be on its way.
    assert not tells(digits, "point")
    assert all((one != two).any() for one, two in pairwise(pictures))
    value = digits.slider.input_value()
    page.mouse.up()
    digits.until(lambda: digits.point == pytest.approx(stands(digits), rel=1e-4))
    assert tells(digits, "point")
    assert digits.slider.input_value() == value


def test_sliders_are_typed_and_stepped(digits):
    box = digits.page.get_by_label("z1, typed")
    box.fill("2.5")
    box.press("Enter")
    digits.until(lambda: digits.point[:1] == [2.5])
    assert digits.slider.input_value() == "2.5"
    low, high = np.array([(bound.low, bound.high) for bound in code_bounds(truth.codes("digits-dense-2d"))])[0]
    for key, steps in (("ArrowUp", 1), ("ArrowUp", 2), ("ArrowDown", 1)):
        box.press(key)
        assert float(digits.slider.input_value()) == pytest.approx(2.5 + steps * (high - low) / 100, abs=1e-4)
    digits.slider.focus()
    for key, steps in (("ArrowRight", 2), ("PageUp", 12), ("ArrowLeft", 11), ("PageDown", 1)):
        digits.painted(lambda key=key: digits.page.keyboard.press(key))
        assert float(digits.slider.input_value()) == pytest.approx(2.5 + steps * (high - low) / 100, abs=1e-4)
        digits.shows("Autoencoder draws", truth.drawn("digits-dense-2d", stands(digits)))
    stood = stands(digits)
    box.fill("far away")
    box.press("Enter")
    assert stands(digits) == stood  # not a number: left as it was
    assert float(box.input_value()) == pytest.approx(stood[0], abs=0.005)


def test_a_click_on_an_empty_place_moves_sliders_and_crosshair_there_and_back(mnist):
    place = truth.empty_place("mnist-dense-2d")
    x, y = mnist.where(0, place)
    mnist.page.mouse.click(x, y)
    mnist.until(lambda: mnist.point != [])
    mnist.leave()
    assert stands(mnist) == pytest.approx(place, abs=0.2)
    assert mnist.point == stands(mnist)
    mnist.shows("Autoencoder draws", truth.drawn("mnist-dense-2d", mnist.point))
    cross = mnist.page.locator("path.ll-cross:not(.ll-halo)").first.bounding_box()
    middle = (cross["x"] + cross["width"] / 2, cross["y"] + cross["height"] / 2)
    assert middle == pytest.approx(mnist.where(0, mnist.point), abs=1.5)
    mnist.told(lambda: mnist.page.get_by_role("button", name="back to the image").click(), z=None)
    assert mnist.said()["kind"] == "image"
    assert stands(mnist) == pytest.approx(truth.codes("mnist-dense-2d")[0].tolist(), abs=1e-4)


def test_a_long_code_has_all_its_sliders_and_the_map_shows_those_that_are_chosen(visit):
    run = "mnist-conv-30d"
    codes = truth.codes(run)
    visit.open(f"/?data=mnist&run={run}&dim=2")
    visit.page.locator(".ll-drawer summary").click()
    names = visit.page.locator(".ll-slider-name").all_inner_texts()
    order = [dim + 1 for dim in dims_that_matter(truth.graphs(run).decode, code_bounds(codes))]
    assert sorted(names[:3], key=lambda name: int(name[1:])) == names[:3]
    assert {int(name[1:]) for name in names[:3]} == set(order[:3])  # the first three stand by their number
    assert [int(name[1:]) for name in names[3:]] == order[3:]
    first = visit.page.get_by_label("Axis 1 of the map")
    wanted, second = order[7] - 1, int(visit.page.get_by_label("Axis 2 of the map").input_value())
    first.select_option(str(wanted))
    visit.until(lambda: visit.parameters.get("dims") == f"{wanted + 1},{second + 1}")
    visit.page.wait_for_selector(f'.ll-maps[data-ready="true"][data-view$="-{wanted}-{second}"]')
    assert np.abs(visit.dots(0) - codes[:, [wanted, second]]).max() < 1e-5
    visit.page.locator(".ll-drawer summary").click()  # it lies over the maps while it is open
    # A point of the map changes the two numbers it shows; the other 28 stay those of the pinned image.
    visit.hover(*visit.spot(0, 0.8, 0.2))
    state, point = visit.said(), np.array(visit.looked_at())
    if state["kind"] == "point":
        others = np.delete(np.arange(30), [wanted, second])
        assert point[others] == pytest.approx(codes[0, others], abs=1e-5)
    visit.shows("Autoencoder draws", truth.drawn(run, point))
    assert re.fullmatch(r"The other 27 numbers of the code.*", visit.text(".ll-drawer summary"))
