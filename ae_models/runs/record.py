"""``run.json``: what a run says of itself."""

from __future__ import annotations

import math
import re
import secrets
from hashlib import sha256
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ae_models.autoencoders import ARCHITECTURES, PENALTIES
from ae_models.base.config import NoConfig, PCAConfig, TrainConfig
from ae_models.base.fields import (
    ClassNames,
    Count,
    Figure,
    Line,
    Moment,
    Owner,
    RecoveryDigest,
    Seconds,
    Settings,
    Words,
    first_fault,
)
from ae_models.base.registry import Registry
from ae_models.corruptions import CORRUPTIONS, corruption

SCHEMA_VERSION = 1  # the Literal in RunRecord says it too
MOST_ID = 64  # letters
ID_PATTERN = rf"[a-z0-9-]{{1,{MOST_ID}}}"
MOST_TITLE, MOST_NOTE = 120, 2_000  # letters
MOST_PIXELS = 4_000_000  # numbers of one image
PCA, IMPORTED = "pca", "imported"  # models that are in no table: a straight map, and somebody's two graphs
FILES = ("encoder.onnx", "decoder.onnx", "weights.safetensors", "history.json", "codes.npz", "snapshots.npz")

PRIVATE = {"owner", "recovery"}  # fields of a record that leave the store with no copy of it

Size = Annotated[int, Field(ge=1, le=4096)]
ShapeField = tuple[Size, Size, Size]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)  # a later minor version may say more


class FileRecord(_Part):
    """Size in bytes and sha256 of one file of the run."""

    size: Count
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Rows(_Part):
    """Which rows of a data set: their split, their number, and a digest that names them."""

    split: Literal["train", "heldout"]
    n: int = Field(ge=1, le=10**12)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class DatasetRecord(_Part):
    """The data that a run was fitted on and is scored on."""

    name: str = Field(pattern=rf"^{ID_PATTERN}$")
    variant: Literal["full", "bundled"]
    fitted_on: Rows
    scored_on: Rows


class ModelRecord(_Part):
    """A line of a table (``ARCHITECTURES`` or ``pca``, ``CORRUPTIONS``, ``PENALTIES``) and its configuration."""

    name: str = Field(pattern=rf"^{ID_PATTERN}$")
    config: Settings = {}


class TestFigures(_Part):
    """Held-out error. SSE is summed over pixels and averaged over images; MSE is SSE divided by the pixels."""

    sse: Figure
    mse: Figure
    n: int = Field(ge=1, le=10**12)
    input: Literal["clean", "corrupted"] = "clean"


class Stop(_Part):
    """When a training was stopped: after so many epochs of so many; and whose checkpoint may still be gone on from."""

    epoch: Figure
    of: int = Field(ge=1, le=10**9)
    checkpoint: str = Field(default="", pattern=rf"^({ID_PATTERN})?$")


class Parent(_Part):
    """The run whose weights a training began with, and how many epochs had made them."""

    run: str = Field(pattern=rf"^{ID_PATTERN}$")
    epochs: Figure


class RunRecord(_Part):
    """Everything in ``run.json``."""

    schema_version: Literal[1] = 1
    id: str = Field(pattern=rf"^{ID_PATTERN}$")
    title: Annotated[Line, Field(max_length=MOST_TITLE)]
    created: Moment
    origin: Literal["shipped", "local", "imported"]
    model: ModelRecord
    corruption: ModelRecord = ModelRecord(name="none")
    penalty: ModelRecord = ModelRecord(name="none")
    training: Settings = {}
    seed: int = Field(default=0, ge=0, le=2**63 - 1)
    dataset: DatasetRecord
    class_names: ClassNames = ()
    input_shape: ShapeField
    output_shape: ShapeField
    latent_dim: int = Field(ge=1, le=4096)
    test: TestFigures
    seconds: Seconds
    images_per_second: Figure = 0
    n_parameters: Count = 0
    device: Line = "cpu"
    threads: int = Field(default=1, ge=0, le=100_000)
    versions: dict[Line, Line] = Field(default={}, max_length=100)
    purpose: Words = ""
    note: Annotated[Words, Field(max_length=MOST_NOTE)] = ""
    stopped: Stop | None = None
    parent: Parent | None = None
    owner: Owner = ""  # the visitor who made it; "" for nobody
    recovery: RecoveryDigest = ""  # of the secret that makes another its owner
    files: dict[str, FileRecord]

    @property
    def digest(self) -> str:
        """A sha256 of all that a run is, its files among it, but not of what it is called and whose it is."""
        return sha256(self.model_dump_json(exclude={"title", "note", *PRIVATE}).encode()).hexdigest()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        _check_design(self)
        _check_shapes(self)
        shares = (self.model_extra or {}).get("explained_variance", [])
        if not isinstance(shares, list | tuple) or not all(_is_share(share) for share in shares):
            raise ValueError("explained_variance has values that are no shares")
        return self


def _check_design(record: RunRecord) -> None:
    """Raise ``ValueError`` where the model, corruption, penalty or training is not one that this version knows."""
    if record.model.name == PCA:
        _check_settings("model.config", PCAConfig, record.model.config)
        size = record.model.config.get("n_components")
    else:
        if record.model.name != IMPORTED:
            _check_choice("model", ARCHITECTURES, record.model)
        size = record.model.config.get("latent_dim")
    if size is not None and size != record.latent_dim:
        raise ValueError(f"latent_dim is {record.latent_dim}, and the model's settings say {size}")
    _check_choice("corruption", CORRUPTIONS, record.corruption)
    _check_choice("penalty", PENALTIES, record.penalty)
    if record.training:
        known = {key: value for key, value in record.training.items() if key in TrainConfig.model_fields}
        for key in ("epochs", "batch_size", "learning_rate", "weight_decay", "loss"):
            if key not in known:
                raise ValueError(f"training does not say its {key}")
        _check_settings("training", TrainConfig, known)


def _check_choice(what: str, registry: Registry, choice: ModelRecord) -> None:
    if choice.name not in registry:
        raise ValueError(f"the {what} '{choice.name}' is not known here: a later Latent Lab may have written it")
    _check_settings(f"{what}.config", registry.entry(choice.name).config or NoConfig, choice.config)


def _check_settings(where: str, config: type[BaseModel], values: dict[str, Any]) -> None:
    try:
        config.model_validate(values)
    except ValidationError as error:
        raise ValueError(f"{where}.{first_fault(error)}") from None


def _check_shapes(record: RunRecord) -> None:
    for shape in (record.input_shape, record.output_shape):
        if math.prod(shape) > MOST_PIXELS:
            raise ValueError(f"an image of {math.prod(shape):,} numbers is too large: at most {MOST_PIXELS:,}")
    config = (CORRUPTIONS.entry(record.corruption.name).config or NoConfig).model_validate(record.corruption.config)
    seen = corruption(record.corruption.name, config).input_shape(record.output_shape)
    if seen != record.input_shape:
        raise ValueError(f"input_shape is {record.input_shape}, and images of output_shape come in as {seen}")


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e6


def new_id(name: str) -> str:
    """Return a fresh id for an own run: a slug of ``name`` and six hex digits.

    Examples
    --------
    >>> new_id("My first run!")[:13]
    'my-first-run-'
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "run"
    return f"{slug}-{secrets.token_hex(3)}"
