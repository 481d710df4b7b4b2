"""Colours, the legend, the order by error, the backdrop: what the figure holds and what is on the screen."""

import io

import numpy as np
import pytest
from PIL import Image

from ae_models.latent import clusters, neighbour_distances, support
from tests.browser import truth
from tests.browser.page import numbers

pytestmark = pytest.mark.browser
RUN, PCA, SMALL = "mnist-dense-2d", "mnist-pca-2d", "digits-dense-2d"
PETROFF = [  # his accessible sequence of ten, 2021
    *("#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6"),
    *("#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd"),
]
MARKERS = """() => {
  const { maps, scene } = document.querySelector(".ll-figure").painter
  const { color, cmin, cmax, colorscale: scale } = scene.paint
  return [...maps.keys()].map(() => ({ color: window.llNumbers(color), cmin, cmax, scale }))
}"""


def markers(visit) -> list[dict]:
    """What colours the dots of each map."""
    return [marker | {"color": numbers(marker["color"]).tolist()} for marker in visit.page.evaluate(MARKERS)]


def rgb(colour: str) -> np.ndarray:
    """``#rrggbb`` as three numbers of 255."""
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], float)


def screen(visit, place: int) -> np.ndarray:
    """The pixels of a map as they are on the screen, ``(h, w, 3)``."""
    left, top, width, height, *_ = visit.area(place)
    clip = {"x": left + 2, "y": top + 2, "width": width - 4, "height": height - 4}
    return np.array(Image.open(io.BytesIO(visit.page.screenshot(clip=clip))).convert("RGB"), float)


def share_of(pixels: np.ndarray, colour: np.ndarray) -> float:
    """The share of a map's pixels that are at least half a colour, laid on white."""
    to = colour - 255
    along = (pixels - 255) @ to / (to @ to)
    off = np.linalg.norm(pixels - 255 - along[..., None] * to, axis=-1)
    return float(((along > 0.5) & (along < 1.1) & (off < 25)).mean())


def test_a_class_has_its_colour_on_all_maps_and_the_legend_rules_them_all(mnist):
    labels = truth.labels(RUN)
    for marker in markers(mnist):
        assert marker["color"] == labels.tolist()
        assert (marker["cmin"], marker["cmax"]) == (0, 10)
        assert [tuple(stop) for stop in marker["scale"][:10]] == [(i / 10, PETROFF[i]) for i in range(10)]
    colours = "all => all.map(one => getComputedStyle(one).backgroundColor)"
    swatches = mnist.page.locator(".ll-swatch").evaluate_all(colours)
    assert swatches == [f"rgb({r:.0f}, {g:.0f}, {b:.0f})" for r, g, b in map(rgb, PETROFF)]

    mnist.legend("6")
    for place in range(3):
        assert (np.isnan(mnist.dots(place)[:, 0]) == (labels == 6)).all()
    mnist.legend("3")
    for place in range(3):
        assert (np.isnan(mnist.dots(place)[:, 0]) == np.isin(labels, [3, 6])).all()
    mnist.legend("6")
    mnist.legend("3")
    mnist.legend("4", only=True)
    for place in range(3):
        assert (np.isnan(mnist.dots(place)[:, 0]) == (labels != 4)).all()
        mnist.until(lambda place=place: share_of(screen(mnist, place), rgb(PETROFF[4])) > 0.003)
        pixels = screen(mnist, place)
        assert max(share_of(pixels, rgb(PETROFF[other])) for other in (0, 1, 2, 6, 9)) < 0.001
    pressed = [button.get_attribute("aria-pressed") for button in mnist.page.locator(".ll-legend-entry").all()]
    assert pressed == ["true" if label == 4 else "false" for label in range(10)]
    mnist.page.get_by_role("button", name="Show all").click()
    for place in range(3):
        assert not np.isnan(mnist.dots(place)).any()


@pytest.mark.parametrize("space", ["autoencoder", "pca"])
@pytest.mark.parametrize("what", ["errors", "distances"])
def test_colours_by_a_number_are_that_number_on_all_maps(mnist, space, what):
    run = {"autoencoder": RUN, "pca": PCA}[space]
    if what == "errors":
        expected = truth.squared_errors(run)
        assert expected.mean() == pytest.approx(truth.record(run).test.sse, abs=0.01)
    else:
        codes = truth.codes(run)
        expected = neighbour_distances(codes, support(codes).k).astype(float)
        row = 4321  # one by plain NumPy: the fifth nearest other code
        by_hand = np.sort(np.linalg.norm(codes.astype(float) - codes[row], axis=1))[5]
        assert expected[row] == pytest.approx(by_hand, rel=1e-4)
    mnist.page.get_by_label("Colour").select_option(f"{what} {space}")
    mnist.page.wait_for_function("() => document.querySelector('.ll-figure').painter.scene.paint.cmax !== 10")
    top = np.sort(expected)[round(0.99 * (len(expected) - 1))]
    for marker in markers(mnist):
        assert np.allclose(marker["color"], expected, rtol=1e-3, atol=1e-3)
        assert (marker["cmin"], marker["cmax"]) == pytest.approx((expected.min(), top), rel=1e-3, abs=1e-3)
        # One way only: what is higher is darker, so that it is read in grey too.
        assert (np.diff([rgb(colour) @ (0.299, 0.587, 0.114) for _, colour in marker["scale"]]) < 0).all()
    assert mnist.text(".ll-scale").split() == [f"{expected.min():.1f}", f"{top:.1f}", "and", "more"]
    mnist.page.get_by_label("Colour").select_option("")
    mnist.page.wait_for_function("() => document.querySelector('.ll-figure').painter.scene.paint.cmax === 10")
    assert markers(mnist)[1]["color"] == truth.labels(RUN).tolist()


def test_clusters_colour_the_dots_and_rule_the_legend(visit):
    visit.open("/?data=digits")
    expected = clusters(truth.codes(SMALL), 10)
    colour = visit.page.get_by_label("Colour")
    assert not visit.page.get_by_label("How many clusters").is_visible()
    visit.told(lambda: colour.select_option("clusters autoencoder"), colour="clusters-autoencoder", clusters=None)
    names = visit.page.locator(".ll-legend-entry")
    visit.until(lambda: names.all_inner_texts() == [f"Cluster {one}" for one in range(1, 11)])
    for marker in markers(visit):
        assert marker["color"] == expected.tolist()
        assert (marker["cmin"], marker["cmax"]) == (0, 10)
    said = "KMeans(10, random_state=0)"
    assert said in visit.text(".ll-status")
    visit.legend("Cluster 2")
    for place in range(3):
        assert (np.isnan(visit.dots(place)[:, 0]) == (expected == 1)).all()
    # Another number: Python finds them, the link says so, and nothing is hidden of what was not seen before.
    count = visit.page.get_by_label("How many clusters")
    count.fill("4")
    visit.told(lambda: count.press("Enter"), clusters="4")
    visit.until(lambda: names.count() == 4)
    assert markers(visit)[1]["color"] == clusters(truth.codes(SMALL), 4).tolist()
    assert not np.isnan(visit.dots(0)).any()
    address = visit.page.url
    visit.told(lambda: colour.select_option(""), colour="class")
    visit.until(lambda: names.all_inner_texts() == [str(digit) for digit in range(10)])
    assert markers(visit)[0]["color"] == truth.labels(SMALL).tolist()
    assert visit.page.locator(".ll-slot .ll-status").text_content() == ""
    assert not count.is_visible()
    visit.open(address)  # the link brings them back
    visit.until(lambda: names.all_inner_texts() == [f"Cluster {one}" for one in range(1, 5)])
    assert colour.input_value() == "clusters autoencoder"
    assert count.input_value() == "4"


def test_colours_stay_when_another_map_comes(visit):
    visit.open("/?data=digits")
    visit.page.get_by_label("Colour").select_option("errors autoencoder")
    visit.page.wait_for_function("() => document.querySelector('.ll-figure').painter.scene.paint.cmax !== 10")
    before = markers(visit)[0]["color"]
    choice = visit.page.get_by_label("Which map stands here").locator("visible=true")
    visit.told(lambda: choice.select_option("tsne"), map="tsne")
    visit.page.wait_for_function("() => document.querySelector('.ll-maps').dataset.ready === 'true'")
    assert markers(visit)[0]["color"] == before


def test_worst_first_is_the_order_of_the_errors(mnist):
    mnist.tool("Worst first")
    order = np.argsort(-truth.squared_errors(RUN), kind="stable")
    mnist.until(lambda: mnist.text(".ll-gallery .ll-tray-title") == "Worst drawn by Autoencoder, 300 of 10,000")
    assert [int(row["id"]) for row in mnist.chosen()] == order[:300].tolist()
    mnist.tool("Worst first", on=False)
    assert not mnist.page.locator(".ll-gallery").is_visible()
    # Of the classes that are shown.
    mnist.legend("1", only=True)
    mnist.tool("Worst first")
    ones = order[truth.labels(RUN)[order] == 1]
    mnist.until(lambda: mnist.text(".ll-gallery .ll-tray-title") == f"Worst drawn by Autoencoder, 300 of {len(ones):,}")
    assert [int(row["id"]) for row in mnist.chosen()] == ones[:300].tolist()


def test_an_image_is_found_by_its_number(mnist):
    mnist.told(lambda: mnist.find("1234"), pin="1234")
    mnist.shows("Original", truth.images(RUN)[1234])
    assert mnist.note("Original").startswith("test image #1234,")
    mnist.told(lambda: mnist.find("#77"), pin="77")
    mnist.shows("Original", truth.images(RUN)[77])
    for text, said in (("10000", "#10000"), ("#99999", "#99999"), ("-1", "#-1"), ("a seven", "#a seven")):
        mnist.find(text)
        assert mnist.text(".ll-status") == f"Image {said} is not among those shown."
        assert mnist.said()["image"] == "77"
    mnist.told(lambda: mnist.find("5"), pin="5")
    assert "among those shown" not in mnist.page.locator(".ll-status").inner_text()


def test_the_backdrop_is_the_density_of_the_dots(digits):
    images = """() => document.querySelector(".ll-figure").painter.below"""
    assert digits.page.evaluate(images) == []
    digits.tool("Density")
    digits.until(lambda: len(digits.page.evaluate(images)) == 3)
    shown = digits.page.evaluate(
        """async () => Promise.all(document.querySelector(".ll-figure").painter.below.map(async one => {
          const picture = new Image()
          picture.src = one.source
          await picture.decode()
          const canvas = new OffscreenCanvas(picture.width, picture.height)
          const context = canvas.getContext("2d")
          context.drawImage(picture, 0, 0)
          const { data } = context.getImageData(0, 0, picture.width, picture.height)
          const alpha = Array.from(data).filter((_, i) => i % 4 === 3)
          return { ...one, source: null, alpha, size: [picture.height, picture.width] }
        }))"""
    )
    for place, picture in enumerate(shown):
        points = digits.dots(place).astype(np.float32)
        low, high = points.min(axis=0), points.max(axis=0)
        cells = picture["size"][0]
        assert picture["size"] == [cells, cells]
        counts, _, _ = np.histogram2d(*points.T, bins=cells, range=np.stack([low, high], axis=1))
        field = counts.T[::-1]  # lines from the top
        window = np.ones(5) / 5
        for axis in (0, 1, 0, 1):
            field = np.apply_along_axis(np.convolve, axis, field, window, "same")
        alpha = np.array(picture["alpha"], float).reshape(cells, cells)
        assert np.abs(alpha - 150 * np.sqrt(field / field.max())).max() < 4  # a dot on an edge may fall on either side
        peak = np.unravel_index(alpha.argmax(), alpha.shape)
        assert field[peak] > 0.98 * field.max()
        at = [picture["x"], picture["y"], picture["sizex"], picture["sizey"]]
        assert at == pytest.approx([low[0], high[1], *(high - low)], rel=1e-5)
        assert picture["place"] == place
    digits.tool("Density", on=False)
    digits.until(lambda: digits.page.evaluate(images) == [])
