"""The page "My models" in Streamlit's own harness: cards, search, rename, delete and undo, a zip."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ae_models.runs import deleted, own_runs, pack, shipped_runs, unfinished_runs, unpack

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).resolve().parents[2] / "ae_models" / "ui" / "app.py"


@pytest.fixture(autouse=True)
def _fresh_home(tmp_path, monkeypatch):
    monkeypatch.setenv("AE_MODELS_HOME", str(tmp_path / "home"))


@pytest.fixture
def mine() -> str:
    """An own run: a shipped one that came in as a zip."""
    return unpack(packed()).id


def packed() -> bytes:
    return pack(shipped_runs(), shipped_runs().read("digits-dense-2d"))


def visit() -> AppTest:
    page = AppTest.from_file(str(SCRIPT), default_timeout=600)
    page.query_params["data"] = "digits"
    page.run()
    page.query_params.clear()
    page.switch_page("models/page.py").run()
    assert not page.exception
    return page


def cards(page: AppTest) -> list[str]:
    return [text.value.replace("\\", "") for text in page.markdown if "-badge[" in text.value]


def button(page: AppTest, key: str):
    return next(button for button in page.button if button.key == key)


def keys(page: AppTest) -> list[str]:
    return [button.key for button in page.button]


def test_without_own_models_the_shipped_ones_are_shown_and_cannot_be_changed():
    page = visit()
    shipped = [record for record in shipped_runs().list()[0] if record.model.name != "pca"]
    assert len(cards(page)) == len(shipped)
    assert all(":gray-badge[shipped]" in card for card in cards(page))
    assert "cannot be changed" in page.markdown[0].value
    assert not any(key and key.startswith(("delete-", "edit-")) for key in keys(page))
    page.segmented_control(key="models-whose").set_value("yours").run()
    assert "no models of your own" in page.info[0].value


def test_search_filter_and_sort(mine):
    page = visit()
    assert len(cards(page)) == 1  # one's own come first
    page.segmented_control(key="models-whose").set_value("all").run()
    every = cards(page)
    page.selectbox(key="models-sort").set_value("title").run()
    assert sorted(cards(page)) == sorted(every)
    assert [card.lower() for card in cards(page)] == sorted(card.lower() for card in cards(page))
    page.text_input(key="models-search").set_value("FASHION 3").run()
    assert 0 < len(cards(page)) < len(every)
    page.text_input(key="models-search").set_value("no such *thing*").run()
    assert cards(page) == []
    assert "No model has all these words" in page.info[0].value


def test_delete_undo_and_the_trash(mine):
    page = visit()
    button(page, f"delete-{mine}").click().run()
    assert not page.exception
    assert own_runs().ids() == []
    assert any("is deleted" in text.value for text in page.markdown)
    next(button for button in page.button if button.label == "Undo").click().run()
    assert own_runs().ids() == [mine]
    assert not any("is deleted" in text.value for text in page.markdown)
    button(page, f"delete-{mine}").click().run()
    page = visit()
    assert [run.id for run in deleted()] == [mine]
    button(page, f"back-{mine}").click().run()
    assert own_runs().ids() == [mine]


def test_rename_and_note(mine):
    page = visit()
    button(page, f"edit-{mine}").click().run()
    assert not page.exception
    title = next(field for field in page.text_input if field.label == "Title")
    assert title.value == own_runs().read(mine).title
    title.set_value("<b>Mine</b> *now*")
    next(area for area in page.text_area if area.label == "Note").set_value("[link](http://x)")
    next(button for button in page.button if button.label == "Save").click().run()
    assert not page.exception
    record = own_runs().read(mine)
    assert (record.title, record.note) == ("<b>Mine</b> *now*", "[link](http://x)")
    assert any("<b>Mine</b> *now*" in card for card in cards(page))
    assert not any("<b>" in text.value or "](http" in text.value for text in [*page.markdown, *page.caption])


def test_a_zip_comes_in_and_one_that_is_none_is_said_in_one_line(mine):
    page = visit()
    page.file_uploader[0].set_value(("run.zip", packed(), "application/zip")).run()
    assert not page.exception
    assert len(own_runs().ids()) == 2
    assert "is here now" in page.success[0].value
    page.file_uploader[0].set_value(("run.zip", b"no zip", "application/zip")).run()
    assert not page.exception
    assert len(own_runs().ids()) == 2
    assert "no zip that can be read" in page.error[0].value
    page.run()
    assert page.file_uploader[0].value is None


def test_what_is_downloaded_is_the_run(mine):
    page = visit()
    assert len(page.get("download_button")) == 1
    with zipfile.ZipFile(io.BytesIO(pack(own_runs(), own_runs().read(mine)))) as content:
        assert json.loads(content.read(f"{mine}/run.json"))["id"] == mine


def test_damaged_runs_are_named(mine):
    (own_runs().root / mine / "decoder.onnx").write_bytes(b"")
    page = visit()
    assert any(mine in warning.value.replace("\\", "") for warning in page.warning)


def test_an_interrupted_training_is_listed_with_the_command_that_goes_on():
    unfinished_runs().write("an-odd-one-123abc", {"name": "x"}, b"checkpoint")
    page = visit()
    assert any("train --resume an-odd-one-123abc" in warning.value for warning in page.warning)


def test_a_card_leads_to_its_run_and_the_pages_own_link_to_where_one_was(mine):
    page = visit()
    page.query_params["data"], page.query_params["run"] = "fashion-mnist", "fashion-dense-2d"
    page.switch_page("explore/page.py").run()
    assert not page.exception
    assert page.selectbox(key="bar-model").value == "fashion-dense-2d"
    page.selectbox(key="bar-data").set_value("digits").run()
    page.switch_page("models/page.py").run()
    page.query_params.clear()
    page.switch_page("explore/page.py").run()
    assert page.selectbox(key="bar-data").value == "digits"


def test_a_pca_that_somebody_sent_has_a_card_too_and_can_be_deleted():
    run_id = unpack(pack(shipped_runs(), shipped_runs().read("digits-pca-2d"))).id
    page = visit()
    button(page, f"delete-{run_id}").click().run()
    assert not page.exception
    assert run_id not in own_runs().ids()
