"""Every access to ``st.session_state`` and to the address bar: what a visitor is looking at.

The address is read once, when a visit starts, and every value in it is checked; it is written after each change.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from ae_models.base import FloatArray
from ae_models.canvas.viewport import CAMERA, ZOOM, Viewport, Viewports, is_viewport
from ae_models.latent.clusters import FEWEST_CLUSTERS, MOST_CLUSTERS
from ae_models.ui.shared.link import NAMES, Shared, parse_shared

COLOURS = (
    "class",
    *(f"{what} {space}" for what in ("errors", "distances", "clusters") for space in ("autoencoder", "pca")),
)
N_MAPS = 3
THIRD = "umap"
MOST = 1e6  # a coordinate of a code in a link: further out is a slip of the pen
_KEY = "latent-lab-view"
_SHARED = "latent-lab-shared-{}"  # of a page
_PAGE, _ARRIVED = "latent-lab-page", "latent-lab-arrived"
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
    def looks(self) -> Viewports:
        """How the maps lie that are shown now."""
        return self.camera if self.dim == 3 else self.zoom

    def lie_as_at_first(self) -> None:
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
        if any(self.looks):
            parameters["cam" if self.dim == 3 else "zoom"] = _written(self.looks)
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


def parse_looks(text: str, name: str, size: int) -> Viewports:
    """Return how the maps lie: ``zoom=1,-3,4,-2.5,6_3,0,1,0,1`` says it of the first and the third.

    Raises ``ValueError`` with a line for the visitor.

    Examples
    --------
    >>> parse_looks("1,-3,4,-2.5,6_3,0,1,0,1", "zoom", 4)
    ((-3.0, 4.0, -2.5, 6.0), None, (0.0, 1.0, 0.0, 1.0))
    """
    looks: list[Viewport | None] = [None] * N_MAPS
    for part in text.split("_")[: N_MAPS + 1]:
        number, *numbers = part.split(",")
        try:
            look = tuple(float(value) for value in numbers)
            place = range(N_MAPS).index(int(number) - 1)
        except ValueError:
            look, place = (), 0
        if not is_viewport(look, size) or looks[place] is not None:
            what = "left, right, bottom and top" if size == ZOOM else "eye, centre and up"
            raise ValueError(
                f"{name} in the address must be a map's number, 1 to {N_MAPS}, and its {what} ({size} numbers), for "
                f"each map once: got “{part[:40]}”"
            )
        looks[place] = look
    return tuple(looks)


def _written(looks: Viewports) -> str:
    named = [(place, look) for place, look in enumerate(looks, start=1) if look]
    return "_".join(",".join([str(place), *(f"{value:.6g}" for value in look)]) for place, look in named)


_CHOICES = {
    "dim": ("2", "3"),
    "show": ("heldout", "train"),
    "drive": ("autoencoder", "pca"),
    "near": ("codes", "pixels"),
    "decode": ("browser", "server"),
    "colour": tuple(colour.replace(" ", "-") for colour in COLOURS),
}


def parse_address(parameters: Mapping[str, str], known_datasets: Sequence[str]) -> View:
    """Return the view that an address asks for; what is wrong with it stands in ``problems`` and is left out."""
    view = View()
    values: dict[str, str] = {}
    for name, choices in {"data": tuple(known_datasets), **_CHOICES}.items():
        value = parameters.get(name)
        if value is None:
            continue
        if value in choices:
            values[name] = value
        else:
            view.problems.append(f"{name} in the address must be one of {', '.join(choices)}: got “{value[:40]}”")
    view.dataset = values.get("data", view.dataset)
    view.dim = int(values.get("dim", view.dim))
    view.split = values.get("show", view.split)
    view.drive = values.get("drive", view.drive)
    view.near = values.get("near", view.near)
    view.decode = values.get("decode", view.decode)
    view.colour = values["colour"].replace("-", " ") if "colour" in values else None
    view.run = parameters.get("run")
    if "pin" in parameters:
        pin = parameters["pin"]
        if pin.isascii() and pin.isdigit() and len(pin) < 10:
            view.pin = int(pin)
        else:
            view.problems.append(f"pin in the address must be the number of an image: got “{pin[:40]}”")
    if "clusters" in parameters:
        asked = parameters["clusters"]
        if asked.isascii() and asked.isdigit() and len(asked) < 4 and FEWEST_CLUSTERS <= int(asked) <= MOST_CLUSTERS:
            view.clusters = int(asked)
        else:
            bounds = f"{FEWEST_CLUSTERS} to {MOST_CLUSTERS}"
            view.problems.append(f"clusters in the address must be a number from {bounds}: got “{asked[:40]}”")
    if "map" in parameters:
        if re.fullmatch(r"[a-z0-9-]{1,64}", parameters["map"]):
            view.third = parameters["map"]
        else:
            view.problems.append(f"map in the address must be the name of a method: got “{parameters['map'][:40]}”")
    if "dims" in parameters:
        parts = parameters["dims"].split(",")
        if all(part.isascii() and part.isdigit() and 0 < len(part) < 5 and int(part) > 0 for part in parts):
            view.dims = tuple(int(part) - 1 for part in parts)
        else:
            view.problems.append(f"dims in the address must be numbers from 1: got “{parameters['dims'][:40]}”")
    for name, size in (("zoom", ZOOM), ("cam", CAMERA)):
        if name in parameters and view.dim == (3 if name == "cam" else 2):
            try:
                looks = parse_looks(parameters[name], name, size)
                view.zoom, view.camera = (looks, ()) if size == ZOOM else ((), looks)
            except ValueError as error:
                view.problems.append(str(error))
    if "z" in parameters:
        try:
            view.point = parse_point(parameters["z"])
        except ValueError as error:
            view.problems.append(str(error))
    view.shared = parse_shared(parameters, HIDEABLE)
    view.problems += view.shared.problems
    return view


def current(known_datasets: Sequence[str]) -> View:
    """Return this visit's view: made from the address at its start or where a link leads here, kept after that."""
    arrived = st.session_state.pop(_ARRIVED, False) and len(st.query_params) > 0  # by a link from another page
    if arrived or _KEY not in st.session_state:
        st.session_state[_KEY] = parse_address(st.query_params.to_dict(), known_datasets)
    view: View = st.session_state[_KEY]
    return view


def write_address(view: View) -> None:
    """Bring the address bar up to date, so that copying it shares the view."""
    wanted = view.address()
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def open_model(dataset: str, run: str) -> View:
    """Let Explore show this model when it is drawn next; return its view, whose address says so too."""
    view = View(dataset=dataset, run=run)
    st.session_state[_KEY] = view
    return view


def write_model(view: View) -> None:
    """Bring data and model into the address bar, and leave all else in it as it is: pages bind the rest themselves."""
    wanted = {"data": view.dataset} | ({"run": view.run} if view.run else {})
    for name, value in wanted.items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value


def put(key: str, value: object) -> None:
    """Set a widget's value before it is drawn; an equal value is left alone."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def get(key: str) -> Any:
    """Return a widget's value."""
    return st.session_state.get(key)


def start(key: str, value: object) -> None:
    """Give a widget its first value; one that it has already stays."""
    if key not in st.session_state:
        st.session_state[key] = value


def parameter(name: str) -> str:
    """Return a value from the address, at most 200 letters of it; "" where there is none."""
    return str(st.query_params.get(name, ""))[:200]


def go(**parameters: str) -> None:
    """Make these the only values in the address."""
    if st.query_params.to_dict() != parameters:
        st.query_params.from_dict(parameters)


def take(*names: str) -> dict[str, str]:
    """Return these values from the address and take them out of it: from now on, what is on the page counts."""
    found = {name: parameter(name) for name in names if name in st.query_params}
    for name in found:
        del st.query_params[name]
    return found


def arrive(page: str) -> None:
    """Note which page is shown, and whether the one before was another."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_ARRIVED] = _PAGE in st.session_state
        st.session_state[_PAGE] = page


def shared(page: str, known: Collection[str]) -> Shared:
    """Return what a link added to this page: read from the address where it says anything of it, kept for the visit."""
    asked = {name: st.query_params[name] for name in NAMES if name in st.query_params}
    key = _SHARED.format(page)
    if asked:
        st.session_state[key] = parse_shared(asked, known)
    found: Shared = st.session_state.get(key, Shared())
    return found


def leave_present(page: str) -> None:
    """Take a page out of the presenter's look: out of what is kept for the visit, and out of the address."""
    key = _SHARED.format(page)
    st.session_state[key] = replace(st.session_state.get(key, Shared()), present=False)
    if "present" in st.query_params:
        del st.query_params["present"]


def address() -> dict[str, str]:
    """Return all that the address bar says."""
    return dict(st.query_params.to_dict())


def answers() -> dict[str, str | int]:
    """Return what was answered to the lessons' questions on this visit, by lesson."""
    found: dict[str, str | int] = st.session_state.setdefault("latent-lab-answers", {})
    return found


def drawing() -> FloatArray | None:
    """Return what was drawn on the page "Draw" on this visit, ``(c, h, w)``."""
    view = st.session_state.get(_KEY)
    return view.drawn if isinstance(view, View) else None
