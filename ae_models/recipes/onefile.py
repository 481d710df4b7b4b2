"""The canvas of a run as one HTML file: the maps, the images and both decoders, for whoever has no Latent Lab."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import numpy as np

from ae_models import __version__, datasets
from ae_models.base import UserError
from ae_models.canvas import captions, webfiles
from ae_models.canvas.message import as_values, canvas_message
from ae_models.canvas.types import CanvasPayload
from ae_models.export.onefile import onefile, pack
from ae_models.kinds import kind_of
from ae_models.recipes.canvas_payload import Arrays, CanvasBuilder, Positions
from ae_models.recipes.card import recipe_of
from ae_models.runs import RunRecord, RunStore

MOST_BYTES = 15_000_000
_FEWEST = 100  # images: with fewer, a map says nothing
_SPARE = 0.98  # of the room: compressed sizes are not quite even
_STYLES = ("decode/frame.css", "explore/canvas.css", "onefile/onefile.css")
_PREFIX = "ll/"  # opening.js knows it


@dataclass(frozen=True)
class Opening:
    """What the file shows when it is opened; by itself what Explore shows of the run.

    Parameters
    ----------
    dim : {2, 3}, or None
        Dimensions of the maps; None: 3 for a code of three numbers, else 2.
    third : str
        The method in the third place; the others that are kept can be chosen in the file.
    dims : tuple of int
        Which coordinates of the code the first map shows; ``()``: those that vary most.
    pin : int or None
        The image that wears the ring; None: the first.
    drive, point : str, tuple of float or None
        Whose numbers the sliders are, and where they stand; None: on the pinned image.
    near : {"codes", "pixels"}
    colour : str or None
        What the colours of the dots mean: "class", "errors pca", "clusters autoencoder"; None: what suits the data.
    clusters : int or None
        How many clusters there are; None: as many as there are classes.
    looks : tuple
        How each map lies: a zoom or a camera, or None.
    """

    dim: int | None = None
    third: str = "umap"
    dims: tuple[int, ...] = ()
    pin: int | None = None
    drive: str = "autoencoder"
    point: tuple[float, ...] | None = None
    near: str = "codes"
    colour: str | None = None
    clusters: int | None = None
    looks: tuple[tuple[float, ...] | None, ...] = ()


def page_of(store: RunStore, record: RunRecord, opening: Opening | None = None, most: int = MOST_BYTES) -> bytes:
    """Return the HTML file of a run's canvas, at most ``most`` bytes.

    Where it would be larger, codes are rounded to half precision; where that is not enough, fewer images are shown,
    evenly taken. The file says so.

    Raises
    ------
    UserError
        When the images that the run was scored on are not here, or there is no room for 100 of them beside the model.
    """
    opening = opening or Opening()
    builder = CanvasBuilder(store, record, opening.dims, opening.clusters)
    n = len(builder.images)
    every, packed = np.arange(n), dict[str, bytes]()
    made = _page(builder, opening, every, Arrays(False, packed))
    if len(made) > most:
        made = _page(builder, opening, every, Arrays(True, packed))
    while len(made) > most:
        bare = len(_page(builder, opening, every[:1], Arrays(True, packed)))
        n = int(_SPARE * n * max(most - bare, 0) / (len(made) - bare))
        if n < _FEWEST:
            raise UserError(
                f"run '{record.id}' is too large for one file of {most / 1e6:g} MB: fewer than {_FEWEST} of its "
                f"{kind_of(record.input_shape).samples} would be left beside the model; export onnx and parquet instead"
            )
        some = np.linspace(0, len(every) - 1, n).round().astype(np.intp)
        made = _page(builder, opening, some, Arrays(True, packed))
    return made


def _page(builder: CanvasBuilder, opening: Opening, rows: Positions, arrays: Arrays) -> bytes:
    record = builder.record
    views = builder.views(rows, arrays)
    film = builder.film(rows, arrays)
    thirds = {dim: builder.third_panels(dim, rows, arrays) for dim in views}
    dim = opening.dim or record.latent_dim
    first = dim if dim in views else 2
    messages = []
    for dim, view in views.items():
        chosen = opening.third if opening.third in thirds[dim] else next(iter(thirds[dim]), None)
        third = () if chosen is None else (thirds[dim][chosen],)
        opened = _at_opening(builder, opening, view, rows, looks=dim == first)
        whole = replace(opened, panels=(*view.panels, *third))
        messages.append(canvas_message(whole, runtime="runtime"))
    page = {
        "scaling": datasets.scaling(builder.images.name),
        "heading": captions.heading(record.latent_dim, record.input_shape),
        "title": record.title,
        "name": record.id,
        "views": messages,
        "first": first,
        "thirds": {
            str(dim): {method: as_values(panel) for method, panel in panels.items()} for dim, panels in thirds.items()
        },
        "footers": {str(dim): builder.footers(dim, len(rows)) for dim in views},
        "film": film,
        "halves": arrays.halves,
        "about": _about(builder, len(rows), bool(arrays.halves)),
        "licences": _licences(),
    }
    parts = {**_programs(), **arrays.packed}
    style, script = _themes() + webfiles.texts(*_STYLES), webfiles.texts("onefile/opening.js")
    return onefile(page, parts, style=style, opening=script)


def _at_opening(
    builder: CanvasBuilder, opening: Opening, view: CanvasPayload, rows: Positions, *, looks: bool
) -> CanvasPayload:
    """Return a view with the ring and the sliders in place; what does not fit it stands as at first."""
    ids = builder.images.ids[rows]
    widths = {space.key: len(space.axes) for space in view.spaces}
    drive = opening.drive if opening.drive in widths else "autoencoder"
    fits = opening.point is not None and len(opening.point) == widths[drive]
    return replace(
        view,
        pinned=int(opening.pin) if opening.pin is not None and opening.pin in ids else int(ids[0]),
        drive=drive,
        point=opening.point if fits else None,
        near="pixels" if opening.near == "pixels" else "codes",
        colour=opening.colour,
        looks=opening.looks if looks else (),
    )


def _about(builder: CanvasBuilder, n: int, halved: bool) -> list[list[str]]:
    """Return what the file says of itself, a name and a text a line."""
    record = builder.record
    data, total = record.dataset, len(builder.images)
    known = data.name in datasets.DATASETS
    source = datasets.source(data.name) if known else None
    rows = kind_of(record.input_shape).samples
    shown = (
        f"{n:,} held-out {rows}" if n == total else f"{n:,} of {total:,} held-out {rows}, so that the file stays small"
    )
    lines = [
        ["Model", f"{record.title} ({record.id})"],
        ["How it was made", recipe_of(record)],
        ["Fitted on", f"{captions.fitted(record)} of {source.title if source else data.name}"],
        ["Shown", f"{shown}{'; codes rounded to half precision' if halved else ''}"],
        ["Error", f"SSE {record.test.sse:.2f}, MSE {record.test.mse:.4f} on {record.test.n:,} held-out {rows}"],
        ["Licence of the data", source.licence if source else "as its data"],
        ["Made by", f"Latent Lab {__version__}, {datetime.now().astimezone():%d %B %Y}"],
        [
            "Versions",
            ", ".join(f"{name} {version}" for name, version in sorted(record.versions.items())) or "not known",
        ],
        ["In this file", f"ONNX Runtime Web {webfiles.RUNTIME_VERSION}, MIT-licensed"],
    ]
    return lines


def _licences() -> str:
    """Return the notices that go with the program in the file."""
    runtime = (webfiles.RUNTIME / "LICENSE").read_text(encoding="utf-8").strip()
    return f"ONNX Runtime\n\n{runtime}\n"


@cache
def _programs() -> dict[str, bytes]:
    """Return what runs in the file, packed: the same in every file."""
    sources = webfiles.modules("onefile/onefile.js", _PREFIX)
    return {
        "modules": pack(json.dumps(sources, ensure_ascii=False).encode()),
        "runtime": pack((webfiles.RUNTIME / webfiles.RUNTIME_MODULE).read_bytes()),
        "runtime-glue": pack((webfiles.RUNTIME / webfiles.RUNTIME_GLUE).read_bytes()),
        "runtime-wasm": (webfiles.RUNTIME / f"{webfiles.RUNTIME_BINARY}.gz").read_bytes(),
    }


def programs_size() -> int:
    """Return how many bytes of a file are the same in every file: the programs, the style, the words."""
    texts = len(_themes()) + len(webfiles.texts(*_STYLES, "onefile/opening.js")) + len(_licences())
    return texts + sum(4 * -(-len(content) // 3) for content in _programs().values())


def _themes() -> str:
    """Return both themes as style sheets: the visitor's own, unless one was chosen in the file."""
    light, dark = (
        "".join(f"{name}: {value}; " for name, value in webfiles.themes()[theme].items()) for theme in ("light", "dark")
    )
    return (
        f":root {{ color-scheme: light; {light}}}\n"
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ color-scheme: dark; {dark}}} }}\n'
        f':root[data-theme="dark"] {{ color-scheme: dark; {dark}}}\n'
    )


__all__ = ["MOST_BYTES", "Opening", "page_of", "programs_size"]
