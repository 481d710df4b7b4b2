"""The canvas decodes what is touched: in the browser, as Python does, and says what it shows."""

import base64
import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ae_models import recipes
from ae_models.runs import Graphs, RunStore, shipped_runs

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
MAPS = '.ll-maps[data-ready="true"]'
DECODES = '.ll-canvas[data-decodes="true"]'
APP = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
PIXELS = """canvas => {
  const [w, h] = [canvas.width, canvas.height]
  return Array.from(canvas.getContext("2d").getImageData(0, 0, w, h).data).filter((_, i) => i % 4 === 0)
}"""
# Where the dot of a row is on the page, or the point of a map: place, row or [x, y].
WHERE = """([place, what]) => {
  const plot = document.querySelector(".js-plotly-plot")
  const at = place ? String(place + 1) : ""
  const layout = plot._fullLayout
  const [x, y] = [layout["xaxis" + at], layout["yaxis" + at]]
  const trace = plot.data[place]
  const [a, b] = Array.isArray(what) ? what : [trace.x[what], trace.y[what]]
  const box = plot.getBoundingClientRect()
  return { x: box.left + x._offset + x.l2p(a), y: box.top + y._offset + y.l2p(b) }
}"""
# A row inside the view of every map, whose dot no other one hides.
ALONE = """([place, from]) => {
  const plot = document.querySelector(".js-plotly-plot")
  const layout = plot._fullLayout
  const at = place ? String(place + 1) : ""
  const [trace, x, y] = [plot.data[place], layout["xaxis" + at], layout["yaxis" + at]]
  const [xs, ys] = [Array.from(trace.x, v => x.l2p(v)), Array.from(trace.y, v => y.l2p(v))]
  for (let row = from; row < xs.length; row++) {
    if (!(xs[row] > 12 && ys[row] > 12 && xs[row] < x._length - 12 && ys[row] < y._length - 12)) continue
    if (xs.every((v, i) => i === row || !(Math.hypot(v - xs[row], ys[i] - ys[row]) < 3))) return row
  }
}"""


def open_page(page, address: str = "/", decodes: bool = True) -> None:
    page.goto(address)
    page.wait_for_selector(MAPS, timeout=60_000)
    page.wait_for_selector(APP, timeout=60_000)
    if decodes:
        page.wait_for_selector(DECODES, timeout=60_000)
    settle(page)


def settle(page) -> None:
    """Wait for the frames in which whatever was just asked for is drawn."""
    page.wait_for_timeout(250)


def said(page) -> dict[str, str]:
    return page.locator(".ll-canvas").evaluate("canvas => ({...canvas.dataset})")


def picture(page, title: str) -> np.ndarray:
    """Return the ink of a picture on the page in [0, 1], ``(h, w)``; in the light theme ink is dark."""
    canvas = page.locator(f'canvas[data-picture="{title}"]:visible')
    height, width = canvas.evaluate("canvas => [canvas.height, canvas.width]")
    return 1 - np.array(canvas.evaluate(PIXELS)).reshape(height, width) / 255


def note(page, title: str) -> str:
    return page.locator(f'.ll-picture:has(canvas[data-picture="{title}"]) .ll-picture-note').inner_text()


def hover(page, place: int, what) -> None:
    spot = page.evaluate(WHERE, [place, what])
    page.mouse.move(spot["x"] + 3, spot["y"])
    page.mouse.move(spot["x"], spot["y"])
    settle(page)


def heldout(run: str) -> np.ndarray:
    return recipes.heldout_of(shipped_runs().read(run)).images()


def drawn(run: str, code) -> np.ndarray:
    store = shipped_runs()
    return Graphs(store, store.read(run)).decode(np.array([code], np.float32))[0, 0]


def codes_of(run: str) -> np.ndarray:
    return np.load(ROOT / f"data/runs/{run}/codes.npz")["codes"].astype(np.float32)


def empty_place(run: str) -> list[float]:
    """Return the middle of the widest gap between the dots of a map, well inside its view."""
    codes = codes_of(run)
    low, high = np.quantile(codes, [0.05, 0.95], axis=0)
    grid = np.stack(np.meshgrid(*np.linspace(low, high, 25).T), axis=-1).reshape(-1, 2)
    scaled = [np.min(np.linalg.norm((codes - place) / (high - low), axis=1)) for place in grid]
    return [round(float(value), 1) for value in grid[int(np.argmax(scaled))]]


def test_the_browser_decodes_as_python_does(page):
    """Fifty points of every run that ships, PCA among them, through the page's own decoders."""
    open_page(page)
    names = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    module = next(name for name in names if name.endswith("/decoders.js"))
    runtime = next(name for name in names if name.endswith("ort.wasm.min.mjs"))
    store = shipped_runs()
    for run_id in store.ids():
        record = store.read(run_id)
        rng = np.random.default_rng(len(run_id))
        codes = rng.normal(scale=6, size=(50, record.latent_dim)).astype(np.float32)
        graph = base64.b64encode(store.file(record, "decoder.onnx")).decode()
        space = {"key": run_id, "axes": [0] * record.latent_dim, "shape": list(record.output_shape)}
        found = page.evaluate(
            """async ([module, runtime, graph, space, codes]) => {
              const { Decoders } = await import(module)
              const bytes = Uint8Array.from(atob(graph), letter => letter.charCodeAt(0))
              const decoders = new Decoders()
              const decoder_url = URL.createObjectURL(new Blob([bytes]))
              await decoders.load(runtime, [{ ...space, decoder_url }])
              const one = await decoders.draw(space.key, Float32Array.from(codes[0]), 1)
              const all = await decoders.draw(space.key, Float32Array.from(codes.flat()), codes.length)
              return [Array.from(one), Array.from(all)]
            }""",
            [module, runtime, graph, space, codes.tolist()],
        )
        expected = Graphs(store, record).decode(codes).reshape(50, -1)
        assert np.abs(np.array(found[1]).reshape(50, -1) - expected).max() < 1e-3, run_id
        assert np.abs(np.array(found[0]) - expected[0]).max() < 1e-3, run_id


def test_moving_over_a_map_draws_that_point(page):
    open_page(page)
    place = empty_place("mnist-dense-2d")
    hover(page, 0, place)
    state = said(page)
    assert (state["kind"], state["space"]) == ("point", "autoencoder")
    point = [float(value) for value in state["point"].split(",")]
    assert point == pytest.approx(place, abs=0.2)
    command = [sys.executable, "-m", "ae_models", "decode", "mnist-dense-2d", "--at", *map(str, point), "--json"]
    told = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    expected = np.clip(np.array(told["pixels"]).reshape(28, 28), 0, 1)
    assert np.abs(picture(page, "Autoencoder draws") - expected).max() <= 1.5 / 255
    # The other decoder draws the nearest image and says so.
    nearest = int(state["nearest"])
    assert f"the nearest image, #{nearest}, error" in note(page, "PCA draws")
    images = heldout("mnist-dense-2d")
    assert np.abs(picture(page, "Nearest real image") - images[nearest, 0]).max() <= 1.5 / 255
    codes = np.load(ROOT / "data/runs/mnist-dense-2d/codes.npz")["codes"]
    assert nearest == np.linalg.norm(codes - point, axis=1).argmin()
    pca = np.load(ROOT / "data/runs/mnist-pca-2d/codes.npz")["codes"]
    assert np.abs(picture(page, "PCA draws") - drawn("mnist-pca-2d", pca[nearest]).clip(0, 1)).max() <= 1.5 / 255


def test_over_the_map_of_pca_its_decoder_draws(page):
    open_page(page)
    hover(page, 1, [8.0, 5.0])
    state = said(page)
    assert (state["kind"], state["space"]) == ("point", "pca")
    point = [float(value) for value in state["point"].split(",")]
    assert np.abs(picture(page, "PCA draws") - drawn("mnist-pca-2d", point).clip(0, 1)).max() <= 1.5 / 255
    assert "the nearest image" in note(page, "Autoencoder draws")
    assert page.locator('.ll-slider-name:text-is("component 1")').count() == 1


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("data", ["mnist", "fashion-mnist"])
def test_a_touched_dot_shows_that_image_and_what_is_left_of_it(page, place, data):
    run = {"mnist": "mnist-dense-2d", "fashion-mnist": "fashion-dense-2d"}[data]
    open_page(page, f"/?data={data}&run={run}&dim=2")
    images = heldout(run)
    codes = np.load(ROOT / f"data/runs/{run}/codes.npz")["codes"].astype(np.float32)
    for _ in range(2):
        row = page.evaluate(ALONE, [place, 40])
        hover(page, place, row)
        state = said(page)
        assert (state["kind"], state["image"]) == ("image", str(row))
        assert np.abs(picture(page, "Original") - images[row, 0]).max() <= 1.5 / 255
        expected = drawn(run, codes[row])
        assert np.abs(picture(page, "Autoencoder draws") - expected).max() <= 1.5 / 255
        error = float(((expected - images[row, 0]) ** 2).sum())
        assert note(page, "Autoencoder draws") == f"error {error:.1f}"
        assert f"#{row}," in page.locator(".ll-pointer-tip").inner_text()
        lit = page.locator("circle.ll-lit:not(.ll-halo)")
        assert [lit.nth(i).is_visible() for i in range(3)] == [True, True, True]
        page.get_by_role("button", name="1" if data == "mnist" else "Trouser").first.click()  # the legend: then again
    page.mouse.move(5, 5)
    settle(page)
    assert said(page)["image"] == "0"  # leaving the maps returns to the pinned image


def test_a_map_that_cannot_draw_shows_the_nearest_real_image(page):
    open_page(page)
    box = page.locator(".ll-card").nth(2).locator(".ll-area").bounding_box()
    page.mouse.move(box["x"] + 0.62 * box["width"], box["y"] + 0.12 * box["height"])
    settle(page)
    state = said(page)
    assert state["kind"] == "neighbour"
    assert "nearest on this map" in note(page, "Nearest real image")
    assert f"redraws #{state['image']}, error" in note(page, "PCA draws")


def test_a_click_on_an_empty_place_keeps_the_point_and_an_image_forgets_it(page):
    open_page(page)
    place = empty_place("mnist-dense-2d")
    spot = page.evaluate(WHERE, [0, place])
    page.mouse.click(spot["x"], spot["y"])
    page.wait_for_function("() => new URL(location).searchParams.get('z')")
    page.mouse.move(5, 5)
    settle(page)
    values = [float(box.input_value()) for box in page.get_by_role("slider").all()]
    assert values == pytest.approx(place, abs=0.2)
    assert [
        float(value) for value in re.search(r"z=([^&]+)", page.url.replace("%2C", ",")).group(1).split(",")
    ] == values
    page.get_by_role("button", name="back to the image").click()
    page.wait_for_function("() => !new URL(location).searchParams.get('z')")
    assert said(page)["kind"] == "image"


def test_sliders_are_typed_and_stepped(page):
    open_page(page)
    box = page.get_by_label("z1, typed")
    box.fill("2.5")
    box.press("Enter")
    page.wait_for_function("() => (new URL(location).searchParams.get('z') ?? '').startsWith('2.5,')")
    assert page.get_by_role("slider").first.input_value() == "2.5"
    box.press("ArrowUp")
    settle(page)
    assert float(page.get_by_role("slider").first.input_value()) > 2.5
    box.fill("far away")
    box.press("Enter")
    assert float(box.input_value()) > 2.5  # not a number: left as it was


def test_python_hears_nothing_while_the_pointer_moves(page):
    open_page(page)
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    page.wait_for_selector(DECODES, timeout=60_000)
    page.wait_for_timeout(1500)
    before = len(sent)
    for step in range(60):
        page.mouse.move(120 + 15 * step, 500 + step)
    page.wait_for_timeout(500)
    assert before > 0
    assert len(sent) == before


def test_without_webassembly_the_server_draws(chromium, server):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=server)
    page = context.new_page()
    errors = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.add_init_script("delete window.WebAssembly")
    open_page(page, decodes=False)
    page.get_by_text("Pictures are drawn by the server, on release").wait_for()
    page.wait_for_selector(APP)
    slider = page.get_by_role("slider").first
    before = picture(page, "Autoencoder draws")
    slider.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => new URL(location).searchParams.get('z')")
    page.wait_for_selector(APP)
    page.wait_for_timeout(800)
    point = [float(value) for value in re.search(r"z=([^&]+)", page.url.replace("%2C", ",")).group(1).split(",")]
    assert (picture(page, "Autoencoder draws") != before).any()
    assert np.abs(picture(page, "Autoencoder draws") - drawn("mnist-dense-2d", point)).max() <= 2.5 / 255
    assert "decode" not in page.url  # a link from here must not slow another browser down
    assert errors == []
    context.close()


def test_the_keyboard_reaches_every_control(page):
    open_page(page)
    wanted = page.evaluate(
        """() => {
          const all = document.querySelectorAll(".ll-canvas :is(button, input, select, summary, textarea)")
          const shown = [...all].filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.disabled)
          shown.forEach((one, i) => one.dataset.number = i)
          return shown.length
        }"""
    )
    reached = set()
    for _ in range(wanted + 60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement?.dataset?.number ?? null"))
    assert len(reached - {None}) == wanted


@pytest.mark.parametrize("width", [1440, 1024])
def test_nothing_jumps(chromium, server, width):
    context = chromium.new_context(viewport={"width": width, "height": 900}, base_url=server)
    page = context.new_page()
    open_page(page)
    measure = """() => [".ll-strip", ".ll-grid", ".ll-neighbours"].map(name => {
      const { top, height } = document.querySelector(name).getBoundingClientRect()
      return [Math.round(top + scrollY), Math.round(height)]
    })"""
    before = page.evaluate(measure)
    for place, point in ((0, [11.0, 3.0]), (1, [8.0, 5.0]), (0, [0.5, -3.0])):
        hover(page, place, point)
        assert page.evaluate(measure) == before
        for cell in page.locator(".ll-strip .ll-words").all():
            assert cell.evaluate("words => words.scrollHeight - words.clientHeight") <= 1
    context.close()


def drag(page, place: int, start, end) -> None:
    first, last = page.evaluate(WHERE, [place, start]), page.evaluate(WHERE, [place, end])
    page.mouse.move(first["x"], first["y"])
    page.mouse.down()
    page.mouse.move(last["x"], last["y"], steps=6)
    page.mouse.up()
    settle(page)


def test_a_box_selects_what_python_counts_and_it_stays_and_is_saved(page):
    open_page(page)
    codes = np.load(ROOT / "data/runs/mnist-dense-2d/codes.npz")["codes"].astype(np.float32)
    labels = recipes.heldout_of(shipped_runs().read("mnist-dense-2d")).labels
    page.get_by_role("button", name="Box").click()
    low, high = np.round(np.quantile(codes, [0.55, 0.8], axis=0).astype(float), 2)
    drag(page, 0, low.tolist(), high.tolist())
    slack = 0.25  # two pixels
    inner = (codes > low + slack).all(axis=1) & (codes < high - slack).all(axis=1)
    outer = (codes > low - slack).all(axis=1) & (codes < high + slack).all(axis=1)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(saved.value.path()).read_text())))
    ids = np.array([int(row["id"]) for row in rows])
    assert set(np.flatnonzero(inner)) <= set(ids) <= set(np.flatnonzero(outer))
    assert len(ids) == int(said(page)["selected"]) > 100
    counts = page.locator(".ll-counts").inner_text()
    for label, n in zip(*np.unique(labels[ids], return_counts=True), strict=True):
        assert f"{label}: {n:,}" in counts
    assert [float(row["autoencoder z1"]) for row in rows] == pytest.approx(codes[ids, 0].tolist(), abs=1e-5)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save NPZ").click()
    with np.load(saved.value.path(), allow_pickle=False) as arrays:
        assert (arrays["ids"] == ids).all()
        assert (arrays["labels"] == labels[ids]).all()
        assert np.abs(arrays["codes_autoencoder"] - codes[ids]).max() < 1e-6
        assert arrays["codes_pca"].shape == (len(ids), 2)
    mean = heldout("mnist-dense-2d")[ids, 0].mean(axis=0)
    assert np.abs(picture(page, "Mean image") - mean).max() <= 1.5 / 255
    expected = drawn("mnist-dense-2d", codes[ids].mean(axis=0))
    assert np.abs(picture(page, "Mean code") - expected).max() <= 2 / 255
    page.get_by_text("3-D", exact=True).click()
    page.wait_for_selector('.ll-maps[data-ready="true"][data-view^="mnist-dense-3d"]')
    page.wait_for_selector(DECODES)
    settle(page)
    assert page.locator(".ll-gallery .ll-tray-title").inner_text() == f"{len(ids):,} selected on Autoencoder"
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save CSV").click()
    again = list(csv.DictReader(io.StringIO(Path(saved.value.path()).read_text())))
    assert [row["id"] for row in again] == [row["id"] for row in rows]


def test_zoom_stays_through_reruns(page):
    open_page(page)
    ranges = """() => {
      const { xaxis, yaxis } = document.querySelector(".js-plotly-plot")._fullLayout
      return [xaxis.range, yaxis.range]
    }"""
    first = page.evaluate(ranges)
    spot = page.evaluate(WHERE, [0, np.median(codes_of("mnist-dense-2d"), axis=0).tolist()])
    page.mouse.move(spot["x"], spot["y"])
    for _ in range(4):
        page.mouse.wheel(0, -200)
    page.wait_for_timeout(600)
    before = page.evaluate(ranges)
    assert before[0][1] - before[0][0] < 0.9 * (first[0][1] - first[0][0])
    slider = page.get_by_role("slider").first
    slider.focus()
    for number in range(5):
        page.keyboard.press("ArrowRight")
        value = slider.input_value()
        page.wait_for_function("v => (new URL(location).searchParams.get('z') ?? '').startsWith(v)", arg=value[:6])
        page.wait_for_selector(APP)
        assert page.evaluate(ranges) == before, number


def test_in_space_a_dot_is_touched_and_pinned_and_the_camera_stays(page):
    open_page(page, "/?data=mnist&dim=3")
    box = page.locator(".ll-area").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=5)
    page.mouse.up()
    page.wait_for_timeout(800)
    eye = """() => {
      const { scene } = document.querySelector(".js-plotly-plot")._fullLayout
      return Object.values(scene._scene.getCamera().eye)
    }"""
    camera = page.evaluate(eye)
    page.mouse.move(x + 4, y + 4)
    settle(page)
    state = said(page)
    assert state["kind"] == "image"
    row = int(state["image"])
    assert np.abs(picture(page, "Original") - heldout("mnist-dense-3d")[row, 0]).max() <= 1.5 / 255
    page.mouse.click(x + 4, y + 4)
    page.wait_for_function("() => new URL(location).searchParams.get('pin') !== '0'")
    page.wait_for_selector(APP)
    settle(page)
    assert page.evaluate(eye) == pytest.approx(camera, abs=1e-6)
    page.get_by_role("button", name="Plane").click()
    plane = page.locator(".ll-plane canvas").bounding_box()
    page.mouse.move(plane["x"] + 50, plane["y"] + 60)
    settle(page)
    state = said(page)
    assert state["kind"] == "point"
    point = [float(value) for value in state["point"].split(",")]
    assert np.abs(picture(page, "Autoencoder draws") - drawn("mnist-dense-3d", point)).max() <= 1.5 / 255


def test_colours_by_error_are_the_errors(page):
    open_page(page)
    page.get_by_label("Colour").select_option("errors autoencoder")
    page.wait_for_function("() => document.querySelector('.js-plotly-plot').data[0].marker.cmax !== 10")
    shown = np.array(page.evaluate("() => Array.from(document.querySelector('.js-plotly-plot').data[0].marker.color)"))
    store = shipped_runs()
    record = store.read("mnist-dense-2d")
    images = recipes.heldout_of(record)
    codes = recipes.codes_of(store, record, images)
    assert np.abs(shown - recipes.errors_of(Graphs(store, record), record, images, codes)).max() < 1e-3
    assert shown.mean() == pytest.approx(record.test.sse, abs=0.01)


def test_without_webgl_fewer_dots_are_drawn_and_touched(chromium, server):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=server)
    page = context.new_page()
    page.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
          return kind.includes("webgl") ? null : get.call(this, kind, ...rest)
        }"""
    )
    open_page(page)
    dots = page.evaluate(
        """() => {
          const lines = [...document.querySelectorAll(".ll-svg-maps path")].map(path => path.getAttribute("d"))
          return lines.join("").split("M").length - 1
        }"""
    )
    assert 8_000 < dots <= 9_000
    assert page.get_by_text("WebGL is off: 3,000 of 10,000 dots").count() == 3
    box = page.locator(".ll-area").first.bounding_box()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.3 * box["height"])
    settle(page)
    state = said(page)
    point = [float(value) for value in state["point"].split(",")]
    assert np.abs(picture(page, "Autoencoder draws") - drawn("mnist-dense-2d", point)).max() <= 1.5 / 255
    context.close()


@pytest.fixture
def filmed(home):
    """A run with a film of twelve moments, each a step further from the middle to where the codes are."""
    store = shipped_runs()
    record = store.read("digits-dense-2d")
    files = {name: store.file(record, name) for name in record.files}
    with np.load(io.BytesIO(files["codes.npz"])) as arrays:
        codes, ids = arrays["codes"].astype(np.float32), arrays["ids"]
    moments = np.stack([codes * share for share in np.linspace(0, 1, 12)]).astype(np.float16)
    buffer = io.BytesIO()
    steps = np.arange(12, dtype=np.int32) * 10
    np.savez(
        buffer, raw=moments, aligned=moments, steps=steps, ids=ids.astype(np.int32), dims=np.array([0, 1], np.int32)
    )
    files["snapshots.npz"] = buffer.getvalue()
    about = record.model_dump(mode="json", exclude={"files"}) | {"id": "filmed-abcdef", "origin": "local"}
    own = RunStore(home / "runs")
    if "filmed-abcdef" not in own:
        own.write(about, files)
    return codes


def test_the_last_moment_of_the_film_is_the_map(page, filmed):
    open_page(page, "/?data=digits&run=filmed-abcdef&dim=2")
    points = """() => {
      const { x, y } = document.querySelector(".js-plotly-plot").data[0]
      return [Array.from(x), Array.from(y)]
    }"""
    at_home = np.array(page.evaluate(points))
    page.get_by_role("button", name="Training film").click()
    page.get_by_role("button", name="Pause").wait_for()  # it plays
    moment = page.get_by_label("Moment of the training")
    moment.focus()
    page.keyboard.press("End")
    page.keyboard.press("Home")
    settle(page)
    assert np.abs(np.array(page.evaluate(points))).max() < 1e-3
    assert page.locator(".ll-film-caption").inner_text() == "before training"
    page.keyboard.press("End")
    settle(page)
    assert np.abs(np.array(page.evaluate(points)) - at_home).max() < np.abs(filmed).max() / 1000
    assert re.fullmatch(r"step 110, epoch [\d.]+: error [\d.]+", page.locator(".ll-film-caption").inner_text())
    page.get_by_role("button", name="Close").click()
    settle(page)
    assert (np.array(page.evaluate(points)) == at_home).all()
