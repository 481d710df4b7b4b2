"""What settings are: each default and each bound is written once, beside what it sets.

They validate the command line, the address bar and the forms. Here are the base class, the bounds that several share,
and the settings of a training and of files that come in, which several rooms know. Nothing here imports more than
pydantic.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ae_models.base import UserError

MAX_LATENT_DIM = 1024
LatentDim = Annotated[
    int, Field(ge=1, le=MAX_LATENT_DIM, title="Code size", description="How many numbers the code has.")
]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1, description="The same seed gives the same result.")]
Width = Annotated[int, Field(ge=1, le=8192)]
Share = Annotated[float, Field(ge=0, le=1)]
Strength = Annotated[float, Field(ge=0, le=1_000)]


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
    """Return what a person calls a setting, a template of the data's nouns: its title, else its name in words.

    Examples
    --------
    >>> label_of(TrainConfig, "learning_rate"), label_of(TrainConfig, "batch_size"), label_of(TrainConfig, "odd_one")
    ('Learning rate', 'Batch size', 'Odd one')
    """
    field = config_class.model_fields.get(name)
    return (field.title if field else None) or name.replace("_", " ").capitalize()


class NoConfig(Config):
    """Nothing to set."""


class TrainConfig(Config):
    """How a network is trained: fused AdamW under a one-cycle schedule."""

    epochs: Annotated[int, Field(ge=1, le=2000, description="Times through the training {samples}.")] = 20
    batch_size: Annotated[int, Field(ge=1, le=8192, description="{Samples} a step.")] = 256
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
        int,
        Field(ge=0, le=4, title="Random shift", description="{Samples} are moved by up to so many {parts} each epoch."),
    ] = 0
    n_images: Annotated[
        int,
        Field(ge=0, title="Training {samples}", description="Train on the first so many {samples} only; 0 takes all."),
    ] = 0
    snapshots: Annotated[
        bool,
        Field(title="Keep a film", description="Keep codes of 2,000 {samples} through training, for the flipbook."),
    ] = True
    seed: Seed = 0
    threads: Annotated[int, Field(ge=0, le=256, description="Processor threads; 0 takes every core.")] = 0


class PCAConfig(Config):
    """Exact principal component analysis. It is here because a run may be PCA as well as a map."""

    n_components: LatentDim = 2


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


Variant = Literal["auto", "full", "bundled"]
