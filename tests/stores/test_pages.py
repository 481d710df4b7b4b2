"""Every page over a store that holds many broken items at once, and good ones: it opens, shows those, deletes these."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ae_models.base import UserError
from ae_models.datasets import kept
from ae_models.runs import own_runs, pack, unpack
from tests.stores import mutations

pytestmark = pytest.mark.slow

STORE = Path(__file__).parent / "f59326a"
APP = Path(__file__).resolve().parents[2] / "ae_models" / "ui" / "app.py"
RUNS = sorted((STORE / "runs").iterdir())
PAGES = sorted(path.parent.name for path in APP.parent.glob("*/page.py"))
N = 300


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of which nine items in ten are broken."""
    home = tmp_path / "home"
    shutil.copytree(STORE, home, copy_function=shutil.copyfile)
    for seed in range(N):
        folder = home / "runs" / f"mutated-{seed}"
        folder.mkdir()
        for name, content in mutations.runs(RUNS[seed % len(RUNS)], seed).items():
            (folder / name).write_bytes(content)
        mutations.data_set(
            STORE / "data" / ("my-shapes", "my-flowers")[seed % 2], home / "data" / f"mutated-{seed}", seed
        )
    shutil.copytree(home / "runs" / "mutated-1", home / "trash" / "mutated-1")
    shutil.copytree(home / "data" / "mutated-1", home / "data" / ".trash" / "mutated-1")
    monkeypatch.setenv("AE_MODELS_HOME", str(home))
    monkeypatch.delenv("AE_MODELS_DATA", raising=False)
    return home


def opened(page: str, data: str = "my-shapes") -> AppTest:
    visit = AppTest.from_file(str(APP), default_timeout=180)
    visit.query_params["data"] = visit.query_params["images"] = data
    visit.run()
    visit.switch_page(f"{page}/page.py").run()
    assert not visit.exception, visit.exception
    return visit


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(page: str) -> None:
    opened(page)


def test_every_model_has_a_card_or_a_row_and_a_broken_one_can_be_deleted_and_had_back() -> None:
    visit = opened("models")
    buttons = {button.key for button in visit.button}
    assert {f"delete-{run_id}" for run_id in own_runs().ids() if "pca" not in run_id} <= buttons
    bad = own_runs().list()[1][0].id
    visit.button(key=f"delete-{bad}").click().run()
    assert not visit.exception
    assert bad not in own_runs().ids()
    next(button for button in visit.button if button.label == "Undo").click().run()
    assert bad in own_runs().ids()


def test_every_data_set_has_a_card_or_a_row_and_a_broken_one_can_be_deleted() -> None:
    visit = opened("your_data")
    assert {f"bring-delete-{name}" for name in kept.names()} <= {button.key for button in visit.button}
    visit.button(key="bring-delete-mutated-0").click().run()
    assert not visit.exception
    assert "mutated-0" not in kept.names()


def test_a_date_that_is_none_is_refused_at_the_door_and_in_the_store_hides_nothing(store: Path) -> None:
    packed = zipfile.ZipFile(io.BytesIO(pack(own_runs(), own_runs().read(RUNS[0].name))))
    files = {name.rpartition("/")[2]: packed.read(name) for name in packed.namelist()}
    record = {**json.loads(files["run.json"]), "id": "no-date-123abc", "created": "the day before"}
    files["run.json"] = json.dumps(record).encode()
    before = sorted(os.listdir(store / "runs"))
    with pytest.raises(UserError, match="created"):
        unpack(mutations.zipped(files))
    assert sorted(os.listdir(store / "runs")) == before
    (store / "runs" / record["id"]).mkdir()
    for name, content in files.items():
        (store / "runs" / record["id"] / name).write_bytes(content)
    for page in PAGES:
        visit = opened(page)
        if page == "models":
            assert {f"delete-{path.name}" for path in RUNS} <= {button.key for button in visit.button}
            visit.button(key=f"delete-{record['id']}").click().run()
            assert not visit.exception
    assert record["id"] not in own_runs().ids()


@pytest.mark.parametrize("data", ["mutated-14", "mutated-13"])
def test_a_set_whose_rows_are_broken_is_said_where_it_is_chosen(data: str) -> None:
    for page in ("explore", "compare"):
        opened(page, data)
