"""Every setting of the project, each default and each bound written once.

They validate the command line, the address bar and the forms. Nothing here imports more than pydantic.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ae_models.base import Mistake

MAX_LATENT_DIM = 1024
LatentDim = Annotated[int, Field(ge=1, le=MAX_LATENT_DIM, description="How many numbers the code has.")]
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
            name: value.split(",")
            if isinstance(value, str) and name in fields and get_origin(fields[name].annotation) is tuple
            else value
            for name, value in values.items()
        }

    @classmethod
    def of(cls, **values: Any) -> Self:
        """Make one from values that may be strings; a bad one raises ``Mistake`` naming it, the rule, the value."""
        try:
            return cls(**values)
        except ValidationError as error:
            raise Mistake(_one_line(cls, error)) from None


def _one_line(cls: type[Config], error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"]) or cls.__name__
    if first["type"] == "extra_forbidden":
        return f"unknown setting '{name}': choose from {', '.join(cls.model_fields)}"
    rule = first["msg"].replace("Input should be", "must be").replace("Value error, ", "")
    return f"{name} {rule[0].lower()}{rule[1:]}: got {first['input']!r}"


class LinearConfig(Config):
    """A linear autoencoder: one matrix in, one matrix out, no bend anywhere."""

    latent_dim: LatentDim = 2


class DenseConfig(Config):
    """A dense autoencoder: fully connected layers through a bottleneck, mirrored."""

    latent_dim: LatentDim = 2
    widths: Annotated[
        tuple[Width, ...],
        Field(min_length=1, max_length=8, description="Units of each hidden layer, from the image to the code."),
    ] = (512, 256, 128)


class TrainConfig(Config):
    """How a network is trained: AdamW, a one-cycle schedule, squared error summed over pixels."""

    epochs: Annotated[int, Field(ge=1, le=2000, description="Times through the training images.")] = 20
    batch_size: Annotated[int, Field(ge=1, le=8192, description="Images a step.")] = 256
    learning_rate: Annotated[float, Field(gt=0, le=1, description="The peak of the one-cycle schedule.")] = 2e-3
    weight_decay: Annotated[float, Field(ge=0, le=1, description="AdamW's decay (not a term of the loss).")] = 1e-4
    seed: Seed = 0
    threads: Annotated[int, Field(ge=0, le=256, description="Processor threads; 0 takes every core.")] = 0


class PCAConfig(Config):
    """Exact principal component analysis."""

    n_components: LatentDim = 2


class UMAPConfig(Config):
    """UMAP (McInnes et al. 2018); one seed means one thread."""

    n_components: Annotated[int, Field(ge=1, le=64, description="Dimensions of the map.")] = 2
    n_neighbors: Annotated[int, Field(ge=2, le=500, description="Neighbours that count as near.")] = 15
    min_dist: Annotated[float, Field(ge=0, le=0.99, description="How tightly points may lie.")] = 0.1
    seed: Seed = 0


Variant = Literal["auto", "full", "bundled"]
