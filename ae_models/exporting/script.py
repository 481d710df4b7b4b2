"""Python for what is on the screen: a script that computes it again with this package."""

from __future__ import annotations

from collections.abc import Sequence

_SCRIPT = '''"""{title}: the codes, the error, one drawn picture and the maps, computed again.

Run it where the package ae_models is; AE_MODELS_HOME must name the folder that has the run, where it is an own one.
"""

import numpy as np

from ae_models import recipes
from ae_models.errors import sse
from ae_models.projections import store as maps
from ae_models.runs import Graphs

RUN = {run!r}
POINT = {point!r}
MAPS = {maps!r}  # method, dimensions

store, record = recipes.find_run(RUN)
rows = recipes.heldout_of(record)  # the images that it never saw
codes = recipes.codes_of(store, record, rows)
print(record.title, "codes of", len(codes), "images:", codes.shape)

graphs = Graphs(store, record)
total = 0.0
for start in range(0, len(rows), 1000):
    part = slice(start, start + 1000)
    _, wanted = recipes.seen_and_wanted(record.corruption, rows, part)
    total += sse(wanted, graphs.decode(codes[part])) * len(wanted)
print("error (SSE)", round(total / len(rows), 4))

picture = graphs.decode(np.array([POINT], np.float32))[0]
print("drawn at", POINT, "mean grey", round(float(picture.mean()), 4))

fitted = record.dataset.fitted_on.digest
for method, dim in MAPS:
    pca = recipes.find_pca(record.dataset.name, fitted, dim) if method == "pca" else None
    if pca is not None:
        points = recipes.codes_of(*pca, rows)
    else:
        found = maps.find(method, record.dataset.name, dim, rows.ids)
        if found is None:
            continue
        points = found.points
    print(method, dim, "points", points.shape, "span", np.ptp(points, axis=0).round(3).tolist())
'''


def script(run: str, title: str, point: Sequence[float], maps: Sequence[tuple[str, int]]) -> str:
    """Return the text of a script for one run, one point and some maps; every value stands in it as a literal."""
    safe = " ".join(title.split()).replace("\\", "/").replace('"', "'")
    return _SCRIPT.format(
        title=safe,
        run=str(run),
        point=[float(value) for value in point],
        maps=[(str(method), int(dim)) for method, dim in maps],
    )
