"""What a variational encoder is unsure of: the ellipse of a pinned image, and pictures drawn from it."""

import re

import numpy as np
import pytest

from ae_models import datasets
from tests.browser.graphs import put, straight

pytestmark = pytest.mark.browser
RUN = "unsure-abcdef"
HALVES = np.repeat(np.eye(2), 32, axis=0)  # (64, 2): the upper and the lower half of 8 x 8 pixels
MEAN = (HALVES * 12 / 32, np.full(2, -3.6))  # 12 times a half's mean ink, less 3.6
LOG_VAR = (HALVES[:, ::-1] * (2 / 32, -2 / 32), np.array([-1.0, -1.4]))
DRAWN = (HALVES.T / 16, np.full(64, 0.5))  # from a half's grey its number can be read again


@pytest.fixture(scope="module")
def unsure(home):
    """The images, codes and standard deviations of a run that says how unsure it is of each code."""
    encoder = straight("image", (1, 8, 8), (2,), mean=MEAN, log_var=LOG_VAR)
    decoder = straight("code", (2,), (1, 8, 8), image=DRAWN)
    put(home, RUN, "digits", {"encoder.onnx": encoder, "decoder.onnx": decoder}, model={"name": "variational"})
    images = datasets.heldout("digits", "bundled")
    flat = images.images().reshape(-1, 64).astype(float)
    return images, flat @ MEAN[0] + MEAN[1], np.exp(0.5 * (flat @ LOG_VAR[0] + LOG_VAR[1]))


def outline(visit) -> np.ndarray:
    """The closed line on the first map, in the map's numbers."""
    line = visit.page.locator(".ll-marks-map").first.locator(".ll-outline").get_attribute("d") or ""
    pixels = np.array([[float(v) for v in pair.split(",")] for pair in re.findall(r"[-\d.]+,[-\d.]+", line)])
    return visit.points_at(0, pixels + visit.area(0)[:2]) if len(pixels) else pixels


def test_the_ellipse_holds_two_standard_deviations_and_samples_come_from_it(visit, unsure):
    images, codes, spread = unsure
    visit.open(f"/?data=digits&run={RUN}&dim=2")
    assert np.abs(visit.dots(0) - codes).max() < 1e-4
    x0, x1, y0, y1 = visit.area(0)[4:]
    pixel = max((x1 - x0) / visit.area(0)[2], (y1 - y0) / visit.area(0)[3])
    standing = []
    for row in (7, 200):
        number = int(images.ids[row])
        visit.pin(number)
        visit.tool("Samples")
        said = f"The ellipse holds two standard deviations of the code of #{number}"
        visit.until(lambda said=said: visit.text(".ll-status").startswith(said))
        visit.until(lambda row=row: np.abs(outline(visit).mean(axis=0) - codes[row]).max() < pixel)
        line = outline(visit)
        assert np.ptp(line, axis=0) == pytest.approx(4 * spread[row], abs=pixel)  # from -2 to 2
        radii = np.linalg.norm((line - codes[row]) / (2 * spread[row]), axis=1)
        assert radii == pytest.approx(1, abs=pixel / spread[row].min())
        visit.until(lambda: visit.page.locator('canvas[data-picture="sample 8"]').is_visible())
        drawn = np.array([visit.picture(f"sample {i}") for i in range(1, 9)])
        found = np.stack([16 * (drawn[:, :4].mean((1, 2)) - 0.5), 16 * (drawn[:, 4:].mean((1, 2)) - 0.5)], axis=1)
        standing.append((found - codes[row]) / spread[row])
    standing = np.concatenate(standing)  # (16, 2) standard normal numbers
    assert np.abs(standing).max() < 4
    assert np.abs(standing.mean(axis=0)).max() < 4 / np.sqrt(16)
    assert (np.abs(standing.std(axis=0) - 1) < 0.6).all()
    assert len({tuple(one) for one in standing.round(3).tolist()}) == 16  # each its own
    visit.tool("Samples", on=False)
    visit.until(lambda: len(outline(visit)) == 0)
    assert visit.text(".ll-neighbours .ll-tray-title") == "Real images nearest to this point"


def test_samples_are_normal_and_one_seed_gives_the_same_ones(digits):
    names = digits.page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    module = next(name for name in names if name.endswith("/posterior.js"))
    ask = """async ([module, n, seed]) => {
      const { samples } = await import(module)
      return Array.from(samples([5, -2], [0.5, 3], n, seed))
    }"""
    one, again, other = (
        np.array(digits.page.evaluate(ask, [module, 20_000, seed])).reshape(-1, 2) for seed in (3, 3, 4)
    )
    assert (one == again).all()
    assert (one != other).mean() > 0.99
    standing = (one - [5, -2]) / [0.5, 3]
    assert standing.mean(axis=0) == pytest.approx([0, 0], abs=0.03)
    assert np.cov(standing.T) == pytest.approx(np.eye(2), abs=0.04)
    for within, share in ((1, 0.6827), (2, 0.9545), (3, 0.9973)):
        assert (np.abs(standing) < within).mean(axis=0) == pytest.approx([share, share], abs=0.01)
    # And where the encoder says nothing of its doubts, there is nothing to draw from.
    assert not digits.page.get_by_role("button", name="Samples").is_visible()
