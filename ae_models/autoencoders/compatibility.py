"""What goes together: checked before torch is imported, told in one line."""

from __future__ import annotations

from ae_models.autoencoders.design import Design, PenaltyConfig
from ae_models.base import Shape, UserError
from ae_models.base.config import TrainConfig
from ae_models.kinds import Kind, kind_of

SIDES = range(8, 65)
CHANNELS = (1, 3)
NUMBERS = range(2, 4_097)  # of a vector


def check(design: Design, training: TrainConfig, input_shape: Shape, output_shape: Shape) -> None:
    """Raise ``UserError`` when the parts of a design do not go together, or the images do not suit it."""
    kind = kind_of(output_shape)
    if not kind.is_spatial:
        _check_unordered(design, training, kind, output_shape[2])
    for shape in (input_shape, output_shape):
        if not kind_of(shape).is_spatial:
            continue
        channels, height, width = shape
        if channels not in CHANNELS:
            raise UserError(f"images must have 1 or 3 channels: got {channels}")
        if height not in SIDES or width not in SIDES:
            raise UserError(f"images must have sides of 8 to 64 pixels: got {height} x {width}")
    design.model_config.check(design, training, input_shape, output_shape)
    if isinstance(design.penalty_config, PenaltyConfig):
        design.penalty_config.check(design)


def _check_unordered(design: Design, training: TrainConfig, kind: Kind, n_parts: int) -> None:
    """Raise ``UserError`` for what asks for neighbouring pixels, which rows of numbers do not have."""
    if n_parts not in NUMBERS:
        raise UserError(
            f"{kind.plural} must have {NUMBERS.start} to {NUMBERS.stop - 1:,} {kind.parts}: got {n_parts:,}"
        )
    these = kind.say("and these data are {samples} of {parts}")
    if design.model_config.has_convolutions:
        raise UserError(f"convolutions are for images, {these}: choose a linear or dense model")
    if training.shift:
        raise UserError(f"shift moves images, {these}: set shift=0, got {training.shift}")
