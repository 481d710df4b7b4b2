"""The first page, run by Streamlit's own test harness: no browser, but every widget and every message."""

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import polar
from sklearn.cluster import KMeans
from streamlit.testing.v1 import AppTest

from ae_models import recipes
from ae_models.base import paths
from ae_models.runs import Graphs, own_runs, shipped_runs
from ae_models.ui.routes import published

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "ae_models" / "ui" / "app.py"


@pytest.fixture(autouse=True)
def _fresh_home(tmp_path, monkeypatch):
    monkeypatch.setenv("AE_MODELS_HOME", str(tmp_path / "home"))


def visit(**parameters: str) -> AppTest:
    page = AppTest.from_file(str(SCRIPT), default_timeout=600)
    for name, value in parameters.items():
        page.query_params[name] = value
    return page.run()


def warnings(page: AppTest) -> list[str]:
    return [warning.value.replace("\\", "") for warning in page.warning]


def components(page: AppTest) -> dict[str, dict]:
    """Return what each component got, by key: the pictures and the maps."""
    found = {}
    for component in page.get("bidi_component"):
        proto = component.proto
        found[proto.id.rsplit("-", 1)[-1] if not proto.component_name else proto.id] = json.loads(proto.json)[0]
    return found


def pictures(page: AppTest) -> dict[str, dict]:
    return {
        item["title"]: item for data in components(page).values() for item in data.get("items", []) if item["title"]
    }


def address(page: AppTest) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in page.query_params.items()}


def panels(page: AppTest) -> list[dict]:
    return next(data["panels"] for data in components(page).values() if "panels" in data)


def test_the_first_screen_needs_no_choice():
    page = visit()
    assert not page.exception
    assert page.title[0].value == "Squeeze a picture to 2 numbers. What survives?"
    assert [slider.label for slider in page.slider] == ["z1", "z2"]
    assert not page.warning
    shown = pictures(page)
    assert shown["Original"]["note"] == "test image #0, a 7"
    assert shown["Nearest real image"]["note"].startswith("#0, a 7")
    assert [panel["title"] for panel in panels(page)] == ["Autoencoder", "PCA", "UMAP"]
    assert "10,000 images never used to train the autoencoder" in page.caption[0].value
    assert "10,000 of 10,000 shown" in page.caption[0].value


def test_what_is_drawn_is_what_the_decoder_gives():
    page = visit(z="1.25,-0.5")
    store, record = shipped_runs(), shipped_runs().read("mnist-dense-2d")
    expected = np.clip(Graphs(store, record).decode(np.array([[1.25, -0.5]], np.float32))[0], 0, 1)
    drawn = pictures(page)["Autoencoder draws"]
    pixels = np.frombuffer(base64.b64decode(drawn["pixels"]), np.uint8).reshape(28, 28)
    assert np.abs(pixels / 255 - expected[0]).max() <= 0.5 / 255 + 1e-6


def test_a_slider_moves_the_picture_and_the_address():
    page = visit()
    before = pictures(page)["Autoencoder draws"]["pixels"]
    page.slider[0].set_value(page.slider[0].value + 3.0).run()
    assert not page.exception
    assert pictures(page)["Autoencoder draws"]["pixels"] != before
    assert float(address(page)["z"].split(",")[0]) == pytest.approx(page.slider[0].value, abs=1e-4)


def test_sliders_go_beyond_the_data_and_say_so():
    page = visit()
    slider = page.slider[0]
    slider.set_value(slider.max).run()
    assert "beyond the data" in page.slider[0].label
    assert any((data.get("badge") or {}).get("text") == "beyond the data" for data in components(page).values())


def test_pca_can_be_driven_too():
    page = visit(drive="pca", z="3,-2")
    assert [slider.label for slider in page.slider] == ["component 1", "component 2"]
    record = shipped_runs().read("mnist-pca-2d")
    expected = Graphs(shipped_runs(), record).decode(np.array([[3, -2]], np.float32))[0, 0]
    pixels = np.frombuffer(base64.b64decode(pictures(page)["PCA draws"]["pixels"]), np.uint8).reshape(28, 28)
    assert np.abs(pixels / 255 - np.clip(expected, 0, 1)).max() <= 0.5 / 255 + 1e-6


@pytest.mark.parametrize(
    ("dataset", "title"), [("fashion-mnist", "2 numbers"), ("digits", "2 numbers"), ("mnist", "2 numbers")]
)
def test_every_data_set_and_both_dimensions(dataset, title):
    page = visit(data=dataset)
    assert not page.exception
    assert title in page.title[0].value
    assert all(panel["points_url"] for panel in panels(page))
    page.segmented_control(key="bar-dim").set_value(3).run()
    assert not page.exception
    assert "3 numbers" in page.title[0].value
    assert len(page.slider) == 3
    assert all(panel["points_url"] for panel in panels(page))


@pytest.mark.parametrize("dim", [2, 3])
def test_umap_lies_as_near_to_pca_as_turning_and_scaling_can_bring_it(dim):
    page = visit(data="digits", dim=str(dim))
    url = panels(page)[2]["points_url"]
    shown = np.frombuffer(published(url.rsplit("/", 1)[1]).content, np.float32).reshape(-1, dim)
    onto = np.load(ROOT / f"data/runs/digits-pca-{dim}d/codes.npz")["codes"].astype(float)
    stored = np.load(ROOT / f"data/embeddings/digits-umap-{dim}d.npz")["points"].astype(float)
    # By another road: the best orthogonal matrix from the polar decomposition, the best scale by least squares.
    p, q = stored - stored.mean(axis=0), onto - onto.mean(axis=0)
    turn, _ = polar(p.T @ q)
    expected = p @ turn * np.sum(p @ turn * q) / np.sum(p**2) + onto.mean(axis=0)
    assert np.abs(shown - expected).max() < 1e-3
    assert np.linalg.norm(shown - onto) < 0.9 * np.linalg.norm(p + onto.mean(axis=0) - onto)
    assert "turned, mirrored and scaled to lie like PCA" in page.caption[0].value


def test_an_unknown_map_is_said_and_umap_stands_there():
    page = visit(map="nothing")
    assert "map in the address must be one of umap" in warnings(page)[0]
    assert panels(page)[2]["title"] == "UMAP"
    assert "map" not in address(page)


def test_a_switch_of_data_forgets_point_and_pin():
    page = visit(pin="5", z="1,1")
    page.selectbox(key="bar-data").set_value("fashion-mnist").run()
    assert not page.exception
    assert "z" not in address(page)
    assert pictures(page)["Original"]["note"] == "test image #0, ankle boot"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"z": "a,b"}, "z in the address must be numbers"),
        ({"z": "inf,0"}, "must be finite"),
        ({"z": "1,2,3"}, "z in the address has 3 numbers where this code has 2"),
        ({"run": "nope"}, "no model “nope” here"),
        ({"run": "../../etc"}, "no model “../../etc” here"),
        ({"data": "digits", "run": "mnist-dense-2d"}, "belongs to other data"),
        ({"dim": "3", "run": "mnist-dense-2d"}, "too few numbers for a 3-D map"),
        ({"pin": "123456"}, "Image #123456 is not among those shown"),
        ({"data": "<script>"}, "data in the address"),
    ],
)
def test_a_bad_address_is_said_and_the_page_stands(parameters, message):
    page = visit(**parameters)
    assert not page.exception
    assert [line for line in warnings(page) if message in line], warnings(page)
    assert page.slider


def test_a_damaged_run_is_named_and_the_rest_still_load(home_with_a_run):
    (home_with_a_run / "decoder.onnx").write_bytes(b"")
    page = visit()
    assert not page.exception
    assert [line for line in warnings(page) if home_with_a_run.name in line and "damaged" in line]
    assert page.title[0].value == "Squeeze a picture to 2 numbers. What survives?"


def test_a_run_of_ones_own_is_offered_and_shows_only_what_it_never_saw(home_with_a_run):
    page = visit(data="digits", run=home_with_a_run.name)
    assert not page.exception
    assert not page.warning
    assert "360 images never used to train the autoencoder" in page.caption[0].value
    assert "360 of 1,797 shown" in page.caption[0].value
    page.segmented_control(key="bar-split").set_value("train").run()
    assert "1,437 images that the autoencoder was trained on" in page.caption[0].value


@pytest.fixture
def home_with_a_run(_fresh_home, monkeypatch):
    monkeypatch.delenv("AE_MODELS_DATA", raising=False)
    order = recipes.TrainRequest.of("dense", "digits", settings={"widths": "16", "epochs": 1, "threads": 1})
    record = recipes.train(order)
    return paths.home() / "runs" / record.id


def test_clusters_of_each_code_are_offered_as_many_as_asked_for():
    for asked, k in (({}, 10), ({"colour": "clusters-pca", "clusters": "4"}, 4)):
        page = visit(data="digits", **asked)
        assert not page.exception
        shown = next(data for data in components(page).values() if "panels" in data)
        assert shown["counts"] == [k, 2, 50]
        assert shown["colour"] == ("clusters pca" if asked else None)
        assert {name: address(page)[name] for name in asked} == asked
        for space, run in zip(shown["spaces"], ("digits-dense-2d", "digits-pca-2d"), strict=True):
            store, record = recipes.find_run(run)
            codes = recipes.codes_of(store, record, recipes.heldout_of(record))
            content = published(space["clusters"]["url"].rsplit("/", 1)[1]).content
            found = np.frombuffer(content, np.uint8)
            expected = KMeans(k, random_state=space["clusters"]["seed"]).fit_predict(codes)
            assert len(set(zip(found.tolist(), expected.tolist(), strict=True))) == k
            assert space["clusters"]["method"] == "KMeans"


def test_the_page_imports_nothing_heavy():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"page = AppTest.from_file({str(SCRIPT)!r}, default_timeout=600).run(); assert not page.exception; "
        "page.slider[0].set_value(1.0).run(); assert not page.exception; "
        "heavy = [m for m in ('torch', 'pytorch_lightning', 'umap', 'sklearn', 'pandas') if m in sys.modules]; "
        "print(heavy); sys.exit(bool(heavy))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_no_model_at_all_says_what_to_do(tmp_path, monkeypatch):
    shipped = tmp_path / "data"
    shutil.copytree(paths.SHIPPED / "images", shipped / "images")
    monkeypatch.setattr(paths, "SHIPPED", shipped)
    page = visit()
    assert not page.exception
    assert any("Only PCA so far." in text.value for text in page.markdown)  # it is fitted at once
    assert any(button.label == "Train with defaults" for button in page.button)
    assert own_runs().ids() == []
