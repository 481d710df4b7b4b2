"""Neighbours: kept, lost and false ones of a pinned image on every map; the real images nearest to a point."""

import re

import numpy as np
import pytest

from ae_models.ui.shared.canvas.assets import canvas_url
from tests.browser import truth

pytestmark = pytest.mark.browser
RUN = "mnist-dense-2d"
K = 10


def nearest(rows: np.ndarray, query: np.ndarray, k: int, without: int = -1) -> list[int]:
    """The ``k`` rows nearest to a query, nearest first, by NumPy."""
    far = ((rows.astype(np.float64) - query) ** 2).sum(axis=1)
    if without >= 0:
        far[without] = np.inf
    return np.argsort(far, kind="stable")[:k].tolist()


@pytest.mark.parametrize("image", [679, 3104])
def test_kept_lost_and_false_neighbours_are_those_of_pixels_and_maps(mnist, image):
    mnist.pin(image)
    mnist.tool("Neighbours")
    mnist.until(lambda: f"nearest to #{image} in pixels" in mnist.text(".ll-status"))
    pixels = truth.images(RUN).reshape(10_000, -1)
    near = set(nearest(pixels, pixels[image].astype(np.float64), K, image))
    titles, found = ("Autoencoder", "PCA", "UMAP"), {}
    maps = (truth.codes(RUN), truth.codes("mnist-pca-2d"), truth.umap("mnist", RUN))
    for place, (title, points) in enumerate(zip(titles, maps, strict=True)):
        here = set(nearest(points, points[image].astype(np.float64), K, image))
        expected = {"kept": near & here, "lost": near - here, "false": here - near}
        marks = mnist.page.locator(".ll-marks-map").nth(place).locator(".ll-tie")
        drawn = marks.evaluate_all("all => all.map(one => [one.classList[1], one.getAttribute('d')])")
        left, top, *_ = mnist.area(place)
        for kind, rows in expected.items():
            ends = [
                [float(value) for value in re.match(r"M[^L]*L([^M]*)M", line)[1].split(",")]
                for name, line in drawn
                if name == f"ll-tie-{kind}"
            ]
            wanted = [np.subtract(mnist.where(place, row), (left, top)).tolist() for row in rows]
            assert len(ends) == len(rows), (title, kind)
            assert all(min(np.abs(np.subtract(end, spot)).max() for spot in wanted) < 1 for end in ends), (title, kind)
            assert all(min(np.abs(np.subtract(end, spot)).max() for end in ends) < 1 for spot in wanted), (title, kind)
        found[title] = len(expected["kept"])
    said = ", ".join(f"{title} keeps {n}" for title, n in found.items())
    assert f"Of the {K} images nearest to #{image} in pixels: {said}." in mnist.text(".ll-status")
    assert min(found.values()) > 0  # else kept ones were never looked at


def test_the_nearest_real_images_are_those_by_code_and_by_picture(mnist):
    mnist.touch(0, truth.empty_place(RUN))
    point = np.array(mnist.looked_at())
    codes = truth.codes(RUN)
    numbers = [int(text[1:].split(",")[0]) for text in _titles(mnist)]
    assert numbers == nearest(codes, point, 8)
    shown = [float(text.split()[0]) for text in mnist.page.locator(".ll-neighbours .ll-picture-note").all_inner_texts()]
    assert shown == pytest.approx(np.linalg.norm(codes[numbers] - point, axis=1).tolist(), abs=0.006)
    mnist.shows(_titles(mnist)[3], truth.images(RUN)[numbers[3]])
    mnist.told(lambda: mnist.page.get_by_role("button", name="by picture").click(), near="pixels")
    mnist.touch(0, truth.empty_place(RUN))
    picture = np.clip(truth.drawn(RUN, mnist.looked_at()), 0, 1).ravel()
    numbers = [int(text[1:].split(",")[0]) for text in _titles(mnist)]
    assert numbers == nearest(truth.images(RUN).reshape(10_000, -1), picture.astype(np.float64), 8)
    mnist.told(lambda: mnist.page.get_by_role("button", name="by code").click(), near=None)


def _titles(visit) -> list[str]:
    return visit.page.locator(".ll-neighbours .ll-picture-title").all_inner_texts()


def test_of_long_codes_the_nearest_are_those_that_looking_at_all_numbers_finds(digits):
    """While a point moves in a few numbers, jumps, and comes to lie on a row."""
    wrong = digits.page.evaluate(
        """async (addresses) => {
          const [{ nearest }, { followed }] = await Promise.all(
            addresses.map((address) => import(new URL(address, document.baseURI).href)))
          let seed = 1
          const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
          const [n, width, k] = [300, 100, 5]
          const rows = Float32Array.from({ length: n * width }, random)
          let query = Array.from({ length: width }, random)
          let wrong = 0
          for (let turn = 0; turn < 1200; turn++) {
            query = query.slice()
            if (turn % 100 === 99) query = Array.from({ length: width }, random)
            else if (turn % 100 === 50) query = Array.from(rows.subarray(7 * width, 8 * width))
            else for (const i of [3, turn % width]) query[i] = random()
            const leave = (row) => row === turn % n
            const found = nearest(rows, width, query, k, leave)
            const all = Array.from({ length: n }, (_, row) => {
              let sum = 0
              for (let i = 0; i < width; i++) sum += (rows[row * width + i] - query[i]) ** 2
              return [Math.sqrt(sum), row]
            }).filter(([, row]) => !leave(row)).sort((a, b) => a[0] - b[0]).slice(0, k)
            const same = (found) => all.every(
              ([far, row], i) => found.rows[i] === row && Math.abs(found.distances[i] - far) < 1e-6)
            if (!same(found) || !same(nearest(followed(rows, width, query), 1, [0], k, leave))) wrong++
          }
          return wrong
        }""",
        [canvas_url("decode/nearest.js"), canvas_url("decode/moving_distances.js")],
    )
    assert wrong == 0
