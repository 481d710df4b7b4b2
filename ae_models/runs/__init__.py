"""Run folders: the only reader and writer of them, and ONNX Runtime serving. No torch, no page.

A run is a folder whose ``run.json``, written last, names every other file with its size and sha256.
"""

from __future__ import annotations

from ae_models.runs.graphs import Graphs, InMemory, linear_graphs
from ae_models.runs.managing import Deleted, amend, delete, deleted, restore
from ae_models.runs.packing import MOST_ZIP_BYTES, pack, unpack
from ae_models.runs.record import ID_PATTERN, ModelRecord, Parent, RunRecord, Stop, new_id
from ae_models.runs.store import Damaged, RunStore, Unfinished, own_runs, pca_runs, shipped_runs, unfinished_runs

__all__ = [
    "ID_PATTERN",
    "MOST_ZIP_BYTES",
    "Damaged",
    "Deleted",
    "Graphs",
    "InMemory",
    "ModelRecord",
    "Parent",
    "RunRecord",
    "RunStore",
    "Stop",
    "Unfinished",
    "amend",
    "delete",
    "deleted",
    "linear_graphs",
    "new_id",
    "own_runs",
    "pack",
    "pca_runs",
    "restore",
    "shipped_runs",
    "unfinished_runs",
    "unpack",
]
