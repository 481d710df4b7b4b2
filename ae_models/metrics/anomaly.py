"""Does the error give away pictures of another kind? The area under the ROC curve."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray
from ae_models.base.squared_errors import squared_errors
from ae_models.metrics.checks import drawn_of
from ae_models.metrics.estimates import by_class
from ae_models.metrics.values import Material, Metric, NoValue, Value

ANOMALY_AUC = Metric(
    f"{__name__}:anomaly_auc",
    "Spots strangers (ROC AUC)",
    "are {pictures} of another kind drawn worse, so that the error gives them away?",
    group="anomaly",
    direction="higher",
    chance="0.5: an error that says nothing",
    unit="share",
    formula="probability that a strange {sample} has a larger squared error than one of these; a tie counts half",
    reference="Hanley & McNeil 1982; Sakurada & Yairi 2014",
    says="The error is larger for a stranger {percent} of the time; guessing: 50 %.",
    per_point=True,
    needs=("reconstructions", "other_errors"),
)


def anomaly_auc(material: Material) -> Value:
    """Return the area under the ROC curve of the squared error, images of another data set being the anomalies.

    It is the share of pairs (one of these, one stranger) in which the stranger has the larger error, a tie counting
    half; an image's own figure is that share among all strangers. The interval is DeLong's.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson 1988, "Comparing the areas under two or more correlated ROC curves".
    """
    here, others = squared_errors(material.images.images(), drawn_of(material)), material.other_errors
    if others is None or not len(others):
        raise NoValue(material.kind.say("there are no strange {samples}"))
    if not np.isfinite(others).all():
        raise NoValue(
            material.kind.say(
                "errors on {name} are not finite numbers",
                name=material.other_name or material.kind.say("the other {samples}"),
            )
        )
    shares, stranger_shares = share_above(here, others), 1 - share_above(others, here)
    value = float(shares.mean())
    deviation = float(np.sqrt(shares.var(ddof=1) / len(here) + stranger_shares.var(ddof=1) / len(others)))
    reach = 1.96 * deviation if len(others) > 1 else 1.0
    return Value(
        value=value,
        chance=0.5,
        n=len(here),
        of=material.kind.samples,
        interval=(max(value - reach, 0.0), min(value + reach, 1.0)),
        interval_how="95 %, DeLong et al. 1988",
        per_point=shares.astype(np.float32),
        by_class=by_class(shares, material),
        note=material.kind.say(
            "strangers: {n:,} {samples} of {name}", n=len(others), name=material.other_name or "another data set"
        ),
    )


def share_above(some: FloatArray, others: FloatArray) -> npt.NDArray[np.float64]:
    """Return for each of ``some`` the share of ``others`` that is larger, equal ones counting half.

    Its mean is the area under the ROC curve, ``some`` being errors on known images and ``others`` on strangers.
    """
    ordered = np.sort(others)
    below, up_to = np.searchsorted(ordered, some, "left"), np.searchsorted(ordered, some, "right")
    return np.asarray(1 - (below + up_to) / (2 * len(others)), np.float64)


def roc(here: FloatArray, others: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the ROC curve of the squared error: for every limit, from above all errors to below all of them.

    Parameters
    ----------
    here, others : (n,) and (m,) arrays
        Errors on images of the known kind, and on strangers.

    Returns
    -------
    false_alarms, caught : (points,) arrays
        The shares of known images and of strangers whose error is at least the limit; both rise from 0 to 1. Straight
        lines between the points have the area that ``anomaly_auc`` gives.

    Examples
    --------
    >>> roc(np.array([1.0, 3.0], "f"), np.array([2.0, 4.0], "f"))[1].tolist()
    [0.0, 0.5, 0.5, 1.0, 1.0]
    """
    limits = np.unique(np.concatenate([here, others]))[::-1]
    curves = [1 - np.searchsorted(np.sort(errors), limits, "left") / len(errors) for errors in (here, others)]
    false_alarms, caught = (np.concatenate([[0.0], curve]).astype(np.float32) for curve in curves)
    return false_alarms, caught
