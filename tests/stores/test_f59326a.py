"""A store as commit f59326a left it: all that it holds is listed, read and served.

``f59326a/`` was made by that commit's own recipes and job engine: trainings of one or two epochs, one of them stopped,
one renamed, one imported from a zip and one from two graphs, one deleted; images and vectors that were brought; jobs of
every end, one that waits and one that was interrupted. Nothing in it is changed by hand but the name of the machine.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ae_models import datasets
from ae_models.analysis.map_values import snapshots_of
from ae_models.datasets import kept
from ae_models.jobs.log import JobLog
from ae_models.projections import store as maps
from ae_models.recipes import TrainRequest, codes_of, heldout_of
from ae_models.recipes.card import card
from ae_models.runs import Graphs, RunStore, deleted, own_runs, pca_runs, unfinished_runs

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent / "f59326a"
APP = Path(__file__).resolve().parents[2] / "ae_models" / "ui" / "app.py"
RUNS = [path.name for path in sorted((HERE / "runs").iterdir())]
PAGES = sorted(path.parent.name for path in APP.parent.glob("*/page.py"))


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the store, as ``AE_MODELS_HOME``."""
    home = tmp_path / "home"
    shutil.copytree(HERE, home, copy_function=shutil.copyfile)  # with today's dates: the trash keeps 30 days
    monkeypatch.setenv("AE_MODELS_HOME", str(home))
    monkeypatch.delenv("AE_MODELS_DATA", raising=False)
    return home


def test_every_run_is_whole() -> None:
    for found in (own_runs(), pca_runs(), RunStore(HERE / "trash")):
        whole, damaged = found.list()
        assert damaged == []
        assert [record.id for record in whole] == found.ids() != []
    assert own_runs().ids() == RUNS
    named = next(record for record in own_runs().list()[0] if record.note)
    assert (named.title, named.note) == ("Äpfel & <b>Birnen</b> *neu*", "first line\nsecond: ✓ 日本")
    assert {record.origin for record in own_runs().list()[0]} == {"local", "imported"}
    assert any(record.stopped for record in own_runs().list()[0])
    assert [run.title for run in deleted()] == ["to be deleted"]


@pytest.mark.parametrize("run_id", RUNS)
def test_every_run_is_served(run_id: str) -> None:
    record = own_runs().read(run_id)
    images = heldout_of(record)
    graphs = Graphs(own_runs(), record)
    codes = codes_of(own_runs(), record, images)
    assert codes.shape == (len(images), record.latent_dim)
    drawn = graphs.decode(codes[:3])
    assert drawn.shape == (3, *record.output_shape)
    assert np.isfinite(drawn).all()
    if record.corruption.name == "none":
        assert np.abs(graphs.encode(images.images(slice(3))) - codes[:3]).max() < 1e-4
    moments = snapshots_of(own_runs(), record)
    assert (moments is not None) == ("snapshots.npz" in record.files)
    assert card(record)["figures"]["sse"] == record.test.sse


def test_every_data_set_is_there() -> None:
    assert kept.names() == ["my-flowers", "my-shapes"]
    assert [name for name in datasets.DATASETS if not datasets.DATASETS.ships(name)] == kept.names()
    for name in kept.names():
        splits = datasets.load(name)
        assert (splits.train.digest, splits.heldout.digest) == tuple(kept.card(name).digests.values())
    assert len(datasets.features("my-flowers")) == 5
    assert len(kept.owned().trash.all()) == 1


def test_every_job_is_there() -> None:
    jobs = {job.title: job for job in JobLog.here().load()}
    assert {title: job.state for title, job in jobs.items()} == {
        "done here": "done",
        "stopped here": "stopped",
        "a random map": "done",
        "PCA of shapes": "done",
        "fails": "failed",
        "measured": "done",
        "interrupted here": "interrupted",
        "waits here": "queued",
    }
    for title in ("done here", "stopped here", "interrupted here"):
        live = JobLog.here().watched(jobs[title].id)
        assert len(live.epochs) >= 1
        assert len(live.frames) == len(live.frame_epochs) > 0
    assert unfinished_runs().ids() == sorted(jobs[title].id for title in ("stopped here", "interrupted here"))
    for run_id in unfinished_runs().ids():
        order, checkpoint = unfinished_runs().read(run_id)
        assert TrainRequest.from_dict(order).training.epochs == 2000
        assert checkpoint


def test_every_map_is_there() -> None:
    own = [(folder, name) for folder, name, _ in maps.catalogue() if folder == maps.own_embeddings()]
    assert len(own) == 2
    for folder, name in own:
        assert np.isfinite(maps.load(folder, name).points).all()


def test_the_command_line_lists_them(cli: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = cli("runs")
    assert code == 0
    assert all(run_id in out for run_id in RUNS)
    assert "damaged" not in err
    code, out, err = cli("datasets")
    assert code == 0
    assert "my-shapes" in out
    assert "damaged" not in err


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(page: str) -> None:
    visit = AppTest.from_file(str(APP), default_timeout=600)
    visit.query_params["data"] = visit.query_params["images"] = "my-shapes"
    visit.run()
    visit.switch_page(f"{page}/page.py").run()
    assert not visit.exception
    if page == "models":
        assert sum(f"delete-{run_id}" in {button.key for button in visit.button} for run_id in RUNS) == len(RUNS)
