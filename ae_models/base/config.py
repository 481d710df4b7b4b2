"""Every setting of the project, each default and each bound written once.

They validate the command line, the address bar and the forms. Nothing here imports more than pydantic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Self, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ae_models.base import UserError

MAX_LATENT_DIM = 1024
LatentDim = Annotated[
    int, Field(ge=1, le=MAX_LATENT_DIM, title="Code size", description="How many numbers the code has.")
]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1, description="The same seed gives the same result.")]
Width = Annotated[int, Field(ge=1, le=8192)]


class Config(BaseModel):
    """A frozen set of values; unknown keys and values out of bounds are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, values: Any) -> Any:
        """Let a list be written as text: ``widths=512,256``."""
        fields = cls.model_fields
        return {
            name: (value.split(",") if value else ())
            if isinstance(value, str) and name in fields and get_origin(fields[name].annotation) is tuple
            else value
            for name, value in values.items()
        }

    @classmethod
    def of(cls, **values: Any) -> Self:
        """Make one from values that may be strings; a bad one raises ``UserError`` naming it, the rule, the value."""
        try:
            return cls(**values)
        except ValidationError as error:
            raise UserError(_one_line(cls, error)) from None


def _one_line(cls: type[Config], error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"]) or cls.__name__
    if first["type"] == "extra_forbidden":
        return f"unknown setting '{name}': choose from {', '.join(cls.model_fields)}"
    rule = first["msg"].replace("Input should be", "must be").replace("Value error, ", "")
    return f"{name} {rule[0].lower()}{rule[1:]}: got {first['input']!r}"


def label_of(config_class: type[BaseModel], name: str) -> str:
    """Return what a person calls a setting: its title, else its name in words.

    Examples
    --------
    >>> label_of(TrainConfig, "learning_rate"), label_of(TrainConfig, "batch_size"), label_of(TrainConfig, "odd_one")
    ('Learning rate', 'Batch size', 'Odd one')
    """
    field = config_class.model_fields.get(name)
    return (field.title if field else None) or name.replace("_", " ").capitalize()


Share = Annotated[float, Field(ge=0, le=1)]


class LinearConfig(Config):
    """A linear autoencoder: one matrix in, one matrix out, no bend anywhere."""

    latent_dim: LatentDim = 2
    tied: Annotated[
        bool, Field(title="Tied weights", description="The decoder uses the encoder's matrix, turned over.")
    ] = False
    output: Annotated[
        Literal["linear", "sigmoid"],
        Field(description="Sigmoid with cross-entropy is logistic PCA; linear with squared error is PCA."),
    ] = "linear"


Widths = Annotated[
    tuple[Width, ...],
    Field(
        min_length=1,
        max_length=8,
        title="Layer widths",
        description="Units of each hidden layer, from the image to the code.",
    ),
]


Hidden = Annotated[
    Literal["both", "encoder", "decoder"],
    Field(title="Hidden layers in", description="Which half has the hidden layers; the other half is one matrix."),
]


class DenseConfig(Config):
    """A dense autoencoder: fully connected layers through a bottleneck, mirrored."""

    latent_dim: LatentDim = 2
    widths: Widths = (512, 256, 128)
    hidden: Hidden = "both"


class PublishedConfig(DenseConfig):
    """The published 784-1000-500-250-k (Hinton & Salakhutdinov 2006)."""

    latent_dim: LatentDim = 30
    widths: Widths = (1000, 500, 250)


class BentEncoderConfig(DenseConfig):
    """Half of a lesson: hidden layers in the encoder, a linear decoder."""

    hidden: Hidden = "encoder"


class BentDecoderConfig(DenseConfig):
    """The other half: a linear encoder, hidden layers in the decoder."""

    hidden: Hidden = "decoder"


Channels = Annotated[
    tuple[Annotated[int, Field(ge=1, le=1024)], ...],
    Field(min_length=1, max_length=3, description="Channels of each convolution; each one halves the sides."),
]


class ConvConfig(Config):
    """A convolutional autoencoder: strided convolutions, a dense layer, the code; mirrored."""

    latent_dim: LatentDim = 2
    channels: Channels = (32, 64)
    dense: Annotated[Width, Field(title="Dense layer", description="Units of the dense layer beside the code.")] = 512


class VariationalConfig(Config):
    """A variational autoencoder: the encoder gives a Gaussian, the code is its mean."""

    latent_dim: LatentDim = 2
    body: Annotated[
        Literal["dense", "conv"], Field(title="Made of", description="What its two halves are made of.")
    ] = "dense"
    widths: Widths = (512, 256, 128)
    channels: Channels = (32, 64)
    dense: Annotated[
        Width, Field(title="Dense layer", description="Units of the dense layer beside the code (conv).")
    ] = 512
    beta: Annotated[
        float, Field(ge=0, le=10_000, description="Weight of the KL term; 1 is the evidence lower bound.")
    ] = 1.0


class NoConfig(Config):
    """Nothing to set."""


class GaussianNoiseConfig(Config):
    """Normal noise on every pixel of every channel."""

    sigma: Annotated[
        float, Field(ge=0, le=2, title="Noise", description="Standard deviation of the noise, in intensity.")
    ] = 0.5


class SaltPepperConfig(Config):
    """Black and white pixels."""

    share: Annotated[Share, Field(title="Share of pixels", description="Share of the pixels that change.")] = 0.25


class MaskingConfig(Config):
    """Pixels put out."""

    share: Annotated[Share, Field(title="Share of pixels", description="Share of the pixels that are put out.")] = 0.5


class OcclusionConfig(Config):
    """A square put out."""

    size: Annotated[
        int, Field(ge=1, le=64, title="Side of the square", description="Side of the square, in pixels.")
    ] = 10


class DownsampleConfig(Config):
    """Fewer pixels."""

    factor: Annotated[int, Field(ge=2, le=8, description="Sides are divided by this.")] = 2


Strength = Annotated[float, Field(ge=0, le=1_000)]


class WeightL2Config(Config):
    """L2 on encoder and decoder weights, as a term of the loss."""

    strength: Annotated[
        tuple[Strength, ...],
        Field(min_length=1, max_length=MAX_LATENT_DIM, description="One for all units, or one for each unit."),
    ] = (0.1,)


class L1Config(Config):
    """L1 on the code."""

    strength: Annotated[Strength, Field(description="Weight of the sum of absolute codes.")] = 0.1


class KSparseConfig(Config):
    """Only the k largest units of a code stay."""

    k: Annotated[int, Field(ge=1, le=MAX_LATENT_DIM, title="Active units", description="Units that stay active.")] = 10


class ActivityConfig(Config):
    """KL divergence of each unit's mean activity from a target."""

    target: Annotated[
        float, Field(gt=0, lt=1, title="Target activity", description="Mean activity that each unit should have.")
    ] = 0.05
    strength: Annotated[Strength, Field(description="Weight of the divergences, summed over units.")] = 1.0


class ContractiveConfig(Config):
    """The squared Frobenius norm of d code / d image."""

    strength: Annotated[Strength, Field(description="Weight of the squared norm.")] = 0.1


class TrainConfig(Config):
    """How a network is trained: fused AdamW under a one-cycle schedule."""

    epochs: Annotated[int, Field(ge=1, le=2000, description="Times through the training images.")] = 20
    batch_size: Annotated[int, Field(ge=1, le=8192, description="Images a step.")] = 256
    learning_rate: Annotated[
        float, Field(gt=0, le=1, title="Learning rate", description="The peak of the one-cycle schedule.")
    ] = 2e-3
    warm_up: Annotated[float, Field(ge=0, le=0.9, description="Share of the steps before the peak.")] = 0.1
    weight_decay: Annotated[float, Field(ge=0, le=1, description="AdamW's decay (not a term of the loss).")] = 1e-4
    loss: Annotated[
        Literal["auto", "sse", "bce"],
        Field(description="Squared error, or cross-entropy; auto: cross-entropy for variational, else squared error."),
    ] = "auto"
    shift: Annotated[
        int, Field(ge=0, le=4, title="Random shift", description="Images are moved by up to so many pixels each epoch.")
    ] = 0
    n_images: Annotated[
        int, Field(ge=0, title="Training images", description="Train on the first so many images only; 0 takes all.")
    ] = 0
    snapshots: Annotated[
        bool, Field(title="Keep a film", description="Keep codes of 2,000 images through training, for the flipbook.")
    ] = True
    seed: Seed = 0
    threads: Annotated[int, Field(ge=0, le=256, description="Processor threads; 0 takes every core.")] = 0


class PCAConfig(Config):
    """Exact principal component analysis."""

    n_components: LatentDim = 2


class UMAPConfig(Config):
    """UMAP (McInnes et al. 2018); one seed means one thread."""

    n_components: Annotated[int, Field(ge=1, le=64, title="Dimensions", description="Dimensions of the map.")] = 2
    n_neighbors: Annotated[
        int, Field(ge=2, le=500, title="Neighbours", description="Neighbours that count as near.")
    ] = 15
    min_dist: Annotated[
        float, Field(ge=0, le=0.99, title="Least distance", description="How tightly points may lie.")
    ] = 0.1
    seed: Seed = 0


Yes = Literal["auto", "yes", "no"]


class ImportConfig(Config):
    """What is known better of files that come in; ``auto`` is guessed, and every guess is shown with its reason."""

    kind: Annotated[
        Literal["auto", "images", "vectors"], Field(description="Pictures, or rows of numbers that are none.")
    ] = "auto"
    range: Annotated[
        Literal["auto", "0-1", "0-255", "minus1-1", "0-16", "0-65535", "min-max"],
        Field(description="The values that mean black and white; min-max takes the least and the largest."),
    ] = "auto"
    inverted: Annotated[Yes, Field(description="Dark ink on a light ground, to be turned round.")] = "auto"
    transposed: Annotated[Yes, Field(description="Stored column by column, as EMNIST is.")] = "auto"
    order: Annotated[
        Literal["auto", "planes", "pixels"],
        Field(description="Colour values a plane after the other, or three by three."),
    ] = "auto"
    colour: Annotated[Literal["auto", "grey", "colour"], Field(description="One channel, or three.")] = "auto"
    size: Annotated[int, Field(ge=0, le=64, description="Make all images so many pixels a side; 0 keeps them.")] = 0
    background: Annotated[Literal["white", "black"], Field(description="What lies under transparent pictures.")] = (
        "white"
    )
    split: Annotated[
        Literal["auto", "given", "fifth"],
        Field(description="Hold out the test rows that came, or a fifth of all rows, drawn with a seed."),
    ] = "auto"
    labels: Annotated[str, Field(description="auto, none, first, last, or the name of a column.")] = "auto"
    class_names: Annotated[tuple[str, ...], Field(description="Names of the classes, in the order of the labels.")] = ()
    scaling: Annotated[
        Literal["auto", "common", "column"],
        Field(description="Vectors: one scale for all numbers, or one for each column."),
    ] = "auto"
    only: Annotated[str, Field(description="Read only files with this in their name.")] = ""

    @model_validator(mode="after")
    def _sides(self) -> Self:
        if 0 < self.size < 8:
            raise ValueError("size must be 0, or 8 to 64")
        return self


class TSNEConfig(Config):
    """t-SNE (van der Maaten & Hinton 2008); one seed, one thread."""

    n_components: Annotated[int, Field(ge=1, le=3, description="Dimensions of the map.")] = 2
    perplexity: Annotated[float, Field(ge=2, le=500, description="About how many neighbours count as near.")] = 30.0
    seed: Seed = 0


class RandomConfig(Config):
    """A random straight map: the same for all data of one size, it has learned nothing."""

    n_components: LatentDim = 2
    seed: Seed = 0


class PaCMAPConfig(Config):
    """PaCMAP (Wang et al. 2021); not installed by default."""

    n_components: Annotated[int, Field(ge=2, le=64, description="Dimensions of the map.")] = 2
    n_neighbors: Annotated[int, Field(ge=2, le=500, description="Neighbours that count as near.")] = 10
    seed: Seed = 0


Variant = Literal["auto", "full", "bundled"]


@dataclass(frozen=True)
class Design:
    """An autoencoder as a product of three choices, each with its settings."""

    model: str
    model_config: Config
    corruption: str = "none"
    corruption_config: Config = field(default_factory=NoConfig)
    penalty: str = "none"
    penalty_config: Config = field(default_factory=NoConfig)

    @property
    def latent_dim(self) -> int:
        """Size of the code."""
        return int(self.model_config.model_dump()["latent_dim"])

    def loss(self, training: TrainConfig) -> Literal["sse", "bce"]:
        """Return the reconstruction loss that ``auto`` stands for."""
        if training.loss != "auto":
            return training.loss
        return "bce" if isinstance(self.model_config, VariationalConfig) else "sse"
