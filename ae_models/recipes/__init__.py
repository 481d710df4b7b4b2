"""The sentences: train this on that, fit that map, decode this point. Each composes rooms and knows no interface.

Values in, values out: progress is a callback, results are records. Heavy rooms are imported inside the functions.
"""

from __future__ import annotations

from ae_models.analysis.figures_in_words import reading, shown, ties
from ae_models.analysis.map_values import Moments, errors_of, noise_of, sheet_of, snapshots_of
from ae_models.base import every_core
from ae_models.recipes.baseline import pca_baseline, pca_baselines
from ae_models.recipes.card import Changes, card, changes, run_before
from ae_models.recipes.code_space import ARROWS, LINES, arrows_field, off_field, stretch_field, widened
from ae_models.recipes.comparing import compare, points_of_row
from ae_models.recipes.comparison import Comparison, Costs, Row, Scoring
from ae_models.recipes.comparison_report import metrics_json
from ae_models.recipes.drawing import picture_of_file
from ae_models.recipes.mapping import ProjectionRequest, first_maps, fit_map, fit_pca, name_of_map, project
from ae_models.recipes.measuring import Measured, measure, outline
from ae_models.recipes.preview import Preview
from ae_models.recipes.published import Verified
from ae_models.recipes.run_folder import epochs_of
from ae_models.recipes.train_request import TrainRequest, order_of, order_on
from ae_models.recipes.training import Destination, Diverged, Interrupted, Watch, resume, train
from ae_models.recipes.verifying import verify
from ae_models.recipes.walking import (
    Effects,
    decode_grid,
    decode_path,
    effects_of,
    grid_codes,
    nearest_pictures,
    new_codes,
    path_codes,
    stretch_over,
)
from ae_models.runs.scoring import seen_and_wanted
from ae_models.runs.serving import codes_of, decode_point, find_pca, find_run, heldout_of, stored_codes

__all__ = [
    "ARROWS",
    "LINES",
    "Changes",
    "Comparison",
    "Costs",
    "Destination",
    "Diverged",
    "Effects",
    "Interrupted",
    "Measured",
    "Moments",
    "Preview",
    "ProjectionRequest",
    "Row",
    "Scoring",
    "TrainRequest",
    "Verified",
    "Watch",
    "arrows_field",
    "card",
    "changes",
    "codes_of",
    "compare",
    "decode_grid",
    "decode_path",
    "decode_point",
    "effects_of",
    "epochs_of",
    "errors_of",
    "every_core",
    "find_pca",
    "find_run",
    "first_maps",
    "fit_map",
    "fit_pca",
    "grid_codes",
    "heldout_of",
    "measure",
    "metrics_json",
    "name_of_map",
    "nearest_pictures",
    "new_codes",
    "noise_of",
    "off_field",
    "order_of",
    "order_on",
    "outline",
    "path_codes",
    "pca_baseline",
    "pca_baselines",
    "picture_of_file",
    "points_of_row",
    "project",
    "reading",
    "resume",
    "run_before",
    "seen_and_wanted",
    "sheet_of",
    "shown",
    "snapshots_of",
    "stored_codes",
    "stretch_field",
    "stretch_over",
    "ties",
    "train",
    "verify",
    "widened",
]
