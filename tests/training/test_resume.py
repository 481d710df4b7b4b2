"""Stopped and taken up again: the same weights, history and snapshots; nothing left behind; Ctrl-C keeps an epoch."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from ae_models.base import UserError
from ae_models.base.paths import ROOT
from ae_models.recipes import Destination, Interrupted, TrainRequest, resume, train
from ae_models.runs import own_runs, unfinished_runs
from ae_models.training.checkpoint import Checkpoint
from ae_models.training.fit import Stopped

pytestmark = pytest.mark.slow

KINDS: dict[str, dict[str, Any]] = {
    "dense": {"model": "dense", "widths": "24"},
    "variational": {"model": "variational", "widths": "24"},
    "noise and shift": {"model": "dense", "widths": "24", "corruption": "gaussian-noise", "shift": 1},
    "occlusion": {"model": "bent-decoder", "widths": "24", "corruption": "occlusion", "size": 3},
    "conv": {"model": "conv", "channels": "4,6", "dense": 16},
    "contractive probes": {"model": "dense", "widths": "24", "penalty": "contractive", "latent_dim": 18},
    "l1 on a normalised decoder": {"model": "linear", "penalty": "l1", "latent_dim": 12},
}


def weights(fitted: Any) -> torch.Tensor:
    """All weights in one row."""
    return torch.cat([value.detach().ravel() for value in fitted.model.state_dict().values()])


def after(epochs: int, more: int, kept: list[bytes]) -> Callable[[], bool]:
    """Say stop ``more`` batches into the epoch that follows ``epochs`` whole ones."""
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += len(kept) == epochs
        return asked > more

    return stop


@pytest.mark.parametrize("settings", KINDS.values(), ids=KINDS.keys())
def test_an_interrupted_training_ends_as_an_unbroken_one(digits: Any, trained: Any, settings: dict[str, Any]) -> None:
    settings = {"epochs": 4, "snapshots": True, "batch_size": 128, **settings}
    unbroken = trained(digits, **settings)
    kept: list[bytes] = []
    told = {"on_epoch": lambda _row, checkpoint: kept.append(checkpoint.to_bytes())}
    with pytest.raises(Stopped):
        trained(digits, **settings, fit_with={**told, "should_stop": after(2, 5, kept)})
    assert len(kept) == 2
    torch.manual_seed(99)  # whatever the caller drew in between
    again = trained(digits, **settings, fit_with={**told, "resume": Checkpoint.from_bytes(kept[-1])})
    assert len(kept) == 4

    assert (weights(again) - weights(unbroken)).abs().max() <= 1e-6
    assert [row["epoch"] for row in again.history] == [1, 2, 3, 4]
    for left, right in zip(again.history, unbroken.history, strict=True):
        assert {**left, "seconds": 0} == pytest.approx({**right, "seconds": 0}, abs=1e-6, rel=1e-6)
    seconds = [row["seconds"] for row in again.history]
    assert seconds == sorted(seconds)
    assert again.snapshots.keys() == unbroken.snapshots.keys()
    for name, array in unbroken.snapshots.items():
        assert array.shape == again.snapshots[name].shape
        assert np.abs(array.astype(float) - again.snapshots[name].astype(float)).max() <= 1e-3  # of float16


def test_without_the_optimisers_moments_it_would_end_elsewhere(digits: Any, trained: Any) -> None:
    """The negative control: weights without the optimiser's moments are not enough, and none at all are refused."""
    settings = {"widths": "24", "epochs": 4}
    unbroken, kept = trained(digits, **settings), []
    trained(digits, **settings, fit_with={"on_epoch": lambda _row, checkpoint: kept.append(checkpoint)})
    half = kept[1]
    none = {name: value for name, value in half.tensors.items() if not name.startswith("optimizer.")}
    with pytest.raises(UserError, match="lacks what the optimiser knew"):
        trained(digits, **settings, fit_with={"resume": Checkpoint(none, half.history)})
    half.tensors = {
        name: torch.zeros_like(value) if name.startswith("optimizer.") else value
        for name, value in half.tensors.items()
    }
    assert (weights(trained(digits, **settings, fit_with={"resume": half})) - weights(unbroken)).abs().max() > 1e-3


def test_a_finished_training_taken_up_again_is_itself(digits: Any, trained: Any) -> None:
    kept: list[Checkpoint] = []
    told = {"on_epoch": lambda _row, checkpoint: kept.append(checkpoint)}
    done = trained(digits, widths="24", epochs=2, snapshots=True, fit_with=told)
    again = trained(digits, widths="24", epochs=2, snapshots=True, fit_with={"resume": kept[-1]})
    assert torch.equal(weights(again), weights(done))
    assert again.history == done.history
    assert np.array_equal(again.snapshots["aligned"], done.snapshots["aligned"])


def test_a_checkpoint_is_a_copy_and_survives_bytes(digits: Any, trained: Any) -> None:
    kept: list[Checkpoint] = []
    trained(digits, widths="24", epochs=3, fit_with={"on_epoch": lambda _row, checkpoint: kept.append(checkpoint)})
    first, last = kept[0], kept[-1]
    assert [len(checkpoint.history) for checkpoint in kept] == [1, 2, 3]
    assert any(not torch.equal(first.tensors[name], last.tensors[name]) for name in first.tensors)
    read = Checkpoint.from_bytes(last.to_bytes())
    assert read.history == last.history
    assert read.tensors.keys() == last.tensors.keys()
    for name, value in last.tensors.items():
        assert torch.equal(read.tensors[name], value)
    steps, codes = read.snapshots()
    assert steps == sorted(steps)
    assert all(found.shape[0] == 360 for found in codes)


def order(**more: Any) -> TrainRequest:
    """Four epochs on the small digits."""
    settings = {"widths": "16", "epochs": 4, "batch_size": 128, "threads": 1, **more}
    return TrainRequest.of("dense", "digits", corruption="masking", settings=settings)


def interrupted(run_id: str, epochs: int = 2) -> Interrupted:
    """Stop a training after so many epochs."""
    told: list[str] = []
    with pytest.raises(Interrupted) as caught:
        train(
            order(),
            lambda _share, line: told.append(line),
            to=Destination(run_id=run_id),
            should_stop=lambda: len(told) == epochs,
        )
    return caught.value


def test_resume_writes_the_run_and_removes_the_unfinished_folder(home: Path) -> None:
    stopped = interrupted("stopped-000001")
    assert (stopped.run_id, stopped.epochs) == ("stopped-000001", 2)
    assert unfinished_runs().ids() == ["stopped-000001"]
    assert "stopped-000001" not in own_runs()
    lines: list[tuple[float, str]] = []
    record = resume("stopped-000001", lambda share, line: lines.append((share, line)))
    assert [share for share, _ in lines] == [0.75, 1.0]
    assert record.id == "stopped-000001"
    assert unfinished_runs().ids() == []
    assert not (home / "unfinished" / "stopped-000001").exists()
    whole = train(order(), to=Destination(run_id="unbroken-000001"))
    assert record.test.sse == pytest.approx(whole.test.sse, abs=1e-5)
    assert (record.threads, record.device) == (whole.threads, whole.device)
    history = [json.loads(own_runs().file(run, "history.json")) for run in (record, whole)]
    for left, right in zip(*history, strict=True):
        assert {**left, "seconds": 0} == pytest.approx({**right, "seconds": 0}, abs=1e-6)
    with (
        np.load(home / "runs" / record.id / "snapshots.npz") as left,
        np.load(home / "runs" / whole.id / "snapshots.npz") as right,
    ):
        assert set(left) == set(right)
        assert np.array_equal(left["steps"], right["steps"])
        assert left["aligned"].astype(float) == pytest.approx(right["aligned"].astype(float), abs=1e-3)


def test_it_may_be_stopped_twice(home: Path) -> None:
    interrupted("stopped-000002", epochs=1)
    told: list[str] = []
    with pytest.raises(Interrupted) as caught:
        resume("stopped-000002", lambda _share, line: told.append(line), should_stop=lambda: len(told) == 1)
    assert caught.value.epochs == 2
    with pytest.raises(Interrupted) as at_once:
        resume("stopped-000002", should_stop=lambda: True)
    assert at_once.value.epochs == 2  # what was kept is still there
    assert resume("stopped-000002").id == "stopped-000002"


def test_stopped_before_an_epoch_nothing_is_kept(home: Path) -> None:
    with pytest.raises(Interrupted) as caught:
        train(order(), should_stop=lambda: True)
    assert caught.value.epochs == 0
    assert unfinished_runs().ids() == []
    assert own_runs().ids() == []


@pytest.mark.parametrize("damage", ["short", "empty", "rubbish", "order", "order without a model"])
def test_a_damaged_checkpoint_is_a_mistake_and_stays_where_it_is(home: Path, damage: str) -> None:
    interrupted("stopped-000003", epochs=1)
    folder = home / "unfinished" / "stopped-000003"
    content = (folder / "checkpoint").read_bytes()
    if damage.startswith("order"):
        (folder / "order.json").write_text("{" if damage == "order" else "{}")
    else:
        bad = {"short": content[: len(content) // 2], "empty": b"", "rubbish": b"rubbish" * 99}[damage]
        (folder / "checkpoint").write_bytes(bad)
    with pytest.raises(UserError, match="damaged") as caught:
        resume("stopped-000003")
    assert "\n" not in str(caught.value)
    assert folder.is_dir()
    assert own_runs().ids() == []


def test_nothing_to_resume_lists_the_choices(home: Path) -> None:
    interrupted("stopped-000004", epochs=1)
    with pytest.raises(UserError, match="no interrupted run 'nothing': choose from stopped-000004"):
        resume("nothing")


def _until(stream: Any, words: bytes, seconds: float) -> bytes:
    """Read until these words were seen, or the stream ends."""
    seen, end = b"", time.monotonic() + seconds
    while words not in seen and time.monotonic() < end:
        some = os.read(stream.fileno(), 65_536)
        if not some:
            break
        seen += some
    assert words in seen, seen.decode()
    return seen


def _stopped_by_ctrl_c(home: Path, arguments: list[str], after: str) -> tuple[str, int, str]:
    """Run the command line until it has said something, press Ctrl-C; return what it said, the epoch kept, the run."""
    command = [sys.executable, "-m", "ae_models", "train", *arguments, "--json"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "AE_MODELS_HOME": str(home)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        try:
            seen = _until(running.stderr, after.encode(), 300)
            running.send_signal(signal.SIGINT)
            out, rest = running.communicate(timeout=300)
        finally:
            running.kill()
    assert running.returncode == 2
    assert out == b""
    said = (seen + rest).decode()
    assert "Traceback" not in said
    last = said.rstrip("\n").splitlines()[-1]
    found = re.fullmatch(
        r"stopped after epoch (\d+), which is kept: go on with 'python -m ae_models train --resume (\S+)'", last
    )
    assert found, said
    assert said.count("--resume") == 1
    return said, int(found[1]), found[2]


def test_ctrl_c_keeps_the_last_epoch_says_how_to_go_on_and_that_works(tmp_path: Path) -> None:
    lasting = ["--model", "dense", "--dataset", "digits", "--epochs", "2000"]  # 720,000 steps: it will be stopped
    lasting += ["--set", "batch_size=4", "widths=16", "threads=1"]
    _, kept, run = _stopped_by_ctrl_c(tmp_path / "home", lasting, "epoch 2 of 2000")
    assert 2 <= kept < 2000
    said, more, again = _stopped_by_ctrl_c(tmp_path / "home", ["--resume", run], f"epoch {kept + 1} of 2000")
    assert f"epoch {kept} of" not in said
    assert again == run
    assert kept < more < 2000


def test_the_command_that_is_told_goes_on_to_the_end(home: Path, cli: Callable[..., tuple[int, str, str]]) -> None:
    interrupted("stopped-000005")
    code, out, told = cli("train", "--resume", "stopped-000005", "--json")
    assert code == 0, told
    assert out.count("\n") == 1
    assert json.loads(out)["run"] == "stopped-000005"
    history = json.loads((home / "runs" / "stopped-000005" / "history.json").read_text())
    assert [row["epoch"] for row in history] == [1, 2, 3, 4]
    assert "epoch 3 of 4" in told
    assert list((home / "unfinished").iterdir()) == []
