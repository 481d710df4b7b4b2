"""Neighbours: does a map keep who is near whom? Curves, densities, maps by their faults, one image's neighbours."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from ae_models.analysis.neighbor_changes import Moved, moved, neighbours_of
from ae_models.analysis.shepard import ShepardDensity
from ae_models.base import FloatArray, ImageDataset, UserError
from ae_models.figures.curves import r_nx_curves
from ae_models.figures.maps import PointMap, point_maps
from ae_models.figures.picture_grid import picture_grid
from ae_models.figures.shepard import shepard_densities
from ae_models.figures.tint import ink
from ae_models.kinds import kind_of
from ae_models.kinds.glossary import tip
from ae_models.metrics import metric
from ae_models.recipes import Comparison
from ae_models.ui import state
from ae_models.ui.shared import chart, methods
from ae_models.ui.shared import scoring as kept
from ae_models.ui.shared.figure_words import listed
from ae_models.ui.shared.markdown import escape_markdown

K, SHOWN = 5, 10
MEASURES = ("trustworthiness", "continuity")
FALSE = (
    "First row: the nearest {samples} by {parts}. Below, the nearest on each map; those that are none by {parts} are "
    "false."
)
SCORED = (*MEASURES, "neighbour_recall", "r_nx", "r_nx_auc", "spearman")


def render(dataset: str) -> None:
    """Draw the view."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    chosen = methods.choose(dataset, row, key="neighbours")
    if chosen is None:
        return
    found = kept.comparison(dataset, chosen.runs, chosen.projections, chosen.dim, SCORED, K)
    images = kept.scored_images(found)
    points = kept.points_of(found, images)
    _curves(found, images)
    picked = _maps(found, images, points)
    _moved(found, images, points, picked)
    _shepard(found, images, points)
    methods.what_they_are(found)


def _curves(found: Comparison, images: ImageDataset) -> None:
    curves, table = {}, []
    for row in found.rows:
        curve = row.values["r_nx"].curve
        if "k" in curve and "r_nx" in curve:
            name = methods.name_of(found, row.id)
            curves[name] = (np.asarray(curve["k"], np.float32), np.asarray(curve["r_nx"], np.float32))
            table.append(pd.DataFrame({"method": name, "K": curve["k"], "R_NX": curve["r_nx"]}))
    if not curves:
        _no_values(found, "r_nx", "Neighbours kept, at every size")
        return
    small = {name: float(values[np.argmin(np.abs(sizes - K))]) for name, (sizes, values) in curves.items()}
    large = {
        name: float(values[np.argmin(np.abs(sizes - len(values) / 4))]) for name, (sizes, values) in curves.items()
    }
    best, other = max(small, key=small.__getitem__), max(large, key=large.__getitem__)
    kind = kind_of(images.shape)
    says = f"Among the {K} nearest, {best} keeps most ({small[best]:.2f}; 0 is chance, 1 perfect). "
    says += f"Of the large {kind.picture}, a quarter of all {kind.samples}, {other} keeps most ({large[other]:.2f})."
    chart.render(
        r_nx_curves({name: _thinned(*curve) for name, curve in curves.items()}, dark=chart.is_dark()),
        key="neighbours-curves",
        title="Neighbours kept, at every size",
        tip=tip("neighbours kept", kind=kind),
        says=says,
        table=pd.concat(table).reset_index(drop=True),
    )


def _thinned(sizes: FloatArray, values: FloatArray, most: int = 400) -> tuple[FloatArray, FloatArray]:
    """Return the points of a curve that a logarithmic axis can show."""
    places = np.unique(np.geomspace(1, len(sizes), most).astype(int)) - 1
    return sizes[places], values[places]


def _maps(found: Comparison, images: ImageDataset, points: dict[str, FloatArray]) -> int | None:
    """Draw the maps; return the row of the image that was clicked."""
    measure = st.segmented_control(
        "Colour by",
        MEASURES,
        format_func=lambda name: metric(name).title if name in MEASURES else name,
        default=MEASURES[0],
        required=True,
        key="neighbours-measure",
        bind="query-params",
    )
    if measure not in MEASURES:
        st.stop()
    kind = kind_of(images.shape)
    entry = metric(measure, kind)
    shown = _measured(found, points, measure)
    if not shown:
        _no_values(found, measure, entry.title)
        return None
    low = float(np.nanquantile(np.concatenate([one.values for one in shown]), 0.02))
    in_trouble = {one.name: float(np.nanmean(one.values < 0.8)) for one in shown}
    worst = max(in_trouble, key=in_trouble.__getitem__)
    clicked = chart.render(
        point_maps(
            shown,
            images.ids,
            [_name(images, row) for row in range(len(images))],
            measure=entry.title,
            limits=(low, 1.0),
            ring=_pinned(images),
            dark=chart.is_dark(),
        ),
        key="neighbours-maps",
        title=f"{entry.title}: {entry.summary}",
        tip=f"{tip(measure, kind=kind)} One number {kind.a_sample}. {entry.formula}. {entry.reference}.",
        says=f"{_scores(found, measure)} Most {kind.samples} in trouble: {worst}, where "
        f"{100 * in_trouble[worst]:.0f} % are below 0.8. {_flattened(points)}Click a dot to see its neighbours.",
        table=pd.DataFrame({kind.sample: images.ids, **{one.name: one.values for one in shown}}),
        selectable=True,
    )
    return None if clicked is None else _row_of(images, clicked)


def _measured(found: Comparison, points: dict[str, FloatArray], measure: str) -> list[PointMap]:
    """Return the maps of which a measure says something of each point."""
    shown = []
    for row in found.rows:
        value, own = row.values[measure], points.get(row.id)
        if value.per_point is not None and own is not None:
            shown.append(PointMap(methods.name_of(found, row.id), _flat(own), value.per_point))
    return shown


def _flattened(points: dict[str, FloatArray]) -> str:
    deep = any(own.shape[1] > 2 for own in points.values())
    return "Of maps with more numbers the first two are drawn; the colours are of all. " if deep else ""


def _flat(points: FloatArray) -> FloatArray:
    if points.shape[1] == 1:
        return np.column_stack([points[:, 0], np.zeros(len(points), np.float32)])
    return points[:, :2]


def _scores(found: Comparison, name: str) -> str:
    known = [
        f"{methods.name_of(found, row.id)} {row.values[name].value:.{metric(name).decimals}f}"
        for row in found.ranking(name)
    ]
    return listed(known) + "." if known else ""


def _name(images: ImageDataset, row: int) -> str:
    label = "" if images.labels is None else f", {images.class_names[images.labels[row]]}"
    return f"#{images.ids[row]}{label}"


def _row_of(images: ImageDataset, image: str) -> int | None:
    wanted = int(image) if image.isascii() and image.isdigit() else -1
    found = np.flatnonzero(images.ids == wanted)
    return int(found[0]) if len(found) else None


def _pinned(images: ImageDataset) -> int | None:
    value = state.get("neighbours-image")
    return _row_of(images, str(value)) if isinstance(value, int) else 0


def _moved(found: Comparison, images: ImageDataset, points: dict[str, FloatArray], picked: int | None) -> None:
    row = _asked_row(images, picked)
    if row is None:
        return
    kind, k = kind_of(images.shape), min(SHOWN, len(images) - 1)
    flat = kept.flat_of(found)
    rows, titles, notes, table = [neighbours_of(row, flat, k)], [kind.say("nearest {samples}")], [[""] * k], []
    for method in found.rows:
        own = points.get(method.id)
        if own is None:
            continue
        result = moved(row, flat, own, k)
        name = methods.name_of(found, method.id)
        rows.append(result.rows)
        titles.append(f"{_wrapped(name)}\nkeeps {int(result.kept.sum())} of {k}")
        notes.append(["kept ✓" if kept_one else "false" for kept_one in result.kept])
        table.append(_neighbour_table(images, name, result))
    shown = np.stack([np.concatenate([[row], line]) for line in rows])
    pictures = images.images(shown.ravel()).reshape(*shown.shape, *images.shape)
    counts = [f"{each['method'].iloc[0]} {int((each['what'] == 'kept').sum())}" for each in table]
    chart.render(
        picture_grid(
            ink(pictures, chart.is_dark()),
            rows=titles,
            columns=[_name(images, row), *(f"{place + 1}." for place in range(k))],
            notes=[["", *line] for line in notes],
            tips=[[_name(images, each) for each in line] for line in shown],
            side=92,
            dark=chart.is_dark(),
        ),
        key="neighbours-moved",
        title=f"Neighbours of {_name(images, row)}",
        tip=kind.say(FALSE),
        says=f"Of the {k} {kind.samples} nearest to {_name(images, row)}, this many are among the {k} nearest on the "
        f"map: {listed(counts) if counts else 'there is no map'}.",
        table=pd.concat(table) if table else pd.DataFrame(),
    )


def _asked_row(images: ImageDataset, picked: int | None) -> int | None:
    """Draw the number of the image whose neighbours are shown; return its row, None where there is none."""
    if picked is not None and state.get("neighbours-clicked") != picked:
        state.put("neighbours-clicked", picked)
        state.put("neighbours-image", int(images.ids[picked]))
    kind = kind_of(images.shape)
    number = st.number_input(
        "Whose neighbours?",
        0,
        int(images.ids.max()),
        int(images.ids[0]),
        key="neighbours-image",
        width=180,
        help=kind.say("The number of {a_sample}. A click on a dot puts it here."),
    )
    row = _row_of(images, str(number))
    if row is None:
        st.info(kind.say("{Sample} #{number} is not among those shown.", number=number), icon=":material/info:")
    return row


def _wrapped(name: str, width: int = 22) -> str:
    return name if len(name) <= width else name.replace(", ", ",\n", 1)


def _neighbour_table(images: ImageDataset, method: str, result: Moved) -> pd.DataFrame:
    rows = [*result.rows, *result.lost]
    what = [*("kept" if one else "false" for one in result.kept), *("lost" for _ in result.lost)]
    return pd.DataFrame({"method": method, kind_of(images.shape).sample: images.ids[rows], "what": what})


def _shepard(found: Comparison, images: ImageDataset, points: dict[str, FloatArray]) -> None:
    pairs = kept.pairs_of(found)
    panels: dict[str, ShepardDensity] = {}
    for row in found.rows:
        try:
            panels[methods.name_of(found, row.id)] = kept.density_of(found, row, points[row.id])
        except UserError as mistake:
            st.info(escape_markdown(f"{methods.name_of(found, row.id)}: {mistake}"), icon=":material/info:")
    if not panels:
        return
    most = next(iter(panels.values())).most
    kind = kind_of(images.shape)
    some = "all" if len(pairs.rows) == len(images) else f"{len(pairs.rows):,} (drawn with seed {pairs.seed})"
    chart.render(
        shepard_densities({name: density.counts for name, density in panels.items()}, most, dark=chart.is_dark()),
        key="neighbours-shepard",
        title="Distances kept: Shepard diagrams",
        tip=tip("Shepard diagram", kind=kind),
        says=f"Order of distances kept (Spearman, 1 is perfect): {_scores(found, 'spearman')} {pairs.n_pairs:,} pairs: "
        f"{some} {kind.samples} against all {len(images):,}.",
        table=pd.DataFrame(
            [
                {
                    "method": name,
                    "pairs": pairs.n_pairs,
                    "scale of the map": density.scale,
                    "pairs beyond the plot": density.beyond,
                }
                for name, density in panels.items()
            ]
        ),
    )


def _no_values(found: Comparison, name: str, title: str) -> None:
    with st.container(border=True):
        chart.heading(title)
        for row in found.rows:
            st.markdown(
                f"**{escape_markdown(methods.name_of(found, row.id))}** has no value: "
                f"{escape_markdown(row.values[name].why)}"
            )
