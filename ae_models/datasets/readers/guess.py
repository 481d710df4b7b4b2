"""What the values are taken for, and why: each guess is a record that the user may change before anything is kept."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Literal, get_args, get_origin

import numpy as np

from ae_models.base import FloatArray, UserError
from ae_models.base.config import ImportConfig
from ae_models.datasets.readers.columns import is_square
from ae_models.datasets.readers.limits import LIMITS, Limits
from ae_models.datasets.readers.raw import Hint, Raw, Values, at_once
from ae_models.kinds import kind_called

_SAMPLE = 2_000
RANGES: dict[str, tuple[float, float, int]] = {
    "0-1": (0.0, 1.0, 255),
    "0-255": (0.0, 255.0, 255),
    "minus1-1": (-1.0, 1.0, 65_535),
    "0-16": (0.0, 16.0, 16),
    "0-65535": (0.0, 65_535.0, 65_535),
}
"""Black, white, and the levels between them that are kept."""


@dataclass(frozen=True)
class Guess:
    """One thing that was decided: what, why, how sure that is, and by whom."""

    key: str
    value: str
    why: str
    confidence: str  # sure, likely, unsure; "yours" where the user said it
    choices: tuple[str, ...] = ()


@dataclass
class Reading:
    """Everything that was decided of a ``Raw``, with the reasons."""

    guesses: list[Guess] = field(default_factory=list)

    def __getitem__(self, key: str) -> str:
        return next(guess.value for guess in self.guesses if guess.key == key)

    def __contains__(self, key: object) -> bool:
        return any(guess.key == key for guess in self.guesses)


def decide(raw: Raw, config: ImportConfig | None = None, limits: Limits = LIMITS) -> Reading:
    """Return what a ``Raw`` is taken for; what ``config`` says is taken as said.

    Raises ``UserError`` where values make neither images nor vectors.
    """
    config, plan = config or ImportConfig(), Reading()
    settle = _Settling(raw, config, plan)
    if kind_called(settle("kind", _kind(raw))).is_scaled:
        _decide_vectors(raw, limits, settle)
    else:
        _decide_images(raw, config, settle)
    settle("split", _split(raw))
    labels = Hint("none", "no labels came") if raw.labels is None else Hint("given", "they came with the rows")
    settle("labels", labels)
    if "class_names" in raw.hints and raw.labels is not None and not raw.class_names:
        settle("class_names", raw.hints["class_names"])
    return plan


@dataclass(frozen=True)
class _Settling:
    """Settles one thing after another: by what the user said, else by what the file says, else by the guess."""

    raw: Raw
    config: ImportConfig
    plan: Reading

    def __call__(self, key: str, guessed: Hint) -> str:
        hint, value = self.raw.hints.get(key, guessed), self.config.model_dump()[key]
        if value not in ("auto", 0, "", ()):
            hint = Hint(",".join(value) if isinstance(value, tuple) else str(value), "you said so", "yours")
        self.plan.guesses.append(Guess(key, hint.value.strip(","), hint.why, hint.confidence, _choices(key)))
        return hint.value


def _decide_vectors(raw: Raw, limits: Limits, settle: _Settling) -> None:
    width = math.prod(raw.values.shape[1:])
    if not 2 <= width <= limits.columns:
        label = raw.hints["labels"].value if "labels" in raw.hints else "none"
        notes = "" if label == "none" else f"; {label} is taken for the label (labels=none takes none)"
        notes += "".join(f"; {note}" for note in raw.notes[:2])
        raise UserError(f"{_first(raw)}vectors have 2 to {limits.columns:,} numbers: got {width:,}{notes}")
    settle("scaling", _scaling(raw.values.reshape(len(raw), -1)))


def _decide_images(raw: Raw, config: ImportConfig, settle: _Settling) -> None:
    sample, plan = _sample(raw.values), settle.plan
    layout, order = _layout(raw, sample, config)
    if order is not None:
        settle("order", order)
        layout = f"flat-{plan['order']}"
    plan.guesses.append(Guess("layout", layout, "how the values stand in the file", "sure"))
    images = laid_out(sample, layout)
    colour = settle("colour", _colour(images))
    settle("range", _range(raw.values))
    unit = _unit(images, raw.values, plan["range"])
    light = 1 - unit if settle("inverted", _inverted(unit, colour)) == "yes" else unit
    settle("transposed", _transposed(light, _sample(raw.labels) if raw.labels is not None else None))
    settle("size", _size(images.shape[2:]))


def _choices(key: str) -> tuple[str, ...]:
    annotation = ImportConfig.model_fields[key].annotation
    choices = get_args(annotation) if get_origin(annotation) is Literal else ()
    return tuple(choice for choice in choices if choice != "auto")


def _sample(values: Values) -> Values:
    """Return rows spread over the file: they may be sorted by class."""
    most = min(_SAMPLE, at_once(values, 1 << 25))
    return values[:: max(1, len(values) // most)][:most]


def _kind(raw: Raw) -> Hint:
    shape = raw.values.shape[1:]
    if len(shape) > 1:
        return Hint("images", f"rows of {' x '.join(map(str, shape))}")
    width = shape[0]
    if not is_square(width):
        return Hint("vectors", f"{width} numbers a row make no square image of 8 to 64 pixels")
    if raw.columns and all(re.fullmatch(r"(?i)pixel[_ .]?\d+(x\d+)?|\d+x\d+", name) for name in raw.columns):
        return Hint("images", "its columns are called pixels")
    if raw.columns and not all(re.fullmatch(r"(?i)[a-z_ .]{0,8}\d+", name) for name in raw.columns):
        return Hint("vectors", "its columns have names of their own", "likely")
    sample = _sample(raw.values)
    low, high = float(sample.min()), float(sample.max())
    whole = bool((sample == np.rint(sample)).all())
    if low >= 0 and ((whole and high in (1, 15, 16)) or (whole and 200 <= high <= 255)):
        return Hint("images", f"{width} whole numbers from {low:g} to {high:g} make square images", "likely")
    at_floor = float((sample == low).mean())
    if (low, high) in ((0.0, 1.0), (-1.0, 1.0)) and at_floor > 0.1:
        return Hint("images", f"{width} values from {low:g} to {high:g}, {at_floor:.0%} of them {low:g}", "likely")
    return Hint("vectors", f"{width} numbers from {low:.3g} to {high:.3g} look like no picture", "unsure")


def _first(raw: Raw) -> str:
    """Return the name of the first file with a colon, for a message."""
    return f"{raw.sources[0][0]}: " if raw.sources else ""


def _layout(raw: Raw, sample: Values, config: ImportConfig) -> tuple[str, Hint | None]:
    """Return how images lie in the array, and for flat colour rows which order is likely."""
    shape = raw.values.shape[1:]
    if len(shape) == 2:
        return "hw", None
    if len(shape) == 3:
        if shape[2] in (1, 3):
            return "hwc", None
        if shape[0] in (1, 3):
            return "chw", None
        four = "; of four (RGBA, CMYK) keep three" if 4 in (shape[0], shape[2]) else ""
        text = " x ".join(map(str, shape))
        raise UserError(f"{_first(raw)}images of {text} have neither 1 nor 3 channels, first or last{four}")
    width = shape[0]
    if not is_square(width):
        raise UserError(f"{_first(raw)}{width} numbers a row make no square image of 8 to 64 pixels, grey or colour")
    if math.isqrt(width) ** 2 == width and config.colour != "colour":
        return "flat", None
    if width % 3 or math.isqrt(width // 3) ** 2 != width // 3:
        raise UserError(f"{_first(raw)}{width} numbers a row make no square image in colour")
    rows = sample.astype(np.float32)
    near, three = np.abs(np.diff(rows, axis=1)).mean(), np.abs(rows[:, 3:] - rows[:, :-3]).mean()
    planes = near < three
    why = f"neighbours differ by {near:.3g}, every third value by {three:.3g}"
    return "flat", Hint("planes" if planes else "pixels", why, "likely")


def laid_out(values: Values, layout: str) -> Values:
    """Return images ``(n, c, h, w)`` of values that lie as ``layout`` says."""
    n = len(values)
    if layout == "hw":
        return values[:, None]
    if layout == "hwc":
        return np.moveaxis(values, -1, 1)
    if layout == "chw":
        return values
    if layout == "flat":
        side = math.isqrt(values.shape[1])
        return values.reshape(n, 1, side, side)
    side = math.isqrt(values.shape[1] // 3)
    if layout == "flat-planes":
        return values.reshape(n, 3, side, side)
    return np.moveaxis(values.reshape(n, side, side, 3), -1, 1)


def _colour(images: Values) -> Hint:
    if images.shape[1] == 1:
        return Hint("grey", "one value a pixel")
    if bool((images == images[:, :1]).all()):
        return Hint("grey", "three channels that are everywhere alike", "likely")
    return Hint("colour", "three channels that differ")


def _range(values: Values) -> Hint:
    low, high = float(values.min()), float(values.max())
    span = f"values from {low:.4g} to {high:.4g}"
    if low == high:
        raise UserError(f"every value is {low:g}: there is nothing to see")
    if values.dtype == np.bool_:
        return Hint("0-1", "true and false")
    whole = values.dtype.kind in "iu" or bool((_sample(values) == np.rint(_sample(values))).all())
    if low < 0:
        if low >= -1 and high <= 1:
            return Hint("minus1-1", span, "likely")
        return Hint("min-max", f"{span}: standardized? The least becomes black, the largest white", "unsure")
    if high <= 1:
        return Hint("0-1", span, "sure" if not whole else "likely")
    if whole and high <= 16:
        return Hint("0-16", f"{span}: as scikit-learn's digits have them", "likely" if high >= 15 else "unsure")
    if high <= 255:
        return Hint("0-255", span, "sure" if high > 127 else "likely")
    if whole and high <= 65_535:
        return Hint("0-65535", span, "sure" if values.dtype == np.uint16 else "likely")
    return Hint("min-max", f"{span}: the least becomes black, the largest white", "unsure")


def limits_of(values: Values, name: str) -> tuple[float, float, int]:
    """Return black, white and levels of a range; those of ``min-max`` come from the values."""
    if name == "min-max":
        return float(values.min()), float(values.max()), 65_535
    return RANGES[name]


def _unit(images: Values, values: Values, name: str) -> FloatArray:
    low, high, _ = limits_of(values, name)
    unit: FloatArray = images.astype(np.float32)
    unit -= np.float32(low)
    unit /= np.float32(high - low)
    return np.clip(unit, 0, 1, out=unit)


def _inverted(unit: FloatArray, colour: str) -> Hint:
    """Guess dark ink on a light ground: the border of nearly every image is light, and most of the image too."""
    if colour == "colour":
        return Hint("no", "colour images are taken as they are", "likely")
    grey = unit[:, 0]
    border = np.concatenate([grey[:, 0], grey[:, -1], grey[:, :, 0], grey[:, :, -1]], axis=1)  # (n, pixels)
    light = float((np.median(border, axis=1) > 0.75).mean())
    bright = float(grey.mean())
    if light > 0.9 and bright > 0.6:
        return Hint("yes", f"the border is light in {light:.0%} of the images: dark ink on a light ground", "likely")
    return Hint("no", f"the border is light in {light:.0%} of the images", "sure" if light < 0.1 else "unsure")


def _transposed(unit: FloatArray, labels: Values | None) -> Hint:
    """Guess images stored column by column, where they are digits: MNIST's mean digits tell."""
    from ae_models.datasets.readers.digits import likeness

    found = likeness(unit, labels) if labels is not None else None
    if found is None:
        return Hint("no", "nothing tells: look at the images below", "unsure")
    upright, turned = found
    why = f"likeness to MNIST's mean digits: {turned:.2f} turned over, {upright:.2f} as they are"
    return Hint("yes" if turned > upright + 0.05 else "no", why, "likely")


def _size(sides: tuple[int, ...]) -> Hint:
    height, width = sides
    text = f"{height} x {width} pixels"
    if min(sides) >= 8 and max(sides) <= 64:
        return Hint("0", f"{text}: kept")
    if max(sides) > 64:
        return Hint("0", f"{text}: made smaller, so that no side is over 64")
    return Hint("0", f"{text}: sides under 8 are too small; give a size")


def _scaling(rows: Values) -> Hint:
    spans = rows.max(axis=0).astype(np.float64) - rows.min(axis=0)
    spans = spans[spans > 0]
    if not len(spans):
        raise UserError("every row is the same: there is nothing to see")
    ratio = float(spans.max() / np.median(spans))
    if ratio <= 10:
        return Hint("common", f"the widest column spans {ratio:.1f} times the median: one unit, it seems", "likely")
    return Hint("column", f"the widest column spans {ratio:.3g} times the median: columns of different units", "likely")


def _split(raw: Raw) -> Hint:
    if raw.is_test is not None:
        n = int(raw.is_test.sum())
        return Hint("given", f"{n:,} test rows came with {len(raw) - n:,} training rows")
    return Hint("fifth", "no test rows came: one row in five is held out, drawn with a seed")
