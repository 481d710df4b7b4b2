"""Rows of numbers are called rows: no page of such data speaks of images, pictures or pixels."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from ae_models import datasets, recipes
from ae_models.datasets import kept, readers
from ae_models.export import zipped
from ae_models.figures.tint import ink
from ae_models.recipes import exports, find_run, import_data
from ae_models.recipes.exports import projector_size
from ae_models.recipes.onefile import page_of
from ae_models.ui.routes import published
from tests.exporting.test_onefile import page_in, parts_in

APP = Path(__file__).resolve().parents[2] / "ae_models" / "ui" / "app.py"
TITLE = "Pictures of an image, pixel by pixel"  # what a visitor calls it stays as it is
NAMES = ("length", "width", "height", "weight", "colour")
OF_IMAGES = re.compile(r"\b(images?|pictures?|pixels?|ink)\b", re.IGNORECASE)
# These words stand in links, for all data alike.
IN_ADDRESSES = {"Same pictures", "New pictures", "as images lie", "Error a pixel (MSE)"}
WALKS = ("Between two", "Grid", "One number", "Few bits", "A - B + C", "New pictures")
COMPARES = ("Same pictures", "Code size", "Neighbours", "Scores", "PCA itself", "Linear = PCA")


@pytest.fixture(scope="module")
def rows_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A table with names, kept, and a model of it."""
    root = Path(__file__).resolve().parents[2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AE_MODELS_HOME", str(tmp_path_factory.mktemp("rows")))
        patch.syspath_prepend(str(root))
        values = np.random.default_rng(0).normal(size=(80, 5)).round(3) * [1, 10, 100, 1, 1]
        lines = [",".join([*NAMES, "label"]), *(",".join([*map(str, row), str(i % 2)]) for i, row in enumerate(values))]
        looked = import_data.look([readers.of_bytes("table.csv", "\n".join(lines).encode())])
        import_data.keep(looked, TITLE, name="parcels")
        order = recipes.TrainRequest.of("dense", "parcels", settings={"widths": "8", "epochs": 1, "threads": 1})
        yield recipes.train(order)


def texts(value: object, key: str = "") -> Iterator[str]:
    """Every text that a component shows: not the names of its parts, not addresses, not code."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in ("nouns", "key", "stage", "file", "code", "module", "near") and not name.endswith("url"):
                yield from texts(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one, key)
    elif isinstance(value, str) and not value.startswith("@"):  # a colour of the theme
        yield value


def shown(page: AppTest) -> Iterator[str]:
    """Every text on a page: its own, of its widgets with their options and tips, and of its components."""
    for kind in ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "success"):
        yield from (one.value for one in getattr(page, kind))
    for kind in ("selectbox", "multiselect", "slider", "number_input", "toggle", "button", "text_input", "metric"):
        for one in getattr(page, kind):
            yield from (str(getattr(one, name, "")) for name in ("label", "help"))
            yield from map(str, getattr(one, "options", ()))
    for one in page.get("button_group"):
        yield from (one.proto.label, one.proto.help, *(option.content for option in one.proto.options))
    for one in page.get("download_button"):
        yield one.proto.label
    for one in page.get("page_link"):
        yield one.proto.label
    for one in page.get("bidi_component"):
        yield from texts(json.loads(one.proto.json))
    for one in page.get("plotly_chart"):
        found = json.loads(one.proto.spec)
        yield from (str(note.get("text", "")) for note in found["layout"].get("annotations", ()))
    for one in page.get("arrow_data_frame"):
        yield from (str(name) for name in one.value.columns)


def of_images(found: Iterable[str]) -> list[str]:
    """Return what speaks of images, but for the title that the data were given."""
    return [text[:200] for text in found if OF_IMAGES.search(text.replace(TITLE, ""))]


def visit(name: str, **parameters: str) -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=600)
    page.query_params["data"] = "digits"
    if name != "explore":
        page.run()
    page.query_params.clear()
    for key, value in parameters.items():
        page.query_params[key] = value
    (page if name == "explore" else page.switch_page(f"{name}/page.py")).run()
    assert not page.exception, page.exception
    return page


PAGES = [
    ("explore", {}),
    ("explore", {"decode": "server", "near": "pixels"}),
    *(("walk", {"walk": view}) for view in WALKS),
    *(("compare", {"view": view, "images": TITLE}) for view in COMPARES),
    ("train", {}),
    ("models", {}),
]


@pytest.mark.parametrize(("name", "parameters"), PAGES, ids=str)
def test_no_page_of_rows_speaks_of_images(rows_home: Any, name: str, parameters: dict[str, str]) -> None:
    page = visit(name, **{"data": "parcels", "run": rows_home.id, **parameters})
    here = set(shown(page))
    assert name not in ("explore", "walk", "train") or any(TITLE in text for text in here)
    wrong = sorted(set(of_images(here)) - IN_ADDRESSES)
    assert not wrong, "\n".join(wrong)


def test_the_window_save_and_the_one_file_speak_of_rows_and_name_their_numbers(rows_home: Any) -> None:
    page = AppTest.from_file(str(APP), default_timeout=600)
    page.query_params["data"] = "parcels"
    page.session_state["save-asked"] = True
    page.run()
    rows = [text for text in shown(page) if "24" in text or "16" in text]
    assert any("A line for each of 16 rows" in text for text in rows)
    content = page_of(*find_run(rows_home.id))
    made = page_in(content)
    view = made["views"][0]
    assert (view["noun"], view["nouns"]["Samples"]) == ("test row", "Rows")
    here = list(texts({k: v for k, v in made.items() if k != "licences"}))
    assert any(TITLE in text for text in here)
    assert not of_images(here)
    features = json.loads(parts_in(content)[view["features_url"]])
    assert [name for name, _, _ in features] == list(NAMES)
    assert "own scale" in made["scaling"]


def test_a_page_knows_the_names_and_the_ranges_of_the_numbers(rows_home: Any) -> None:
    page = visit("explore", data="parcels", run=rows_home.id)
    data = next(found for one in page.get("bidi_component") if "panels" in (found := json.loads(one.proto.json)[0]))
    known = json.loads(bytes(published(data["features_url"].rsplit("/", 1)[1]).content))
    values = import_data.values_of("parcels")
    assert [name for name, _, _ in known] == list(NAMES)
    for place, (_, low, high) in enumerate(known):
        assert low <= values[:, place].min() + 1e-3
        assert high >= values[:, place].max() - 1e-3
    assert any(datasets.scaling("parcels") in text for text in shown(page))
    pictures = visit("explore", data="digits")
    data = next(found for one in pictures.get("bidi_component") if "panels" in (found := json.loads(one.proto.json)[0]))
    assert (data["features_url"], data["nouns"]["samples"]) == (None, "images")


def test_the_projector_shows_charts_of_rows(rows_home: Any) -> None:
    files = exports.export(rows_home.id, "projector")
    config = json.loads(files["projector_config.json"])["embeddings"][0]
    side = config["sprite"]["singleImageDim"][0]
    with Image.open(io.BytesIO(files["sprite.png"])) as sheet:
        pixels = np.asarray(sheet)
    wanted = ink(datasets.heldout("parcels").images([0]), dark=False)[0, ..., 0]  # (64, 60)
    assert side == 64
    assert np.abs(pixels[:64, 2:62].astype(int) - wanted).max() <= 1
    assert zipped(files)
    assert projector_size(*find_run(rows_home.id)) == pytest.approx(len(zipped(files)), rel=0.35)  # of a small one


def test_damaged_rows_break_no_page(rows_home: Any) -> None:
    path = kept.folder() / "parcels" / "rows.npz"
    whole = path.read_bytes()
    path.write_bytes(whole[:-50])
    try:
        assert (datasets.features("parcels"), datasets.scaling("parcels")) == ((), "")
        assert visit("explore", data="parcels", run=rows_home.id).title
    finally:
        path.write_bytes(whole)
