"""The first page as a visitor meets it."""

import base64
from urllib.parse import parse_qs, urlparse

import pytest

pytestmark = pytest.mark.browser

PLACES = """() => [".ll-strip", ".ll-grid", ".ll-legend", ".ll-tools", ".ll-tools button", ".ll-slot", ".ll-tray"]
  .flatMap(name => [...document.querySelectorAll(name)])
  .map(one => one.getBoundingClientRect())
  .map(({ left, top, width, height }) => [left, top, width, height].map(Math.round))"""


def test_three_maps_a_slider_a_permalink(mnist, visit):
    page = mnist.page
    assert page.get_by_role("heading", name="Squeeze a picture to 2 numbers. What survives?").is_visible()
    assert page.locator(".ll-maps").get_attribute("data-points") == "10000"
    for title in ("Autoencoder", "PCA", "UMAP"):
        assert page.get_by_text(title, exact=True).first.is_visible()
    assert page.locator('[data-testid="stException"], [data-testid="stAlert"]').count() == 0

    before = mnist.picture("Autoencoder draws")
    mnist.slider.focus()
    for _ in range(12):
        mnist.painted(lambda: page.keyboard.press("ArrowRight"))
    after = mnist.picture("Autoencoder draws")
    assert (before != after).any()
    value = float(mnist.slider.input_value())
    mnist.until(lambda: mnist.point[:1] == pytest.approx([value], abs=1e-4))

    visit.open(page.url)
    assert float(visit.slider.input_value()) == value
    assert (visit.picture("Autoencoder draws") == after).all()


def test_a_bad_link_is_said_and_the_page_works(visit):
    visit.open("/?data=digits&z=inf,nan&run=nope&pin=x")
    assert visit.page.locator('[data-testid="stAlert"]').count() == 3
    assert visit.page.locator('[data-testid="stException"]').count() == 0


def test_nothing_is_wider_than_the_window_in_either_theme(visit):
    page = visit.page
    visit.open("/")
    for width, height, scheme in ((1440, 900, "light"), (1440, 900, "dark"), (1024, 768, "dark"), (1024, 768, "light")):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_selector(f'.ll-canvas[data-theme="{scheme}"]')
        visit.until(lambda width=width: visit.page.evaluate("innerWidth") == width)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert len(base64.b64encode(page.screenshot())) > 50_000  # a blank page has 10,000


@pytest.mark.parametrize("width", [1440, 1024])
def test_nothing_jumps(digits, width):
    page = digits.page
    measure = """() => [".ll-strip", ".ll-grid", ".ll-neighbours"].map(name => {
      const { top, height } = document.querySelector(name).getBoundingClientRect()
      return [Math.round(top - document.querySelector(".ll-canvas").getBoundingClientRect().top), Math.round(height)]
    })"""
    try:
        digits.resize(width, 900)
        digits.hover(*digits.spot(2, 0.5, 0.5))
        before = page.evaluate(measure)
        for place, across, down in ((0, 0.98, 0.02), (1, 0.9, 0.3), (0, 0.4, 0.6), (2, 0.1, 0.9)):
            digits.hover(*digits.spot(place, across, down))
            assert page.evaluate(measure) == before
            for cell in page.locator(".ll-strip .ll-words").all():
                assert cell.evaluate("words => words.scrollHeight - words.clientHeight") <= 1
    finally:
        digits.resize(1440, 900)


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)])
def test_what_is_opened_moves_nothing(digits, size):
    page = digits.page
    opened = {"Training film": ".ll-film", "Python": ".ll-code-lines", "Worst first": ".ll-gallery"}
    try:
        digits.resize(*size)
        digits.tool("Lasso")  # scrolls, once and for all
        digits.tool("Lasso", on=False)
        before = page.evaluate(PLACES)
        page.get_by_label("Colour").select_option("errors autoencoder")
        for name, part in opened.items():
            digits.tool(name)
            page.wait_for_selector(part)
            assert page.evaluate(PLACES) == before, name
        assert page.locator(".ll-scale:visible").count() == 1
    finally:
        digits.resize(1440, 900)


def test_the_drawer_of_sliders_moves_nothing(visit):
    visit.open("/?data=mnist&run=mnist-conv-30d&dim=2")
    before = visit.page.evaluate(PLACES)
    visit.page.locator(".ll-drawer summary").click()
    visit.until(lambda: visit.page.get_by_role("slider").count() == 30)
    assert visit.page.get_by_role("slider").nth(10).is_visible()
    assert visit.page.evaluate(PLACES) == before


def test_the_first_page_by_its_name(visitor):
    page = visitor.new_page()  # Streamlit looks for its server below such an address first, and says so in the console
    page.goto("/explore?data=digits&run=digits-dense-3d&dim=3")
    page.wait_for_selector('.ll-maps[data-ready="true"]')
    address = urlparse(page.url)
    assert address.path == "/"
    assert parse_qs(address.query)["run"] == ["digits-dense-3d"]
    assert page.get_by_role("dialog").count() == 0
    page.close()
