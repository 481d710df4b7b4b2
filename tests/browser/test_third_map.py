"""The third place: any kept map that cannot draw may stand there, laid on PCA's."""

import numpy as np
import pytest

from ae_models import recipes
from ae_models.base import Embedding
from ae_models.projections import store
from tests.browser import truth

pytestmark = pytest.mark.browser
RUN = "digits-dense-2d"


@pytest.fixture(scope="module")
def ring(home):
    """A kept map of a method that nobody knows: the images of the digits on a ring, class by class."""
    images = recipes.heldout_of(truth.record(RUN))
    rng = np.random.default_rng(0)
    angle = images.labels / 10 * 2 * np.pi + rng.normal(scale=0.1, size=len(images))
    points = np.stack([np.cos(angle), np.sin(angle)], axis=1) * rng.uniform(0.8, 1.2, size=(len(images), 1))
    rows = {"variant": "bundled", "split": "heldout", "n": len(images), "digest": images.digest}
    about = {"config": {"n_components": 2, "seed": 7}, "version": "ring 1.0", "dataset": "digits"}
    made = Embedding(points.astype(np.float32), images.ids, method="ring", fitted_on=rows, scored_on=rows, **about)
    folder = home / "cache" / "embeddings"
    store.save(made, folder, "ring-test")
    yield made
    for file in folder.glob("ring-test.*"):
        file.unlink()


def test_another_map_is_chosen_and_the_others_lie_as_they_did(ring, visit):
    visit.open("/?data=digits")
    visit.page.locator(".ll-area").first.focus()
    visit.page.keyboard.press("+")
    visit.until(lambda: "zoom" in visit.parameters)
    zoomed = visit.area(0)[4:]
    choice = visit.page.get_by_label("Which map stands here").locator("visible=true")
    assert choice.count() == 1
    assert visit.page.locator(".ll-card").nth(2).locator(".ll-title").inner_text() == "UMAP"
    visit.told(lambda: choice.select_option("ring"), map="ring")
    visit.page.wait_for_selector('.ll-maps[data-ready="true"]')
    visit.until(lambda: visit.text(".ll-card:nth-of-type(3) .ll-title") == "ring")
    assert "fitted on these very images" in visit.text(".ll-card:nth-of-type(3) .ll-note")
    assert visit.area(0)[4:] == zoomed
    # The ring lies on PCA's map: turned, mirrored, scaled and moved, and still a ring.
    visit.until(lambda: visit.dots(2).shape == (360, 2) and np.ptp(visit.dots(2)) > 0)
    shown, onto = visit.dots(2), truth.codes("digits-pca-2d").astype(float)
    assert shown.mean(axis=0) == pytest.approx(onto.mean(axis=0), abs=1e-3)
    scale = np.linalg.norm(shown - shown.mean(axis=0)) / np.linalg.norm(ring.points - ring.points.mean(axis=0))
    for one, other in ((0, 1), (5, 200), (100, 359)):
        apart = np.linalg.norm(shown[one] - shown[other])
        assert apart == pytest.approx(scale * np.linalg.norm(ring.points[one] - ring.points[other]), rel=1e-3)
    left = np.linalg.norm(shown - onto)
    for angle in (0.05, -0.05, np.pi):  # any other turn lies worse
        c, s = np.cos(angle), np.sin(angle)
        centre = shown.mean(axis=0)
        assert np.linalg.norm((shown - centre) @ [[c, s], [-s, c]] + centre - onto) > left
    row = visit.alone(2)
    visit.touch(2, row)
    images = recipes.heldout_of(truth.record(RUN))
    assert visit.said()["image"] == str(images.ids[row])
    visit.shows("Original", images.images()[row, 0])
    visit.open(visit.page.url)
    assert visit.text(".ll-card:nth-of-type(3) .ll-title") == "ring"


def test_where_there_is_none_the_command_is_told(ring, visit):
    visit.open("/?data=digits&dim=3&map=ring")
    told = visit.text(".ll-card:nth-of-type(3) .ll-message")
    assert "No ring of these images yet" in told
    assert "python -m ae_models import map FILE --dataset digits --name ring" in told
