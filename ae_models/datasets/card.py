"""``card.json``: what an imported data set says of itself, checked in full when it is written and when it is read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from ae_models.base import UserError
from ae_models.base.fields import ClassNames, Count, Line, Moment, Owner, RecoveryDigest, Settings, Words, first_fault
from ae_models.base.stored import file_size, plain_json, read_file
from ae_models.kinds import KINDS, kind_called

PRIVATE = {"owner", "recovery"}  # fields of a card that leave the store with no copy of it
NAME_PATTERN = r"[a-z0-9-]{1,64}"  # runs name their data set like this
_MAX_CARD_BYTES = 4_000_000
_Side = Annotated[int, Field(ge=1, le=4096)]


class Source(BaseModel):
    """A file that rows were read from."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    name: Words
    size: Count = 0


class LeftOut(BaseModel):
    """A file that was not used, and why."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    file: Words
    why: Words


def _kind(plural: str) -> str:
    """Return the name of a kind; ``ValueError`` where there is none of that name."""
    known = [kind.plural for kind in KINDS.values()]
    if plural not in known:
        raise ValueError(f"must be one of {', '.join(known)}")
    return plural


class Card(BaseModel):
    """``card.json``: what a data set says of itself."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    schema_version: Literal[1] = 1
    name: str = Field(pattern=rf"^{NAME_PATTERN}$")
    title: Annotated[Line, Field(max_length=120)]
    created: Moment
    licence: Line = "not known"
    noun: Annotated[Line, Field(max_length=60)] = "image"
    kind: Annotated[Line, AfterValidator(_kind)] = "images"
    format: Line = ""
    shape: tuple[_Side, _Side, _Side]
    levels: int = Field(ge=1, le=65_535)
    class_names: ClassNames = ()
    n_train: int = Field(ge=1, le=10**9)
    n_heldout: int = Field(ge=1, le=10**9)
    digests: dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]] = {}
    counts: dict[str, Annotated[list[Count], Field(max_length=255)]] = {}
    columns: Annotated[tuple[Words, ...], Field(max_length=4096)] | None = None
    sources: Annotated[list[Source], Field(max_length=10_000)] = []
    guesses: Annotated[list[Settings], Field(max_length=100)] = []
    notes: Annotated[list[Words], Field(max_length=10_000)] = []
    left_out: Annotated[list[LeftOut], Field(max_length=10_000)] = []
    owner: Owner = ""  # the visitor who brought it; "" for nobody
    recovery: RecoveryDigest = ""  # of the secret that makes another its owner
    size: Count
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.shape[0] not in (1, 3):
            raise ValueError(f"shape begins with 1 (grey) or 3 (colour): got {self.shape[0]}")
        if not kind_called(self.kind).holds(self.shape):
            raise ValueError(f"shape is none that {self.kind} have: got {self.shape}")
        for split, n in (("train", self.n_train), ("heldout", self.n_heldout)):
            counts = self.counts.get(split)
            if counts is not None and (len(counts) != len(self.class_names) or sum(counts) != n):
                raise ValueError(f"counts of {split} are not those of {n:,} rows in {len(self.class_names)} classes")
        return self


def made_card(values: dict[str, Any]) -> Card:
    """Return a card of these values; ``UserError`` where they cannot be those of one."""
    try:
        return Card.model_validate(values)
    except ValidationError as error:
        raise UserError(f"this data set cannot be kept: {first_fault(error)}") from None


def read_card(where: Path) -> Card:
    """Return a card and see that the rows are there; what is wrong is said without the data set's name."""
    if where.is_symlink():
        raise UserError("it is a link to another folder")
    try:
        content = read_file(where / "card.json", _MAX_CARD_BYTES)
        found = _parsed(content)
    except (OSError, ValueError) as error:
        if isinstance(error, UserError):
            raise
        raise UserError("card.json cannot be read") from None
    try:
        if file_size(where / "rows.npz") != found.size:
            raise UserError("rows.npz has another size than was written")
    except OSError:
        raise UserError("rows.npz cannot be read") from None
    return found


@lru_cache(maxsize=256)
def _parsed(content: bytes) -> Card:
    try:
        return Card.model_validate(plain_json(content))
    except ValidationError as error:
        raise UserError(f"card.json, {first_fault(error)}") from None
