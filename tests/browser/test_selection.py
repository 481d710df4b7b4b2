"""A lasso or a box: what it takes, what is said of it, what it is saved as, and that it stays."""

import re
from collections import Counter

import numpy as np
import pytest

from tests.browser import truth

pytestmark = pytest.mark.browser
RUN = "mnist-dense-2d"
LINE = [(0.30, 0.28), (0.70, 0.31), (0.55, 0.50), (0.72, 0.74), (0.33, 0.70), (0.45, 0.52)]  # bent inwards twice


def around(polygon: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Whether a closed line goes round each point: by the angle it turns through, seen from there."""
    start = polygon[None] - points[:, None]  # (n, corners, 2)
    end = np.roll(start, -1, axis=1)
    cross = start[..., 0] * end[..., 1] - start[..., 1] * end[..., 0]
    turned = np.arctan2(cross, (start * end).sum(axis=2)).sum(axis=1)
    return np.abs(turned) > np.pi


def counted(visit) -> dict[str, int]:
    """The counts by class that the gallery says."""
    parts = re.findall(r"(\S+): ([\d,]+)", visit.text(".ll-counts"))
    return {name: int(n.replace(",", "")) for name, n in parts}


def check(visit, expected: np.ndarray, title: str) -> None:
    """Check gallery, counts, file, mean image and mean code against the rows that Python finds."""
    visit.until(lambda: visit.said().get("selected") == str(len(expected)))
    assert len(expected) > 100
    assert visit.text(".ll-gallery .ll-tray-title") == f"{len(expected):,} selected on {title}"
    labels = truth.labels(RUN)[expected]
    assert counted(visit) == {str(label): n for label, n in Counter(labels.tolist()).items()}
    rows = visit.chosen()
    assert [int(row["id"]) for row in rows] == expected.tolist()
    assert [int(row["label"]) for row in rows] == labels.tolist()
    visit.shows("Mean image", truth.images(RUN)[expected].mean(axis=0))
    visit.until(lambda: visit.note("Mean code") == "Autoencoder draws it")
    visit.shows("Mean code", truth.drawn(RUN, truth.codes(RUN)[expected].mean(axis=0)), levels=2)


@pytest.mark.parametrize(
    ("place", "title", "points"),
    [(0, "Autoencoder", truth.codes), (2, "UMAP", lambda run: truth.umap("mnist", run))],
)
def test_a_lasso_takes_the_images_inside_it(mnist, place, title, points):
    mnist.tool("Lasso")
    spots = [mnist.spot(place, *corner) for corner in LINE]
    polygon = mnist.points_at(place, np.array(spots, float))
    mnist.drag(spots)
    inside = around(polygon, points(RUN).astype(np.float64))
    check(mnist, np.flatnonzero(inside), title)
    if place == 0:  # what the legend hides is not taken
        mnist.legend("0")
        mnist.legend("4")
        mnist.drag([mnist.spot(place, *corner) for corner in LINE])  # the page may have been scrolled
        check(mnist, np.flatnonzero(inside & ~np.isin(truth.labels(RUN), [0, 4])), title)


def test_a_box_takes_the_images_inside_it_and_is_saved(mnist):
    mnist.tool("Box")
    spots = [mnist.spot(1, 0.4, 0.35), mnist.spot(1, 0.6, 0.55)]
    (x0, y1), (x1, y0) = mnist.points_at(1, np.array(spots, float))
    mnist.drag(spots, steps=4)
    x, y = truth.codes("mnist-pca-2d").astype(np.float64).T
    expected = np.flatnonzero((x > x0) & (x < x1) & (y > y0) & (y < y1))
    check(mnist, expected, "PCA")
    own, pca = truth.codes(RUN)[expected], truth.codes("mnist-pca-2d")[expected]
    rows = mnist.chosen()
    assert [float(row["autoencoder z2"]) for row in rows] == pytest.approx(own[:, 1].tolist(), abs=1e-5)
    assert [float(row["pca component 1"]) for row in rows] == pytest.approx(pca[:, 0].tolist(), abs=1e-5)
    with np.load(mnist.saved("Save NPZ"), allow_pickle=False) as arrays:
        assert sorted(arrays.files) == ["codes_autoencoder", "codes_pca", "ids", "labels"]
        assert (arrays["ids"] == expected).all()
        assert (arrays["labels"] == truth.labels(RUN)[expected]).all()
        assert np.abs(arrays["codes_autoencoder"] - own).max() < 1e-6
        assert np.abs(arrays["codes_pca"] - pca).max() < 1e-6
    # A click on an image of the gallery pins it.
    mnist.told(lambda: mnist.page.locator(".ll-gallery-scroll canvas").click(position={"x": 40, "y": 5}), z=None)
    mnist.until(lambda: mnist.parameters["pin"] == str(expected[1]))


def test_a_selection_stays_on_maps_in_space_and_back(visit):
    page = visit.open("/?data=digits").page
    visit.tool("Box")
    visit.drag([visit.spot(0, 0.3, 0.3), visit.spot(0, 0.7, 0.7)])
    ids = [row["id"] for row in visit.chosen()]
    assert 30 < len(ids) < 330
    for dim in (3, 2):
        page.get_by_text(f"{dim}-D", exact=True).click()
        page.wait_for_selector(f'.ll-maps[data-ready="true"][data-view^="digits-dense-{dim}d"]')
        page.wait_for_selector('.ll-canvas[data-decodes="true"]')
        visit.idle()
        assert visit.text(".ll-gallery .ll-tray-title") == f"{len(ids):,} selected on Autoencoder"
        rows = visit.chosen()
        assert [row["id"] for row in rows] == ids
        codes = truth.codes(f"digits-dense-{dim}d")[np.searchsorted(truth.ids("digits-dense-2d"), np.array(ids, int))]
        assert [float(row[f"autoencoder z{dim}"]) for row in rows] == pytest.approx(codes[:, -1].tolist(), abs=1e-5)
    page.get_by_role("button", name="Close").click()
    assert not page.locator(".ll-gallery").is_visible()
    assert visit.said()["selected"] == "0"


def test_a_selection_too_large_to_mark_and_picture_says_so(mnist):
    mnist.tool("Box")
    mnist.drag([mnist.spot(1, 0.02, 0.02), mnist.spot(1, 0.98, 0.98)], steps=3)
    mnist.until(lambda: int(mnist.said().get("selected", "0")) > 8000)
    n = int(mnist.said()["selected"])
    assert mnist.text(".ll-part") == f"2,000 of {n:,} marked; 600 of {n:,} pictured"
    marked = mnist.page.locator("path.ll-chosen").nth(1).get_attribute("d").split("M")[1:]
    assert len(marked) == 2000
    down = [float(dot.split()[1].removesuffix("h0")) for dot in marked]
    assert np.ptp(down) > 0.8 * mnist.area(1)[3]  # from all of it, and not from its first rows
    mnist.drag([mnist.spot(1, 0.4, 0.35), mnist.spot(1, 0.5, 0.45)], steps=3)
    mnist.until(lambda: 0 < int(mnist.said()["selected"]) < 600)
    assert mnist.page.locator(".ll-part").text_content() == ""


INK = """chosen => {
  const { painter } = document.querySelector(".ll-figure")
  const map = painter.maps.get(0)
  const { width, height, pixels, ids } = map.raster
  const channels = pixel => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]
  const paper = channels(map.palette.paper)
  const wanted = new Set(chosen.map(id => painter.scene.rowOf.get(id)))
  const most = [0, 0] // how far a pixel of the others, of the chosen is from the paper
  for (let at = 0; at < width * height; at++) {
    if (ids[at] < 0) continue
    const own = Number(wanted.has(ids[at]))
    most[own] = Math.max(most[own], ...channels(pixels[at]).map((value, i) => Math.abs(value - paper[i])))
  }
  return most
}"""


@pytest.mark.parametrize("which", ["digits", "space"])
def test_what_is_selected_stands_out_and_the_rest_is_faint(which, request):
    visit = request.getfixturevalue(which)
    before = visit.page.evaluate(INK, [])[0]
    visit.tool("Worst first")
    visit.until(lambda: visit.said().get("selected") == "300")
    visit.until(lambda: visit.page.evaluate("() => document.querySelector('.ll-figure').painter.waiting.size") == 0)
    chosen = [int(row["id"]) for row in visit.chosen()]
    others, own = visit.page.evaluate(INK, chosen)
    assert own > 0.8 * before
    assert others < 0.75 * own  # of many faint dots, one over the other
    visit.tool("Worst first", on=False)
    visit.until(lambda: visit.page.evaluate(INK, [])[0] > 0.8 * before)
