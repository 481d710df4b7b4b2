"""One number a file: what a map or a model keeps of its images, with range, direction, chance level and reference.

Plain NumPy arrays in, plain numbers out: no model, no page, no run folder. Heavy packages are imported where they
compute.
"""

from __future__ import annotations

from importlib import import_module

from ae_models.base.registry import Registry
from ae_models.kinds import IMAGE, Kind
from ae_models.metrics.measuring import ask
from ae_models.metrics.values import Direction, Group, Material, Metric, NoValue, Value

_TABLE = {  # name: "module:METRIC"
    "sse": "reconstruction:SSE",
    "mse": "reconstruction:MSE",
    "psnr": "reconstruction:PSNR",
    "ssim": "ssim:SSIM",
    "r_squared": "r_squared:R_SQUARED",
    "trustworthiness": "trustworthiness:TRUSTWORTHINESS",
    "continuity": "continuity:CONTINUITY",
    "neighbour_recall": "recall:NEIGHBOUR_RECALL",
    "q_local": "coranking:Q_LOCAL",
    "r_nx": "coranking:R_NX",
    "r_nx_auc": "coranking:R_NX_AUC",
    "spearman": "spearman:SPEARMAN",
    "stress": "stress:STRESS",
    "triplets": "triplets:TRIPLETS",
    "knn_1": "knn_accuracy:KNN_1",
    "knn_5": "knn_accuracy:KNN_5",
    "linear_probe": "linear_probe:LINEAR_PROBE",
    "silhouette": "silhouette:SILHOUETTE",
    "anomaly_auc": "anomaly:ANOMALY_AUC",
    "explained_variance": "explained_variance:EXPLAINED_VARIANCE",
    "principal_angle": "principal_angles:PRINCIPAL_ANGLE",
}


def _entry(target: str) -> Metric:
    module, _, name = target.partition(":")
    entry: Metric = getattr(import_module(f"{__name__}.{module}"), name)
    return entry


METRICS = Registry("metric", {name: _entry(target) for name, target in _TABLE.items()})


def metric(name: str, kind: Kind = IMAGE) -> Metric:
    """Return the entry of one metric in the nouns of a kind; an unknown name raises ``UserError`` with the choices."""
    entry = METRICS.entry(name)
    assert isinstance(entry, Metric)  # the table holds nothing else
    return entry.of(kind)


def measure(name: str, material: Material) -> Value:
    """Return what a metric says of a method; where it has no value, ``why`` says so in one line.

    Never raises for bad input: too few points, constant points, NaN, one class, no labels.
    """
    return ask(metric(name), material)


__all__ = ["METRICS", "Direction", "Group", "Material", "Metric", "NoValue", "Value", "measure", "metric"]
