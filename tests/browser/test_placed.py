"""A drawing on a map that cannot encode: estimated, until a worker that fitted the map places it."""

import re
import time
from contextlib import suppress
from itertools import cycle

import pytest

from tests.browser.page import LIMIT
from tests.browser.test_draw import APP, READY, THREE, dots, stroke

pytestmark = pytest.mark.browser
SEED = 5  # another than that of the map which ships: one that is there already is not fitted


@pytest.fixture
def page(chromium, server, home):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=server)
    yield context.new_page()
    context.close()
    for path in (home / "cache" / "embeddings").glob("tsne-*"):  # other tests look at the one that ships
        path.unlink()


def drawn(page) -> str:
    """Draw on the sheet of a page that is opened anew; what the third map says of its dot."""
    page.goto("/draw?data=digits&map=tsne")
    page.wait_for_selector(READY)
    page.wait_for_selector(APP)
    stroke(page, THREE)
    page.wait_for_function("() => document.querySelectorAll('.ll-small-map').length === 3")
    return page.locator(".ll-small-map .ll-note").nth(2)


def test_the_worker_that_fitted_a_map_places_a_drawing_on_it(page):
    from playwright.sync_api import TimeoutError as NotYet

    note = drawn(page)
    assert note.inner_text() == "estimated from 15 nearest images"

    page.goto("/train?what=map&data=digits&method=tsne")
    seed = page.get_by_role("spinbutton", name="Seed")
    seed.wait_for(state="attached")
    if not seed.is_visible():
        page.get_by_text("More", exact=True).click()
    seed.fill(str(SEED))
    seed.press("Enter")
    page.wait_for_selector(APP)
    page.get_by_role("button", name="Fit the map").click()
    page.wait_for_url(re.compile(r"[?&]job="))
    page.get_by_role("button", name="Cancel").wait_for()
    page.get_by_role("button", name="Cancel").wait_for(state="detached")
    assert "map=tsne" in page.get_by_role("link", name="Open on the canvas").get_attribute("href")

    note, placed, end = drawn(page), set(), time.monotonic() + LIMIT
    for height in cycle((0.9, 0.7, 0.5, 0.3, 0.1)):  # a worker that is slow leaves one drawing estimated
        stroke(page, [(0.2, height), (0.8, height)])
        with suppress(NotYet):
            page.get_by_text("placed by t-SNE itself").wait_for(timeout=5_000)
            placed.add(tuple(dots(page)[2]))
        if len(placed) == 2:
            break
        assert time.monotonic() < end, note.inner_text()
