"""A worker beside its jobs: it steps back, gets ready before the first one, keeps the map that it fitted last."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from ae_models.base import FloatArray
from ae_models.jobs import work

FITTING = threading.Lock()
"""Held while a map is fitted: two fits in one process can end it (umap#665)."""

_log = logging.getLogger(__name__)


def dask_setup(_worker: Any) -> None:
    """Give this worker a low priority."""
    step_back()


def step_back() -> None:
    """Give this process a low priority."""
    import psutil

    if os.name == "nt":
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(10)


def begin(stage: str, topic: str, dask_worker: Any) -> None:
    """Begin to get this worker ready, in a thread, and say so under ``topic`` when it is; run on a worker.

    ``training`` takes some seconds, ``maps`` nearly a minute of one core. A job that comes meanwhile does not wait for
    the second, unless it fits a map itself.
    """

    def run() -> None:
        try:
            STAGES[stage]()
        except Exception:  # noqa: BLE001 - the worker can do without
            _log.exception("getting ready for %s failed", stage)
        ready = {"job": "", "kind": "warm", "stage": stage, "worker": dask_worker.address}
        dask_worker.log_event(topic, ready)

    threading.Thread(target=run, daemon=True, name=f"warm-{stage}").start()


def _training() -> None:
    """Import what trains; train and export a tiny network."""
    from ae_models import datasets
    from ae_models.recipes import TrainRequest, outline

    request = TrainRequest.of(
        "dense", "digits", settings={"widths": "8", "epochs": 1, "threads": 1, "snapshots": False}
    )
    splits = datasets.load("digits")
    # Random numbers and thread counts belong to the process; so do imports: a job that runs beside ``import torch``
    # finds half of it there ("operator prims::lt does not exist").
    with work.ONE_AT_A_TIME:
        from ae_models.training.export import export
        from ae_models.training.fit import fit

        outline(request)
        fitted = fit(request.design, request.training, splits.train, splits.heldout)
        export(fitted.model)


def _maps() -> None:
    """Import umap and have it compile what fits and places more images than it compares one by one."""
    from ae_models.projections.umap import UMAP, UMAPConfig

    with work.ONE_AT_A_TIME:  # whole before a fit runs beside it: scikit-learn looks for torch among what is imported
        import ae_models.training.fit  # noqa: F401

    rows = np.random.default_rng(0).random((4_200, 8), dtype=np.float32)
    with FITTING:
        UMAP(UMAPConfig(), epochs=11).fit(rows[:300])
        UMAP(UMAPConfig(), epochs=11).fit(rows, lambda share, line: None).transform(rows[:20])


STAGES: dict[str, Callable[[], None]] = {"training": _training, "maps": _maps}

_resident: dict[str, Any] = {}  # at most one: a map keeps its training images, 0.2 GB of 60,000


def keep_map(name: str, fitted: Any) -> None:
    """Keep the fitted map ``name`` in this process, in place of any other."""
    _resident.clear()
    _resident[name] = fitted


def drop_map() -> None:
    """Free the memory before another map is fitted."""
    _resident.clear()


def place(name: str, rows: FloatArray) -> FloatArray | None:
    """Return where the map ``name`` puts flat images ``(n, n_pixels)``: points ``(n, dim)``; run on a worker.

    None where this process does not have the map, or fits another.
    """
    fitted = _resident.get(name)
    if fitted is None or not FITTING.acquire(blocking=False):
        return None
    try:
        points: FloatArray = fitted.transform(rows)
        return points
    finally:
        FITTING.release()
