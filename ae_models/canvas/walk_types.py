"""What Walk and Draw show: who draws, pictures side by side, small maps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Drawer:
    """A decoder: ``code (n, width)`` -> ``image (n, *shape)``, an ONNX graph at ``decoder_url``."""

    key: str
    title: str
    decoder_url: str
    width: int
    shape: tuple[int, int, int]


@dataclass(frozen=True)
class Block:
    """Pictures side by side.

    Parameters
    ----------
    key, title, note : str
    n, columns : int
        How many, and how many in a row.
    shape : (channels, height, width)
    space : str or None
        The key of the ``Drawer`` of ``codes_url``.
    codes_url : str or None
        Address of float32 ``(n, width)``. With ``images_url`` too, they are only saved.
    images_url : str or None
        Address of uint8 ``(n, *shape)``: shown as they are.
    captions : tuple of str
        What is said of each picture; none, or ``n``.
    moves : bool
        Show how far the picture moves from each to the next.
    dense : bool
        Leave no room between pictures.
    hidden : bool
        Only for the stage.
    dims, names : tuples
        Without captions: the coordinates of the code that are said of each picture, and what they are called.
    over_url : str or None
        Address of float32 ``(n_images, 2)``: dots laid over the pictures, which are a lattice whose outer nodes lie at
        ``over``, the lowest and the highest value across and up.
    """

    key: str
    title: str
    note: str
    n: int
    columns: int
    shape: tuple[int, int, int]
    space: str | None = None
    codes_url: str | None = None
    images_url: str | None = None
    captions: tuple[str, ...] = ()
    moves: bool = False
    dense: bool = False
    hidden: bool = False
    dims: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    over_url: str | None = None
    over: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Dot:
    """A marked place on a small map, in the map's numbers."""

    at: tuple[float, float]
    label: str


@dataclass(frozen=True)
class SmallMap:
    """A small flat map: dots at float32 ``(n, 2)``, a path over them, marked places."""

    key: str
    title: str
    note: str
    points_url: str
    path: tuple[tuple[float, float], ...] = ()
    dots: tuple[Dot, ...] = ()


@dataclass(frozen=True)
class Placed:
    """Where a map's own method puts one drawing; ``note`` says so."""

    drawing: int
    at: tuple[float, float]
    note: str


@dataclass(frozen=True)
class Reader:
    """A space that reads drawings: its encoder and its decoder, and what is known of real images in it.

    Parameters
    ----------
    key, title : str
    encoder_url, decoder_url : str
        ONNX graphs: ``image (n, *input_shape)`` -> ``mean (n, width)``, and ``code`` -> ``image (n, *output_shape)``.
    input_shape, output_shape : (channels, height, width)
    width : int
    codes_url : str
        Float32 ``(n_images, width)``.
    errors_url : str
        Float32 ``(n_images,)``: the squared error of each real image.
    support : (k, near, far)
        See ``ae_models.latent.Support``.
    map : SmallMap
    dims : two ints
        Which coordinates the map shows.
    """

    key: str
    title: str
    encoder_url: str
    decoder_url: str
    input_shape: tuple[int, int, int]
    output_shape: tuple[int, int, int]
    width: int
    codes_url: str
    errors_url: str
    support: tuple[int, float | None, float | None]
    map: SmallMap
    dims: tuple[int, ...]
