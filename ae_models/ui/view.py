"""A visitor's view of Explore, and how the address says it: every value in an address is checked."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import streamlit as st

from ae_models.base import FloatArray
from ae_models.canvas.viewport import CAMERA, ZOOM, Viewport, Viewports, is_viewport
from ae_models.latent.clusters import FEWEST_CLUSTERS, MOST_CLUSTERS
from ae_models.ui.shared.link import Shared, parse_shared

COLOURS = (
    "class",
    *(f"{what} {space}" for what in ("errors", "distances", "clusters") for space in ("autoencoder", "pca")),
)
N_MAPS = 3
THIRD = "umap"
MOST = 1e6  # a coordinate of a code in a link: further out is a slip of the pen
HIDEABLE = ("data", "model", "dim", "share", "more", "strip", "sliders", "tools", "legend")  # of Explore, in a link


@dataclass
class View:
    """One visitor's view of the first page. ``point`` None means: where the pinned image lies."""

    dataset: str = "mnist"
    run: str | None = None
    dim: int = 2
    split: str = "heldout"
    drive: str = "autoencoder"  # whose coordinates the sliders move
    near: str = "codes"  # what "nearest" means: distance between codes, or between pixels
    pin: int | None = None
    point: tuple[float, ...] | None = None
    colour: str | None = None  # what the colours of the dots mean, one of COLOURS; None: what suits the data
    clusters: int | None = None  # how many to look for; None: as many as there are classes
    third: str = THIRD  # whose map stands in the third place
    dims: tuple[int, ...] = ()  # which coordinates of a long code the map shows; (): those that vary most
    zoom: Viewports = ()  # what each flat map shows; (): all lie as at first
    camera: Viewports = ()  # where the camera of each map in space stands
    decode: str = "browser"  # who draws; "server" for whoever asks for it in the address
    cannot: str = ""  # why this visitor's browser cannot draw
    heard: int = 0  # the number of the canvas's last message
    heard_walk: int = 0  # the same of Walk and Draw
    heard_draw: int = 0
    selection: tuple[int, ...] = ()  # ids of the images in the lasso
    drawn: FloatArray | None = None  # what was drawn on the page "Draw", kept for "Walk"
    sketch: FloatArray | None = None  # the drawing in hand, where the server draws
    problems: list[str] = field(default_factory=list)
    shared: Shared = field(default_factory=Shared)  # what a teacher added to the link

    def move_to(self, point: Sequence[float] | None) -> None:
        """Put the sliders somewhere, or (None) back on the pinned image."""
        self.point = None if point is None else tuple(float(value) for value in point)

    def leave_present(self) -> None:
        """Give up the presenter's look; task and hidden controls stay."""
        self.shared = replace(self.shared, present=False)

    @property
    def viewports(self) -> Viewports:
        """How the maps lie that are shown now."""
        return self.camera if self.dim == 3 else self.zoom

    def reset_viewports(self) -> None:
        """Forget zoom and camera: other maps are shown."""
        self.zoom = self.camera = ()

    def put_third(self, method: str) -> None:
        """Put another map in the third place; the others lie as they did."""
        self.third = method
        self.zoom, self.camera = self.zoom[:2], self.camera[:2]

    @property
    def decodes_here(self) -> bool:
        """Whether the server draws: it was asked to, the browser cannot, or there is no browser (a test, a script)."""
        return self.decode == "server" or bool(self.cannot) or not st.context.headers

    def address(self) -> dict[str, str]:
        """Return the query parameters that bring this view back."""
        parameters = {"data": self.dataset, "dim": str(self.dim)}
        if self.run:
            parameters["run"] = self.run
        if self.split != "heldout":
            parameters["show"] = self.split
        if self.drive != "autoencoder":
            parameters["drive"] = self.drive
        if self.near != "codes":
            parameters["near"] = self.near
        if self.colour is not None:
            parameters["colour"] = self.colour.replace(" ", "-")
        if self.clusters is not None:
            parameters["clusters"] = str(self.clusters)
        if self.third != THIRD:
            parameters["map"] = self.third
        if self.dims:
            parameters["dims"] = ",".join(str(dim + 1) for dim in self.dims)
        if any(self.viewports):
            parameters["cam" if self.dim == 3 else "zoom"] = _viewports_text(self.viewports)
        if self.decode != "browser":
            parameters["decode"] = self.decode
        if self.pin is not None:
            parameters["pin"] = str(self.pin)
        if self.point is not None:
            parameters["z"] = ",".join(f"{value:.6g}" for value in self.point)
        return parameters | self.shared.address()


def parse_point(text: str) -> tuple[float, ...]:
    """Return the numbers of ``z=1.5,-2``; raises ``ValueError`` with a line for the visitor.

    Examples
    --------
    >>> parse_point("-6.59,0.76")
    (-6.59, 0.76)
    """
    values = []
    parts = text.split(",")
    if len(parts) > 1024:
        raise ValueError(f"z in the address has {len(parts):,} numbers: a code has at most 1,024")
    for part in parts:
        try:
            value = float(part)
        except ValueError:
            raise ValueError(f"z in the address must be numbers with commas between them: got “{part[:40]}”") from None
        if not math.isfinite(value) or abs(value) > MOST:
            raise ValueError(f"z in the address must be finite and at most 1,000,000: got “{part[:40]}”")
        values.append(value)
    return tuple(values)


def parse_viewports(text: str, name: str, size: int) -> Viewports:
    """Return how the maps lie: ``zoom=1,-3,4,-2.5,6_3,0,1,0,1`` says it of the first and the third.

    Raises ``ValueError`` with a line for the visitor.

    Examples
    --------
    >>> parse_viewports("1,-3,4,-2.5,6_3,0,1,0,1", "zoom", 4)
    ((-3.0, 4.0, -2.5, 6.0), None, (0.0, 1.0, 0.0, 1.0))
    """
    found: list[Viewport | None] = [None] * N_MAPS
    for part in text.split("_")[: N_MAPS + 1]:
        number, *numbers = part.split(",")
        try:
            viewport = tuple(float(value) for value in numbers)
            place = range(N_MAPS).index(int(number) - 1)
        except ValueError:
            viewport, place = (), 0
        if not is_viewport(viewport, size) or found[place] is not None:
            what = "left, right, bottom and top" if size == ZOOM else "eye, centre and up"
            raise ValueError(
                f"{name} in the address must be a map's number, 1 to {N_MAPS}, and its {what} ({size} numbers), for "
                f"each map once: got “{part[:40]}”"
            )
        found[place] = viewport
    return tuple(found)


def _viewports_text(viewports: Viewports) -> str:
    named = [(place, viewport) for place, viewport in enumerate(viewports, start=1) if viewport]
    return "_".join(",".join([str(place), *(f"{value:.6g}" for value in viewport)]) for place, viewport in named)


def _one_of(name: str, text: str, choices: Sequence[str]) -> str:
    if text not in choices:
        raise ValueError(f"{name} in the address must be one of {', '.join(choices)}: got “{text[:40]}”")
    return text


def _whole(text: str, most_digits: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most_digits else None


def _parse_pin(text: str) -> int:
    pin = _whole(text, 9)
    if pin is None:
        raise ValueError(f"pin in the address must be the number of an image: got “{text[:40]}”")
    return pin


def _parse_clusters(text: str) -> int:
    n_clusters = _whole(text, 3)
    if n_clusters is None or not FEWEST_CLUSTERS <= n_clusters <= MOST_CLUSTERS:
        bounds = f"{FEWEST_CLUSTERS} to {MOST_CLUSTERS}"
        raise ValueError(f"clusters in the address must be a number from {bounds}: got “{text[:40]}”")
    return n_clusters


def _parse_method(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]{1,64}", text):
        raise ValueError(f"map in the address must be the name of a method: got “{text[:40]}”")
    return text


def _parse_dims(text: str) -> tuple[int, ...]:
    numbers = [_whole(part, 4) for part in text.split(",")]
    if not all(numbers):
        raise ValueError(f"dims in the address must be numbers from 1: got “{text[:40]}”")
    return tuple(number - 1 for number in numbers if number is not None)


def _parse_colour(text: str) -> str:
    return _one_of("colour", text, [colour.replace(" ", "-") for colour in COLOURS]).replace("-", " ")


_PARSERS: Mapping[str, tuple[str, Callable[[str], object]]] = {  # by parameter: the field of View, and how it is read
    "dim": ("dim", lambda text: int(_one_of("dim", text, ("2", "3")))),
    "show": ("split", lambda text: _one_of("show", text, ("heldout", "train"))),
    "drive": ("drive", lambda text: _one_of("drive", text, ("autoencoder", "pca"))),
    "near": ("near", lambda text: _one_of("near", text, ("codes", "pixels"))),
    "decode": ("decode", lambda text: _one_of("decode", text, ("browser", "server"))),
    "colour": ("colour", _parse_colour),
    "pin": ("pin", _parse_pin),
    "clusters": ("clusters", _parse_clusters),
    "map": ("third", _parse_method),
    "dims": ("dims", _parse_dims),
    "zoom": ("zoom", lambda text: parse_viewports(text, "zoom", ZOOM)),
    "cam": ("camera", lambda text: parse_viewports(text, "cam", CAMERA)),
    "z": ("point", parse_point),
}


def parse_address(parameters: Mapping[str, str], known_datasets: Sequence[str]) -> View:
    """Return the view that an address asks for; what is wrong with it stands in ``problems`` and is left out."""
    view = View(run=parameters.get("run"))
    data: Callable[[str], object] = partial(_one_of, "data", choices=known_datasets)
    parsers = {"data": ("dataset", data), **_PARSERS}
    for name, (field_name, parse) in parsers.items():
        of_other_maps = name == ("zoom" if view.dim == 3 else "cam")
        if name in parameters and not of_other_maps:
            try:
                setattr(view, field_name, parse(parameters[name]))
            except ValueError as error:
                view.problems.append(str(error))
    view.shared = parse_shared(parameters, HIDEABLE)
    view.problems += view.shared.problems
    return view
