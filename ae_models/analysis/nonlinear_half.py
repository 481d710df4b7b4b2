"""Where the bends of a network sit, and how far below or above PCA that takes it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ae_models.analysis.families import Run, seed_families
from ae_models.base import FloatArray, UserError
from ae_models.runs import RunRecord, RunStore

KINDS = {
    "none": "no bend anywhere",
    "encoder": "bent encoder, linear decoder",
    "decoder": "linear encoder, bent decoder",
    "both": "both bent",
}


@dataclass(frozen=True, eq=False)
class Bent:
    """A run of one kind, with its held-out SSE after each epoch ``(epochs,)`` (empty where none was kept).

    ``seeds`` are the held-out SSEs of all runs that differ from it in their seed only, its own among them.
    """

    kind: str  # of KINDS
    record: RunRecord
    history: FloatArray
    seeds: tuple[float, ...]

    @property
    def shown(self) -> str:
        """Its held-out SSE in words, or the range over its seeds."""
        if len(self.seeds) < 2:
            return f"{self.record.test.sse:.2f}"
        return f"{min(self.seeds):.2f} to {max(self.seeds):.2f} over {len(self.seeds)} seeds"


def bend_of(record: RunRecord) -> str | None:
    """Return which half of a run is bent, a name of ``KINDS``; None for PCA and for what is not comparable with it.

    Not comparable are runs on corrupted input, with a penalty (a variational one has its own), or with an output that
    a sigmoid bends.
    """
    config = record.model.config
    if record.model.name in ("pca", "variational") or record.corruption.name != "none" or record.penalty.name != "none":
        return None
    if record.model.name == "linear":
        return "none" if config.get("output", "linear") == "linear" else None
    hidden = config.get("hidden", "both")
    return hidden if hidden in KINDS else "both"


def bent_runs(runs: Iterable[Run], dataset: str, k: int) -> tuple[Bent, ...]:
    """Return a run of ``k`` numbers of each kind, all on the same rows; those of most kinds first.

    Of several of a kind the one with the lowest seed is taken, then the newest: never the one that scores best.

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
        newest = sorted(alike or several, key=lambda run: run[1].created, reverse=True)
        chosen[kind] = min(newest, key=lambda run: run[1].seed)
    return tuple(
        Bent(kind, chosen[kind][1], _history(*chosen[kind]), _over_seeds(chosen[kind], kinds[kind]))
        for kind in KINDS
        if kind in chosen
    )


def _over_seeds(run: Run, several: Iterable[Run]) -> tuple[float, ...]:
    for family in seed_families(several):
        if any(record.id == run[1].id for _, record in family):
            return tuple(record.test.sse for _, record in family)
    return (run[1].test.sse,)


def _widths(record: RunRecord) -> object:
    return record.model.config.get("widths")


def _history(store: RunStore, record: RunRecord) -> FloatArray:
    if "history.json" not in record.files:
        return np.zeros(0, np.float32)
    try:
        rows = json.loads(store.file(record, "history.json"))
        return np.array([float(row["heldout_sse"]) for row in rows], np.float32)
    except (ValueError, KeyError, TypeError, UserError):
        return np.zeros(0, np.float32)
