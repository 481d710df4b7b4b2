"""Run folders: the only reader and writer of them, and ONNX Runtime serving. No torch, no page.

A run is a folder whose ``run.json``, written last, names every other file with its size and sha256.
"""

from __future__ import annotations

from ae_models.runs.graph_checks import FIRST_SECONDS, MOST_NODES, check_graph, check_pair, check_speed
from ae_models.runs.graph_file import check_parts, check_stands_alone, tensors_of
from ae_models.runs.graphs import IMPORTED_BATCH, Graphs, InMemory, batch_of, linear_graphs, session_of
from ae_models.runs.managing import amend, delete, deleted, new_recovery_secret, owner_of, restore, take_over
from ae_models.runs.packing import MOST_ZIP_BYTES, pack, unpack
from ae_models.runs.record import FILES, ID_PATTERN, MOST_ID, PRIVATE, ModelRecord, Parent, RunRecord, Stop, new_id
from ae_models.runs.store import Damaged, RunStore, Unfinished, own_runs, pca_runs, shipped_runs, unfinished_runs
from ae_models.runs.time_limit import SERVING_SECONDS, run_within

__all__ = [
    "FILES",
    "FIRST_SECONDS",
    "ID_PATTERN",
    "IMPORTED_BATCH",
    "MOST_ID",
    "MOST_NODES",
    "MOST_ZIP_BYTES",
    "PRIVATE",
    "SERVING_SECONDS",
    "Damaged",
    "Graphs",
    "InMemory",
    "ModelRecord",
    "Parent",
    "RunRecord",
    "RunStore",
    "Stop",
    "Unfinished",
    "amend",
    "batch_of",
    "check_graph",
    "check_pair",
    "check_parts",
    "check_speed",
    "check_stands_alone",
    "delete",
    "deleted",
    "linear_graphs",
    "new_id",
    "new_recovery_secret",
    "own_runs",
    "owner_of",
    "pack",
    "pca_runs",
    "restore",
    "run_within",
    "session_of",
    "shipped_runs",
    "take_over",
    "tensors_of",
    "unfinished_runs",
    "unpack",
]
