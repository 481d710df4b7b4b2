"""What the lesson about strangers keeps: errors on the known and on strangers, of the model, PCA and the mean image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ae_models import datasets
from ae_models.analysis.out_of_distribution import errors_of_graphs, errors_of_straight, foreign_images
from ae_models.base import FloatArray
from ae_models.metrics.anomaly import share_above
from ae_models.runs import Graphs, RunRecord, RunStore
from ae_models.ui.cache import cached
from ae_models.ui.lessons.caches import lessons as kept
from ae_models.ui.shared import comparing
from ae_models.ui.shared.run_data import graphs_of, rows


@dataclass(frozen=True, eq=False)
class Meeting:
    """Images of the known kind and strangers, ``(n, c, h, w)``, and errors ``(n,)`` by who makes them."""

    known: FloatArray  # one a class
    images: FloatArray
    own: Mapping[str, FloatArray]
    strangers: Mapping[str, FloatArray]
    auc: Mapping[str, float]
    graphs: Graphs

    def limit(self, false_alarms: float) -> float:
        """Return the error that so many per cent of the known images exceed under the autoencoder."""
        return float(np.quantile(self.own["Autoencoder"], 1 - false_alarms / 100))

    def caught(self, false_alarms: float) -> float:
        """Return the share of strangers above that limit."""
        return float(np.mean(self.strangers["Autoencoder"] > self.limit(false_alarms)))

    def error_of(self, image: FloatArray) -> float:
        """Return the autoencoder's error on one image ``(c, h, w)``."""
        return float(errors_of_graphs(self.graphs, image[None])[0])


def meeting(dataset: str, size: int, kind: str, other: str) -> Meeting:
    """Return a data set's shipped model of so many numbers, meeting strangers of a kind."""
    return _meeting(*kept.rung(kept.shipped_ladder(dataset), size), kind, other)


@cached(seen=lambda store, record, kind, other: datasets.stamp(other))
def _meeting(store: RunStore, record: RunRecord, kind: str, other: str) -> Meeting:
    images, graphs, straight = kept.heldout_of(record), graphs_of(store, record), kept.straight(record)
    others = rows(other, record.dataset.variant, "heldout") if kind == "other" else None
    foreign = foreign_images(kind, images, others)
    known = images.images(kept.in_order(images, kept.one_of_each(images)))
    by_size = comparing.straight_errors(record)
    own = {"Autoencoder": comparing.errors(store, record)}
    strangers = {"Autoencoder": errors_of_graphs(graphs, foreign)}
    for name, k in (("PCA", record.latent_dim), ("mean image", 0)):
        strangers[name] = errors_of_straight(straight, k, foreign)
        own[name] = (
            errors_of_straight(straight, k, images.images()) if by_size is None else np.ascontiguousarray(by_size[:, k])
        )
    auc = {name: float(share_above(own[name], strangers[name]).mean()) for name in own}
    return Meeting(known, foreign, own, strangers, auc, graphs)
