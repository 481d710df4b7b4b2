"""Neighbourhood metrics of one map of 10,000 images, beside scikit-learn's trustworthiness, and ZADU's where installed.

    python benchmarks/metrics.py [--json] [--pairs 3] [--all-images] [--zadu-minutes 5]

Ours is the whole pass: trustworthiness, continuity, recall, R_NX for every neighbourhood size, all exact, from nothing.
scikit-learn's is ``trustworthiness`` alone. Both see the same 10,000 MNIST images and the shipped autoencoder's map,
k = 5, each in a fresh process with all cores; they take turns, and the median is told. Memory is the peak of the
process above what it held before the call. ``--all-images`` measures the pass over 70,000 images too (minutes).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from _common import BenchmarkError, Row, machine, report, run, say

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

RUN, K = "mnist-dense-2d", 5
GIB_MB = 2**30 / 1e6


def _material() -> tuple[Any, Any]:
    from ae_models import recipes

    store, record = recipes.find_run(RUN)
    images = recipes.heldout_of(record)
    return images, recipes.codes_of(store, record, images)


def _ours(seed: int | None = None) -> tuple[Callable[[], Any], Any]:
    from ae_models.metrics.ranks import neighbourhoods, pixel_ranks
    from ae_models.recipes import every_core

    images, codes = _material()
    return lambda: _trust(
        neighbourhoods(pixel_ranks(images.pixels), [codes], K, seed=seed, threads=every_core())[0]
    ), images


def _trust(found: Any) -> float:
    from ae_models.metrics.shares import penalty_share

    return float(penalty_share(found, found.intruders).mean())


def _kept() -> tuple[Callable[[], Any], Any]:
    """The same with the ranks of the images read from the cache, as for every map after a data set's first."""
    from ae_models.metrics.ranks import neighbourhoods
    from ae_models.recipes import every_core
    from ae_models.recipes.stored_ranks import kept_ranks

    images, codes = _material()

    def work() -> float:
        with kept_ranks(images) as ranks:
            return _trust(neighbourhoods(ranks, [codes], K, seed=None, threads=every_core())[0])

    work()
    return work, images


def _sklearn() -> tuple[Callable[[], Any], Any]:
    from sklearn.manifold import trustworthiness

    images, codes = _material()
    flat = images.images().reshape(len(images), -1)
    return lambda: float(trustworthiness(flat, codes, n_neighbors=K)), images


def _zadu() -> tuple[Callable[[], Any], Any]:
    from zadu import ZADU

    images, codes = _material()
    flat = images.images().reshape(len(images), -1)
    return lambda: float(ZADU([{"id": "tnc", "params": {"k": K}}], flat).measure(codes)[0]["trustworthiness"]), images


def _all_images() -> tuple[Callable[[], Any], Any]:
    from ae_models import datasets
    from ae_models.metrics.ranks import neighbourhoods, pixel_ranks
    from ae_models.recipes import every_core

    splits = datasets.load("mnist", "full")
    pixels = np.concatenate([splits.train.pixels, splits.heldout.pixels])
    points = np.random.default_rng(0).normal(size=(len(pixels), 2))
    return lambda: _trust(
        neighbourhoods(pixel_ranks(pixels), [points], K, seed=None, threads=every_core())[0]
    ), splits.heldout


SIDES = {"ours": _ours, "kept": _kept, "sklearn": _sklearn, "zadu": _zadu, "all-images": _all_images}


def _child(side: str) -> None:
    """Measure one side in this process and print one JSON object."""
    work, _ = SIDES[side]()
    before, start = _resident_mb(), time.perf_counter()
    value = work()
    seconds = time.perf_counter() - start
    sys.stdout.write(json.dumps({"seconds": seconds, "mb": _peak_mb() - before, "peak": _peak_mb(), "value": value}))


def _resident_mb() -> float:
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0.0
    return int(statm.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _peak_mb() -> float:
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _measured(side: str, timeout: float = 1800) -> dict[str, float]:
    command = [sys.executable, str(Path(__file__).resolve()), "--child", side]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise BenchmarkError(f"{side} did not end within {timeout / 60:.0f} minutes") from None
    if done.returncode:
        raise BenchmarkError(f"{side} ended with exit status {done.returncode}: {done.stderr.strip()[-300:]}")
    return dict(json.loads(done.stdout))


def _reference_difference() -> float:
    """Return the largest difference from plain sorting of exact distances, ties by row number, on 1,000 images."""
    from ae_models.metrics.ranks import neighbourhoods, pixel_ranks

    images, codes = _material()
    pixels, points = images.pixels[:1000].reshape(1000, -1).astype(np.int64), codes[:1000].astype(np.float64)
    squares = (pixels**2).sum(axis=1)
    real = squares[:, None] + squares[None] - 2 * pixels @ pixels.T
    seen = sum((column[:, None] - column[None]) ** 2 for column in points.T)
    ranks = []
    for table in (real, seen):
        table = table.astype(np.float64)
        np.fill_diagonal(table, -1)
        order = np.argsort(table, axis=1, kind="stable")
        ranks.append(np.argsort(order, axis=1, kind="stable"))
    scale = 2 / (1000 * K * (2 * 1000 - 3 * K - 1))
    trust = 1 - scale * float((np.maximum(ranks[0] - K, 0) * ((ranks[1] >= 1) & (ranks[1] <= K))).sum())
    return abs(trust - _trust(neighbourhoods(pixel_ranks(images.pixels[:1000]), [codes[:1000]], K, seed=None)[0]))


def measure(chosen: argparse.Namespace) -> None:
    """Measure and report."""
    sides: dict[str, list[dict[str, float]]] = {"ours": [], "sklearn": []}
    for pair in range(chosen.pairs):
        for side, found in sides.items():
            say(f"{side}, {pair + 1} of {chosen.pairs}")
            found.append(_measured(side))
    seconds = {side: statistics.median(one["seconds"] for one in found) for side, found in sides.items()}
    memory = {side: max(one["mb"] for one in found) for side, found in sides.items()}
    say("ours, the images' neighbours kept")
    kept = _measured("kept")
    figures: dict[str, Any] = {
        "speedup": seconds["sklearn"] / seconds["ours"],
        "speedup_kept": seconds["sklearn"] / kept["seconds"],
        "memory_ratio": memory["sklearn"] / memory["ours"] if memory["ours"] > 0 else None,
        "max_difference": max(abs(one["value"] - sides["sklearn"][0]["value"]) for one in sides["ours"]),
        "reference_difference": _reference_difference(),
        "seconds": seconds | {"kept": kept["seconds"]},
        "memory_mb": memory,
        "pairs": [[one["seconds"], other["seconds"]] for one, other in zip(*sides.values(), strict=True)],
    }
    rows = [
        Row("scikit-learn, trustworthiness alone", seconds["sklearn"], "s"),
        Row("ours, every neighbourhood metric", seconds["ours"], "s"),
        Row("times as fast", figures["speedup"], "x", 4.0, at_least=True),
        Row("times as fast, neighbours of the images kept", figures["speedup_kept"], "x", 4.0, at_least=True),
        Row("memory of scikit-learn", memory["sklearn"], "MB"),
        Row("memory of ours", memory["ours"], "MB"),
        Row("scikit-learn's memory by ours", figures["memory_ratio"], "x", 8.0, at_least=True),
        Row("difference to scikit-learn", figures["max_difference"], "", 1e-6),
        Row("difference to plain sorting, 1,000 images", figures["reference_difference"], "", 1e-12),
    ]
    if find_spec("zadu") and chosen.zadu_minutes > 0:
        rows += _beside_zadu(figures, seconds["ours"], 60 * chosen.zadu_minutes)
    else:
        rows.append(Row("ZADU, trustworthiness and continuity", None, "s", note="not installed or not asked for"))
    if chosen.all_images:
        say("70,000 images")
        found = _measured("all-images")
        figures["all_images"] = found
        rows.append(Row("70,000 images", found["seconds"], "s"))
        rows.append(Row("70,000 images, peak of the whole process", found["peak"], "MB", 2 * GIB_MB))
    notes = [
        machine(["numpy", "scikit-learn", "zadu"]),
        f"10,000 MNIST test images of 784 pixels, map of {RUN}, k = {K}; fresh processes in turn, {chosen.pairs} pairs",
        "ours computes six figures for every neighbourhood size and every image; scikit-learn one figure",
    ]
    report("Neighbourhood metrics", rows, notes, figures, chosen.json)


def _beside_zadu(figures: dict[str, Any], ours: float, limit: float) -> list[Row]:
    say("ZADU")
    try:
        found = _measured("zadu", limit)
    except BenchmarkError as error:
        return [Row("ZADU, trustworthiness and continuity", None, "s", note=str(error))]
    figures["zadu"] = found | {"ratio": found["seconds"] / ours}
    return [
        Row("ZADU, trustworthiness and continuity", found["seconds"], "s", note=f"{found['mb']:.0f} MB"),
        Row("ours is faster than ZADU", found["seconds"] / ours, "x"),
    ]


def main() -> None:
    """Read the options and measure."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    options.add_argument("--pairs", type=int, default=3, help="times that both take their turn")
    options.add_argument("--all-images", action="store_true", help="70,000 images too; needs the full MNIST")
    options.add_argument("--zadu-minutes", type=float, default=5.0, help="how long ZADU may take; 0 leaves it out")
    options.add_argument("--child", choices=SIDES, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.child:
        _child(chosen.child)
    else:
        run(lambda: measure(chosen))


if __name__ == "__main__":
    main()
