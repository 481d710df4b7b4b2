"""What a job says of itself: plain values that go into a JSON file and come out the same."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ae_models.base import UserError
from ae_models.base.fields import Count, Line, Seconds, Settings, Words, first_fault
from ae_models.runs import ID_PATTERN

State = Literal["queued", "starting", "running", "stopping", "done", "failed", "stopped", "interrupted"]
STATES: tuple[State, ...] = get_args(State)
WAITING: tuple[State, ...] = ("queued",)
ACTIVE: tuple[State, ...] = ("starting", "running", "stopping")
QUICK = ("measure",)  # recipes of a second: they go first, and beside an owner's running job


@dataclass(frozen=True)
class Job:
    """One piece of work that was ordered.

    Parameters
    ----------
    id : str
        Also the id of the run that a training writes when it gets to its end, and of its checkpoint until then.
    owner : str
        Whose it is; "" where nobody's (it was begun on the command line).
    recipe : str
        A name from ``jobs.work.RECIPES``: ``train``, ``project`` or ``measure``.
    title : str
        What it is called; any text, not to be trusted as Markdown or HTML.
    order : dict
        What is to be done: ``TrainRequest.to_dict()`` for ``train`` and ``measure``, ``ProjectionRequest.to_dict()``
        for ``project``.
    state : str
        ``queued`` waits for its turn, ``starting`` is on its way to a worker, ``stopping`` was asked to stop;
        ``stopped`` by a person or a limit, ``interrupted`` by something that broke, ``failed`` by its own fault.
    place : int
        Place in the queue, from 1; 0 for a job that does not wait.
    share : float
        Done so far, from 0 to 1.
    line : str
        What it is doing, in words.
    seconds_left : float, optional
        An estimate; None when there is none yet.
    created, started, ended : float
        Seconds since 1970; 0 when that has not happened.
    run : str
        Id of the run it wrote, in the own runs; "" when there is none.
    embedding : str
        Name of the map it wrote, in the own embeddings; "" when there is none.
    preview : bool
        Whether ``Live.points`` is a coarse preview of the map that is being fitted.
    kept : int
        Whole epochs that are kept in its checkpoint and can be gone on from.
    result : dict
        Plain figures: of ``measure`` those of ``recipes.Measured``, of ``train`` the test figures of its run.
    error : str
        What went wrong, one line in words; also why a limit stopped it.
    engine : str
        The engine that last had it; another engine leaves it alone while that one lives.
    worker : str
        The worker it ran on, and its process: "tcp://127.0.0.1:40100, process 4711".
    """

    id: str
    owner: str
    recipe: str
    title: str
    order: dict[str, Any]
    state: State = "queued"
    place: int = 0
    share: float = 0.0
    line: str = ""
    seconds_left: float | None = None
    created: float = 0.0
    started: float = 0.0
    ended: float = 0.0
    run: str = ""
    embedding: str = ""
    preview: bool = False
    kept: int = 0
    result: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    engine: str = ""
    worker: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it unless somebody asks."""
        return self.state not in WAITING + ACTIVE

    @property
    def can_go_on(self) -> bool:
        """Whether ``Engine.go_on`` has something to do: take it up again, or (``done``) train on from its weights."""
        if self.recipe != "train" or not self.is_over:
            return False
        return bool(self.run) if self.state == "done" else bool(self.kept or self.run) or self.state != "failed"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values that ``from_dict`` reads."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Job:
        """Read what ``to_dict`` gave; unknown keys are left out, a value that cannot be right raises ``UserError``."""
        known = {entry.name: values[entry.name] for entry in fields(cls) if entry.name in values}
        try:
            return cls(**_JobFile.model_validate(known, strict=True).model_dump(exclude_unset=True))
        except ValidationError as error:
            raise UserError(f"the job's file is damaged: {first_fault(error)}") from None


_When = Annotated[float, Field(ge=0, le=7.2e9)]  # seconds since 1970: up to the year 2198
_Id = Annotated[str, Field(pattern=rf"^{ID_PATTERN}$")]
_OR_NONE = rf"^({ID_PATTERN})?$"
_NAMES = ("model", "dataset", "corruption", "penalty", "variant", "name")
_ORDERED: dict[str, dict[str, type]] = {  # what an order must say, and of which kind
    "train": {**dict.fromkeys(_NAMES, str), "parts": list},
    "project": {"method": str, "dataset": str, "variant": str, "settings": dict},
}
_ORDERED["measure"] = _ORDERED["train"]


class _JobFile(BaseModel):
    """What a job's file may hold; see ``Job``."""

    model_config = ConfigDict(allow_inf_nan=False)

    id: _Id
    owner: Annotated[Line, Field(max_length=80)]
    recipe: str
    title: Annotated[Line, Field(max_length=200)]
    order: Settings
    state: State = "queued"
    place: Count = 0
    share: float = Field(default=0.0, ge=0, le=1.01)
    line: Line = ""
    seconds_left: Seconds | None = None
    created: _When = 0.0
    started: _When = 0.0
    ended: _When = 0.0
    run: str = Field(default="", pattern=_OR_NONE)
    embedding: str = Field(default="", pattern=r"^[a-z0-9-]{0,80}$")
    preview: bool = False
    kept: Count = 0
    result: Settings = {}
    error: Words = ""
    engine: Line = ""
    worker: Line = ""

    @model_validator(mode="after")
    def _order_is_one(self) -> Self:
        if self.recipe not in _ORDERED:
            raise ValueError(
                f"the recipe '{self.recipe[:40]}' is not known here: a later Latent Lab may have written it"
            )
        for key, kind in _ORDERED[self.recipe].items():
            if not isinstance(self.order.get(key), kind):
                raise ValueError(f"order has no {key} as it should")
        return self


@dataclass(frozen=True)
class DamagedJob:
    """A file that should say what a job is, and does not."""

    id: str
    why: str
    owner: str = ""  # whose it was, where that can be read


@dataclass(frozen=True)
class Condition:
    """How the engine is.

    ``starting`` it is not there yet; ``ready``; ``lost`` the scheduler cannot be reached, and it is tried again;
    ``failed`` it cannot be started, ``words`` says why. Jobs can be submitted in every state: they wait.
    """

    state: Literal["starting", "ready", "lost", "failed"]
    words: str = ""
    workers: int = 0
    threads: int = 0  # of one worker
