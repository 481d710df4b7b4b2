"""What a code costs in bytes: numbers of a few bits each, the model beside them; JPEG and PNG of the same images."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ae_models.analysis.map_values import errors_of
from ae_models.analysis.nested_pca import StraightMap
from ae_models.base import FloatArray, ImageDataset, UserError
from ae_models.base.squared_errors import squared_errors
from ae_models.runs import Graphs, RunRecord, RunStore

Wide = npt.NDArray[np.float64]
Bits = npt.NDArray[np.intp]
BITS = (2, 3, 4, 5, 6, 8)
QUALITIES = (1, 3, 5, 8, 12, 18, 25, 35, 50, 70, 90)
TAIL = 0.001  # of the values of a number, on either side, that its levels leave out
_RANGE_BYTES = 8  # two float32 a number of the code: where its levels begin and end
_BITS_BYTES = 1  # a number of the code, where each has bits of its own
_MOST_BITS = 12  # of one number


@dataclass(frozen=True)
class CodeCost:
    """Images kept as codes of a few bits a number, or as JPEG.

    Parameters
    ----------
    numbers, bits : int
        Of the code; of bits the mean over its numbers; 0 for JPEG.
    code_bytes : float
        An image.
    model_bytes : int
        Once, for all images: what decodes them, and the ranges of the code.
    sse : float
        Held-out, decoded from what was kept.
    """

    numbers: int
    bits: int
    code_bytes: float
    model_bytes: int
    sse: float
    quality: int = 0

    def bytes_an_image(self, n_images: int) -> float:
        """Return what one of ``n_images`` costs: its code and its share of the model."""
        return self.code_bytes + self.model_bytes / n_images


def quantised(codes: FloatArray, bits: int) -> FloatArray:
    """Return codes ``(n, k)`` rounded to ``2 ** bits`` evenly spaced levels a number.

    The levels of a number run over its ``level_ranges``; a value outside goes to the nearest end, one inside moves by
    half a step at most. A number that never varies stays as it is.

    Examples
    --------
    >>> quantised(np.array([[0.0], [0.2], [0.6], [1.0]], "f"), 1).ravel().round(2)
    array([0., 0., 1., 1.], dtype=float32)
    """
    if not 1 <= bits <= 16:
        raise UserError(f"bits must be between 1 and 16: got {bits}")
    low, step = level_ranges(codes, bits)
    levels = np.clip(np.rint((codes - low) / np.where(step > 0, step, 1)), 0, 2**bits - 1)
    return np.asarray(np.where(step > 0, low + levels * step, codes), np.float32)


def level_ranges(codes: FloatArray, bits: int) -> tuple[FloatArray, FloatArray]:
    """Return where the levels of each number begin, and how far apart they are: each ``(k,)``.

    The range is that in which 99.8 % of the number's values in ``codes`` lie (its 0.1 % and 99.9 % quantiles): a
    single image far out would else cost all others precision.
    """
    low, high = np.quantile(codes, [TAIL, 1 - TAIL], axis=0)
    return np.asarray(low, np.float32), np.asarray((high - low) / (2**bits - 1), np.float32)


def kept_by_autoencoder(
    store: RunStore, record: RunRecord, codes: FloatArray, images: ImageDataset, bits: int
) -> CodeCost:
    """Return what an autoencoder's quantised codes cost and lose; the model is its decoder's file as it is stored."""
    errors = errors_of(Graphs(store, record), record, images, quantised(codes, bits))
    size = record.files["decoder.onnx"].size + _RANGE_BYTES * record.latent_dim
    return CodeCost(record.latent_dim, bits, record.latent_dim * bits / 8, size, float(errors.mean(dtype=np.float64)))


def kept_by_pca(straight: StraightMap, codes: FloatArray, images: ImageDataset, bits: int) -> tuple[CodeCost, ...]:
    r"""Return the same of PCA for 1, 2, ... k numbers; its model is mean and components in float16.

    The numbers have ``bits`` bits on average, more for those that vary more (``shared_bits``). The error is
    :math:`\lVert x - \mu \rVert^2 - \sum_j z_j^2 + \sum_j (z_j - q_j)^2` for codes z kept as q: the
    components are orthonormal. (Rounding them to float16 changes the SSE by less than 0.001.)
    """
    centred = images.images().reshape(len(images), -1) - straight.mean
    whole = float(np.einsum("ij,ij->i", centred, centred, dtype=np.float64).mean())
    left = _rounding_errors(codes)
    gains = left - np.square(codes, dtype=np.float64).mean(axis=0)
    n_pixels = straight.components.shape[1]
    found = []
    for k in range(1, straight.size + 1):
        given = _shared(left[:, :k], k * bits)
        change = float(gains[given, np.arange(k)].sum())
        size = 2 * (k + 1) * n_pixels + (_RANGE_BYTES + _BITS_BYTES) * k
        found.append(CodeCost(k, bits, float(given.sum()) / 8, size, whole + change))
    return tuple(found)


def shared_bits(codes: FloatArray, bits: int) -> Bits:
    """Return how many bits each number of PCA codes ``(n, k)`` gets, ``(k,)``: at most ``bits`` on average.

    Each bit goes where it takes the most from the squared error; a number without any stands at 0, the mean.

    References
    ----------
    Shoham & Gersho 1988, "Efficient bit allocation for an arbitrary set of quantizers".

    Examples
    --------
    >>> wide = np.random.default_rng(0).normal(size=(500, 3)) * [9, 3, 0.1]
    >>> given = shared_bits(wide.astype("f"), 4)
    >>> bool(given[0] > given[1] > given[2]), int(given.sum()) <= 12
    (True, True)
    """
    return _shared(_rounding_errors(codes), bits * codes.shape[1])


def rounded_by_shares(codes: FloatArray, given: Bits) -> FloatArray:
    """Return codes ``(n, k)`` with ``given (k,)`` bits a number; those of none are 0."""
    found = np.zeros_like(codes)
    for bits in np.unique(given[given > 0]):
        some = given == bits
        found[:, some] = quantised(codes[:, some], int(bits))
    return found


def _rounding_errors(codes: FloatArray) -> Wide:
    """Return the mean squared error of each number with 0, 1, ... bits, ``(13, k)``."""
    z = codes.astype(np.float64)
    rows = [np.square(z).mean(axis=0)]
    rows += [np.square(z - quantised(codes, bits)).mean(axis=0) for bits in range(1, _MOST_BITS + 1)]
    return np.stack(rows)


def _shared(left: Wide, budget: int) -> Bits:
    """Return the bits ``(k,)`` that leave the least error for a budget: steepest steps of the convex hulls first."""
    steps = []  # (error taken a bit, number, bits from, bits to)
    for place, errors in enumerate(left.T):
        at = 0
        while at < _MOST_BITS:
            slopes = (errors[at] - errors[at + 1 :]) / np.arange(1, _MOST_BITS + 1 - at)
            best = int(np.argmax(slopes))
            if slopes[best] <= 0:
                break
            steps.append((float(slopes[best]), place, at, at + best + 1))
            at += best + 1
    given = np.zeros(left.shape[1], np.intp)
    for _, place, start, stop in sorted(steps, key=lambda step: -step[0]):
        if given[place] == start and stop - start <= budget:
            given[place], budget = stop, budget - (stop - start)
    return given


def png_bytes(images: ImageDataset) -> float:
    """Return what one lossless PNG of all images side by side costs an image: the images themselves, packed."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(contact_sheet(images)[0]).save(buffer, "PNG", optimize=True)
    return len(buffer.getvalue()) / len(images)


def kept_as_jpeg(images: ImageDataset, quality: int) -> CodeCost:
    """Return what one JPEG of all images side by side costs an image, and loses.

    Its tables are fitted to it (``optimize``). A JPEG of a single 28 x 28 image is mostly header, so only a contact
    sheet is comparable.
    """
    from PIL import Image

    sheet, shape = contact_sheet(images)
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "JPEG", quality=quality, optimize=True)
    read = np.asarray(Image.open(io.BytesIO(buffer.getvalue())))
    errors = squared_errors(images.images(), np.asarray(_cut(read, shape, images) / 255, np.float32))
    return CodeCost(0, 0, len(buffer.getvalue()) / len(images), 0, float(errors.mean(dtype=np.float64)), quality)


def contact_sheet(images: ImageDataset) -> tuple[np.ndarray, tuple[int, int]]:
    """Return all images on one sheet of uint8, ``(h, w)`` or ``(h, w, 3)``, and how many rows and columns it has.

    The sheet is as square as it can be; places left over are black.
    """
    channels, height, width = images.shape
    columns = int(np.ceil(np.sqrt(len(images))))
    n_rows = -(-len(images) // columns)
    whole = np.zeros((n_rows * columns, channels, height, width), np.uint8)
    whole[: len(images)] = np.rint(images.images() * 255)
    sheet = whole.reshape(n_rows, columns, channels, height, width).transpose(0, 3, 1, 4, 2)
    sheet = sheet.reshape(n_rows * height, columns * width, channels)
    return np.ascontiguousarray(sheet[:, :, 0] if channels == 1 else sheet), (n_rows, columns)


def _cut(sheet: np.ndarray, shape: tuple[int, int], images: ImageDataset) -> np.ndarray:
    channels, height, width = images.shape
    n_rows, columns = shape
    cut = sheet.reshape(n_rows, height, columns, width, channels).transpose(0, 2, 4, 1, 3)
    return cut.reshape(-1, channels, height, width)[: len(images)]
