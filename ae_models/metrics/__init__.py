"""One number a file: what a map or a model keeps of its images, with range, direction, chance level and reference.

Plain NumPy arrays in, plain numbers out: no model, no page, no run folder. Heavy packages are imported where they
compute.
"""

from __future__ import annotations

from ae_models.base.registry import Registry
from ae_models.kinds import IMAGE, Kind
from ae_models.metrics.anomaly import ANOMALY_AUC
from ae_models.metrics.continuity import CONTINUITY
from ae_models.metrics.coranking import Q_LOCAL, R_NX, R_NX_AUC
from ae_models.metrics.explained_variance import EXPLAINED_VARIANCE
from ae_models.metrics.knn_accuracy import KNN_1, KNN_5
from ae_models.metrics.linear_probe import LINEAR_PROBE
from ae_models.metrics.measuring import ask
from ae_models.metrics.principal_angles import PRINCIPAL_ANGLE
from ae_models.metrics.r_squared import R_SQUARED
from ae_models.metrics.recall import NEIGHBOUR_RECALL
from ae_models.metrics.reconstruction import MSE, PSNR, SSE
from ae_models.metrics.silhouette import SILHOUETTE
from ae_models.metrics.spearman import SPEARMAN
from ae_models.metrics.ssim import SSIM
from ae_models.metrics.stress import STRESS
from ae_models.metrics.triplets import TRIPLETS
from ae_models.metrics.trustworthiness import TRUSTWORTHINESS
from ae_models.metrics.values import Direction, Group, Material, Metric, NoValue, Value

METRICS = Registry(
    "metric",
    [
        ("sse", SSE),
        ("mse", MSE),
        ("psnr", PSNR),
        ("ssim", SSIM),
        ("r_squared", R_SQUARED),
        ("trustworthiness", TRUSTWORTHINESS),
        ("continuity", CONTINUITY),
        ("neighbour_recall", NEIGHBOUR_RECALL),
        ("q_local", Q_LOCAL),
        ("r_nx", R_NX),
        ("r_nx_auc", R_NX_AUC),
        ("spearman", SPEARMAN),
        ("stress", STRESS),
        ("triplets", TRIPLETS),
        ("knn_1", KNN_1),
        ("knn_5", KNN_5),
        ("linear_probe", LINEAR_PROBE),
        ("silhouette", SILHOUETTE),
        ("anomaly_auc", ANOMALY_AUC),
        ("explained_variance", EXPLAINED_VARIANCE),
        ("principal_angle", PRINCIPAL_ANGLE),
    ],
)


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
