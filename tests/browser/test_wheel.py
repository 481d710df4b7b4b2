"""The wheel over a map: the page's own until a visitor has taken the map up."""

import pytest

pytestmark = pytest.mark.browser
SCROLLED = """document.querySelector('[data-testid="stMain"]').scrollTop"""


def width(visit, place: int = 0) -> float:
    """How much of its numbers a map shows."""
    *_, left, right, _bottom, _top = visit.area(place)
    return right - left


def wheel(visit, down: float) -> None:
    visit.page.mouse.wheel(0, down)


def test_whoever_scrolls_past_a_map_scrolls_past_it(digits):
    page = digits.page
    page.mouse.click(5, 300)  # no map is in focus
    before = width(digits)
    page.mouse.move(*digits.spot(0, 0.5, 0.5))
    start = page.evaluate(SCROLLED)
    wheel(digits, 60)
    digits.until(lambda: page.evaluate(SCROLLED) > start)
    assert width(digits) == pytest.approx(before)
    assert digits.text(".ll-wheel").startswith("The wheel zooms once you have clicked the map")
    wheel(digits, -60)
    digits.until(lambda: page.evaluate(SCROLLED) == start)
    # With Ctrl, as two fingers on a touchpad say, it zooms at once.
    page.keyboard.down("Control")
    wheel(digits, -120)
    page.keyboard.up("Control")
    digits.until(lambda: width(digits) < 0.95 * before)
    assert page.evaluate(SCROLLED) == start


def test_a_map_that_was_dragged_or_clicked_zooms_and_another_one_does_not(digits):
    page = digits.page
    before, other = width(digits, 0), width(digits, 1)
    digits.drag([digits.spot(0, 0.5, 0.5), digits.spot(0, 0.52, 0.5)])
    start = page.evaluate(SCROLLED)
    wheel(digits, -120)
    digits.until(lambda: width(digits, 0) < 0.95 * before)
    assert page.evaluate(SCROLLED) == start
    page.mouse.move(*digits.spot(1, 0.5, 0.5))
    wheel(digits, 60)
    digits.until(lambda: page.evaluate(SCROLLED) > start)  # it was heard, and it is the page's
    assert width(digits, 1) == pytest.approx(other)
