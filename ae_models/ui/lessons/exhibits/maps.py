"""Reading maps honestly: data whose structure is known, mapped with other settings; and who wins by which metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from ae_models.analysis.default_contestants import lineup
from ae_models.base import FloatArray
from ae_models.figures.bars import Standing, standings
from ae_models.figures.maps import structure_maps
from ae_models.kinds.glossary import tip
from ae_models.metrics import metric
from ae_models.recipes import Comparison
from ae_models.recipes.known_structures import (
    METHODS,
    NEAR,
    SEEDS,
    STRUCTURES,
    WIDER,
    Structure,
    about,
    gap_ratio,
    principal_map,
    stored_map,
    structure,
    width_ratio,
)
from ae_models.ui.cache import cached
from ae_models.ui.lessons.stage import Control, Facts, Stage
from ae_models.ui.shared import scoring
from ae_models.ui.shared.figure_words import listed
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.shared.methods import name_of
from ae_models.ui.shared.run_data import run_list

DATA = ("mnist",)
SCORES = ("trustworthiness", "continuity", "neighbour_recall", "knn_1", "silhouette", "spearman", "sse")
K = 5
TITLES = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}
_NEAR = {"few": "few", "some": "the usual", "many": "many"}
_BANDS = {"10": 10.0, "3": 3.0, "1": 1.0}  # the question's choices


def controls(dataset: str) -> tuple[Control, ...]:
    """Return what may be changed: the data, how many neighbours count, the seed, and the metric of the scores."""
    return (
        Control("structure", "What is mapped", tuple(STRUCTURES), "two", STRUCTURES.__getitem__, kind="list"),
        Control(
            "near",
            "Neighbours that count",
            tuple(NEAR),
            "some",
            _NEAR.__getitem__,
            tip="t-SNE’s perplexity and UMAP’s neighbours: "
            + "; ".join(f"{_NEAR[name]}: {a} and {b}" for name, (a, b) in NEAR.items()),
        ),
        Control("seed", "Seed", SEEDS, 0, tip=tip("random start")),
        Control("by", "Who wins by", SCORES, "trustworthiness", lambda name: metric(name).title, kind="list"),
    )


def facts(dataset: str, chosen: Mapping[str, Any]) -> Facts:
    """Return ratios of sizes and gaps, what is kept, and the winners."""
    usual = mapped("two", "some", 0)
    seen = width_ratio(usual.maps["tsne"], usual.known.along)
    name, near, seed = str(chosen["structure"]), str(chosen["near"]), int(chosen["seed"])
    here = mapped(name, near, seed)
    two, gaps = mapped("two", near, seed), mapped("gaps", near, seed)
    found = scores(dataset)
    perplexity, neighbours = NEAR[near]
    return Facts(
        values={
            "wider": WIDER,
            "seen": seen,
            "perplexity": perplexity,
            "neighbours": neighbours,
            "seed": seed,
            **{f"order_{method}": value for method, value in here.order.items()},
            **{f"width_{method}": width_ratio(points, two.known.along) for method, points in two.maps.items()},
            "width_true": width_ratio(two.known.points, two.known.along),
            **{f"gap_{method}": gap_ratio(points, gaps.known.along) for method, points in gaps.maps.items()},
            "gap_true": gap_ratio(gaps.known.points, gaps.known.along),
            "k": found.k,
            **_true_neighbours(found),
            **_won(found, str(chosen["by"])),
        },
        right=min(_BANDS, key=lambda band: abs(_log(seen) - _log(_BANDS[band]))),
        run=found.rows[0].id,
        train={"what": "map", "data": dataset},
        notes=f"The maps of known data are fitted on the points that they show ({_versions()}). The scores are of "
        f"{found.n:,} held-out images, on which nothing was fitted. A whisker is over seeds where several "
        "ship, else over images, which says nothing of another seed.",
    )


def _log(value: float) -> float:
    from math import log

    return log(max(value, 1e-9))


def _versions() -> str:
    versions = about().get("versions")
    return ", ".join(str(version) for version in versions.values()) if isinstance(versions, dict) else ""


def _true_neighbours(found: Comparison) -> dict[str, float]:
    """Return how many of a map's nearest are nearest images too, in per cent."""
    by_method = {row.id: row.values["neighbour_recall"].value for row in found.rows if row.kind != "run"}
    return {f"true_{name}": 100 * float(by_method[f"{name}-2d"] or 0.0) for name in ("tsne", "umap")}


def _won(found: Comparison, by: str) -> dict[str, str | int | float]:
    """Return who wins by a metric, who by how many, and what chance would score."""
    ranking, leaders = found.ranking(by), found.leaders(by)
    names = {row.id: name_of(found, row.id) for row in found.rows}
    wins: dict[str, list[str]] = {}
    for name in found.metrics:
        who = [names[row_id] for row_id in found.leaders(name)]
        if len(who) == 1:
            wins.setdefault(who[0], []).append(metric(name).title)
    chance = ranking[0].values[by].chance
    decimals = metric(by).decimals
    return {
        "by": metric(by).title,
        "asks": metric(by).summary,
        "winner": listed([names[row_id] for row_id in leaders]),
        "wins": "wins" if len(leaders) == 1 else "tie",
        "best": f"{ranking[0].values[by].value:.{decimals}f}",
        "last": names[ranking[-1].id],
        "worst": f"{ranking[-1].values[by].value:.{decimals}f}",
        "chance": "no chance level" if chance is None else f"{chance:.{decimals}f}",
        "n_metrics": len(found.metrics),
        "n_winners": len(wins),
    }


def render(stage: Stage) -> None:
    """Draw the maps of known data, and the scores of real ones."""
    here = mapped(str(stage["structure"]), str(stage["near"]), int(stage["seed"]))
    perplexity, neighbours = NEAR[str(stage["near"])]
    titles = {
        "pca": "PCA: turned, not bent",
        "tsne": f"t-SNE, perplexity {perplexity}",
        "umap": f"UMAP, {neighbours} neighbours",
    }
    maps = {titles[method]: points for method, points in here.maps.items()}
    known = here.known
    table = pd.DataFrame(
        {"map": [titles[method] for method in here.order], "order of distances kept (Spearman)": here.order.values()}
    )
    figure = structure_maps(maps, known.along, classes=known.classes, dark=stage.dark)
    stage.figure(str(stage["structure"]), figure, table)
    left, right = st.columns([7, 5])
    with left:
        _scores(stage, scores(stage.dataset), str(stage["by"]))
    with right, st.container(border=True, height="stretch", key="panel-maps-changes"):
        stage.say("changes")
        st.markdown(_winners(scores(stage.dataset)))


def _winners(found: Comparison) -> str:
    """Return a table in Markdown: for each metric who wins, with what, and what chance would score there."""
    lines = ["| metric | best | value | chance |", "|---|---|---:|---:|"]
    for name in found.metrics:
        entry, leaders = metric(name), found.leaders(name)
        best = found.row(leaders[0]).values[name]
        cells = (
            entry.title,
            listed([name_of(found, row_id) for row_id in leaders]),
            f"{best.value:.{entry.decimals}f}",
            "–" if best.chance is None else f"{best.chance:.{entry.decimals}f}",
        )
        lines.append(f"| {' | '.join(escape_markdown(cell) for cell in cells)} |")
    return "\n".join(lines)


def _scores(stage: Stage, found: Comparison, by: str) -> None:
    entry, leaders = metric(by), found.leaders(by)
    places = []
    for row in found.ranking(by):
        value = row.values[by]
        low, high = value.spread or value.interval or (None, None)
        name = name_of(found, row.id)
        places.append(Standing(name, float(value.value or 0.0), low, high, value.chance, row.id in leaders))
    figure = standings(
        places,
        x=f"{entry.title} ({'more' if entry.direction == 'higher' else 'less'} is better)",
        decimals=entry.decimals,
        dark=stage.dark,
    )
    table = pd.DataFrame(
        {
            "map": [place.name for place in places],
            entry.title: [place.value for place in places],
            "chance": [place.chance for place in places],
        }
    )
    stage.figure("scores", figure, table)


@dataclass(frozen=True, eq=False)
class Mapped:
    """A structure, its maps by method (PCA's too), and how well each keeps the order of distances (Spearman)."""

    known: Structure
    maps: Mapping[str, FloatArray]
    order: Mapping[str, float]


@cached()
def mapped(name: str, near: str, seed: int) -> Mapped:
    """Return a structure with its maps of one setting."""
    known = structure(name)
    maps = {"pca": principal_map(known.points)} | {method: stored_map(name, method, near, seed) for method in METHODS}
    return Mapped(known, maps, {method: _order_kept(known.points, points) for method, points in maps.items()})


def _order_kept(points: FloatArray, on_map: FloatArray) -> float:
    """Return Spearman's correlation between distances of pairs among points and on a map, of 300 points at most."""
    from scipy.spatial.distance import pdist
    from scipy.stats import spearmanr

    rows = np.unique(np.linspace(0, len(points) - 1, min(len(points), 300)).astype(np.intp))
    return float(spearmanr(pdist(points[rows]), pdist(on_map[rows])).statistic)


def scores(dataset: str) -> Comparison:
    """Return the maps that ship of a data set, by the metrics of the lesson: figures that ship too."""
    shipped = [run for run in run_list().runs if run[1].origin == "shipped"]
    own, others = lineup(shipped, dataset, 2)
    return scoring.comparison(dataset, own, others, 2, SCORES, K)
