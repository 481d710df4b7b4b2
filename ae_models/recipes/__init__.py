"""The sentences: train this on that, fit that map, decode this point. Each composes rooms and knows no interface.

Values in, values out: progress is a callback, results are records. Heavy rooms are imported inside the functions.
"""

from __future__ import annotations

from ae_models.recipes.card import card
from ae_models.recipes.changes import Changes, changes, run_before
from ae_models.recipes.mapping import find_pca, fit_pca, project
from ae_models.recipes.order import TrainOrder
from ae_models.recipes.scoring import seen_and_wanted
from ae_models.recipes.serving import codes_of, decode_point, find_run, heldout_of, stored_codes
from ae_models.recipes.training import Interrupted, resume, train
from ae_models.recipes.viewing import Moments, errors_of, noise_of, sheet_of, snapshots_of

__all__ = [
    "Changes",
    "Interrupted",
    "Moments",
    "TrainOrder",
    "card",
    "changes",
    "codes_of",
    "decode_point",
    "errors_of",
    "find_pca",
    "find_run",
    "fit_pca",
    "heldout_of",
    "noise_of",
    "project",
    "resume",
    "run_before",
    "seen_and_wanted",
    "sheet_of",
    "snapshots_of",
    "stored_codes",
    "train",
]
