"""``run.json``: what a run says of itself."""

from __future__ import annotations

import re
import secrets
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = 1  # the Literal in RunRecord says it too
ID_PATTERN = r"[a-z0-9-]{1,64}"
MOST_TITLE, MOST_NOTE = 120, 2_000  # letters
FILES = ("encoder.onnx", "decoder.onnx", "weights.safetensors", "history.json", "codes.npz", "snapshots.npz")

Size = Annotated[int, Field(ge=1, le=4096)]
ShapeField = tuple[Size, Size, Size]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)  # a later minor version may say more


class FileRecord(_Part):
    """Size in bytes and sha256 of one file of the run."""

    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Rows(_Part):
    """Which rows of a data set: their split, their number, and a digest that names them."""

    split: Literal["train", "heldout"]
    n: int = Field(ge=1)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class DatasetRecord(_Part):
    """The data that a run was fitted on and is scored on."""

    name: str = Field(pattern=rf"^{ID_PATTERN}$")
    variant: Literal["full", "bundled"]
    fitted_on: Rows
    scored_on: Rows


class ModelRecord(_Part):
    """A line of a table (``ARCHITECTURES`` or ``pca``, ``CORRUPTIONS``, ``PENALTIES``) and its configuration."""

    name: str
    config: dict[str, Any] = {}


class TestFigures(_Part):
    """Held-out error. SSE is summed over pixels and averaged over images; MSE is SSE divided by the pixels."""

    sse: float = Field(ge=0)
    mse: float = Field(ge=0)
    n: int = Field(ge=1)
    input: Literal["clean", "corrupted"] = "clean"


class Stop(_Part):
    """When a training was stopped: after so many epochs of so many; and whose checkpoint may still be gone on from."""

    epoch: float = Field(ge=0)
    of: int = Field(ge=1)
    checkpoint: str = Field(default="", pattern=rf"^({ID_PATTERN})?$")


class Parent(_Part):
    """The run whose weights a training began with, and how many epochs had made them."""

    run: str = Field(pattern=rf"^{ID_PATTERN}$")
    epochs: float = Field(ge=0)


class RunRecord(_Part):
    """Everything in ``run.json``."""

    schema_version: Literal[1] = 1
    id: str = Field(pattern=rf"^{ID_PATTERN}$")
    title: str = Field(max_length=MOST_TITLE)
    created: str
    origin: Literal["shipped", "local", "imported"]
    model: ModelRecord
    corruption: ModelRecord = ModelRecord(name="none")
    penalty: ModelRecord = ModelRecord(name="none")
    training: dict[str, Any] = {}
    seed: int = 0
    dataset: DatasetRecord
    class_names: tuple[str, ...] = ()
    input_shape: ShapeField
    output_shape: ShapeField
    latent_dim: int = Field(ge=1, le=4096)
    test: TestFigures
    seconds: float = Field(ge=0)
    images_per_second: float = Field(default=0, ge=0)
    n_parameters: int = Field(default=0, ge=0)
    device: str = "cpu"
    threads: int = 1
    versions: dict[str, str] = {}
    purpose: str = ""
    note: str = Field(default="", max_length=MOST_NOTE)
    stopped: Stop | None = None
    parent: Parent | None = None
    files: dict[str, FileRecord]


def new_id(name: str) -> str:
    """Return a fresh id for an own run: a slug of ``name`` and six hex digits.

    Examples
    --------
    >>> new_id("My first run!")[:13]
    'my-first-run-'
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "run"
    return f"{slug}-{secrets.token_hex(3)}"
