"""Walk and Draw, run by Streamlit's own test harness: there the server draws, and says all that a browser would."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ae_models import recipes
from ae_models.runs import Graphs
from ae_models.ui.routes import published
from ae_models.ui.shared.canvas.events import DrawState
from tests.ui.visiting import opened

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
UI = ROOT / "ae_models" / "ui"
WALKS = ["Between two", "Grid", "One number", "Few bits", "A - B + C", "New pictures"]


@pytest.fixture(autouse=True)
def _fresh_home(tmp_path, monkeypatch):
    monkeypatch.setenv("AE_MODELS_HOME", str(tmp_path / "home"))
    monkeypatch.syspath_prepend(str(ROOT))


def visit(page_name: str = "walk", **parameters: str) -> AppTest:
    return opened(UI / page_name / "page.py", parameters)


def data(page: AppTest, key: str = "blocks") -> dict:
    return next(
        found for component in page.get("bidi_component") if key in (found := json.loads(component.proto.json)[0])
    )


def blocks(page: AppTest) -> dict[str, dict]:
    return {block["key"]: block for block in data(page)["blocks"]}


def shown(block: dict) -> np.ndarray:
    content = published(block["images_url"].rsplit("/", 1)[1]).content
    return np.frombuffer(content, np.uint8).reshape(block["n"], *block["shape"])


def codes(block: dict, width: int) -> np.ndarray:
    content = published(block["codes_url"].rsplit("/", 1)[1]).content
    return np.frombuffer(content, np.float32).reshape(block["n"], width)


@pytest.mark.parametrize("name", WALKS)
@pytest.mark.parametrize("run", ["mnist-ladder-1d", "digits-dense-3d"])
def test_every_view_shows_something_of_every_kind_of_run(name, run):
    page = visit(walk=name, run=run, data="digits" if run.startswith("digits") else "mnist")
    assert not page.warning
    found = blocks(page)
    assert found
    for block in found.values():
        assert shown(block).max() > 0, block["key"]


def test_between_two_walks_from_one_reconstruction_to_the_other():
    page = visit(**{"from": "3", "to": "8", "steps": "7"})
    store, record = recipes.find_run("mnist-dense-2d")
    own = recipes.stored_codes(store, record)
    found = blocks(page)
    path = codes(found["autoencoder"], 2)
    assert np.allclose(path, np.linspace(own[3], own[8], 7), atol=1e-5)
    expected = np.clip(Graphs(store, record).decode(path), 0, 1) * 255
    assert np.abs(shown(found["autoencoder"]) - expected).max() <= 0.51
    assert "cross-fade of its two reconstructions" in found["pca"]["note"]
    fade = shown(found["fade"]).astype(int)
    assert np.abs(fade[3] - (fade[0] + fade[-1]) / 2).max() <= 1
    assert (fade[[0, -1]] == shown(found["ends"])).all()
    assert data(page)["maps"][0]["path"][0] == pytest.approx(own[3].tolist(), abs=1e-5)


def test_an_arc_is_off_and_says_why():
    page = visit()
    way = page.segmented_control(key="way")
    assert way.disabled
    assert "Gaussian prior" in way.help


def test_an_image_that_is_not_there_is_said():
    page = visit(data="digits", run="digits-dense-2d", to="1")  # of the small digits, one in five is held out
    messages = [warning.value for warning in page.warning]
    held = set(recipes.heldout_of(recipes.find_run("digits-dense-2d")[1]).ids.tolist())
    assert (messages == []) is (1 in held)
    missing = next(number for number in range(100) if number not in held)
    page = visit(data="digits", run="digits-dense-2d", to=str(missing))
    assert f"#{missing} is not among" in page.warning[0].value


def test_random_images_of_a_class_are_of_that_class():
    page = visit()
    page.button(key="to-random-4").click().run()
    row = int(page.number_input(key="to").value)
    images = recipes.heldout_of(recipes.find_run("mnist-dense-2d")[1])
    assert images.class_names[images.labels[list(images.ids).index(row)]] == "4"


def test_sums_of_classes_and_their_score():
    page = visit(walk="A - B + C")
    page.selectbox(key="a-kind").set_value("all of class 7").run()
    page.selectbox(key="b-kind").set_value("all of class 1").run()
    assert not page.exception
    found = blocks(page)
    store, record = recipes.find_run("mnist-dense-2d")
    own, labels = recipes.stored_codes(store, record), recipes.heldout_of(record).labels
    path = codes(found["autoencoder"], 2)
    step = path[8] - path[4]  # strengths 1 and 0
    by_class = [own[np.flatnonzero(labels == label)[:500]].mean(0) for label in (7, 1)]
    assert np.allclose(step, by_class[0] - by_class[1], atol=1e-3)
    assert "random pairs" in page.markdown[-1].value
    assert [name for name in ("Autoencoder", "PCA", "Pixels") if name in page.markdown[-1].value] == [
        "Autoencoder",
        "PCA",
        "Pixels",
    ]


def test_a_minus_a_plus_c_is_c():
    page = visit(walk="A - B + C", a="5", b="5", c="9")
    path = codes(blocks(page)["autoencoder"], 2)
    assert (path == path[0]).all()


def test_new_pictures_say_where_they_come_from_and_change_with_the_seed():
    page = visit(walk="New pictures")
    before = codes(blocks(page)["autoencoder"], 2)
    assert "density fitted to the codes" in blocks(page)["autoencoder"]["note"]
    page.button[-1].click().run()
    assert (codes(blocks(page)["autoencoder"], 2) != before).any()


def test_one_number_at_a_time_tells_whether_effects_add_up():
    page = visit(walk="One number")
    said = page.markdown[-1].value
    assert "(they do not add up)" in said.split("PCA")[0]
    assert "(they add up)" in said.split("PCA")[1]


def test_few_bits_are_rounded_counted_and_drawn():
    page = visit(walk="Few bits", bits="2", rest="5")
    store, record = recipes.find_run("mnist-dense-2d")
    own = recipes.stored_codes(store, record)
    found = codes(blocks(page)["autoencoder"], 2)
    assert (found[-1] == own[5]).all()
    errors = np.abs(found - own[5]).max(axis=1)
    assert errors[0] > errors[4] > errors[7]
    assert "2 bits a number: 1 byte in all" in blocks(page)["autoencoder"]["captions"][1]
    table = page.dataframe[0].value
    assert table["level"].between(0, 3).all()
    assert np.allclose(table["rounded to"], found[1], atol=1e-3)


def test_the_pages_import_nothing_heavy():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest\n"
        f"for name in ('walk', 'draw'):\n"
        f"    page = AppTest.from_file({str(UI)!r} + f'/{{name}}/page.py', default_timeout=600).run()\n"
        "    assert not page.exception\n"
        "heavy = [m for m in ('torch', 'pytorch_lightning', 'umap', 'numba', 'sklearn') if m in sys.modules]\n"
        "print(heavy); sys.exit(bool(heavy))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("run", ["mnist-dense-2d", "mnist-conv-30d", "mnist-ladder-1d"])
def test_draw_offers_every_reader(run):
    page = visit("draw", run=run)
    found = data(page, "readers")
    assert [reader["title"] for reader in found["readers"]] == ["Autoencoder", "PCA"]
    assert found["box"] == 20
    assert found["third"]["note"].startswith("estimated")
    assert "Draw something" in page.info[0].value


def test_draw_on_small_digits_has_their_box():
    assert data(visit("draw", data="digits", run="digits-dense-2d"), "readers")["box"] == 8


@pytest.mark.parametrize(
    ("said", "good"),
    [
        ({"n": 1, "image": [0, 255, 0, 128]}, True),
        ({"n": 1, "image": [0, 255, 0]}, False),
        ({"n": 1, "image": [0, 256, 0, 0]}, False),
        ({"n": 1, "image": [0, -1, 0, 0]}, False),
        ({"n": 1, "image": [0, "1", 0, 0]}, False),
        ({"n": 1, "image": [0, float("nan"), 0, 0]}, False),
        ({"n": 1, "image": None}, False),
        ("image", False),
        (None, False),
    ],
)
def test_what_a_browser_says_of_a_drawing_is_read_with_care(said, good):
    found = DrawState.of(said, (1, 2, 2))
    assert (found.image is not None) is good
    if good:
        assert found.image.ravel().tolist() == pytest.approx([0, 1, 0, 128 / 255])
        assert found.heard == 1
