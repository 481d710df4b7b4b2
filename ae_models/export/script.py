"""Python for what is on the screen: a script that computes and draws it again with this package."""

from __future__ import annotations

from collections.abc import Sequence

_SCRIPT = '''"""{title}: the codes, the error, one drawn picture and the maps, computed again.

Run it where the package ae_models is; AE_MODELS_HOME must name the folder that has the run, where it is an own one.
It leaves a page, view.html, beside it.
"""

# %%
import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ae_models import recipes
from ae_models.base.procrustes import procrustes
from ae_models.base.squared_errors import sse
from ae_models.figures.style import CLASSES
from ae_models.latent import leading_dims
from ae_models.projections import store as maps
from ae_models.runs import Graphs

RUN = {run!r}
PIN = {pin!r}  # the image that is looked at
POINT = {point!r}  # what is drawn
DIMS = {dims!r}  # which numbers of the code its map shows; none: those that vary most
MAPS = {maps!r}  # method, dimensions

# %% the codes of the images that the run never saw
store, record = recipes.find_run(RUN)
rows = recipes.heldout_of(record)
codes = recipes.codes_of(store, record, rows)
print(record.title, "codes of", len(codes), "images:", codes.shape)

# %% how good it is
graphs = Graphs(store, record)
total = 0.0
for start in range(0, len(rows), 1000):
    part = slice(start, start + 1000)
    _, wanted = recipes.seen_and_wanted(record.corruption, rows, part)
    total += sse(wanted, graphs.decode(codes[part])) * len(wanted)
print("error (SSE)", round(total / len(rows), 4))

# %% the picture
row = rows.ids.tolist().index(PIN)
original = rows.images(slice(row, row + 1))[0]
picture = graphs.decode(np.array([POINT], np.float32))[0]
print("drawn at", POINT, "mean grey", round(float(picture.mean()), 4))

# %% the maps
fitted = record.dataset.fitted_on.digest
shown = {{}}
for dim in dict.fromkeys(dim for _, dim in MAPS):
    dims = DIMS if len(DIMS) == dim else leading_dims(codes, dim)
    shown["autoencoder", dim] = codes[:, list(dims)]
for method, dim in MAPS:
    pca = recipes.find_pca(record.dataset.name, fitted, dim)
    base = recipes.codes_of(*pca, rows) if pca is not None else None
    if method == "pca" and base is not None:
        points = base
    else:
        found = maps.find(method, record.dataset.name, dim, rows.ids)
        if found is None:
            continue
        points = found.points if base is None else procrustes(found.points, base)  # it lies like PCA
    shown[method, dim] = points
    print(method, dim, "points", points.shape, "span", np.ptp(points, axis=0).round(3).tolist())

# %% all of it on one page
places = [{{"type": "scene" if points.shape[1] > 2 else "xy"}} for points in shown.values()]
titles = [f"{{method}}, {{dim}}-D" for method, dim in shown] + [f"image {{PIN}}", "drawn"]
figure = make_subplots(1, len(titles), specs=[[*places, {{"type": "xy"}}, {{"type": "xy"}}]], subplot_titles=titles)
labels = np.zeros(len(rows), int) if rows.labels is None else rows.labels
marker = {{"size": 3, "color": [CLASSES[label % len(CLASSES)] for label in labels]}}
for column, points in enumerate(shown.values(), start=1):
    places = dict(zip("xyz", points.T[:3]))
    kind = go.Scatter3d if len(places) == 3 else go.Scattergl
    figure.add_trace(kind(**places, mode="markers", marker=marker), row=1, col=column)
for column, image in enumerate((original, picture), start=len(shown) + 1):
    grey = image.mean(axis=0)[::-1]
    figure.add_trace(go.Heatmap(z=grey, zmin=0, zmax=1, colorscale="Greys", showscale=False), row=1, col=column)
figure.update_layout(height=420, width=300 * len(titles), showlegend=False)
figure.write_html("view.html")
print("drawn in view.html")
'''


def script(
    run: str,
    title: str,
    point: Sequence[float],
    maps: Sequence[tuple[str, int]],
    *,
    pin: int = 0,
    dims: Sequence[int] = (),
) -> str:
    """Return the text of a script for one run, one point and some maps; every value stands in it as a literal.

    Parameters
    ----------
    run, title : str
    point : sequence of float
        What is drawn, ``(latent_dim,)``.
    maps : sequence of (str, int)
        Methods and dimensions; beside each number of dimensions stands the run's own map.
    pin : int
        The id of the image that is looked at.
    dims : sequence of int
        Which numbers of the code its map shows.
    """
    safe = " ".join(title.split()).replace("\\", "/").replace('"', "'")
    return _SCRIPT.format(
        title=safe,
        run=str(run),
        pin=int(pin),
        point=[float(f"{value:.8g}") for value in point],
        dims=[int(dim) for dim in dims],
        maps=[(str(method), int(dim)) for method, dim in maps],
    )
