"""The page "Your data" in Streamlit's own harness, with real files: looked at, changed, kept, deleted, taken back."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ae_models import datasets, jobs
from ae_models.base import OPERATOR
from ae_models.datasets import kept
from ae_models.datasets.readers.limits import UPLOADS
from ae_models.projections import store as maps
from ae_models.recipes import import_data
from ae_models.runs import own_runs
from tests.importing.conftest import npy, picture, zipped
from tests.importing.graphs import SCALES, decoder, encoder
from tests.ui.test_train import FakeEngine

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).resolve().parents[2] / "ae_models" / "ui" / "app.py"
SIDE, EACH = 16, 6


@pytest.fixture(autouse=True)
def _fresh_home(home: Path) -> None:
    """Each test has an empty home."""


def scans(light: bool = True) -> dict[str, bytes]:
    """Dark ink on a light ground, a folder a class: a bar that stands or lies, at another place each time."""
    files = {}
    for place in range(EACH):
        for name in ("lies", "stands"):
            image = np.zeros((SIDE, SIDE), np.uint8)
            image[3 + place : 5 + place, 2:14] = 200
            image = image if name == "lies" else image.T
            files[f"{name}/{place}.png"] = picture(255 - image if light else image)
    return files


def table() -> bytes:
    """Wine, as a person would export it: names, numbers of many units, words for classes."""
    from sklearn.datasets import load_wine

    wine = load_wine()
    buffer = io.StringIO()
    lines = csv.writer(buffer)
    lines.writerow([*wine.feature_names, "cultivar"])
    lines.writerows([*row, wine.target_names[label]] for row, label in zip(wine.data, wine.target, strict=True))
    return buffer.getvalue().encode()


def visit(view: str = "") -> AppTest:
    page = AppTest.from_file(str(SCRIPT), default_timeout=600)
    page.query_params["data"] = "digits"
    page.run()
    page.query_params.clear()
    page.switch_page("your_data/page.py").run()
    if view:
        page.segmented_control(key="bring").set_value(view).run()
    assert not page.exception
    return page


def send(page: AppTest, name: str, content: bytes, place: int = 0) -> AppTest:
    page.file_uploader[place].set_value([(name, content, "")]).run()
    assert not page.exception
    return page


def button(page: AppTest, label: str) -> Any:
    return next(button for button in page.button if button.label == label)


def text(page: AppTest) -> str:
    words = [*page.markdown, *page.caption, *page.subheader, *page.success, *page.error, *page.info]
    return "\n".join(each.value for each in words).replace("\\", "")


def guess(page: AppTest, name: str, turn: int = 0) -> Any:
    return page.selectbox(key=f"bring-guess-{turn}-{name}")


def pixels(name: str) -> Any:
    return datasets.load(name).train.pixels


def test_a_zip_of_class_folders_is_looked_at_changed_and_kept():
    page = send(visit(), "Bars (mine).zip", zipped(scans()))
    assert "9 images to train on, 3 held out" in text(page)
    assert guess(page, "inverted").value == "yes"
    assert "the border is light in 100% of the images" in text(page)
    assert page.text_input(key="bring-name-0").value == "Bars (mine)"
    assert kept.names() == []  # nothing is kept by looking
    before = page.get("plotly_chart")[0].proto.spec

    guess(page, "inverted").set_value("no").run()
    assert not page.exception
    assert "you said so" in text(page)
    assert page.get("plotly_chart")[0].proto.spec != before
    guess(page, "inverted").set_value("yes").run()
    page.text_input(key="bring-licence-0").set_value("my own, CC0").run()
    button(page, "Keep it").click().run()
    assert not page.exception
    card = kept.card("bars-mine")
    assert (card.title, card.licence, card.class_names) == ("Bars (mine)", "my own, CC0", ("lies", "stands"))
    assert pixels("bars-mine").max() == 200  # ink is 1 again
    assert "“Bars (mine)” is here now" in text(page)
    assert card.sha256[:12] in text(page)
    assert len(page.file_uploader[0].value or []) == 0  # a fresh place


def test_what_was_changed_is_what_is_kept():
    page = send(visit(), "bars.zip", zipped(scans()))
    guess(page, "inverted").set_value("no").run()
    guess(page, "labels").set_value("none").run()
    guess(page, "size").set_value(8).run()
    button(page, "Keep it").click().run()
    card = kept.card("bars")
    assert card.shape == (1, 8, 8)
    assert card.class_names == ()
    assert pixels("bars").max() > 250  # the ground is light: as it came
    page = send(visit(), "other.zip", zipped(scans()))
    guess(page, "inverted").set_value("no").run()
    button(page, "Back to the guesses").click().run()
    assert guess(page, "inverted").value == "yes"


def test_explore_shows_pca_at_once_and_says_what_to_do():
    bring("bars.zip", zipped(scans()))
    page = AppTest.from_file(str(SCRIPT), default_timeout=600)
    page.query_params["data"] = "bars"
    page.run()
    assert not page.exception
    assert not page.error
    assert "Only PCA so far." in text(page)
    assert "3 images never used to fit PCA" in text(page)
    assert button(page, "Train with defaults").disabled  # no server, no job engine
    page.segmented_control(key="bar-dim").set_value(3).run()
    assert not page.exception
    assert "Only PCA so far." in text(page)


def bring(name: str, content: bytes) -> None:
    page = send(visit(), name, content)
    button(page, "Keep it").click().run()
    assert not page.exception


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("cut.zip", zipped(scans())[:300], "cut.zip: the zip is damaged or cut short"),
        ("letter.pdf", b"%PDF-1.4 x", "letter.pdf: is a PDF"),
        ("<b>bold</b>.csv", b"a,b\n1,2\n3\n", "<b>bold</b>.csv"),
        ("empty.csv", b"", "empty.csv: is empty"),
    ],
)
def test_a_bad_file_gives_one_line_and_nothing_is_kept(name: str, content: bytes, says: str):
    page = send(visit(), name, content)
    assert len(page.error) == 1
    line = page.error[0].value.replace("\\", "")
    assert line.startswith(says)
    assert "\n" not in line
    assert "--" not in line  # no option of the command line
    assert "Nothing was kept." in text(page)
    assert kept.names() == []
    assert not [button for button in page.button if button.label == "Keep it"]


def test_good_images_of_a_partly_bad_zip_are_kept_on_request():
    files = scans()
    files["lies/bad.png"] = files["lies/1.png"][:40]
    files["stands/no.png"] = b"hello"
    page = send(visit(), "mixed.zip", zipped(files))
    assert "is a damaged picture" in page.error[0].value.replace("\\", "")
    assert "2 files would be left out" in text(page)
    button(page, "Keep the good ones (12)").click().run()
    assert not page.error
    left = page.dataframe[-1].value
    assert sorted(left["file"]) == ["lies/bad.png", "stands/no.png"]
    button(page, "Keep it").click().run()
    assert kept.card("mixed").n_left_out == 2


def test_a_table_is_taken_as_rows_of_numbers():
    page = send(visit(), "wine.csv", table())
    assert guess(page, "kind").value == "vectors"
    assert "13 numbers a row" in text(page)
    assert "column 'cultivar'" in str(guess(page, "labels").options)
    button(page, "Keep it").click().run()
    card = kept.card("wine")
    assert (card.kind, card.shape, len(card.class_names)) == ("vectors", (1, 1, 13), 3)
    proline = np.concatenate([import_data.values_of("wine", split)[:, 12] for split in ("train", "heldout")])
    assert (proline.min(), proline.max()) == pytest.approx((278, 1680), rel=1e-3)  # in its own unit
    page = AppTest.from_file(str(SCRIPT), default_timeout=600)
    page.query_params["data"] = "wine"
    page.run()
    assert not page.exception
    assert "Only PCA so far." in text(page)


def test_delete_and_undo():
    bring("bars.zip", zipped(scans()))
    digest = datasets.heldout("bars").digest
    page = visit()
    page.button(key="bring-delete-bars").click().run()
    assert kept.names() == []
    assert "“bars” is deleted." in text(page)
    button(page, "Undo").click().run()
    assert kept.names() == ["bars"]
    assert datasets.heldout("bars").digest == digest
    page.button(key="bring-delete-bars").click().run()
    page.button(key="bring-back-bars").click().run()
    assert kept.names() == ["bars"]


def test_names_that_cannot_be_are_said_before_anything_is_kept():
    page = send(visit(), "mnist.zip", zipped(scans()))
    assert "ships with the product" in text(page)
    assert button(page, "Keep it").disabled
    page.text_input(key="bring-name-0").set_value("Mine").run()
    assert not button(page, "Keep it").disabled


def test_the_bounds_are_stated_and_hold(monkeypatch: pytest.MonkeyPatch):
    from dataclasses import replace

    from ae_models.ui.shared import opened_files as cache

    page = visit()
    assert "At most 64 MiB a file, 512 MiB unpacked, 120 seconds" in text(page)
    monkeypatch.setattr(cache, "UPLOADS", replace(UPLOADS, file_bytes=1_000))
    send(page, "bars.zip", zipped(scans()))
    assert "where at most 1,000 bytes are read" in page.error[0].value.replace("\\", "")
    monkeypatch.setattr(cache, "UPLOADS", replace(UPLOADS, unpacked_bytes=1_000))
    send(page, "bars.zip", zipped(scans()))
    assert "where at most 1,000 bytes are read" in page.error[0].value.replace("\\", "")
    assert kept.names() == []


def test_an_awkward_class_name_stays_text():
    files = {name.replace("lies/", "<img src=x>*_`/"): content for name, content in scans().items()}
    page = send(visit(), "odd.zip", zipped(files))
    assert not page.error
    button(page, "Keep it").click().run()
    assert "<img src=x>*_`" in kept.card("odd").class_names
    assert not any("<img" in each.value for each in page.markdown if each.allow_html)


def test_a_strangers_model_is_tried_shown_and_kept():
    page = visit("A model")
    page.selectbox(key="bring-model-data").set_value("digits").run()
    flat, scale = (8, 8, 1), SCALES["minus1-1"]
    page.file_uploader[0].set_value([("enc.onnx", encoder(flat, scale), "")])
    page.file_uploader[1].set_value([("dec.onnx", decoder(flat, scale), "")]).run()
    assert not page.exception
    said = text(page)
    assert "1 x 8 x 8 to 3 numbers and back to 1 x 8 x 8" in said
    assert "takes -1 to 1, gives -1 to 1" in said
    assert "opset 17" in said
    assert "(n, height, width, channels) go in" in said
    assert not own_runs().ids()
    page.text_input(key="bring-model-name-0").set_value("From elsewhere").run()
    button(page, "Keep it").click().run()
    assert not page.exception
    (run,) = own_runs().ids()
    record = own_runs().read(run)
    assert (record.title, record.origin, record.latent_dim) == ("From elsewhere", "imported", 3)
    assert "“From elsewhere” is among My models now" in text(page)


def test_graphs_that_do_not_belong_together_are_refused_in_a_line():
    page = visit("A model")
    page.selectbox(key="bring-model-data").set_value("digits").run()
    page.file_uploader[0].set_value([("enc.onnx", encoder(), "")])
    page.file_uploader[1].set_value([("dec.onnx", decoder(code=(5,)), "")]).run()
    assert len(page.error) == 1
    assert "\n" not in page.error[0].value
    send(page, "enc.onnx", b"not a graph")
    assert "enc.onnx" in page.error[0].value.replace("\\", "")
    assert not own_runs().ids()


def test_points_from_elsewhere_lie_on_the_third_map():
    page = visit("A map")
    page.selectbox(key="bring-map-data").set_value("digits").run()
    codes = np.random.default_rng(0).normal(size=(360, 5)).astype("f") * np.array([1, 9, 1, 1, 5], "f")
    send(page, "codes.npy", npy(codes))
    assert "360 points, 5 numbers each" in text(page)
    page.text_input(key="bring-map-name-0").set_value("My codes").run()
    button(page, "Lay it beside ours").click().run()
    assert not page.exception
    flat = maps.find("my-codes", "digits", 2, datasets.heldout("digits").ids)
    assert flat is not None
    spread = flat.points.var(axis=0)
    assert spread == pytest.approx(codes.var(axis=0)[[1, 4]], rel=0.1)  # the two widest directions, nearly axes here
    page = AppTest.from_file(str(SCRIPT), default_timeout=600)
    page.query_params["data"] = "digits"
    page.query_params["map"] = "my-codes"
    page.run()
    assert not page.exception
    assert not page.warning
    assert "My codes laid from codes.npy, fitted on what is not known" in text(page)
    page = visit("A map")
    page.button(key="bring-map-delete-digits-my-codes").click().run()
    assert maps.find("my-codes", "digits", 2, datasets.heldout("digits").ids) is None


def test_points_that_cannot_be_matched_are_refused():
    page = visit("A map")
    page.selectbox(key="bring-map-data").set_value("digits").run()
    send(page, "codes.npy", npy(np.zeros((7, 2), "f")))
    assert "7 rows, where 360 held-out images are mapped" in page.error[0].value.replace("\\", "")


def test_another_set_of_the_same_name_does_not_inherit_maps():
    bring("bars.zip", zipped(scans()))
    page = visit("A map")
    page.selectbox(key="bring-map-data").set_value("bars").run()
    send(page, "points.npy", npy(np.arange(6, dtype="f").reshape(3, 2)))
    page.text_input(key="bring-map-name-0").set_value("old").run()
    button(page, "Lay it beside ours").click().run()
    ids = datasets.heldout("bars").ids
    assert maps.find("old", "bars", 2, ids, datasets.heldout("bars").digest) is not None
    kept.delete("bars", OPERATOR)
    bring("bars.zip", zipped(scans(light=False) | {"lies/5.png": scans(light=False)["lies/1.png"]}))
    assert maps.find("old", "bars", 2, ids, datasets.heldout("bars").digest) is None


def test_where_pca_takes_long_one_click_orders_it(monkeypatch):
    monkeypatch.setattr("ae_models.recipes.mapping.AT_ONCE", 10)
    monkeypatch.setattr("ae_models.recipes.mapping.MOST_AT_ONCE", 10)
    bring("slow.zip", zipped(scans()))
    fake = FakeEngine()
    monkeypatch.setattr(jobs, "_engine", fake)
    page = AppTest.from_file(str(SCRIPT), default_timeout=600)
    page.query_params["data"] = "slow"
    page.run()
    assert not page.exception
    assert "No PCA yet." in text(page)
    assert "9 images of 256 values each" in text(page)
    page.button(key="fit-pca").click().run()
    assert not page.exception
    _, order, title = next(one for one in fake.asked if one[0] == "project")
    assert (order["method"], order["dataset"], order["settings"]["n_components"]) == ("pca", "slow", 2)
    assert title == "PCA of slow, 2-D"
    assert page.query_params["job"] == ["job-1"] or page.query_params["job"] == "job-1"


def test_files_are_opened_by_a_child_and_not_by_the_server(monkeypatch: pytest.MonkeyPatch):
    from ae_models.jobs import opening

    def opened_here(*_: Any, **__: Any) -> None:
        raise AssertionError("a visitor's file was opened in the server")

    for name in opening.CALLS:
        monkeypatch.setitem(opening.CALLS, name, opened_here)
    monkeypatch.setattr(opening, "read", opened_here)
    page = send(visit(), "bars.zip", zipped(scans()))
    assert "9 images to train on, 3 held out" in text(page)


def test_what_was_read_is_not_read_again_for_another_guess_and_one_visit_does_not_see_anothers(
    monkeypatch: pytest.MonkeyPatch,
):
    from ae_models.jobs.sandbox import Sandbox

    asked: list[str] = []
    call = Sandbox.call

    def noted(pool: Sandbox, name: str, *arguments: Any, **more: Any) -> Any:
        asked.append(name)
        return call(pool, name, *arguments, **more)

    monkeypatch.setattr(Sandbox, "call", noted)
    page = send(visit(), "bars.zip", zipped(scans()))
    guess(page, "inverted").set_value("no").run()
    page.run()
    assert asked == ["look", "take"]
    send(visit(), "bars.zip", zipped(scans()))
    assert asked == ["look", "take", "look"]


def test_a_file_that_takes_too_long_is_said_on_the_page(monkeypatch: pytest.MonkeyPatch):
    from ae_models.jobs import sandbox

    monkeypatch.setitem(sandbox.SECONDS, "look", 0.0)
    page = send(visit(), "bars.zip", zipped(scans()))
    assert "bars.zip: took more than 0 seconds and was given up" in text(page)


def test_files_that_were_let_go_are_named_where_they_lay(monkeypatch: pytest.MonkeyPatch):
    from ae_models.ui import uploads

    page = send(visit(), "bars.zip", zipped(scans()))
    assert "let go" not in text(page)
    for each in uploads._visits.values():
        each.gone = ["old <b>.csv"]
    page.run()
    assert "“old <b>.csv” was let go: the files of one visit may have 256 MiB together" in text(page)
    page.run()
    assert "was let go" in text(page)
    page.segmented_control(key="bring").set_value("A map").run()
    for each in uploads._visits.values():
        each.gone = []
    assert "was let go" not in text(page)


def test_a_picture_for_draw_is_opened_by_a_child_too():
    page = AppTest.from_file(str(SCRIPT), default_timeout=120)
    page.run()
    page.switch_page("draw/page.py").run()
    page.file_uploader[0].set_value(("one.png", picture(np.eye(20, dtype=np.uint8) * 200), "image/png")).run()
    assert not page.exception
    assert not page.error
    page.file_uploader[0].set_value(("two.png", b"no picture", "image/png")).run()
    assert "two.png" in text(page)
    assert not page.exception
