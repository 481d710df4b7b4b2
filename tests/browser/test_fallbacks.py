"""When something is missing: WebAssembly, a decoder, the network."""

import re

import pytest

from ae_models.latent import code_bounds
from tests.browser import truth

pytestmark = pytest.mark.browser
RUN = "digits-dense-2d"


@pytest.mark.parametrize("missing", ["WebAssembly", "a decoder"])
def test_the_server_draws_where_the_browser_cannot(visit, missing):
    page = visit.page
    if missing == "WebAssembly":
        page.add_init_script("delete window.WebAssembly")
    else:
        page.route(re.compile(r"ort\.wasm\.min\.mjs"), lambda route: route.abort())
    visit.open("/?data=digits", decodes=False)
    page.get_by_text("Pictures are drawn by the server, on release").wait_for()
    visit.idle()
    visit.slider.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    step, start = code_bounds(truth.codes(RUN))[0].step, truth.codes(RUN)[0, 0]
    visit.until(lambda: visit.point[:1] == pytest.approx([start + 12 * step], abs=step))
    visit.until(lambda: visit.shows("Autoencoder draws", truth.drawn(RUN, visit.point), levels=2.5))
    assert "decode" not in visit.parameters  # a link from here must not slow another browser down
    # The maps are there all the same, and a click on a dot pins its image.
    row = visit.alone(1, 30)
    page.mouse.click(*visit.where(1, row))
    visit.until(lambda: visit.parameters["pin"] == str(truth.ids(RUN)[row]))
    visit.until(lambda: visit.shows("Autoencoder draws", truth.drawn(RUN, truth.codes(RUN)[row]), levels=2.5))
    if missing == "a decoder":
        assert all("Failed to load resource" in error for error in visit.errors)  # what was blocked here, nothing else
        visit.errors.clear()


def test_without_a_network_pointer_and_sliders_go_on_decoding(visit):
    page = visit.page
    visit.open("/?data=digits")
    visit.page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    assert page.evaluate("fetch('/_stcore/health').then(() => 'there', () => 'not there')") == "not there"
    for place in range(3):
        row = visit.alone(place, 60)
        visit.touch(place, row)
        assert visit.said()["image"] == str(truth.ids(RUN)[row])
        visit.shows("Original", truth.images(RUN)[row])
        visit.shows("Autoencoder draws", truth.drawn(RUN, truth.codes(RUN)[row]))
        visit.shows("PCA draws", truth.drawn("digits-pca-2d", truth.codes("digits-pca-2d")[row]))
    visit.hover(*visit.spot(0, 0.97, 0.03))
    assert visit.said()["kind"] == "point"
    visit.shows("Autoencoder draws", truth.drawn(RUN, visit.looked_at()))
    visit.leave()
    visit.slider.focus()
    for _ in range(5):
        visit.painted(lambda: page.keyboard.press("ArrowRight"))
        values = [float(slider.input_value()) for slider in page.get_by_role("slider").all()]
        assert visit.looked_at() == pytest.approx(values, abs=1e-5)
        visit.shows("Autoencoder draws", truth.drawn(RUN, values))
    visit.errors.clear()  # the browser says that it is offline
