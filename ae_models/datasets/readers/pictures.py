"""Picture files become arrays: looked at before they are decoded, one way for each kind of colour."""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ae_models.base import Progress, UserError
from ae_models.datasets.readers.items import Problems
from ae_models.datasets.readers.limits import Budget, Limits
from ae_models.datasets.readers.raw import Values
from ae_models.datasets.readers.recognise import is_picture

LARGEST_SIDE, SMALLEST_SIDE = 64, 8
_ORIENTATION = 0x0112  # of EXIF
_BYTES_A_PIXEL = {"1": 3, "L": 3, "RGB": 6, "I": 12, "I;16": 8, "I;16B": 12, "CMYK": 8}  # with copies while decoding
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True)
class PictureEntry:
    """One picture that can be read: its name and its bytes, made when they are asked for."""

    name: str
    content: Callable[[], bytes]


@dataclass(frozen=True)
class Wish:
    """How pictures should come: ``size`` 0 keeps their size; ``background`` lies under what is transparent."""

    size: int = 0
    background: str = "white"


class Unfit(Exception):
    """One picture cannot be used; the message says why, without its name."""


def look(content: bytes, limits: Limits) -> Any:
    """Return an opened, undecoded picture; ``Unfit`` when it is none, too large, animated or of unknown colours."""
    from PIL import Image

    if not is_picture(content[:16]):
        raise Unfit("is no picture (its first bytes are those of none)")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
        width, height = picture.size
        frames = getattr(picture, "n_frames", 1)
    except Image.DecompressionBombError:
        raise Unfit(f"has more pixels than the {limits.picture_pixels:,} that are read") from None
    except _BROKEN:
        raise Unfit("is a damaged picture: its header cannot be read") from None
    if max(width, height) > limits.picture_side or width * height > limits.picture_pixels:
        raise Unfit(
            f"has {width:,} x {height:,} pixels, where sides of at most {limits.picture_side:,} "
            f"and {limits.picture_pixels:,} pixels are read"
        )
    if min(width, height) < 1:
        raise Unfit("has no pixels")
    if frames > 1:
        raise Unfit(f"is animated or has {frames} pages: one picture a file")
    return picture


def decode(picture: Any, wish: Wish) -> Values:
    """Return a picture that was looked at as ``(h, w)`` or ``(h, w, 3)`` uint8; one of 16 bits as ``(h, w)`` uint16.

    What is transparent shows the background; a picture turned by its camera is turned upright; sides over 64 are made
    smaller, keeping the shape. ``Unfit`` for CMYK and other colours that need a profile to be shown right.
    """
    try:
        pixels: Values = _pixels(_upright(picture), wish)
        return pixels
    except _BROKEN:
        raise Unfit("is a damaged picture, or cut short") from None


def _upright(picture: Any) -> Any:
    from PIL import ImageOps

    return ImageOps.exif_transpose(picture) if picture.getexif().get(_ORIENTATION, 1) != 1 else picture


def _pixels(picture: Any, wish: Wish) -> Values:
    mode = picture.mode
    if mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif mode in ("1", "La", "RGBX") or (mode in ("L", "RGB") and "transparency" in picture.info):
        picture = picture.convert({"1": "L", "La": "LA", "RGBX": "RGB", "L": "LA", "RGB": "RGBA"}[mode])
    if picture.mode in ("LA", "PA", "RGBA", "RGBa"):
        grey = picture.mode == "LA"
        picture = picture.convert("RGBA")
        under = _plain(picture.size, wish.background)
        under.alpha_composite(picture)
        picture = under.convert("L" if grey else "RGB")
    if picture.mode.startswith("I"):
        return _sixteen_bits(picture, wish)
    if picture.mode not in ("L", "RGB"):
        told = "CMYK, for print" if picture.mode == "CMYK" else picture.mode
        raise Unfit(f"has colours that are not read ({told}): save it as RGB or grey")
    return np.asarray(_sized(picture, wish.size), np.uint8)


def _plain(size: tuple[int, int], colour: str) -> Any:
    from PIL import Image

    return Image.new("RGBA", size, colour)


def _sixteen_bits(picture: Any, wish: Wish) -> Values:
    values = np.asarray(picture)
    if values.min() < 0 or values.max() > 65_535:
        raise Unfit(f"has values from {values.min()} to {values.max()}: 8 and 16 bits are read")
    from PIL import Image

    made = np.asarray(_sized(Image.fromarray(values.astype(np.float32)), wish.size))
    pixels: Values = np.clip(np.rint(made), 0, 65_535).astype(np.uint16)
    return pixels


def _sized(picture: Any, size: int) -> Any:
    """Return a picture of ``size`` by ``size``, or with no side over 64, its shape kept."""
    from PIL import Image

    width, height = picture.size
    most = size or LARGEST_SIDE
    if not size and max(width, height) <= most:
        if min(width, height) < SMALLEST_SIDE:
            raise Unfit(f"has {width} x {height} pixels, where sides of {SMALLEST_SIDE} to {LARGEST_SIDE} are used")
        return picture
    scale = most / max(width, height)
    small = max(1, round(width * scale)), max(1, round(height * scale))
    if not size and min(small) < SMALLEST_SIDE:
        raise Unfit(f"has {width:,} x {height:,} pixels, too narrow to be made {most} and keep {SMALLEST_SIDE} across")
    if small != (width, height):
        picture = picture.resize(small, Image.Resampling.BILINEAR)
    if small == (most, most) or not size:
        return picture
    framed = Image.new(picture.mode, (size, size), picture.getpixel((0, 0)))
    framed.paste(picture, ((size - small[0]) // 2, (size - small[1]) // 2))
    return framed


@dataclass(eq=False)
class Collected:
    """Pictures as one array, the places of those that were kept, and what to say of them."""

    values: Values
    kept: list[int]
    notes: list[str]


def collect(
    entries: Sequence[PictureEntry], wish: Wish, budget: Budget, problems: Problems, progress: Progress | None = None
) -> Collected:
    """Return many pictures of one size as ``(n, h, w)`` or ``(n, h, w, 3)``; grey ones become colour beside colour.

    Where good ones are kept, the size of most of them counts and others are left out.
    """
    limits = budget.limits
    wanted = None if wish.size or not problems.keep_good else _usual_size(entries, budget)
    arrays: list[Values] = []
    kept: list[int] = []
    first = ("most pictures", wanted) if wanted else None  # whose size counts, and which it is
    larger = transparent = 0
    for place, entry in enumerate(entries):
        budget.tick(entry.name)
        if progress and place and place % 256 == 0:
            progress(place / len(entries), f"{place:,} of {len(entries):,} pictures")
        try:
            picture = look(entry.content(), limits)
            full = (picture.size[1], picture.size[0])
            first = first or (entry.name, full)
            if not wish.size and full != first[1]:
                raise Unfit(
                    f"has {full[1]} x {full[0]} pixels, where {first[0]} has {first[1][1]} x {first[1][0]}: "
                    "size=28 would make all of them 28 x 28"
                )
            budget.room_for(full[0] * full[1] * _BYTES_A_PIXEL.get(picture.mode, 16), entry.name)
            array = decode(picture, wish)
        except (Unfit, UserError) as unfit:
            budget.tick(entry.name)
            problems.add(entry.name, str(unfit).split(": ", 1)[-1] if isinstance(unfit, UserError) else str(unfit))
            continue
        larger += max(full) > LARGEST_SIDE and not wish.size
        transparent += picture.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in picture.info
        budget.spend(array.nbytes, entry.name)
        arrays.append(array)
        kept.append(place)
    notes = []
    if larger:
        notes.append(f"{larger:,} pictures were made smaller, to {arrays[0].shape[1]} x {arrays[0].shape[0]} pixels")
    if transparent:
        notes.append(f"{transparent:,} pictures have transparency: they lie on {wish.background}")
    return Collected(_stack(arrays, budget, entries[0].name if entries else "pictures"), kept, notes)


def _usual_size(entries: Sequence[PictureEntry], budget: Budget) -> tuple[int, ...] | None:
    sizes: Counter[tuple[int, int]] = Counter()
    for entry in entries:
        budget.tick(entry.name)
        try:
            width, height = look(entry.content(), budget.limits).size
        except (Unfit, UserError):
            continue
        sizes[(height, width)] += 1
    return sizes.most_common(1)[0][0] if sizes else None


def _stack(arrays: list[Values], budget: Budget, name: str) -> Values:
    """Return pictures as one array; one of 16 bits, or in colour, makes all of them so."""
    if not arrays:
        return np.empty((0, SMALLEST_SIDE, SMALLEST_SIDE), np.uint8)
    deep = any(array.dtype == np.uint16 for array in arrays)
    colour = any(array.ndim == 3 for array in arrays)
    shape = (len(arrays), *arrays[0].shape[:2], *((3,) if colour else ()))
    more = math.prod(shape) * (2 if deep else 1) - sum(array.nbytes for array in arrays)
    budget.spend(max(0, more), name)
    stacked = np.empty(shape, np.uint16 if deep else np.uint8)
    for place in reversed(range(len(arrays))):
        array = arrays.pop()  # each is let go when it is copied
        wide = array.astype(np.uint16) * 257 if deep and array.dtype == np.uint8 else array
        stacked[place] = wide[..., None] if colour and array.ndim == 2 else wide
    return stacked
