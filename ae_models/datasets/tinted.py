"""MNIST in colour: each digit in the tint of its class, all tints equally bright. The data set of colourising."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray, ImageDataset, IntArray, Progress, Shape, Splits
from ae_models.base.config import Variant
from ae_models.base.luminance import LUMA, LUMINANCE
from ae_models.datasets.mnist_like import MNIST

LEVELS = 65_535  # fine enough for the grey level to come back exactly


def tints(n_classes: int) -> FloatArray:
    """Return ``(n_classes + 1, 3)`` colours of one luminance: one a class, and a second one for the last class.

    Equal luminance keeps the grey level from giving the class away. The second colour has a hue nearly
    opposite to its class's first, one that no other class wears.

    Examples
    --------
    >>> bool(np.allclose(tints(10) @ LUMA, LUMINANCE, atol=1e-6))
    True
    """
    hues = [index / n_classes for index in range(n_classes)]
    between = 0.0 if n_classes % 2 else 0.5 / n_classes  # the opposite hue, or the nearest gap to it
    hues.append((hues[-1] + 0.5 + between) % 1.0)
    return np.stack([_tint(hue) for hue in hues])


def _tint(hue: float) -> FloatArray:
    """Mix a pure hue with black or white until its luminance is ``LUMINANCE``."""
    pure = np.array(colorsys.hsv_to_rgb(hue, 1.0, 1.0), np.float32)
    luminance = float(pure @ LUMA)
    if luminance >= LUMINANCE:
        return np.asarray(pure * (LUMINANCE / luminance), np.float32)
    white = (LUMINANCE - luminance) / (1.0 - luminance)
    return np.asarray(pure + (1.0 - pure) * white, np.float32)


def has_second_tint(ids: IntArray) -> npt.NDArray[np.bool_]:
    """Say for each image id whether it would wear its class's second tint: half of them, and nothing else tells.

    The bits of the id are mixed (Knuth's multiplicative hash), so that neighbours in the file differ.
    """
    return ((ids.astype(np.uint64) * np.uint64(2_654_435_761) >> np.uint64(15)) & np.uint64(1)).astype(bool)


def tinted(grey: ImageDataset, name: str) -> ImageDataset:
    """Return grey images ``(n, 1, h, w)`` in the tints of their classes, ``(n, 3, h, w)``.

    The last class has two tints, drawn by image id: nothing in the grey image tells which, and squared error answers
    such a question with the average.
    """
    assert grey.labels is not None  # MNIST has labels
    n_classes = len(grey.class_names)
    second = (grey.labels == n_classes - 1) & has_second_tint(grey.ids)
    colours = tints(n_classes)[np.where(second, n_classes, grey.labels)]  # (n, 3)
    pixels = np.empty((len(grey), 3, *grey.shape[1:]), np.uint16)
    for channel in range(3):  # a channel at a time: a third of the memory
        pixels[:, channel] = np.rint(grey.images()[:, 0] * (colours[:, channel, None, None] * LEVELS))
    return ImageDataset(name, pixels, grey.labels, grey.ids, grey.class_names, LEVELS)


@dataclass(frozen=True)
class TintedMnist:
    """MNIST's files, tinted when they are read."""

    name: str = "mnist-tinted"
    title: str = "MNIST in colour"
    licence: str = MNIST.licence
    class_names: tuple[str, ...] = MNIST.class_names
    noun: str = MNIST.noun
    shape: Shape = (3, 28, 28)

    def resolve(self, variant: Variant) -> Literal["full", "bundled"]:
        """Return the variant that ``load`` would give; ``UserError`` when MNIST's files are not here."""
        return MNIST.resolve(variant)

    def available(self) -> bool:
        """Say whether ``load("auto")`` works without a download."""
        return MNIST.available()

    def sizes(self) -> tuple[int, int]:
        """Return the number of training and of held-out rows that ``load("auto")`` would give."""
        return MNIST.sizes()

    def load(self, variant: Variant = "auto") -> Splits:
        """Return MNIST's training and held-out rows, tinted."""
        grey = MNIST.load(variant)
        return Splits(tinted(grey.train, self.name), tinted(grey.heldout, self.name), grey.variant)

    def heldout(self, variant: Variant = "auto") -> ImageDataset:
        """Return MNIST's held-out rows, tinted."""
        return tinted(MNIST.heldout(variant), self.name)

    def download(self, progress: Progress | None = None) -> None:
        """Fetch MNIST's full files."""
        MNIST.download(progress)


TINTED_MNIST = TintedMnist()
