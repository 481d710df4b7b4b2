"""What goes together: checked before torch is imported, told in one line."""

from __future__ import annotations

from ae_models.base import Shape, UserError
from ae_models.base.config import (
    ConvConfig,
    DenseConfig,
    Design,
    KSparseConfig,
    LinearConfig,
    TrainConfig,
    VariationalConfig,
    WeightL2Config,
)
from ae_models.kinds import kind_of

SIDES = range(8, 65)
CHANNELS = (1, 3)
NUMBERS = range(2, 4_097)  # of a vector


def check(design: Design, training: TrainConfig, input_shape: Shape, output_shape: Shape) -> None:
    """Raise ``UserError`` when the parts of a design do not go together, or the images do not suit it."""
    if not kind_of(output_shape).is_spatial:
        _check_vectors(design, training, output_shape[2])
    for shape in (input_shape, output_shape):
        if not kind_of(shape).is_spatial:
            continue
        channels, height, width = shape
        if channels not in CHANNELS:
            raise UserError(f"images must have 1 or 3 channels: got {channels}")
        if height not in SIDES or width not in SIDES:
            raise UserError(f"images must have sides of 8 to 64 pixels: got {height} x {width}")
    model, penalty = design.model_config, design.penalty_config
    if isinstance(model, VariationalConfig) and design.penalty not in ("none", "l2"):
        raise UserError(
            f"penalty '{design.penalty}' does not go with model '{design.model}', whose code already has the KL term: "
            "choose none or l2"
        )
    if isinstance(penalty, WeightL2Config) and len(penalty.strength) not in (1, design.latent_dim):
        raise UserError(
            f"strength must be one number or one for each of the {design.latent_dim} units: got {len(penalty.strength)}"
        )
    if isinstance(penalty, KSparseConfig) and penalty.k > design.latent_dim:
        raise UserError(f"k must be at most latent_dim ({design.latent_dim}): got {penalty.k}")
    if isinstance(model, LinearConfig):
        if model.tied and input_shape != output_shape:
            raise UserError("tied weights need images that go in and come out with one shape")
        if model.output == "linear" and design.loss(training) == "bce":
            raise UserError("loss 'bce' needs pixels in (0, 1): set output=sigmoid, or loss=sse")
    if isinstance(model, DenseConfig) and model.hidden == "encoder" and design.loss(training) == "bce":
        raise UserError("loss 'bce' needs pixels in (0, 1), and this decoder is linear: set loss=sse")


def _check_vectors(design: Design, training: TrainConfig, n_numbers: int) -> None:
    """Raise ``UserError`` for what asks for neighbouring pixels, which rows of numbers do not have."""
    model = design.model_config
    if n_numbers not in NUMBERS:
        raise UserError(f"vectors must have {NUMBERS.start} to {NUMBERS.stop - 1:,} numbers: got {n_numbers:,}")
    if isinstance(model, ConvConfig) or (isinstance(model, VariationalConfig) and model.body == "conv"):
        raise UserError(
            "convolutions are for images, and these data are rows of numbers: choose a linear or dense model"
        )
    if training.shift:
        raise UserError(f"shift moves images, and these data are rows of numbers: set shift=0, got {training.shift}")
    if design.corruption == "occlusion":
        raise UserError("a square can only be put out in an image, and these data are rows of numbers: choose masking")
