"""What Walk and Draw are given: who draws, pictures side by side, small maps, and the messages that hold them.

``browser/shared/types.js`` is written from these classes (``python -m ae_models.canvas.generate``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ae_models.base import Shape
from ae_models.canvas.types import ImageSheet


@dataclass(frozen=True)
class Drawer:
    """A decoder: ``code (n, width)`` -> ``image (n, *shape)``, an ONNX graph at ``decoder_url``."""

    key: str
    title: str
    decoder_url: str
    width: int
    shape: Shape


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
    shape: Shape
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
    input_shape: Shape
    output_shape: Shape
    width: int
    codes_url: str
    errors_url: str
    support: tuple[int, float | None, float | None]
    map: SmallMap
    dims: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class WalkPayload:
    """Walls of pictures with a cursor that is the same in all that have as many, and small maps.

    ``runtime`` and ``nouns`` are filled in by ``ae_models.canvas.message``.

    Parameters
    ----------
    runtime : str
        Address of ONNX Runtime's module.
    decode : {"browser", "server"}
        ``"server"``: each block brings its images.
    layout : str
        "between", "grid", "numbers", "bits", "sum" or "new": where things stand.
    spaces : tuple of Drawer
        Who decodes.
    nouns : mapping of str
        What a sentence about these data is filled with (``Kind.nouns``).
    blocks : tuple of Block
    stage : tuple of str
        Keys of the blocks whose picture under the cursor is shown large; ``"key#2"`` is always its third picture.
    maps : tuple of SmallMap
    n : int
        Dots of a map; ``ids_url`` (int32) and ``labels_url`` (uint8) say whose they are.
    ids_url, labels_url : str
    class_names : tuple of str
    features_url : str or None
        Address of JSON: for rows of numbers, what each is called and its lowest and highest value.
    scrub : bool
        A slider walks along the pictures.
    start : int
        Where the cursor stands at first.
    file : str
        What a saved file is called.
    heard : int
        The last message's number.
    """

    runtime: str = ""
    decode: Literal["browser", "server"]
    layout: str
    spaces: tuple[Drawer, ...]
    nouns: Mapping[str, str] = field(default_factory=dict)
    blocks: tuple[Block, ...]
    stage: tuple[str, ...]
    maps: tuple[SmallMap, ...]
    n: int
    ids_url: str
    labels_url: str
    class_names: tuple[str, ...]
    features_url: str | None = None
    scrub: bool = False
    start: int = 0
    file: str
    heard: int


@dataclass(frozen=True, kw_only=True)
class DrawPayload:
    """A sheet whose drawing is centred as the data's images are, encoded, and shown on small maps.

    ``runtime`` and ``error_tip`` are filled in by ``ae_models.canvas.message``.

    Parameters
    ----------
    runtime : str
        Address of ONNX Runtime's module.
    decode : {"browser", "server"}
        ``"server"``: the drawing is sent at the end of each stroke.
    view : str
        Names the readers: another one draws the same strokes again.
    readers : tuple of Reader
        The autoencoder first.
    third : SmallMap or None
        A map without an encoder: a drawing's place on it is estimated from its 15 nearest images.
    places : bool
        Whether that map's own method can be asked: the drawing is sent at the end of each stroke.
    placed : Placed or None
        What it said last.
    shape : (channels, height, width)
        What a drawing becomes.
    box : int
        How many pixels its longer side takes.
    n, ids_url, labels_url, class_names
        The images on the maps.
    sheet : ImageSheet
        Their pixels.
    given : tuple of int or None
        Bytes of an image ``shape`` to start from, in place of strokes.
    given_name : str
        What that is called; another name is taken for another picture.
    heard : int
        The last message's number.
    error_tip : str
        What the glossary says of the error.
    """

    runtime: str = ""
    decode: Literal["browser", "server"]
    view: str
    readers: tuple[Reader, ...]
    third: SmallMap | None
    places: bool
    placed: Placed | None
    shape: Shape
    box: int
    n: int
    ids_url: str
    labels_url: str
    class_names: tuple[str, ...]
    sheet: ImageSheet
    given: tuple[int, ...] | None
    given_name: str
    heard: int
    error_tip: str = ""
