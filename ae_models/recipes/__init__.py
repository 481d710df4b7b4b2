"""The sentences: train this on that, fit that map, decode this point. Each composes rooms and knows no interface.

Values in, values out: progress is a callback, results are records. Heavy rooms are imported inside the functions.
"""

from __future__ import annotations

from ae_models.recipes.mapping import find_pca, fit_pca, project
from ae_models.recipes.order import TrainOrder
from ae_models.recipes.scoring import seen_and_wanted
from ae_models.recipes.serving import codes_of, decode_point, find_run, heldout_of, stored_codes
from ae_models.recipes.training import Interrupted, resume, train

__all__ = [
    "Interrupted",
    "TrainOrder",
    "codes_of",
    "decode_point",
    "find_pca",
    "find_run",
    "fit_pca",
    "heldout_of",
    "project",
    "resume",
    "seen_and_wanted",
    "stored_codes",
    "train",
]
