"""Maps in space: a dot is picked where it is seen, the camera stays, a plane through the code decodes."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.browser import truth

pytestmark = pytest.mark.browser
RUN = "digits-dense-3d"
PETROFF = [
    *((63, 144, 218), (255, 169, 14), (189, 31, 1), (148, 164, 162), (131, 45, 182)),
    *((169, 107, 89), (231, 99, 0), (185, 172, 112), (113, 117, 129), (146, 218, 221)),
]
EYE = """() => document.querySelector(".ll-figure").painter.look(0)"""


def lone_dots(visit, place: int) -> tuple[np.ndarray, np.ndarray]:
    """Where dots that touch no other one stand on the screen, ``(n, 2)``, and their colours, ``(n, 3)``."""
    left, top, width, height, *_ = visit.area(place)
    clip = {"x": left, "y": top, "width": width, "height": height}
    pixels = np.array(Image.open(io.BytesIO(visit.page.screenshot(clip=clip))).convert("RGB"), float)
    ink = pixels.min(axis=2) < 225
    spots, colours = [], []
    reach = 7  # pixels from the middle of a dot to where nothing else may be: few dots are large ones, 10 across
    for y, x in np.argwhere(ink[reach:-reach, reach:-reach]) + reach:
        window = ink[y - reach : y + reach + 1, x - reach : x + reach + 1]
        if window[[0, -1]].any() or window[:, [0, -1]].any() or not 40 <= window.sum() <= 100:
            continue
        across, down = np.argwhere(window).mean(axis=0)[::-1] - reach
        spot = left + x + across + 0.5, top + y + down + 0.5
        if max(abs(across), abs(down)) <= 0.5 and all(np.hypot(*np.subtract(one, spot)) > 3 for one in spots):
            spots.append(spot)  # its middle; each dot once
            colours.append(pixels[y, x])
    return np.array(spots), np.array(colours)


def seen_by_one_camera(points: np.ndarray, spots: np.ndarray) -> np.ndarray:
    """Where the 3 x 4 camera that takes points to spots best (direct linear transform) sees the points."""
    ends = np.c_[points / np.abs(points).max(), np.ones(len(points))]  # (n, 4)
    centred = (spots - spots.mean(axis=0)) / spots.std()
    zero = np.zeros_like(ends)
    rows = [np.c_[ends, zero, -centred[:, :1] * ends], np.c_[zero, ends, -centred[:, 1:] * ends]]
    camera = np.linalg.svd(np.concatenate(rows))[2][-1].reshape(3, 4)
    seen = ends @ camera.T
    found: np.ndarray = seen[:, :2] / seen[:, 2:] * spots.std() + spots.mean(axis=0)
    return found


@pytest.mark.parametrize("place", [0, 1])
def test_a_dot_is_picked_where_it_is_seen(space, place):
    """The dots are found on the screen; one camera must explain which images they are said to be."""
    ids, labels = truth.ids(RUN).tolist(), truth.labels(RUN)
    space.until(lambda: len(lone_dots(space, place)[0]) >= 12)
    spots, colours = (found[:: len(found) // 12][:12] for found in lone_dots(space, place))
    rows = []
    for spot, colour in zip(spots, colours, strict=True):
        space.hover(*spot)
        state = space.said()
        assert state["kind"] == "image"
        rows.append(ids.index(int(state["image"])))
        # Dots are a little transparent, and what is far takes on some of the paper.
        drawn = [[share * np.array(one) + (1 - share) * 255 for share in (0.85, 0.77, 0.7)] for one in PETROFF]
        assert np.argmin([np.linalg.norm(colour - one, axis=1).min() for one in drawn]) == labels[rows[-1]]
    space.shows("Original", truth.images(RUN)[rows[-1]])
    space.shows("Autoencoder draws", truth.drawn(RUN, truth.codes(RUN)[rows[-1]]))
    assert len(set(rows)) == len(rows)
    points = truth.codes({0: RUN, 1: "digits-pca-3d"}[place])[rows].astype(float)
    assert np.linalg.norm(seen_by_one_camera(points, spots) - spots, axis=1).max() < 2
    others = np.roll(points, 1, axis=0)  # else any points would do
    assert np.linalg.norm(seen_by_one_camera(others, spots) - spots, axis=1).max() > 10
    # A click pins it, on all maps.
    space.told(lambda: space.page.mouse.click(*spots[0], delay=50), pin=str(ids[rows[0]]))
    captions = space.page.locator(".ll-card:not(.ll-plane) .ll-caption-right").all_inner_texts()
    assert all(caption.endswith(f"◎ #{ids[rows[0]]}") for caption in captions)


def test_the_camera_stays_through_reruns(space):
    page = space.page
    first = np.array(page.evaluate(EYE))
    x, y = space.spot(0, 0.5, 0.5)
    space.drag([(x, y), (x + 60, y + 30)], steps=5)
    space.until(lambda: np.abs(page.evaluate(EYE) - first).max() > 0.1)
    page.mouse.move(*space.spot(0, 0.5, 0.5))
    turned = page.evaluate(EYE)
    page.mouse.wheel(0, -300)
    space.until(lambda: page.evaluate(EYE) != turned)
    settled: list[object] = []

    def still() -> bool:
        settled.append(page.evaluate(EYE))
        return len(settled) > 3 and settled[-1] == settled[-4]

    space.until(still)
    camera = page.evaluate(EYE)
    space.slider.focus()
    for number in range(5):
        page.keyboard.press("ArrowRight")
        value = float(space.slider.input_value())
        space.until(lambda value=value: space.point[:1] == pytest.approx([value], abs=1e-4))
        space.idle()
        assert page.evaluate(EYE) == pytest.approx(camera, abs=1e-6), number
    assert float(space.slider.input_value()) != truth.codes(RUN)[0, 0]
