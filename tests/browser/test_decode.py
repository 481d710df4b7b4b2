"""What the browser draws is what Python draws: of points, of images, of the nearest image."""

import base64

import numpy as np
import pytest

from ae_models.runs import shipped_runs
from tests.browser import truth

pytestmark = pytest.mark.browser


def test_the_browser_decodes_as_python_does(visit):
    """Fifty points of every run that ships, PCA among them, by the page's own program.

    On a page of its own: a page keeps eight graphs, and those of its maps would be among the first to go.
    """
    page = visit.open("/?data=digits").page
    names = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    module = next(name for name in names if name.endswith("/decoders.js"))
    runtime = next(name for name in names if name.endswith("ort.wasm.min.mjs"))
    store = shipped_runs()
    assert len(store.ids()) >= 14
    for run in store.ids():
        record = truth.record(run)
        codes = np.random.default_rng(len(run)).normal(scale=6, size=(50, record.latent_dim)).astype(np.float32)
        graph = base64.b64encode(store.file(record, "decoder.onnx")).decode()
        space = {"key": run, "axes": [0] * record.latent_dim, "shape": list(record.output_shape)}
        one, all_ = page.evaluate(
            """async ([module, runtime, graph, space, codes]) => {
              const { Decoders } = await import(module)
              const bytes = Uint8Array.from(atob(graph), letter => letter.charCodeAt(0))
              const decoders = new Decoders()
              const decoder_url = URL.createObjectURL(new Blob([bytes]))
              await decoders.load(runtime, [{ ...space, decoder_url }])
              const text = floats => {
                const bytes = new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)
                return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""))
              }
              const one = text(await decoders.draw(space.key, Float32Array.from(codes[0]), 1))
              return [one, text(await decoders.draw(space.key, Float32Array.from(codes.flat()), codes.length))]
            }""",
            [module, runtime, graph, space, codes.tolist()],
        )
        expected = truth.graphs(run).decode(codes).reshape(50, -1)
        found = np.frombuffer(base64.b64decode(all_), "<f4").reshape(50, -1)
        assert np.abs(found - expected).max() < 1e-3, run
        assert np.abs(np.frombuffer(base64.b64decode(one), "<f4") - expected[0]).max() < 1e-3, run
        assert np.ptp(expected, axis=0).max() > 0.1  # fifty pictures, not one


def test_moving_over_an_empty_place_draws_it_and_the_other_decoder_says_which_image_it_draws(mnist):
    place = truth.empty_place("mnist-dense-2d")
    mnist.touch(0, place)
    state, point = mnist.said(), mnist.looked_at()
    assert (state["kind"], state["space"]) == ("point", "autoencoder")
    assert point == pytest.approx(place, abs=0.2)
    told = truth.told("decode", "mnist-dense-2d", "--at", *point)
    mnist.shows("Autoencoder draws", np.array(told["pixels"]).reshape(told["shape"])[0])
    assert mnist.note("Autoencoder draws") == "from this point, of no image"
    # The other decoder draws the nearest image and says so, and both maps ring it.
    nearest = int(state["nearest"])
    distances = np.linalg.norm(truth.codes("mnist-dense-2d") - point, axis=1)
    assert nearest == distances.argmin()
    error = truth.squared_errors("mnist-pca-2d")[nearest]
    assert mnist.note("PCA draws") == f"the nearest image, #{nearest}, error {error:.1f}"
    mnist.shows("PCA draws", truth.drawn("mnist-pca-2d", truth.codes("mnist-pca-2d")[nearest]))
    mnist.shows("Nearest real image", truth.images("mnist-dense-2d")[nearest])
    assert f"{distances[nearest]:.2f} away" in mnist.note("Nearest real image")
    rings = mnist.page.locator("circle.ll-other:not(.ll-halo)")
    for map_ in (0, 1):
        box = rings.nth(map_).bounding_box()
        centre = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        assert centre == pytest.approx(mnist.where(map_, nearest), abs=1.5)


def test_a_link_with_a_point_shows_what_decode_says(visit):
    at = (1.5, -2.25)
    visit.open(f"/?data=mnist&run=mnist-dense-2d&dim=2&z={at[0]},{at[1]}")
    told = truth.told("decode", "mnist-dense-2d", "--at", *at)
    visit.shows("Autoencoder draws", np.array(told["pixels"]).reshape(told["shape"])[0])
    assert [float(slider.input_value()) for slider in visit.page.get_by_role("slider").all()] == list(at)


def test_over_the_map_of_pca_its_decoder_draws(mnist):
    mnist.touch(1, [8.0, 5.0])
    state, point = mnist.said(), mnist.looked_at()
    assert (state["kind"], state["space"]) == ("point", "pca")
    assert point == pytest.approx([8.0, 5.0], abs=0.1)
    mnist.shows("PCA draws", truth.drawn("mnist-pca-2d", point))
    nearest = int(np.linalg.norm(truth.codes("mnist-pca-2d") - point, axis=1).argmin())
    assert mnist.note("Autoencoder draws").startswith(f"the nearest image, #{nearest}, error")
    mnist.shows("Autoencoder draws", truth.drawn("mnist-dense-2d", truth.codes("mnist-dense-2d")[nearest]))
    assert mnist.page.locator('.ll-slider-name:text-is("component 1")').count() == 1


def test_a_map_that_cannot_draw_shows_the_nearest_real_image(mnist):
    spot = mnist.spot(2, 0.62, 0.12)
    mnist.hover(*spot)
    state = mnist.said()
    assert state["kind"] == "neighbour"
    [point] = mnist.points_at(2, np.array([spot], float))
    nearest = int(np.linalg.norm(truth.umap("mnist", "mnist-dense-2d") - point, axis=1).argmin())
    assert int(state["image"]) == nearest
    assert "nearest on this map" in mnist.note("Nearest real image")
    mnist.shows("Nearest real image", truth.images("mnist-dense-2d")[nearest])
    for title, run in (("PCA draws", "mnist-pca-2d"), ("Autoencoder draws", "mnist-dense-2d")):
        assert mnist.note(title) == f"redraws #{nearest}, error {truth.squared_errors(run)[nearest]:.1f}"
        mnist.shows(title, truth.drawn(run, truth.codes(run)[nearest]))


@pytest.mark.parametrize("which", ["on", "off"])
def test_on_or_off_the_data_is_judged_by_codes(mnist, which):
    codes = truth.codes("mnist-dense-2d").astype(np.float64)
    rows = np.unique(np.linspace(0, len(codes) - 1, 1000).astype(int))
    others = np.sort(np.linalg.norm(codes[rows, None] - codes[None], axis=2), axis=1)[:, 5]  # column 0 is itself
    near, far = np.quantile(others, [0.95, 0.995])
    if which == "on":
        mnist.touch(0, codes[rows[others.argmin()]])
    else:  # the corner of the map that is farthest from all codes
        corners = [(0.03, 0.03), (0.97, 0.03), (0.03, 0.97), (0.97, 0.97)]
        points = mnist.points_at(0, np.array([mnist.spot(0, *corner) for corner in corners], float))
        away = [np.linalg.norm(codes - point, axis=1).min() for point in points]
        mnist.hover(*mnist.spot(0, *corners[int(np.argmax(away))]))
    state, point = mnist.said(), mnist.looked_at()
    distances = np.sort(np.linalg.norm(codes - point, axis=1))
    fifth = distances[5] if state["kind"] == "image" else distances[4]  # an image is no neighbour of its own
    expected = "on" if fifth <= near else "gap" if fifth <= far else "off"
    assert state["verdict"] == expected == which
    assert mnist.text(".ll-badge") == {"on": "on the data", "off": "off the data"}[which]
    tip = mnist.page.locator("#ll-tip-badge").text_content()
    assert f"{fifth:.2f} away. On the data: up to {near:.2f}" in tip
    assert f"In a gap: up to {far:.2f}" in tip
