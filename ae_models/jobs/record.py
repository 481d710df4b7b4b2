"""What a job says of itself: plain values that go into a JSON file and come out the same."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

from ae_models.base import Mistake

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
        What is to be done: ``TrainOrder.to_dict()`` for ``train`` and ``measure``, ``MapOrder.to_dict()`` for
        ``project``.
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
        Whether ``embedding`` is a coarse preview that the full map will replace.
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
        """Read what ``to_dict`` gave; unknown keys are left out, a value of the wrong kind raises ``Mistake``."""
        known = {entry.name: values[entry.name] for entry in fields(cls) if entry.name in values}
        missing = {"id", "owner", "recipe", "title", "order"} - set(known)
        if missing:
            raise Mistake(f"the job's file is damaged: it lacks {sorted(missing)[0]}")
        kinds: dict[str, type | tuple[type, ...]] = {
            **dict.fromkeys(("place", "kept"), int),
            **dict.fromkeys(("share", "created", "started", "ended"), (int, float)),
            "seconds_left": (int, float, type(None)),
            **dict.fromkeys(("order", "result"), dict),
            "preview": bool,
        }
        for name, value in known.items():
            if not isinstance(value, kinds.get(name, str)):
                raise Mistake(f"the job's file is damaged: {name} is {value!r}")
        if known.get("state", "queued") not in STATES:
            raise Mistake(f"the job's file is damaged: state is {known['state']!r}")
        return cls(**known)


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
