"""300 broken runs, data sets and jobs each: what is wrong is said in words, hides nothing, and can be taken away."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

from ae_models import datasets
from ae_models.analysis.map_values import snapshots_of
from ae_models.base import OPERATOR, UserError
from ae_models.datasets import kept
from ae_models.jobs.log import JobLog
from ae_models.runs import delete, deleted, own_runs, unpack
from ae_models.runs.serving import stored_codes
from ae_models.ui.models import cards
from ae_models.ui.shared.bar import title_of
from ae_models.ui.train import job_words
from tests.stores import mutations

STORE = Path(__file__).parent / "f59326a"
RUNS = sorted((STORE / "runs").iterdir())
N = 300


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    shutil.copytree(STORE, home, copy_function=shutil.copyfile)
    monkeypatch.setenv("AE_MODELS_HOME", str(home))
    return home


def test_broken_runs_in_the_store(store: Path) -> None:
    for seed in range(N):
        folder = store / "runs" / f"mutated-{seed}"
        folder.mkdir()
        for name, content in mutations.runs(RUNS[seed % len(RUNS)], seed).items():
            (folder / name).write_bytes(content)
    whole, damaged = own_runs().list()
    assert {run.id for run in whole} >= {path.name for path in RUNS}
    assert sorted([run.id for run in whole] + [bad.id for bad in damaged]) == own_runs().ids()
    assert len(damaged) > N / 2
    assert all("\n" not in bad.why and len(bad.why) < 500 for bad in damaged)
    for record in whole:  # what is called whole can be shown
        assert title_of(record)
        assert cards._made(record)
        stored_codes(own_runs(), record)
        snapshots_of(own_runs(), record)
        record.model_dump_json()
    for bad in damaged:
        delete(bad.id, OPERATOR)
    assert own_runs().list() == (whole, [])
    assert len(deleted()) == len(damaged) + 1
    for sort in cards.SORTS:
        assert len(cards.chosen([(own_runs(), record) for record in whole], "", "all", sort)) == len(whole)


def test_broken_runs_at_the_door() -> None:
    refused = []
    for seed in range(N):
        files = mutations.runs(RUNS[seed % len(RUNS)], seed)
        try:
            came = unpack(mutations.zipped(files))
        except UserError as mistake:
            refused.append(str(mistake))
            continue
        assert own_runs().read(came.id) == came
    assert len(refused) > N / 2
    assert not any("\n" in why for why in refused)
    assert own_runs().list()[1] == []
    assert not [path.name for path in own_runs().root.iterdir() if path.name not in own_runs().ids()]  # nothing half


def test_broken_data_sets(store: Path) -> None:
    for seed in range(N):
        source = STORE / "data" / ("my-shapes", "my-flowers")[seed % 2]
        mutations.data_set(source, store / "data" / f"mutated-{seed}", seed)
    listed = list(datasets.DATASETS)
    assert {"my-shapes", "my-flowers"} <= set(listed)
    bad = []
    for name in kept.names():
        try:
            splits = datasets.load(name)
            assert len(splits.heldout.images()) == kept.card(name).n_heldout
            datasets.features(name)
            datasets.scaling(name)
        except UserError as mistake:
            bad.append((name, str(mistake)))
    assert len(bad) > N / 3
    assert not any("\n" in why for _, why in bad)
    for name, _ in bad:
        kept.delete(name, OPERATOR)
    assert {"my-shapes", "my-flowers"} <= set(kept.names())
    assert len(kept.names()) == N + 2 - len(bad)
    for name in kept.names():
        datasets.load(name)


def test_broken_jobs(store: Path) -> None:
    sources = sorted((STORE / "jobs").glob("*.json"))
    for seed in range(N):
        mutations.job(sources[seed % len(sources)], store / "jobs" / f"mutated-{seed}.json", seed)
    journal = JobLog.here()
    whole, damaged = journal.look()
    assert {job.id for job in whole} >= {path.stem for path in sources}
    assert len(whole) + len(damaged) == N + len(sources)
    assert len(damaged) > N / 3
    for job in whole:
        assert job_words.line(job)
        live = journal.watched(job.id)
        assert live.newest is None or live.newest["heldout_sse"] >= 0
    for bad in damaged:
        assert "\n" not in bad.why
        journal.remove(bad.id)
    assert journal.look()[1] == []
    assert {job.id for job in journal.load()} == {job.id for job in whole}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders, and links need a right")
@pytest.mark.parametrize("odd", ["pipe", "link", "socket", "folder", "device"])
def test_what_is_no_file_is_refused_unread(store: Path, odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def put(path: Path) -> None:
        path.unlink()
        if odd == "pipe":
            os.mkfifo(path)
        elif odd == "socket":
            monkeypatch.chdir(path.parent)  # the whole path is too long for one
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(path.name)
        elif odd == "folder":
            path.mkdir()
        else:
            path.symlink_to("/dev/zero" if odd == "device" else store / "runs" / RUNS[1].name / path.name)

    for name in ("run.json", "decoder.onnx", "codes.npz"):
        folder = store / "runs" / f"odd-{name.partition('.')[0]}"
        shutil.copytree(RUNS[0], folder)
        put(folder / name)
    put(store / "data" / "my-shapes" / "rows.npz")
    put(store / "jobs" / next((STORE / "jobs").glob("done*.json")).name)
    assert len(own_runs().list()[1]) == 3
    assert "my-shapes" not in list(datasets.DATASETS)
    with pytest.raises(UserError, match="not a file"):
        kept.card("my-shapes")
    (bad,) = JobLog.here().look()[1]
    assert "not a file" in bad.why
    JobLog.here().remove(bad.id)
    assert JobLog.here().look()[1] == []


def test_a_run_that_is_a_link_and_one_among_ten_thousand_files(store: Path) -> None:
    if sys.platform != "win32":
        (store / "runs" / "link").symlink_to(RUNS[0])
        assert "link" in own_runs().list()[1][0].why
    crowded = store / "runs" / RUNS[0].name
    for number in range(10_000):
        (crowded / f"x{number}").touch()
    assert RUNS[0].name in {run.id for run in own_runs().list()[0]}
