"""Data-specific: a model meets pictures of another kind, and its error gives them away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ae_models import datasets
from ae_models.analysis.out_of_distribution import KINDS, errors_of_graphs, errors_of_straight, foreign_images
from ae_models.base import FloatArray
from ae_models.base.squared_errors import squared_errors
from ae_models.figures.out_of_distribution import error_distributions, roc_curves
from ae_models.kinds.glossary import tip
from ae_models.metrics.anomaly import roc, share_above
from ae_models.runs import Graphs, RunRecord, RunStore
from ae_models.ui import state
from ae_models.ui.cache import cached
from ae_models.ui.lessons import material as kept
from ae_models.ui.lessons.stage import Control, Facts, Stage
from ae_models.ui.shared import comparing
from ae_models.ui.shared.figure_words import count
from ae_models.ui.shared.run_data import graphs_of, heldout_of, rows

DATA = ("mnist", "fashion-mnist")
OTHER = {"mnist": "fashion-mnist", "fashion-mnist": "mnist"}
ASKED = 2  # numbers, in the question
CAUGHT_AT = 5  # per cent of false alarms
SHOWN = 5


def controls(dataset: str) -> tuple[Control, ...]:
    """Return what may be changed: who comes, and the size of the code."""
    sizes = tuple(record.latent_dim for _, record in kept.shipped_ladder(dataset))
    names = {**KINDS, "other": datasets.source(OTHER[dataset]).title}
    return (
        Control("strangers", "Strangers", tuple(KINDS), "other", names.__getitem__),
        Control("size", "Numbers in the code", sizes, ASKED, tip=tip("code")),
    )


def facts(dataset: str, chosen: Mapping[str, Any]) -> Facts:
    """Return errors at home and abroad, and how well they tell strangers."""
    kind, size = str(chosen["strangers"]), int(chosen["size"])
    asked, here = meeting(dataset, ASKED, "other", OTHER[dataset]), meeting(dataset, size, kind, OTHER[dataset])
    record = kept.rung(kept.shipped_ladder(dataset), size)[1]
    back = _at_home(OTHER[dataset], size)
    seen = _drawing(record)
    return Facts(
        values={
            "own": datasets.source(dataset).title,
            "other": datasets.source(OTHER[dataset]).title,
            "noun": datasets.source(dataset).noun,
            "other_noun": datasets.source(OTHER[dataset]).noun,
            "asked": ASKED,
            "auc_asked": 100 * asked.auc["Autoencoder"],
            "own_asked": float(asked.own["Autoencoder"].mean(dtype=np.float64)),
            "other_asked": float(asked.strangers["Autoencoder"].mean(dtype=np.float64)),
            "kind": _who(dataset, kind),
            "sizes": count(size),
            "own_sse": float(here.own["Autoencoder"].mean(dtype=np.float64)),
            "stranger_sse": float(here.strangers["Autoencoder"].mean(dtype=np.float64)),
            "auc": 100 * here.auc["Autoencoder"],
            "auc_pca": 100 * here.auc["PCA"],
            "auc_mean": 100 * here.auc["mean image"],
            "limit": here.limit(CAUGHT_AT),
            "false": CAUGHT_AT,
            "caught": 100 * here.caught(CAUGHT_AT),
            "n_own": len(here.own["PCA"]),
            "n_strangers": len(here.strangers["PCA"]),
            "ae_there": asked_there(dataset, size),
            "ae_home": back[0],
            "pca_there": float(meeting(dataset, size, "other", OTHER[dataset]).strangers["PCA"].mean(dtype=np.float64)),
            "pca_home": back[1],
            **_about_drawing(here, seen),
        },
        right=round(100 * asked.auc["Autoencoder"]),
        run=record.id,
        train={"data": dataset, "model": record.model.name, "code": str(size)},
        notes=f"{len(here.own['PCA']):,} held-out images against {len(here.strangers['PCA']):,} strangers. Model and "
        f"PCA were fitted on the same {record.dataset.fitted_on.n:,} images of {datasets.source(dataset).title}.",
    )


def asked_there(dataset: str, size: int) -> float:
    """Return the error of a data set's model on the other data set's images."""
    errors = meeting(dataset, size, "other", OTHER[dataset]).strangers["Autoencoder"]
    return float(errors.mean(dtype=np.float64))


def _at_home(dataset: str, size: int) -> tuple[float, float]:
    """Return the errors on a data set of the autoencoder and of PCA that learned it."""
    errors = meeting(dataset, size, "other", OTHER[dataset]).own
    return tuple(float(errors[name].mean(dtype=np.float64)) for name in ("Autoencoder", "PCA"))  # type: ignore[return-value]


def _who(dataset: str, kind: str) -> str:
    return datasets.source(OTHER[dataset]).title if kind == "other" else KINDS[kind]


def _drawing(record: RunRecord) -> FloatArray | None:
    """Return what the visitor drew on the page Draw, where this model can read it."""
    drawn = state.drawing()
    return drawn if drawn is not None and drawn.shape == record.input_shape else None


def _about_drawing(here: Meeting, drawing: FloatArray | None) -> dict[str, float | str]:
    if drawing is None:
        return {"mine": "You have not drawn anything yet."}
    error = here.error_of(drawing)
    share = 100 * float(np.mean(here.own["Autoencoder"] < error))
    stranger = "a stranger" if error > here.limit(CAUGHT_AT) else "one of its own"
    return {"mine": f"Your drawing has an error of {error:.1f}, more than {share:.0f} % of them: {stranger}."}


def opening(stage: Stage) -> None:
    """Draw who comes."""
    here = meeting(stage.dataset, ASKED, "other", OTHER[stage.dataset])
    stage.strip([here.known[:SHOWN], here.images[:SHOWN]])


def render(stage: Stage) -> None:
    """Draw what the model makes of them, the errors, the ROC curve, and who knows what."""
    here = meeting(stage.dataset, int(stage["size"]), str(stage["strangers"]), OTHER[stage.dataset])
    _pictures(stage, here)
    left, right = st.columns(2)
    with left:
        _errors(stage, here)
    with right:
        _roc(stage, here)
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch", key="panel-strangers-pca"):
        stage.say("pca")
    with right, st.container(border=True, height="stretch", key="panel-strangers-drawing"):
        stage.say("drawing")
        if not stage.present and st.button("Draw something", key="lesson-strangers-draw", icon=":material/draw:"):
            view = state.open_model(stage.dataset, stage.facts.run)
            st.switch_page("draw/page.py", query_params=view.address())


def _pictures(stage: Stage, here: Meeting) -> None:
    store, record = kept.rung(kept.shipped_ladder(stage.dataset), int(stage["size"]))
    mine = _drawing(record)
    images = np.concatenate([here.known[:SHOWN], here.images[:SHOWN], *([] if mine is None else [mine[None]])])
    drawn = graphs_of(store, record).reconstruct(images)
    errors = squared_errors(images, drawn)
    figure = stage.grid({"it sees": images, "it draws": drawn}, {"it draws": errors}, side=96, group=SHOWN, decimals=1)
    who = ["own"] * SHOWN + ["stranger"] * SHOWN + ["drawing"] * (len(images) - 2 * SHOWN)
    stage.figure("pictures", figure, pd.DataFrame({"picture": who, "error, SSE": errors}))


def _errors(stage: Stage, here: Meeting) -> None:
    own, strangers = datasets.source(stage.dataset).title, _who(stage.dataset, str(stage["strangers"]))
    errors = {own: here.own["Autoencoder"], strangers: here.strangers["Autoencoder"]}
    table = pd.DataFrame(
        {
            "who": list(errors),
            "mean error, SSE": [float(values.mean(dtype=np.float64)) for values in errors.values()],
            "median": [float(np.median(values)) for values in errors.values()],
            "95 % are below": [float(np.quantile(values, 0.95)) for values in errors.values()],
        }
    )
    stage.figure("errors", error_distributions(errors, here.limit(CAUGHT_AT), dark=stage.dark), table)


def _roc(stage: Stage, here: Meeting) -> None:
    curves = {name: roc(here.own[name], here.strangers[name]) for name in here.own}
    table = pd.DataFrame({"error of": list(here.auc), "AUC, %": [100 * value for value in here.auc.values()]})
    stage.figure("roc", roc_curves(curves, dark=stage.dark), table)


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
    images, graphs, straight = heldout_of(record), graphs_of(store, record), kept.straight(record)
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
