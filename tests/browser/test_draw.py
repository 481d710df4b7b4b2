"""Draw in a real browser: strokes by a scripted pointer are centred, encoded and placed while they are drawn."""

import base64
import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from ae_models import recipes
from ae_models.base.centring import centred
from ae_models.latent import is_unlike
from ae_models.runs import Graphs
from ae_models.ui.shared.canvas.assets import canvas_url

pytestmark = pytest.mark.browser
READY = '.ll-draw[data-ready="true"]'
APP = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
THREE = [(0.3, 0.2), (0.5, 0.12), (0.7, 0.22), (0.68, 0.38), (0.5, 0.48), (0.7, 0.56), (0.72, 0.75), (0.3, 0.8)]
NEAR = 2.5  # a replayed digit lands within this distance of its code: its data spread over 30 by 22


@pytest.fixture(scope="module")
def desk(chromium, server):
    """One visitor before the sheet; the console must stay clean of all but Streamlit's own look-up of its root."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=server)
    page = context.new_page()
    errors: list[str] = []

    def heard(message) -> None:
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            errors.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/draw?run=mnist-dense-2d")
    page.wait_for_selector(READY)
    page.wait_for_selector(APP)
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def clean(desk):
    """The same sheet, empty."""
    desk.wait_for_selector(APP)
    desk.get_by_role("button", name="Clear").evaluate("button => button.click()")  # nothing where it is disabled
    desk.wait_for_function("() => document.querySelector('.ll-draw').dataset.verdict === 'blank'")
    return desk


HEAR = """() => {
  if (window.llPlaced !== undefined) return
  window.llPlaced = window.llInked = -1
  const inked = ({ buttons, target }) => {
    if (buttons || target.closest?.("button")) window.llInked = performance.now()
  }
  for (const name of ["pointerdown", "pointermove", "click"]) addEventListener(name, inked, true)
  document.addEventListener("latent-lab:placed", ({ detail }) => (window.llPlaced = detail.entered))
}"""


def placed(page, act) -> None:
    """Do something to the sheet and wait until all of its ink was read and placed."""
    page.evaluate(HEAR)
    act()
    page.wait_for_function("window.llInked > 0 && window.llPlaced >= window.llInked")


def stroke(page, points) -> None:
    """Draw a line through these places, in shares of the sheet, and wait until it is placed."""
    placed(page, lambda: line(page, points))


def line(page, points) -> None:
    box = page.locator(".ll-sheet").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=3)
    page.mouse.up()


def dots(page) -> list[list[float]]:
    return page.evaluate(
        "() => [...document.querySelectorAll('.ll-small-map')].map(m => JSON.parse(m.dataset.dots)[0])"
    )


def code(page) -> np.ndarray:
    return np.array(
        [float(value) for value in page.locator(".ll-draw").get_attribute("data-codeautoencoder").split(",")]
    )


def test_a_stroke_moves_the_dot_on_all_three_maps(clean):
    stroke(clean, THREE[:4])
    first = dots(clean)
    assert len(first) == 3
    assert None not in first
    stroke(clean, THREE[3:])
    second = dots(clean)
    for before, after in zip(first, second, strict=True):
        assert before != after
    text = clean.locator(".ll-draw-strip").text_content()
    assert "Autoencoder draws" in text
    assert "error" in text
    assert "estimated" in clean.locator(".ll-small-map").last.text_content()
    placed(clean, clean.get_by_role("button", name="Undo").click)
    assert np.allclose(dots(clean)[0], first[0], atol=0.05)  # edges of ink drawn in one go are a shade lighter


def test_what_is_no_digit_is_said_to_be_unlike_the_data(clean):
    stroke(clean, [(0.05, 0.05), (0.95, 0.05), (0.95, 0.95), (0.05, 0.95), (0.05, 0.05), (0.95, 0.95)])
    stroke(clean, [(0.05, 0.95), (0.95, 0.05)])
    assert clean.locator(".ll-draw").get_attribute("data-verdict") == "unlike the data"
    assert "knows its own data only" in clean.locator(".ll-draw-verdict").text_content()


def test_a_digit_s_pixels_replayed_as_a_drawing_land_near_its_code(clean):
    store, record = recipes.find_run("mnist-dense-2d")
    images, own = recipes.heldout_of(record), recipes.stored_codes(store, record)
    clean.get_by_role("slider", name="Thickness").evaluate(
        "slider => { slider.value = '0.045'; slider.dispatchEvent(new Event('input')) }"
    )
    digit = images.images([0])[0, 0]
    lines = []
    for row in range(28):  # line by line, as far as there is ink
        inked = np.flatnonzero(digit[row] > 0.5)
        if len(inked):
            breaks = np.flatnonzero(np.diff(inked) > 1)
            edges = [0, *(breaks + 1), len(inked)]
            for start, stop in pairwise(edges):
                ends = inked[start], inked[stop - 1]
                lines.append([((column + 0.5) / 28, (row + 0.5) / 28) for column in ends])
    placed(clean, lambda: [line(clean, points) for points in lines])
    assert np.linalg.norm(code(clean) - own[0]) < NEAR
    assert clean.locator(".ll-draw").get_attribute("data-verdict") == "on the data"


def test_browser_and_python_judge_alike(desk):
    cases = [[verdict, worse] for verdict in ("on", "gap", "off") for worse in (None, 0.0, 0.5, 0.95, 0.951, 1.0)]
    found = desk.evaluate(
        "async ([url, cases]) => { const { isUnlike } = await import(url); return cases.map(one => isUnlike(...one)) }",
        [canvas_url("walk/readings.js"), cases],
    )
    assert found == [is_unlike(*one) for one in cases]


def test_a_star_is_unlike_the_data_and_its_words_say_why(clean):
    angles = np.pi / 2 + np.pi / 5 * np.arange(11)
    far = np.where(np.arange(11) % 2, 0.19, 0.45)
    stroke(clean, [(0.5 + r * np.cos(a), 0.5 - r * np.sin(a)) for r, a in zip(far, angles, strict=True)])
    assert clean.locator(".ll-draw").get_attribute("data-verdict") == "unlike the data"
    words = clean.locator(".ll-draw-verdict").text_content()
    assert "of real images" in words
    assert "its error is larger than that of" in words


def test_browser_and_python_centre_alike(desk):
    """The same drawings through both: blots, lines, a dot, a faint one, real digits enlarged."""
    generator = np.random.default_rng(0)
    examples = []
    for _ in range(12):
        ink = np.zeros((60, 75), np.float32)
        for _ in range(int(generator.integers(1, 6))):
            y, x = generator.integers(0, [50, 65])
            ink[y : y + generator.integers(1, 10), x : x + generator.integers(1, 10)] = generator.random()
        examples.append((ink, (28, 28), 20))
    dot = np.zeros((60, 75), np.float32)
    dot[3, 70] = 0.01
    examples += [(dot, (28, 28), 20), (dot.T.copy(), (8, 8), 8)]
    found = desk.evaluate(
        """async ([url, examples]) => {
          const { centred } = await import(url)
          return examples.map(({ ink, from, to, box }) => {
            const bytes = Uint8Array.from(atob(ink), letter => letter.charCodeAt(0))
            return Array.from(centred(new Float32Array(bytes.buffer), from, to, box))
          })
        }""",
        [
            canvas_url("walk/centring.js"),
            [
                {"ink": base64.b64encode(ink.tobytes()).decode(), "from": ink.shape, "to": size, "box": box}
                for ink, size, box in examples
            ],
        ],
    )
    for (ink, size, box), values in zip(examples, found, strict=True):
        assert np.abs(np.array(values).reshape(size) - centred(ink, size, box)).max() < 1e-5


def test_a_file_takes_the_place_of_strokes_and_a_bad_one_is_refused(clean):
    store, record = recipes.find_run("mnist-dense-2d")
    digit = recipes.heldout_of(record).images([4])[0, 0]
    paper = Image.fromarray(np.rint(255 * (1 - np.kron(np.pad(digit, 9), np.ones((6, 6))))).astype(np.uint8))
    buffer = io.BytesIO()
    paper.save(buffer, "PNG")
    chooser = clean.locator('[data-testid="stFileUploaderDropzoneInput"]')
    chooser.set_input_files({"name": "four.png", "mimeType": "image/png", "buffer": buffer.getvalue()})
    clean.wait_for_function("() => document.querySelector('.ll-draw').dataset.verdict !== 'blank'")
    expected = Graphs(store, record).encode(digit[None, None])[0]
    assert np.linalg.norm(code(clean) - expected) < 0.3
    chooser.set_input_files({"name": "bad *name*.png", "mimeType": "image/png", "buffer": b"no picture"})
    alert = clean.locator('[data-testid="stAlert"]')
    alert.wait_for()
    assert "“bad *name*.png” is no PNG or JPEG picture" in alert.text_content()


def test_a_drawing_is_taken_to_walk(clean):
    stroke(clean, THREE)
    clean.get_by_role("button", name="Take it to Walk").click()
    clean.get_by_text("choose “your drawing”").wait_for()
    clean.get_by_role("link", name="Walk").click()
    clean.wait_for_selector('.ll-walk[data-ready="true"]')
    clean.get_by_role("combobox", name="From").click()
    clean.get_by_role("option", name="your drawing").click()
    clean.get_by_text("A, original: your drawing").wait_for()


def test_without_webassembly_the_server_answers_at_the_end_of_a_stroke(chromium, server):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=server, color_scheme="dark")
    context.add_init_script("delete window.WebAssembly")
    page = context.new_page()
    page.goto("/draw?run=mnist-dense-2d")
    page.get_by_text("the server answers at the end of each stroke").wait_for()
    page.wait_for_selector('.ll-draw[data-decode="server"][data-ready="true"]')
    stroke(page, THREE)
    page.locator('canvas[data-picture="Autoencoder draws"]:visible').wait_for()
    context.close()
