"""The canvas in one file, opened from disk in a browser without a network: it decodes as the page does."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from ae_models.latent import clusters
from ae_models.recipes import find_run
from ae_models.recipes.onefile import MOST_BYTES, page_of
from tests.browser import truth
from tests.browser.page import Visit

pytestmark = pytest.mark.browser
EVIL = "</script><img src=x onerror=\"document.body.dataset.bad='1'\">"


class Opened(Visit):
    """A file: nothing but itself is asked for, and no Streamlit runs."""

    def idle(self) -> None:
        """Wait for nobody."""


@pytest.fixture(scope="module")
def context(chromium):
    made = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light", offline=True)
    yield made
    made.close()


def drawn(page: Opened) -> dict[str, Any]:
    """What the first map draws at this moment; nothing while it is changed for another."""
    found: dict[str, Any] = page.page.evaluate(
        """() => {
          const columns = document.querySelector(".ll-figure")?.painter.scene?.points[0]?.columns ?? []
          return Object.fromEntries(columns.map((values, d) => ["xyz"[d], Array.from(values)]))
        }"""
    )
    return found


def across(page: Opened) -> list[float]:
    return drawn(page).get("x", [])


def opened(context, path: Path) -> Opened:
    made = Opened(context.new_page(), "file:")
    made.open(path.as_uri())
    return made


def test_ten_thousand_images_decode_with_no_server_and_no_network(context, tmp_path):
    store, record = find_run("mnist-dense-2d")
    content = page_of(store, record)
    assert len(content) < 9_000_000 < MOST_BYTES
    path = tmp_path / "mnist.html"
    path.write_bytes(content)
    page = opened(context, path)
    codes, images = truth.codes("mnist-dense-2d"), truth.images("mnist-dense-2d")
    assert [len(page.dots(place)) for place in range(3)] == [10_000] * 3
    assert np.abs(page.dots(2) - truth.umap("mnist", "mnist-dense-2d")).max() < 1e-3
    place = truth.empty_place("mnist-dense-2d")  # an empty place of the map: only a decoder knows what is there
    page.touch(0, place)
    point = page.looked_at()
    assert point == pytest.approx(place, abs=0.2)
    page.shows("Autoencoder draws", truth.drawn("mnist-dense-2d", point))
    nearest = int(np.linalg.norm(codes - point, axis=1).argmin())
    page.shows("Nearest real image", images[nearest])
    page.touch(1, [8.0, 5.0])
    page.shows("PCA draws", truth.drawn("mnist-pca-2d", page.looked_at()))
    page.find("77")
    page.until(lambda: page.said()["image"] == "77")
    page.leave()
    page.shows("Original", images[77])
    page.slider.press("ArrowRight")  # a slider draws, and what it set stays when the file has heard of it
    page.until(lambda: page.said()["kind"] == "point")
    moved = page.looked_at()
    assert moved[1] == pytest.approx(codes[77][1], abs=1e-3)
    assert moved[0] != pytest.approx(codes[77][0], abs=1e-3)
    page.until(lambda: page.shows("Autoencoder draws", truth.drawn("mnist-dense-2d", moved)) is None)
    page.legend("7")
    page.until(lambda: int(np.isfinite(page.dots(0)[:, 0]).sum()) == int((truth.labels("mnist-dense-2d") != 7).sum()))
    drawing = ElementTree.fromstring(
        page.saved("SVG").read_text()
    )  # every dot that is shown, and the words beside them
    lines = " ".join(path.get("d", "") for path in drawing.iter("{http://www.w3.org/2000/svg}path"))
    shown = 3 * int((truth.labels("mnist-dense-2d") != 7).sum())
    assert 0.9 * shown < lines.count("h0") <= shown
    assert "Autoencoder" in [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    for tool in ("Stretch", "Neighbours", "Training film"):
        page.tool(tool)
    page.until(lambda: page.page.locator(".ll-film-caption").inner_text() != "")
    assert page.errors == []
    page.page.close()


def test_maps_in_space_other_maps_and_names_that_are_markup(context, tmp_path):
    store, record = find_run("digits-dense-3d")
    path = tmp_path / "digits.html"
    path.write_bytes(page_of(store, record.model_copy(update={"title": EVIL})))
    page = opened(context, path)
    assert page.dots(0).shape == (360, 3)
    assert EVIL in page.page.locator(".ll-file-hint").inner_text()
    assert page.page.title().startswith(EVIL)
    assert page.page.evaluate("[document.body.dataset.bad ?? '', document.querySelectorAll('img').length]") == ["", 0]
    page.page.get_by_role("button", name="2-D", exact=True).click()
    codes = truth.codes("digits-dense-3d")
    page.until(lambda: across(page) == pytest.approx(codes[:, 0], abs=1e-5) and "z" not in drawn(page))
    page.page.get_by_label("Axis 1 of the map").select_option("2")
    page.until(lambda: across(page) == pytest.approx(codes[:, 2], abs=1e-5))
    page.page.get_by_label("Colour").select_option("clusters autoencoder")  # found before the file was written
    page.until(lambda: page.page.locator(".ll-legend-entry").all_inner_texts()[-1] == "Cluster 10")
    found = page.page.evaluate("Array.from(document.querySelector('.ll-figure').painter.scene.paint.color)")
    assert found == clusters(codes, 10).tolist()
    assert not page.page.get_by_label("How many clusters").is_visible()  # nobody finds another number here
    page.page.get_by_role("button", name="Light / dark").click()
    page.until(lambda: page.said()["theme"] == "dark")
    size = ElementTree.fromstring(page.saved("SVG").read_text())
    with Image.open(page.saved("PNG")) as picture:
        assert picture.size == tuple(2 * int(size.get(name, "0")) for name in ("width", "height"))
        assert len(picture.convert("RGB").getcolors(1 << 24)) > 50
    about = page.page.locator(".ll-file-about")
    about.get_by_text("About this file").click()
    words = about.inner_text()
    for said in ("CC BY 4.0", "1,437 bundled images", "torch 2.13", "MIT"):
        assert said in words, said
    assert page.errors == []
    page.page.close()
