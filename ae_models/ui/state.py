"""Every access to ``st.session_state`` and to the address bar: what a visitor is looking at.

The address is read once, when a visit starts, and every value in it is checked; it is written after each change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

MOST = 1e6  # a coordinate of a code in a link: further out is a slip of the pen
_KEY = "latent-lab-view"
_PAGE, _ARRIVED = "latent-lab-page", "latent-lab-arrived"


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
    dims: tuple[int, ...] = ()  # which coordinates of a long code the map shows; (): those that vary most
    decode: str = "browser"  # who draws; "server" for whoever asks for it in the address
    cannot: str = ""  # why this visitor's browser cannot draw
    heard: int = 0  # the number of the canvas's last message
    selection: tuple[int, ...] = ()  # ids of the images in the lasso
    problems: list[str] = field(default_factory=list)

    def move_to(self, point: Sequence[float] | None) -> None:
        """Put the sliders somewhere, or (None) back on the pinned image."""
        self.point = None if point is None else tuple(float(value) for value in point)

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
        if self.dims:
            parameters["dims"] = ",".join(str(dim + 1) for dim in self.dims)
        if self.decode != "browser":
            parameters["decode"] = self.decode
        if self.pin is not None:
            parameters["pin"] = str(self.pin)
        if self.point is not None:
            parameters["z"] = ",".join(f"{value:.6g}" for value in self.point)
        return parameters


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


_CHOICES = {
    "dim": ("2", "3"),
    "show": ("heldout", "train"),
    "drive": ("autoencoder", "pca"),
    "near": ("codes", "pixels"),
    "decode": ("browser", "server"),
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
    view.run = parameters.get("run")
    if "pin" in parameters:
        pin = parameters["pin"]
        if pin.isascii() and pin.isdigit() and len(pin) < 10:
            view.pin = int(pin)
        else:
            view.problems.append(f"pin in the address must be the number of an image: got “{pin[:40]}”")
    if "dims" in parameters:
        parts = parameters["dims"].split(",")
        if all(part.isascii() and part.isdigit() and 0 < len(part) < 5 and int(part) > 0 for part in parts):
            view.dims = tuple(int(part) - 1 for part in parts)
        else:
            view.problems.append(f"dims in the address must be numbers from 1: got “{parameters['dims'][:40]}”")
    if "z" in parameters:
        try:
            view.point = parse_point(parameters["z"])
        except ValueError as error:
            view.problems.append(str(error))
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


def put(key: str, value: object) -> None:
    """Set a widget's value before it is drawn; an equal value is left alone."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def get(key: str) -> object:
    """Return a widget's value."""
    return st.session_state.get(key)


def start(key: str, value: object) -> None:
    """Give a widget its first value; one that it has already stays."""
    if key not in st.session_state:
        st.session_state[key] = value


def parameter(name: str) -> str:
    """Return a value from the address, at most 200 letters of it; "" where there is none."""
    return st.query_params.get(name, "")[:200]


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
