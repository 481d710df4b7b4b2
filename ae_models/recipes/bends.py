"""Where the bends of a network sit, and how far below or above PCA that takes it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ae_models.base import FloatArray, Mistake
from ae_models.recipes.families import Run
from ae_models.runs import RunRecord, RunStore

KINDS = {
    "none": "no bend anywhere",
    "encoder": "bent encoder, linear decoder",
    "decoder": "linear encoder, bent decoder",
    "both": "both bent",
}


@dataclass(frozen=True, eq=False)
class Bent:
    """The best run of one kind, with its held-out SSE after each epoch ``(epochs,)`` (empty where none was kept)."""

    kind: str  # of KINDS
    record: RunRecord
    history: FloatArray


def bend_of(record: RunRecord) -> str | None:
    """Return which half of a run is bent, a name of ``KINDS``; None for PCA and for what is not comparable with it.

    Not comparable are runs on corrupted input, with a penalty, or with an output that a sigmoid bends.
    """
    config = record.model.config
    if record.model.name == "pca" or record.corruption.name != "none" or record.penalty.name != "none":
        return None
    if record.model.name == "linear":
        return "none" if config.get("output", "linear") == "linear" else None
    hidden = config.get("hidden", "both")
    return hidden if hidden in KINDS else "both"


def bent_runs(runs: Iterable[Run], dataset: str, k: int) -> tuple[Bent, ...]:
    """Return the runs of ``k`` numbers, the best of each kind, all on the same rows; those of most kinds first.

    Where runs were fitted on different rows (all training images, or those that ship), the rows on which most kinds
    exist are taken. Of networks bent in both halves those come first whose layers are as wide as the half-bent ones'.
    """
    by_rows: dict[tuple[str, str], dict[str, list[Run]]] = {}
    for store, record in runs:
        kind = bend_of(record)
        if kind is None or record.dataset.name != dataset or record.latent_dim != k:
            continue
        rows = (record.dataset.fitted_on.digest, record.dataset.scored_on.digest)
        by_rows.setdefault(rows, {}).setdefault(kind, []).append((store, record))
    if not by_rows:
        return ()
    kinds = max(by_rows.values(), key=len)
    widths = [_widths(run[1]) for kind in ("encoder", "decoder") for run in kinds.get(kind, ())]
    chosen = {}
    for kind, several in kinds.items():
        alike = [run for run in several if kind != "both" or _widths(run[1]) in widths]
        chosen[kind] = min(alike or several, key=lambda run: run[1].test.sse)
    return tuple(Bent(kind, chosen[kind][1], _history(*chosen[kind])) for kind in KINDS if kind in chosen)


def _widths(record: RunRecord) -> object:
    return record.model.config.get("widths")


def _history(store: RunStore, record: RunRecord) -> FloatArray:
    if "history.json" not in record.files:
        return np.zeros(0, np.float32)
    try:
        rows = json.loads(store.file(record, "history.json"))
        return np.array([float(row["heldout_sse"]) for row in rows], np.float32)
    except (ValueError, KeyError, TypeError, Mistake):
        return np.zeros(0, np.float32)
