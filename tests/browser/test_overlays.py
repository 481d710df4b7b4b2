"""What is laid over the maps of the first page: distance off the data, stretch, round trips."""

import re

import numpy as np
import pytest

from ae_models.base.paths import ROOT

pytestmark = pytest.mark.browser
BACKDROPS = """() => document.querySelector(".ll-figure").painter.below
  .map(({ place, x, y, sizex, sizey }) => ({ place, x, y, sizex, sizey }))"""
FOLDER = ROOT / "ae_models" / "canvas" / "browser" / "overlays"
NAMES = re.findall(
    r"^export \{ \w+ as (\w+) \} from \"\./(\w+\.js)\"$", (FOLDER / "table.js").read_text(), re.MULTILINE
)
ARROWS = '() => [...document.querySelectorAll(".ll-arrows")].map(path => path.getAttribute("d"))'


def pressed(visit, name: str) -> bool:
    button = visit.page.get_by_role("button", name=name, exact=True)
    return button.get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize(("name", "module"), NAMES)
def test_every_overlay_of_the_table_has_a_button_and_is_drawn(mnist, name, module):
    button = re.search(r'^  label: "(.+)",$', (FOLDER / module).read_text(), re.MULTILINE)[1]
    mnist.tool(button)
    mnist.until(lambda: mnist.page.evaluate(BACKDROPS) or any(mnist.page.evaluate(ARROWS)))
    assert pressed(mnist, button)
    mnist.tool(button, on=False)
    mnist.until(lambda: not mnist.page.evaluate(BACKDROPS) and not any(mnist.page.evaluate(ARROWS)))


def test_stretch_and_distance_are_backdrops_of_the_two_maps_that_draw(mnist):
    mnist.tool("Stretch")
    mnist.until(lambda: len(mnist.page.evaluate(BACKDROPS)) == 2)
    found = mnist.page.evaluate(BACKDROPS)
    assert [one["place"] for one in found] == [0, 1]
    codes = mnist.dots(0)
    inside = (codes[:, 0] > found[0]["x"]) & (codes[:, 0] < found[0]["x"] + found[0]["sizex"])
    assert inside.mean() > 0.99
    mnist.until(lambda: "central differences" in mnist.text(".ll-status"))
    mnist.tool("Off the data")
    mnist.until(lambda: "Grey: off the data" in mnist.text(".ll-status"))
    assert not pressed(mnist, "Stretch")
    mnist.tool("Off the data", on=False)
    mnist.until(lambda: mnist.page.evaluate(BACKDROPS) == [])


def test_round_trips_are_arrows_for_the_net_and_points_for_pca(mnist):
    mnist.tool("Round trips")
    mnist.until(lambda: "L" in (mnist.page.evaluate(ARROWS)[0] or ""))
    net, pca, third = mnist.page.evaluate(ARROWS)
    assert net.count("L") > 300
    assert "L" not in pca
    assert pca.count("h0") > 200
    assert third == ""
    mnist.tool("Round trips", on=False)
    mnist.until(lambda: not any(mnist.page.evaluate(ARROWS)))
    assert np.isfinite(mnist.dots(0)).all()
