"""Compare in a real browser: every view draws what it promises, and the console stays clean."""

import pytest

pytestmark = pytest.mark.browser
APP = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
PLOT = '[data-testid="stPlotlyChart"] .js-plotly-plot'
VIEWS = {  # what a visitor reads on the switch: a heading of the view
    "Same pictures": "Error by class",
    "Code size": "How much does a longer code buy?",
    "Neighbours": "Distances kept: Shepard diagrams",
    "Scores": "All scores",
    "PCA itself": "What each component does to the mean image",
    "Linear = PCA": "It finds PCA’s sheet",
    "Check the numbers": "No published figures",
}


@pytest.fixture(scope="module")
def visitor(chromium, server):
    """One visitor for all these tests, at a narrow window; the console must stay clean but for Streamlit's look-up."""
    context = chromium.new_context(viewport={"width": 1024, "height": 768}, base_url=server)
    page = context.new_page()
    errors: list[str] = []

    def heard(message) -> None:
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            errors.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/compare?images=Small+digits+(8+x+8)")
    page.wait_for_selector(PLOT)
    yield page
    context.close()
    assert errors == []


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_draws_and_nothing_is_cut_off(visitor, view):
    visitor.get_by_role("radio", name=view, exact=True).click()
    visitor.get_by_text(VIEWS[view]).first.wait_for()
    visitor.wait_for_selector(APP)
    plots = visitor.locator(PLOT)
    assert (plots.count() > 0) is (view != "Check the numbers")
    assert visitor.get_by_text("encountered an error").count() == 0
    for place in range(plots.count()):
        box = plots.nth(place).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1024


def test_every_picture_has_its_whole_frame(visitor):
    visitor.get_by_role("radio", name="Same pictures", exact=True).click()
    visitor.get_by_text("Error by class").wait_for()
    visitor.wait_for_selector(APP)
    plot = visitor.locator(PLOT).first
    lines, area = plot.locator(".scatterlayer .js-line"), plot.bounding_box()
    assert lines.count() == 30  # six images, five pictures each
    for place in range(30):
        box = lines.nth(place).bounding_box()
        assert box["width"] == pytest.approx(box["height"], abs=0.1)
        assert area["x"] < box["x"] < box["x"] + box["width"] < area["x"] + area["width"]
        assert area["y"] < box["y"] < box["y"] + box["height"] < area["y"] + area["height"]


def test_a_published_figure_is_computed_on_request(visitor):
    visitor.goto("/compare?view=Check+the+numbers&images=Fashion-MNIST")
    visitor.get_by_role("button", name="Compute them").click()
    visitor.get_by_text("lie in the band around the published one").wait_for()
    visitor.get_by_role("button", name="Compute them").wait_for(state="detached")  # it goes with the end of the run
    assert visitor.get_by_text("✓ in its band").count() >= 1
    assert visitor.get_by_text("not yet", exact=True).count() == 0
