"""The nouns of the project, and the promises that other rooms keep.

An *image* is ``(channels, height, width)``, float32 in [0, 1]. A *latent code* is the encoder's output at the
bottleneck. An *embedding* is where samples lie on a map. Nothing here computes; nothing here imports a heavy package.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int32]
ByteArray = npt.NDArray[np.uint8]
Shape = tuple[int, int, int]
Progress = Callable[[float, str], None]
"""Called with the share that is done, 0 to 1, and a short line for a person."""


def every_core() -> int:
    """Return how many processor threads this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class UserError(ValueError):
    """A user's mistake, told in one line: the thing, the rule and the value.

    The command line prints it and exits with 2; a page shows it as a message. Any other exception is ours.
    """


def as_user_error(error: Exception, words: str) -> UserError:
    """Return an error of reading what somebody else wrote as a ``UserError``: itself, or one of these words."""
    return error if isinstance(error, UserError) else UserError(f"{words} ({type(error).__name__})")


@dataclass(frozen=True)
class Visitor:
    """Who asks for a change: the holder of a browser's cookie, or somebody who may change everything.

    Parameters
    ----------
    id : str
        A digest of the cookie; "" where there is none. What a visitor makes has this as its owner.
    may_change_all : bool
        True of the server's owner, at one's own desk, and on the command line.
    address : str
        A name for where the visitor comes from that tells one address from another and nothing else; "" for unknown.
    """

    id: str = ""
    may_change_all: bool = False
    address: str = ""

    def may_change(self, owner: str) -> bool:
        """Say whether this visitor may change what ``owner`` made; "" is nobody, and then only the server's owner may.

        Examples
        --------
        >>> Visitor("ann").may_change("ann"), Visitor("ann").may_change("bob"), Visitor().may_change("")
        (True, False, False)
        """
        return self.may_change_all or (self.id != "" and self.id == owner)

    def is_maker(self, owner: str) -> bool:
        """Say whether ``owner`` is this visitor; what is nobody's counts as theirs who may change everything."""
        return self.id == owner if owner else self.may_change_all

    def check(self, owner: str, what: str) -> None:
        """Raise ``UserError`` unless this visitor may change ``what``, which ``owner`` made."""
        if not self.may_change(owner):
            raise UserError(f"{what} is {whose(owner)}: {CHANGERS}")


OPERATOR = Visitor(may_change_all=True)
"""Whoever runs a command on this machine: the files are theirs anyway."""

CHANGERS = "only its maker and the server's owner may change it"


def whose(owner: str) -> str:
    """Return in words whose a thing is that is not the asking visitor's."""
    return "another person's" if owner else "the server's"


@dataclass(frozen=True, eq=False)
class ImageDataset:
    """Images of one shape with their labels and their row numbers in the file they came from.

    Parameters
    ----------
    name : str
        The data set's name in ``DATASETS``.
    pixels : (n, c, h, w) array of uint8 or uint16
        Raw values from 0 to ``levels``.
    labels : (n,) array of int32, or None
        Class numbers, an index into ``class_names``.
    ids : (n,) array of int32
        The row of each image in its source file: what a person calls "test image 0".
    class_names : tuple of str
    levels : int
        The raw value that means 1.0: 255 for most files, 16 for scikit-learn's digits, 65,535 for tinted images and
        for vectors, which are ``(n, 1, 1, d)``.
    """

    name: str
    pixels: npt.NDArray[np.uint8 | np.uint16]
    labels: IntArray | None
    ids: IntArray
    class_names: tuple[str, ...]
    levels: int = 255

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def shape(self) -> Shape:
        """``(channels, height, width)`` of one image."""
        channels, height, width = self.pixels.shape[1:]
        return int(channels), int(height), int(width)

    def images(self, rows: Any = slice(None)) -> FloatArray:
        """Return the images of ``rows``, ``(n, c, h, w)`` float32 in [0, 1]; all of them by default."""
        images: FloatArray = self.pixels[rows].astype(np.float32) / np.float32(self.levels)
        return images

    def take(self, rows: npt.NDArray[np.integer[Any]]) -> ImageDataset:
        """Return the data set of these rows (positions, not ids), in this order."""
        labels = None if self.labels is None else self.labels[rows]
        return ImageDataset(self.name, self.pixels[rows], labels, self.ids[rows], self.class_names, self.levels)

    @cached_property
    def digest(self) -> str:
        """A sha256 of shape, levels, pixels, labels and ids: it names the data, whatever file they came in."""
        digest = sha256(f"{self.pixels.shape} {self.levels}".encode())
        digest.update(np.ascontiguousarray(self.pixels, self.pixels.dtype.newbyteorder("<")).data)
        digest.update(np.ascontiguousarray(self.ids, dtype="<i4").data)
        if self.labels is not None:
            digest.update(np.ascontiguousarray(self.labels, dtype="<i4").data)
        return digest.hexdigest()


@dataclass(frozen=True, eq=False)
class Splits:
    """A data set as it is used: rows to fit on, and rows kept away from fitting.

    ``variant`` says which files they came from: ``full`` (the published train and test files) or ``bundled`` (the
    images that ship with the product).
    """

    train: ImageDataset
    heldout: ImageDataset
    variant: str


@dataclass(frozen=True, eq=False)
class Embedding:
    """Where samples lie on a map.

    Parameters
    ----------
    points : (n, n_components) array of float32
    ids : (n,) array of int32
        The id of the image that each row belongs to.
    method, config : str, dict
        What made it, with which parameters (seed among them) and in which version.
    dataset : str
    fitted_on, scored_on : dict
        ``{"variant", "split", "n", "digest"}`` of the rows the map was fitted on and of the rows it shows.
    seconds : float
        What fitting it and placing the rows took together.
    transform_seconds : float or None
        What placing the rows alone took; older maps do not know.
    """

    points: FloatArray
    ids: IntArray
    method: str
    config: dict[str, Any]
    version: str
    dataset: str
    fitted_on: dict[str, Any]
    scored_on: dict[str, Any]
    seconds: float = 0.0
    transform_seconds: float | None = None


class Encoder(Protocol):
    """Turns images ``(n, c, h, w)`` into latent codes ``(n, latent_dim)``."""

    def encode(self, images: FloatArray) -> FloatArray:
        """Return the codes of images."""
        ...


class Decoder(Protocol):
    """Turns latent codes ``(n, latent_dim)`` into images ``(n, c, h, w)``."""

    def decode(self, codes: FloatArray) -> FloatArray:
        """Return the images of codes."""
        ...


class Projection(Protocol):
    """A fitted baseline map over flat images ``(n, n_pixels)``; ``points`` is where the fitted rows lie on it.

    ``progress`` is told the share of this one step; what it raises ends the step.
    """

    decodes: bool
    repeatable: str  # on which condition the same map comes again
    points: FloatArray

    def check(self, n_rows: int, n_pixels: int) -> None:
        """Refuse rows that this method cannot fit: ``UserError``."""
        ...

    def fit(self, rows: FloatArray, progress: Progress | None = None) -> Projection:
        """Fit the map to rows and return it."""
        ...

    def transform(self, rows: FloatArray, progress: Progress | None = None) -> FloatArray:
        """Return where rows lie on the fitted map."""
        ...
