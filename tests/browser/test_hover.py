"""The image shown is the image of that id: on all maps, after a filter, a legend toggle, a change of data."""

import numpy as np
import pytest

from tests.browser import truth

pytestmark = pytest.mark.browser


def check(visit, run: str, place: int, start: int = 40) -> int:
    """Touch a dot and check everything that is said of it; return its row."""
    row = visit.alone(place, start)
    visit.touch(place, row)
    state, number = visit.said(), truth.ids(run)[row]
    assert (state["kind"], state["image"]) == ("image", str(number))
    image, label = truth.images(run)[row], truth.labels(run)[row]
    visit.shows("Original", image)
    expected = truth.drawn(run, truth.codes(run)[row])
    visit.shows("Autoencoder draws", expected)
    assert visit.note("Autoencoder draws") == f"error {((expected.astype(float) - image) ** 2).sum():.1f}"
    name = truth.record(run).class_names[label]
    for said in (visit.text(".ll-pointer-tip"), visit.note("Original")):
        assert f"#{number}," in said
        assert name in said
    lit = visit.page.locator("circle.ll-lit:not(.ll-halo)")
    for other in range(3):
        box = lit.nth(other).bounding_box()
        centre = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert centre == pytest.approx(visit.where(other, row), abs=1.5)
    return row


def test_a_touched_dot_shows_that_image_whatever_the_legend_hides(mnist):
    run = "mnist-dense-2d"
    for place in range(3):
        check(mnist, run, place)
    mnist.legend("1")
    for place in range(3):
        row = check(mnist, run, place)
        assert truth.labels(run)[row] != 1
    mnist.legend("1")
    mnist.legend("7", only=True)
    for place in range(3):
        row = check(mnist, run, place, start=3000)
        assert truth.labels(run)[row] == 7
    mnist.page.get_by_role("button", name="Show all").click()
    mnist.leave()
    assert mnist.said()["image"] == "0"  # off the maps, the pinned image is back
    mnist.shows("Original", truth.images(run)[0])


def test_a_touched_dot_shows_that_image_after_a_change_of_data(visit):
    visit.open("/?data=digits")
    check(visit, "digits-dense-2d", 0)
    visit.legend("3")
    visit.page.get_by_label("Data", exact=True).click()
    visit.page.get_by_role("option", name="Fashion", exact=False).click()
    visit.page.wait_for_selector('.ll-maps[data-ready="true"][data-view^="fashion-dense-2d"]')
    visit.page.wait_for_selector('.ll-canvas[data-decodes="true"]')
    visit.idle()
    for place in range(3):
        check(visit, "fashion-dense-2d", place)
    visit.legend(truth.record("fashion-dense-2d").class_names[1])
    for place in range(3):
        row = check(visit, "fashion-dense-2d", place, start=500)
        assert truth.labels("fashion-dense-2d")[row] != 1


def test_a_click_pins_the_image_and_the_ring_stays(mnist):
    row = mnist.alone(0, 700)
    x, y = mnist.where(0, row)
    mnist.told(lambda: mnist.page.mouse.click(x, y), pin=str(row))
    mnist.leave()
    assert mnist.note("Original").startswith(f"test image #{row},")
    mnist.shows("Original", truth.images("mnist-dense-2d")[row])
    box = mnist.page.locator("circle.ll-ring:not(.ll-halo):not(.ll-lit):not(.ll-other)").first.bounding_box()
    centre = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert centre == pytest.approx(mnist.where(0, row), abs=1.5)


def test_python_hears_nothing_while_the_pointer_moves(mnist):
    mnist.sent.clear()
    for step in range(8):
        mnist.page.mouse.move(120 + 110 * step, 500 + 7 * step)
    mnist.hover(*mnist.spot(0, 0.5, 0.5))
    assert mnist.said()["kind"] in ("image", "point")
    mnist.idle()
    assert mnist.sent == []


def test_few_enough_in_view_are_shown_as_images(digits):
    thumbs = digits.page.locator(".ll-thumbs canvas").first
    assert not thumbs.is_visible()
    digits.page.mouse.move(*digits.spot(0, 0.5, 0.5))
    for _ in range(30):
        if thumbs.is_visible():
            break
        before = digits.area(0)
        digits.wheel(-150)
        digits.until(lambda before=before: digits.area(0) != before)
    thumbs.wait_for()
    digits.page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )  # painted
    width, height, x0, x1, y0, y1 = digits.area(0)[2:]
    codes = truth.codes("digits-dense-2d").astype(np.float64)
    spots = np.stack([(codes[:, 0] - x0) / (x1 - x0) * width, (y1 - codes[:, 1]) / (y1 - y0) * height], axis=1)
    inside = ((spots > 0) & (spots < [width, height])).all(axis=1)
    assert 0 < inside.sum() <= 140
    whole = ((spots > 13) & (spots < [width - 13, height - 13])).all(axis=1)
    row = int(np.flatnonzero(whole)[-1])  # what comes later lies on top: this one is seen whole
    assert all(np.abs(spots[other] - spots[row]).max() > 25 for other in np.flatnonzero(inside) if other > row)
    block = thumbs.evaluate(
        """(canvas, [x, y]) => Array.from(
          { length: 64 }, (_, i) => canvas.getContext("2d").getImageData(
            Math.round(x - 12) + 1 + 3 * (i % 8), Math.round(y - 12) + 1 + 3 * Math.floor(i / 8), 1, 1).data[0])""",
        spots[row].tolist(),
    )
    found = 1 - np.array(block).reshape(8, 8) / 255  # 8 x 8 pixels in a square of 24
    assert np.abs(found - truth.images("digits-dense-2d")[row]).max() <= 1.5 / 255
