"""How large a network will be, before there is one: layers, their widths, their parameters. No torch here.

The settings of each architecture state its layers in these words; the tests build each of them and count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Literal

from ae_models.base import Shape

_KERNEL = 3 * 3


@dataclass(frozen=True)
class Layer:
    """What one image is at one place in the network, and what leads there.

    Parameters
    ----------
    role : {"input", "hidden", "code", "output"}
    kind : {"image", "dense", "convolution"}
        What made it.
    shape : tuple of int
        ``(c, h, w)`` or ``(units,)``.
    parameters : int
        Weights and biases of the step from the layer before; 0 for the input.
    """

    role: Literal["input", "hidden", "code", "output"]
    kind: Literal["image", "dense", "convolution"]
    shape: tuple[int, ...]
    parameters: int

    @property
    def units(self) -> int:
        """How many numbers one image is here."""
        return prod(self.shape)


def half_sides(shape: Shape, n: int) -> list[tuple[int, int]]:
    """Return the sides after 0, 1 ... n halvings, rounded up.

    Examples
    --------
    >>> half_sides((1, 28, 28), 3)
    [(28, 28), (14, 14), (7, 7), (4, 4)]
    """
    sides = [shape[1:]]
    for _ in range(n):
        height, width = sides[-1]
        sides.append((-(-height // 2), -(-width // 2)))
    return sides


def _affine(n_in: int, n_out: int) -> int:
    return (n_in + 1) * n_out


def dense_layers(
    input_shape: Shape,
    output_shape: Shape,
    k: int,
    down: Sequence[int],
    up: Sequence[int],
    *,
    halves: int = 1,
    output_parameters: int | None = None,
) -> tuple[Layer, ...]:
    """Return affine layers of ``down`` units to a code of ``k`` numbers and of ``up`` units from it.

    Parameters
    ----------
    halves : int
        How many numbers the encoder says for each of the code: 2 for a mean and a spread.
    output_parameters : int, optional
        Of the last layer, where it is not one of its own.
    """
    encoder = [prod(input_shape), *down]
    decoder = [k, *up]
    last = _affine(decoder[-1], prod(output_shape)) if output_parameters is None else output_parameters
    return (
        Layer("input", "image", input_shape, 0),
        *(Layer("hidden", "dense", (width,), _affine(before, width)) for before, width in pairwise(encoder)),
        Layer("code", "dense", (k,), _affine(encoder[-1], halves * k)),
        *(Layer("hidden", "dense", (width,), _affine(before, width)) for before, width in pairwise(decoder)),
        Layer("output", "image", output_shape, last),
    )


def conv_layers(
    input_shape: Shape, output_shape: Shape, k: int, channels: tuple[int, ...], dense: int, *, halves: int = 1
) -> tuple[Layer, ...]:
    """Return convolutions that halve the sides, a dense layer, a code of ``k`` numbers, and the mirror of it all."""
    down = half_sides(input_shape, len(channels))[1:]
    up = half_sides(output_shape, len(channels))[:0:-1]
    deepest_in, deepest_out = channels[-1] * prod(down[-1]), channels[-1] * prod(up[0])
    wide = channels[::-1]
    return (
        Layer("input", "image", input_shape, 0),
        *(
            Layer("hidden", "convolution", (n_out, *sides), (_KERNEL * n_in + 1) * n_out)
            for n_in, n_out, sides in zip((input_shape[0], *channels), channels, down, strict=False)
        ),
        Layer("hidden", "dense", (dense,), _affine(deepest_in, dense)),
        Layer("code", "dense", (k,), _affine(dense, halves * k)),
        Layer("hidden", "dense", (dense,), _affine(k, dense)),
        Layer("hidden", "dense", (channels[-1], *up[0]), _affine(dense, deepest_out)),
        *(
            Layer("hidden", "convolution", (n_out, *sides), (_KERNEL * n_in + 1) * n_out)
            for (n_in, n_out), sides in zip(pairwise(wide), up[1:], strict=True)
        ),
        Layer("output", "image", output_shape, (_KERNEL * wide[-1] + 1) * output_shape[0]),
    )
