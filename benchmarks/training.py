"""Our training against a plain PyTorch loop and against the usual tutorial, side by side in one run.

One fixed network, one thread, one epoch over the same images, in alternating order; the ratio is the median over
pairs. The plain loop is fused Adam on float tensors in memory and nothing else. The tutorial is Lightning with a
``TensorDataset``, a default ``DataLoader`` and a logged value each step. Then two jobs at once against one.

    python benchmarks/training.py [--pairs 5] [--images 20000] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from _common import BenchmarkError, Row, machine, report, run, say

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

RATIO, TOGETHER = 1.10, 0.9
CASES = [("dense", 128), ("dense", 512), ("conv", 128), ("conv", 512)]
SETTINGS: dict[str, dict[str, Any]] = {"dense": {"widths": (512, 128)}, "conv": {"channels": (16, 32), "dense": 128}}


def _data(n: int) -> Any:
    from ae_models import datasets

    rows = datasets.load("mnist").train
    if len(rows) < n:
        say(f"only {len(rows):,} training images are here (AE_MODELS_DATA is not set): each is used more than once")
    import numpy as np

    return rows.take(np.arange(n) % len(rows))


def _design(model: str) -> Any:
    from ae_models.autoencoders import ARCHITECTURES, Design

    config = ARCHITECTURES.entry(model).config
    assert config is not None
    return Design(model, config(**SETTINGS[model]))


def ours(model: str, batch: int, data: Any, threads: int = 1) -> float:
    """Return the seconds of one epoch of ``training.fit``, with a held-out measurement of 500 images."""
    import numpy as np

    from ae_models.base.config import TrainConfig
    from ae_models.training.fit import fit

    config = TrainConfig(epochs=1, batch_size=batch, threads=threads, snapshots=False)
    start = time.perf_counter()
    fit(_design(model), config, data, data.take(np.arange(500)))
    return time.perf_counter() - start


def plain_loop(model: str, batch: int, data: Any) -> float:
    """Return the seconds of one epoch of the shortest loop that trains the same network."""
    import torch

    from ae_models.autoencoders import build

    torch.set_num_threads(1)
    images = torch.from_numpy(data.images())
    start = time.perf_counter()
    network = build(_design(model), data.shape, data.shape)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    order = torch.randperm(len(images))
    for first in range(0, len(order), batch):
        x = images[order[first : first + batch]]
        loss = (network(x) - x).square().sum() / len(x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return time.perf_counter() - start


def tutorial(model: str, batch: int, data: Any) -> float:
    """Return the seconds of one epoch as most tutorials have it."""
    import pytorch_lightning as lightning
    import torch
    from pytorch_lightning.loggers import CSVLogger
    from torch.utils.data import DataLoader, TensorDataset

    from ae_models.autoencoders import build

    class Tutorial(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.network = build(_design(model), data.shape, data.shape)

        def training_step(self, batch: Any, _index: int) -> Any:
            (x,) = batch
            loss = (self.network(x) - x).square().sum() / len(x)
            self.log("train_loss", loss, on_step=True, on_epoch=True)
            return loss

        def configure_optimizers(self) -> Any:
            return torch.optim.Adam(self.parameters(), lr=1e-3)

    torch.set_num_threads(1)
    loader = DataLoader(TensorDataset(torch.from_numpy(data.images())), batch_size=batch, shuffle=True)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        trainer = lightning.Trainer(
            max_epochs=1,
            logger=CSVLogger(folder),
            accelerator="cpu",
            enable_progress_bar=False,
            default_root_dir=folder,
        )
        trainer.fit(Tutorial(), loader)
        return time.perf_counter() - start


def pairs(model: str, batch: int, data: Any, n: int) -> dict[str, float]:
    """Return the median ratios of ours to the plain loop and of the tutorial to ours, over alternating rounds."""
    roads: list[Callable[[str, int, Any], float]] = [ours, plain_loop, tutorial]
    for road in roads:  # first calls allocate, compile and import: not counted
        road(model, batch, data.take(range(batch * 4)))
    seconds: dict[str, list[float]] = {road.__name__: [] for road in roads}
    for round_number in range(n):
        for road in roads if round_number % 2 == 0 else roads[::-1]:
            seconds[road.__name__].append(road(model, batch, data))
    against = [a / b for a, b in zip(seconds["ours"], seconds["plain_loop"], strict=True)]
    usual = [a / b for a, b in zip(seconds["tutorial"], seconds["ours"], strict=True)]
    return {
        "ours_s": statistics.median(seconds["ours"]),
        "loop_s": statistics.median(seconds["plain_loop"]),
        "tutorial_s": statistics.median(seconds["tutorial"]),
        "ratio_to_loop": statistics.median(against),
        "ratio_to_loop_worst": max(against),
        "ratio_to_tutorial": statistics.median(usual),
    }


def _job(threads: int, images: int, epochs: int) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, "--job", str(threads), "--images", str(images), "--pairs", str(epochs)]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": str(threads)},
    )


def _speeds(jobs: list[subprocess.Popen[str]]) -> list[float]:
    """Let jobs that are warm start together; return the images a second of each."""
    for job in jobs:
        assert job.stdout is not None
        if job.stdout.readline().strip() != "ready":
            raise BenchmarkError("a training job did not start")
    for job in jobs:
        assert job.stdin is not None
        job.stdin.write("go\n")
        job.stdin.flush()
    return [float(job.communicate()[0]) for job in jobs]


def job(threads: int, images: int, epochs: int) -> None:
    """Train once to warm up, wait for the word, train again and print images a second."""
    data = _data(images)
    ours("dense", 128, data.take(range(2_000)), threads)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    seconds = sum(ours("dense", 128, data, threads) for _ in range(epochs))
    sys.stdout.write(f"{images * epochs / seconds}\n")


def two_jobs(images: int) -> dict[str, float]:
    """Return images a second of one job with every core, of two with half of them each, and the ratio."""
    cores = os.cpu_count() or 1
    one = _speeds([_job(cores, images, 3)])[0]
    both = _speeds([_job(max(1, cores // 2), images, 3) for _ in range(2)])
    again = _speeds([_job(cores, images, 3)])[0]
    alone = statistics.mean([one, again])
    return {"one_job": alone, "two_jobs_sum": sum(both), "ratio": sum(both) / alone}


def main() -> None:
    """Measure and report."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    arguments.add_argument("--pairs", type=int, default=5, help="rounds of each case")
    arguments.add_argument("--images", type=int, default=20_000)
    arguments.add_argument("--job", type=int, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    warnings.filterwarnings("ignore")
    if chosen.job is not None:
        job(chosen.job, chosen.images, chosen.pairs)
        return
    data = _data(chosen.images)
    rows, figures = [], {}
    for model, batch in CASES:
        say(f"{model}, batch {batch}")
        found = figures[f"{model}_{batch}"] = pairs(model, batch, data, chosen.pairs)
        note = f"ours {found['ours_s']:.2f} s, loop {found['loop_s']:.2f} s, tutorial {found['tutorial_s']:.2f} s"
        rows.append(Row(f"{model}, batch {batch}: ours / plain loop", found["ratio_to_loop"], "x", RATIO, note=note))
        rows.append(Row(f"{model}, batch {batch}: tutorial / ours", found["ratio_to_tutorial"], "x"))
    say("two jobs at once")
    together = two_jobs(chosen.images)
    note = f"{together['two_jobs_sum']:,.0f} of {together['one_job']:,.0f} images a second"
    rows.append(Row("two jobs together / one job", together["ratio"], "x", TOGETHER, at_least=True, note=note))
    worst = max(found["ratio_to_loop"] for found in figures.values())
    report(
        "Training: one epoch, one thread",
        rows,
        [
            machine(["torch", "pytorch-lightning"]),
            f"{chosen.images:,} images, median of {chosen.pairs} alternating rounds",
        ],
        {
            "ratio_to_loop": worst,
            "ratio_to_tutorial": min(found["ratio_to_tutorial"] for found in figures.values()),
            "two_jobs": together["ratio"],
            "cases": json.loads(json.dumps(figures)),
        },
        chosen.json,
    )


if __name__ == "__main__":
    run(main)
