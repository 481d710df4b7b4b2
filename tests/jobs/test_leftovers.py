"""What dead processes left half written goes when a server starts; what a live one writes stays, and no run is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ae_models.base import paths
from ae_models.jobs.leftovers import LONG_AGO, sweep
from ae_models.jobs.log import JobLog, new_engine
from ae_models.runs import RunStore, shipped_runs


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AE_MODELS_HOME", str(tmp_path))
    for name in ("runs", "trash", "unfinished/a-1", "data", "jobs", "cache/scores"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def old(path: Path) -> Path:
    """Make it as if it had been written long ago."""
    before = time.time() - LONG_AGO - 60
    for one in (*(path.rglob("*") if path.is_dir() else ()), path):
        os.utime(one, (before, before))
    return path


def file(path: Path) -> Path:
    path.write_bytes(b"half")
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    file(path / "encoder.onnx")
    return path


def dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    return process.pid


def test_half_written_files_go_with_their_process(home: Path) -> None:
    mine = [paths.beside(home / "runs" / "new"), paths.beside(home / "jobs" / "a-1.json")]
    theirs = [path.with_name(path.name.replace(f".{os.getpid()}-", f".{dead_process()}-")) for path in mine]
    for path in (mine[0], theirs[0]):
        folder(path)
    for path in (mine[1], theirs[1]):
        file(path)
    elsewhere = file(home / "cache" / "scores" / ".a.npz@another-machine.17-0011aabb")
    assert set(sweep()) == set(theirs)
    assert all(path.exists() for path in (*mine, elsewhere))
    old(elsewhere)
    assert sweep() == [elsewhere]


def test_a_process_that_began_later_is_not_the_one_that_wrote(home: Path) -> None:
    path = old(file(paths.beside(home / "jobs" / "a-1.json")))  # by a process of our number, before we were started
    assert sweep() == [path]


def test_what_an_earlier_version_left_goes_when_it_is_old(home: Path) -> None:
    left = [
        folder(home / "runs" / ".new-0123456789ab"),
        folder(home / "data" / ".new-ab_cd12f"),
        folder(home / "runs" / "mnist-dense-2-abc123"),
        file(home / "jobs" / ".a-1.json-4711"),
        file(home / "unfinished" / "a-1" / ".checkpoint"),
    ]
    inside = file(left[2] / ".run-01234567")
    assert sweep() == []
    for path in left:
        old(path)
    file(left[1] / "rows.npz")  # it grows still
    assert set(sweep()) == {left[0], inside, left[3], left[4]}
    assert left[2].is_dir()


def test_other_hidden_files_and_what_links_lead_to_stay(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    others = [old(file(home / name)) for name in (".profile-1", "runs/.keep", "cache/.DS_Store")]
    far = tmp_path_factory.mktemp("far")
    there = old(folder(far / ".new-0123456789ab"))
    try:
        (home / "runs" / "link").symlink_to(far, target_is_directory=True)
    except OSError:
        pytest.skip("no links here")
    assert sweep() == []
    assert all(path.exists() for path in (*others, there))


def test_a_run_that_was_on_its_way_arrives(home: Path) -> None:
    shipped = shipped_runs()
    run_id = shipped.ids()[0]
    on_its_way = home / "trash" / ".moving-01234567"
    on_its_way.mkdir()
    for path in (shipped.root / run_id).iterdir():
        (on_its_way / path.name).write_bytes(path.read_bytes())
    old(on_its_way)
    assert sweep() == []
    assert RunStore(home / "trash").read(run_id).id == run_id


def test_signs_of_life_and_requests_of_the_dead_go(home: Path) -> None:
    journal, alive = JobLog.here(), new_engine()
    journal.sign(alive)
    dead = alive.replace(f".{os.getpid()}.", f".{dead_process()}.")
    far = "another-machine.17.00112233"
    for engine in (dead, far):
        journal.sign(engine)
    journal.ask_to_stop("a-1")
    assert {path.name for path in sweep()} == {f"{dead}.alive", "a-1.stop"}
    old(journal.root / f"{far}.alive")
    assert [path.name for path in sweep()] == [f"{far}.alive"]
    assert journal.lives(alive)
