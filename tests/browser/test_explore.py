"""The first page as a visitor meets it."""

import base64

import pytest

pytestmark = pytest.mark.browser


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
    page.set_viewport_size({"width": width, "height": 900})
    measure = """() => [".ll-strip", ".ll-grid", ".ll-neighbours"].map(name => {
      const { top, height } = document.querySelector(name).getBoundingClientRect()
      return [Math.round(top - document.querySelector(".ll-canvas").getBoundingClientRect().top), Math.round(height)]
    })"""
    try:
        digits.until(lambda: page.evaluate("innerWidth") == width)
        digits.hover(*digits.spot(2, 0.5, 0.5))
        before = page.evaluate(measure)
        for place, across, down in ((0, 0.98, 0.02), (1, 0.9, 0.3), (0, 0.4, 0.6), (2, 0.1, 0.9)):
            digits.hover(*digits.spot(place, across, down))
            assert page.evaluate(measure) == before
            for cell in page.locator(".ll-strip .ll-words").all():
                assert cell.evaluate("words => words.scrollHeight - words.clientHeight") <= 1
    finally:
        page.set_viewport_size({"width": 1440, "height": 900})
