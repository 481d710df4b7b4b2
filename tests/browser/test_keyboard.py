"""The keyboard alone: it reaches every control, and moves over a map as the pointer does."""

import numpy as np
import pytest

from tests.browser import truth

pytestmark = pytest.mark.browser
RUN = "mnist-dense-2d"
CONTROLS = """() => {
  const all = document.querySelectorAll(
    ".ll-canvas :is(button, input, select, summary, textarea), .ll-canvas .ll-area, .ll-canvas canvas[tabindex]")
  const shown = [...all].filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.disabled)
  shown.forEach((one, i) => one.dataset.number = i)
  return shown.map(one => one.getAttribute("aria-label") ?? one.textContent)
}"""
CROSS = """() => {
  const { left, top } = document.querySelector(".ll-cursor").getBoundingClientRect()
  return document.querySelector(".ll-cursor").hidden ? null : [left, top]
}"""


def focus(visit, place: int) -> None:
    """Reach a map with Tab, from the control before it."""
    page = visit.page
    page.locator(".ll-area").nth(place).focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("place => document.activeElement === document.querySelectorAll('.ll-area')[place]", place)
    visit.area(place)  # scrolls it into view, once and for all


def press(visit, key: str, times: int = 1) -> None:
    for _ in range(times):
        visit.painted(lambda: visit.page.keyboard.press(key))


def test_the_keyboard_reaches_every_control(mnist):
    wanted = mnist.page.evaluate(CONTROLS)
    assert {"Map: Autoencoder", "Map: PCA", "Map: UMAP", "z1", "z1, typed", "Lasso", "Python", "by picture"} <= set(
        wanted
    )
    reached = set()
    mnist.page.locator("body").focus()
    for _ in range(len(wanted) + 60):
        mnist.page.keyboard.press("Tab")
        reached.add(mnist.page.evaluate("document.activeElement?.dataset?.number ?? null"))
    assert [wanted[number] for number in range(len(wanted)) if str(number) not in reached] == []


def test_a_map_in_focus_says_so_and_what_its_keys_do(mnist):
    focus(mnist, 1)
    card = mnist.page.locator(".ll-card").nth(1)
    assert card.evaluate("card => getComputedStyle(card).outlineStyle") == "solid"
    assert mnist.page.locator(".ll-keys:visible").count() == 1
    assert "Enter pins" in mnist.text(".ll-keys")
    # At first the cross stands on the pinned image.
    assert mnist.page.evaluate(CROSS) == pytest.approx(mnist.where(1, 0), abs=1)
    mnist.page.mouse.click(*mnist.spot(0, 0.5, 0.02))  # a click is no reason to explain the keys
    assert mnist.page.locator(".ll-keys:visible").count() == 0
    mnist.until(lambda: "z" in mnist.parameters)


@pytest.mark.parametrize(("place", "run", "title"), [(0, RUN, "Autoencoder draws"), (1, "mnist-pca-2d", "PCA draws")])
def test_arrows_decode_what_the_cross_stands_on(mnist, place, run, title):
    away, sign = {0: ("ArrowDown", 1), 1: ("ArrowUp", -1)}[place]  # from the edge of the map
    focus(mnist, place)
    before = np.array(mnist.page.evaluate(CROSS), float)
    press(mnist, f"Shift+{away}", 2)
    press(mnist, "ArrowRight", 3)
    press(mnist, away)
    press(mnist, "ArrowLeft")
    after = np.array(mnist.page.evaluate(CROSS), float)
    assert after - before == pytest.approx([16, sign * 88], abs=0.5)
    state = mnist.said()
    assert state["space"] == {0: "autoencoder", 1: "pca"}[place]
    by_keys = mnist.looked_at()
    if state["kind"] == "point":
        assert by_keys == pytest.approx(mnist.points_at(place, after[None])[0].tolist(), abs=0.02)
    else:
        assert by_keys == pytest.approx(truth.codes(run)[int(state["image"])].tolist(), abs=1e-5)
    mnist.shows(title, truth.drawn(run, by_keys))
    mnist.hover(*after)  # and the pointer there finds the same
    again = mnist.said()
    assert (again["kind"], again["image"]) == (state["kind"], state["image"])


def test_enter_pins_the_nearest_image_and_escape_lets_go(mnist):
    focus(mnist, 0)
    press(mnist, "Shift+ArrowRight", 2)
    press(mnist, "ArrowDown", 3)
    spot = np.array(mnist.page.evaluate(CROSS))
    dots = np.array([mnist.where(0, point) for point in ([0.0, 0.0], [1.0, 1.0])])
    shown = truth.codes(RUN) * (dots[1] - dots[0]) + dots[0]  # pixels of the page
    nearest = int(np.linalg.norm(shown - spot, axis=1).argmin())
    mnist.told(lambda: mnist.page.keyboard.press("Enter"), pin=str(nearest), z=None)
    press(mnist, "Shift+ArrowDown")
    assert mnist.said()["image"] != str(nearest) or mnist.said()["kind"] == "point"
    press(mnist, "Escape")
    assert mnist.page.evaluate(CROSS) is None
    assert (mnist.said()["kind"], mnist.said()["image"]) == ("image", str(nearest))


def test_a_box_is_drawn_by_keys(mnist):
    mnist.tool("Box")
    focus(mnist, 1)
    start = np.array(mnist.page.evaluate(CROSS))
    mnist.page.keyboard.press("Enter")
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowUp"):
        mnist.page.keyboard.press(key)
    mnist.page.keyboard.press("Enter")
    corners = mnist.points_at(1, start + np.array([[0, 0], [80, -40]]))
    codes = truth.codes("mnist-pca-2d")
    inside = np.flatnonzero((codes > corners.min(0)).all(axis=1) & (codes < corners.max(0)).all(axis=1))
    chosen = {int(row["id"]) for row in mnist.chosen()}
    assert len(chosen) > 50
    assert len(chosen ^ set(inside.tolist())) <= 0.03 * len(inside)  # those on the line


def test_plus_and_minus_zoom_about_the_cross_and_letters_shift(mnist):
    focus(mnist, 0)
    press(mnist, "Shift+ArrowUp")
    spot = np.array(mnist.page.evaluate(CROSS))[None]
    first, there = mnist.area(0), mnist.points_at(0, spot)
    press(mnist, "+", 3)
    mnist.until(lambda: mnist.area(0)[5] - mnist.area(0)[4] == pytest.approx(0.8**3 * (first[5] - first[4])))
    assert mnist.points_at(0, spot) == pytest.approx(there, abs=1e-3)
    press(mnist, "-", 3)
    press(mnist, "d")
    width = first[5] - first[4]
    mnist.until(lambda: mnist.area(0)[4:] == pytest.approx((first[4] + width / 10, first[5] + width / 10, *first[6:])))
    press(mnist, "0")
    mnist.until(lambda: mnist.area(0) == pytest.approx(first))


def test_in_space_letters_turn_the_map_and_the_cross_finds_dots(space):
    eye = """() => {
      const look = document.querySelector(".ll-figure").painter.look(0)
      return [...look.slice(0, 3), ...look.slice(6)]
    }"""
    first = np.array(space.page.evaluate(eye))
    focus(space, 0)
    assert "turn" in space.text(".ll-keys")
    for _ in range(3):
        space.page.keyboard.press("d")
    space.page.keyboard.press("Control+ArrowUp")

    def turned() -> None:
        last = np.array(space.page.evaluate(eye))
        assert np.linalg.norm(last[:3]) == pytest.approx(np.linalg.norm(first[:3]))  # as far away as before
        assert last[:3] @ np.cross([0, 0, 1], first[:3]) > 0  # carried to the right,
        assert last[2] > first[2]  # and upwards
        assert last[:3] @ last[3:] == pytest.approx(0, abs=1e-6)  # its top across its line of sight

    space.until(turned)
    space.told(lambda: space.page.keyboard.press("Enter"), pin=space.said()["image"])
    space.page.keyboard.press("0")
    space.until(lambda: space.page.evaluate(eye) == pytest.approx(first.tolist(), abs=1e-6))
