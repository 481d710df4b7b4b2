"""The strip: an original, its code as sliders, what each decoder draws, the nearest real image."""

from __future__ import annotations

import streamlit as st

from ae_models.canvas import captions
from ae_models.corruptions import CORRUPTIONS
from ae_models.kinds import kind_of
from ae_models.kinds.glossary import tip
from ae_models.ui import state
from ae_models.ui.shared.canvas.strip import Picture, pictures
from ae_models.ui.shared.markdown import escape_markdown
from ae_models.ui.shared.scene import DecodedPoint, DecodedSpace, Scene, name_of, seen_and_wanted
from ae_models.ui.view import View


def why(view: View) -> None:
    """Say why the server draws, where a visitor's browser should have."""
    if view.cannot:
        st.caption(f":material/info: Pictures are drawn by the server, on release: {escape_markdown(view.cannot)}")


def render(view: View, scene: Scene, decoded: DecodedPoint) -> None:
    """Draw the strip; the sliders of a long code that the map does not show stand in a drawer under it."""
    space = scene.driver(view)
    dims = scene.dims if space is scene.autoencoder else tuple(range(min(view.dim, space.record.latent_dim)))
    with st.container(border=True, key="strip"):
        left, middle, right = st.columns([20, 30, 88], vertical_alignment="center")
        with left:
            pictures(_original(scene, decoded), key="strip-original", arrow="after")
        with middle:
            for column, dim in zip(st.columns(len(dims), gap="small"), dims, strict=True):
                with column:
                    _slider(view, space, decoded, dim)
        with right:
            pictures(_drawn(view, scene, decoded), key="strip-drawn", arrow="before", badge=_badge(space, decoded))
    rest = [dim for dim in range(space.record.latent_dim) if dim not in dims]
    if rest:
        with st.expander(f"The other {len(rest)} numbers of the code"):
            columns = st.columns(6, gap="small")
            for place, dim in enumerate(rest):
                with columns[place % 6]:
                    _slider(view, space, decoded, dim)


def coordinate(space: DecodedSpace, dim: int) -> str:
    """Return what a coordinate is called: z1, or component 1."""
    return captions.coordinate(space.record, dim)


def _slider(view: View, space: DecodedSpace, decoded: DecodedPoint, dim: int) -> None:
    bounds = space.codes.bounds[dim]
    value = round(float(decoded.point[dim]), 6)
    key = f"slider-{space.record.id}-{view.split}-{dim}"
    inside = bounds.holds(value)
    state.put(key, value)
    st.slider(
        coordinate(space, dim) if inside else f":orange[{coordinate(space, dim)} · beyond the data]",
        min_value=min(bounds.start, value),
        max_value=max(bounds.stop, value),
        step=bounds.step,
        format="%.2f",
        key=key,
        on_change=_moved,
        args=(view, decoded, dim, key),
        help=f"99 % of the {kind_of(space.record.output_shape).samples} lie between {bounds.low:.2f} and "
        f"{bounds.high:.2f}. Beyond that the decoder guesses.",
    )


def _moved(view: View, decoded: DecodedPoint, dim: int, key: str) -> None:
    point = [float(value) for value in decoded.point]
    point[dim] = float(str(state.get(key)))
    view.move_to(point)


def _original(scene: Scene, decoded: DecodedPoint) -> list[Picture]:
    seen, wanted = seen_and_wanted(scene, decoded.pin_row)
    sample = kind_of(scene.images.shape).sample
    split = "test" if scene.split == "heldout" else "training"
    note = f"{split} {sample} {name_of(scene, decoded.pin_row)}"
    original = Picture("Original", note, wanted, tip=f"The {sample} that is pinned on the maps.")
    corruption = scene.autoencoder.record.corruption.name
    if corruption == "none":
        return [original]
    what = CORRUPTIONS.entry(corruption).title.lower()
    return [original, Picture("It sees", what, seen, tip="What the autoencoder gets; it should answer the original.")]


def _drawn(view: View, scene: Scene, decoded: DecodedPoint) -> list[Picture]:
    kind = kind_of(scene.images.shape)
    by_autoencoder = scene.driver(view) is scene.autoencoder
    pinned = f"#{scene.images.ids[decoded.pin_row]}"
    own_note = f"{decoded.drawn_error:.1f} from {pinned}" if decoded.moved else f"error {decoded.drawn_error:.1f}"
    other_note = f"error {decoded.other_error:.1f}"
    if decoded.moved:
        other_note = f"nearest {kind.sample} #{scene.images.ids[decoded.other_row]}, {other_note}"
    mine = "Autoencoder draws" if by_autoencoder and not scene.alone else "PCA draws"
    sse, nearest = tip("SSE", kind=kind), f"Nearest real {kind.sample}"
    own = Picture(mine, own_note, decoded.drawn, tip=sse)
    other_title = "PCA draws" if by_autoencoder else "Autoencoder draws"
    if decoded.other is None:
        other_note = "no PCA of this data yet"
    if scene.alone:
        return [own, _nearest(view, scene, decoded, 0, nearest)]
    other = Picture(other_title, other_note, decoded.other, tip=sse)
    first = (own, other) if by_autoencoder else (other, own)
    return [*first, _nearest(view, scene, decoded, 0, nearest)]


def _nearest(view: View, scene: Scene, decoded: DecodedPoint, place: int, title: str) -> Picture:
    row, distance = decoded.nearest[place]
    between = "between codes" if view.near == "codes" else "from the drawn {picture}, in {parts}"
    name = name_of(scene, row)
    return Picture(
        title or name,
        f"{name} · {distance:.2f} away" if title else f"{distance:.2f} away",
        scene.images.images(slice(row, row + 1))[0],
        tip=f"Euclidean distance, {kind_of(scene.images.shape).say(between)}.",
    )


def _badge(space: DecodedSpace, decoded: DecodedPoint) -> tuple[str, str]:
    inside = all(bounds.holds(float(value)) for bounds, value in zip(space.codes.bounds, decoded.point, strict=True))
    return ("within the data", "good") if inside else ("beyond the data", "warn")


def neighbours(view: View, scene: Scene, decoded: DecodedPoint) -> None:
    """Draw the real images nearest to the point, and the switch that says what "nearest" means."""
    head = st.container(horizontal=True, vertical_alignment="center", key="neighbours-head")
    kind = kind_of(scene.images.shape)
    head.markdown(f"**Real {kind.samples} nearest to this point**")
    state.put("near", view.near)
    head.segmented_control(
        "Nearest by",
        ["codes", "pixels"],
        format_func=lambda way: {"codes": "by code", "pixels": f"by {kind.picture}"}[way],
        key="near",
        required=True,
        label_visibility="collapsed",
        on_change=_near,
        args=(view,),
        help=kind.say("By code: small distance on the map. By {picture}: few {parts} differ from what is drawn."),
    )
    found = [_nearest(view, scene, decoded, place, "") for place in range(len(decoded.nearest))]
    pictures(found, key="neighbours", size=64)


def _near(view: View) -> None:
    view.near = str(state.get("near"))
