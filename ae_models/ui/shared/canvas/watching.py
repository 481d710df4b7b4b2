"""A training as it happens: the map that forms, and the same few images drawn better and better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ae_models.base import Shape
from ae_models.ui.shared.canvas.components import mount


@dataclass(frozen=True)
class LiveMap:
    """Codes as dots that glide to where they are now.

    Parameters
    ----------
    points_url : str or None
        Address of little-endian float16 ``(n, width)``; the first two numbers of each are drawn. None: not yet.
    n, width : int
    labels_url : str
        Address of uint8 ``(n,)``, an index into ``class_names``; 255 has no class.
    height : int
        In CSS pixels.
    class_names, axes : sequences of str
    compact : bool
        The dots alone, without axes and legend.
    equal : bool
        One unit is as long on both axes.
    """

    points_url: str | None
    n: int
    width: int
    labels_url: str
    height: int
    class_names: Sequence[str] = ()
    axes: Sequence[str] = ()
    compact: bool = False
    equal: bool = False


def live_map(shown: LiveMap, *, key: str) -> None:
    """Draw a map that changes while it is looked at."""
    data: dict[str, object] = {
        "compact": shown.compact,
        "equal": shown.equal,
        "points": shown.points_url,
        "n": int(shown.n),
        "width": int(shown.width),
        "labels": shown.labels_url,
        "class_names": [str(name) for name in shown.class_names],
        "axes": [str(axis) for axis in shown.axes],
        "height": int(shown.height),
    }
    mount("train/live_map", data, key=key)


def growth(
    frames: Sequence[tuple[float, str]],
    *,
    wanted_url: str,
    seen_url: str | None,
    names: Sequence[str],
    shape: Shape,
    seen_shape: Shape,
    n_epochs: int,
    key: str,
) -> None:
    """Draw images above what a network made of them; a slider goes back through the training.

    Parameters
    ----------
    frames : sequence of (float, str)
        The epoch, a fraction, and the address of uint8 ``(n, *shape)``; the oldest first.
    wanted_url, seen_url : str, str or None
        Addresses of the images, and of what the network sees of them where that is something else.
    names : sequence of str
        What each image is called: ``n`` of them.
    shape, seen_shape : (channels, height, width)
    n_epochs : int
    key : str
        Streamlit's key.
    """
    data = {
        "n": len(names),
        "shape": list(shape),
        "seen_shape": list(seen_shape),
        "wanted": wanted_url,
        "seen": seen_url,
        "frames": [[float(epoch), url] for epoch, url in frames],
        "names": [str(name) for name in names],
        "n_epochs": int(n_epochs),
    }
    mount("train/growth", data, key=key)
