"""Can the class be told from the nearest neighbours on the map? By scikit-learn."""

from __future__ import annotations

from ae_models.base import FloatArray, IntArray
from ae_models.metrics.halves import Guess, accuracy
from ae_models.metrics.values import Material, Metric, Value

KNN_1 = Metric(
    f"{__name__}:knn_1",
    "1-NN accuracy",
    "can the class be told from the nearest neighbour on the map?",
    group="labels",
    direction="higher",
    chance="measured: the same map with its rows shuffled",
    unit="share",
    formula="share of test codes whose nearest train code has their class; half train, half test",
    reference="Sainburg, McInnes & Gentner 2021",
    says="The nearest neighbour has the right class {percent} of the time; on a shuffled map {chance}.",
    per_point=True,
    needs=("points", "labels"),
)

KNN_5 = Metric(
    f"{__name__}:knn_5",
    "5-NN accuracy",
    "can the class be told by a vote of the five nearest neighbours on the map?",
    group="labels",
    direction="higher",
    chance="measured: the same map with its rows shuffled",
    unit="share",
    formula="share of test codes whose class wins among their 5 nearest train codes; half train, half test",
    reference="Sainburg, McInnes & Gentner 2021",
    says="A vote of five neighbours finds the right class {percent} of the time; on a shuffled map {chance}.",
    per_point=True,
    needs=("points", "labels"),
)


def knn_1(material: Material) -> Value:
    """Return the accuracy of the nearest neighbour."""
    return accuracy(material, _neighbours(1), 1)


def knn_5(material: Material) -> Value:
    """Return the accuracy of a vote of the five nearest neighbours; the lowest class number wins an equal vote."""
    return accuracy(material, _neighbours(5), 5)


def _neighbours(k: int) -> Guess:
    def guess(codes: FloatArray, labels: IntArray, others: FloatArray) -> IntArray:
        from sklearn.neighbors import KNeighborsClassifier

        told: IntArray = KNeighborsClassifier(k).fit(codes, labels).predict(others)
        return told

    return guess
