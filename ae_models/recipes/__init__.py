"""The sentences: train this on that, fit that map, decode this point. Each composes rooms and knows no interface.

Values in, values out: progress is a callback, results are records. Heavy rooms are imported inside the functions.
"""

from __future__ import annotations

from ae_models.recipes.again import order_on, train_on
from ae_models.recipes.card import card
from ae_models.recipes.changes import Changes, changes, run_before
from ae_models.recipes.floor import linear_floor, linear_floors
from ae_models.recipes.folder import epochs_of
from ae_models.recipes.mapping import find_pca, fit_pca, project
from ae_models.recipes.measuring import Measured, measure, outline
from ae_models.recipes.order import TrainOrder, order_of
from ae_models.recipes.scoring import seen_and_wanted
from ae_models.recipes.serving import codes_of, decode_point, find_run, heldout_of, stored_codes
from ae_models.recipes.training import Diverged, Interrupted, Watch, resume, train
from ae_models.recipes.viewing import Moments, errors_of, noise_of, sheet_of, snapshots_of

__all__ = [
    "Changes",
    "Diverged",
    "Interrupted",
    "Measured",
    "Moments",
    "TrainOrder",
    "Watch",
    "card",
    "changes",
    "codes_of",
    "decode_point",
    "epochs_of",
    "errors_of",
    "find_pca",
    "find_run",
    "fit_pca",
    "heldout_of",
    "linear_floor",
    "linear_floors",
    "measure",
    "noise_of",
    "order_of",
    "order_on",
    "outline",
    "project",
    "resume",
    "run_before",
    "seen_and_wanted",
    "sheet_of",
    "snapshots_of",
    "stored_codes",
    "train",
    "train_on",
]
