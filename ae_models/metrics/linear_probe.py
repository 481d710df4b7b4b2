"""Can the class be told from the code by straight cuts? By scikit-learn."""

from __future__ import annotations

import warnings

from ae_models.base import FloatArray, IntArray
from ae_models.metrics.halves import accuracy
from ae_models.metrics.values import Material, Metric, Value

LINEAR_PROBE = Metric(
    f"{__name__}:linear_probe",
    "Linear probe",
    "can the class be told from the code by straight cuts?",
    group="labels",
    direction="higher",
    chance="measured: the same map with its rows shuffled",
    unit="share",
    formula="test accuracy of multinomial logistic regression on standardised codes; half train, half test",
    reference="Alain & Bengio 2017",
    says="Straight cuts find the right class {percent} of the time; on a shuffled map {chance}.",
    per_point=True,
    needs=("points", "labels"),
)


CHANCE_FIT = 1_000


def linear_probe(material: Material) -> Value:
    """Return the accuracy of multinomial logistic regression on standardised codes (L2 with C = 1).

    Moving and scaling single numbers of the code change nothing; bending the code does.
    """
    return accuracy(material, _guess, 2, chance_fit=CHANCE_FIT)


def _guess(codes: FloatArray, labels: IntArray, others: FloatArray) -> IntArray:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "did not converge": the answer is told by its score on other images
        told: IntArray = (
            make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(codes, labels).predict(others)
        )
    return told
