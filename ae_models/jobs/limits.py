"""What the server's owner allows one job: epochs, parameters, minutes; set in the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ae_models.base import UserError

NAMES = {
    "epochs": "AE_MODELS_MAX_EPOCHS",
    "parameters": "AE_MODELS_MAX_PARAMETERS",
    "minutes": "AE_MODELS_MAX_MINUTES",
}
WAITING_NAMES = {
    "waiting": "AE_MODELS_MAX_WAITING",
    "waiting_address": "AE_MODELS_MAX_WAITING_ADDRESS",
    "waiting_all": "AE_MODELS_MAX_WAITING_ALL",
}
SHARED_MINUTES = 30.0  # where others than this machine reach the server, and nothing is set


@dataclass(frozen=True)
class JobLimits:
    """The most that one job may take; None where there is no limit.

    ``epochs`` counts those of one order (training on is a new order), ``parameters`` the network's numbers,
    ``minutes`` the time on a worker. ``waiting``, ``waiting_address`` and ``waiting_all`` are how many jobs may
    wait: of one owner, from one address (a school is one), and in all.
    """

    epochs: int | None = None
    parameters: int | None = None
    minutes: float | None = None
    waiting: int = 3
    waiting_address: int = 60
    waiting_all: int = 60

    @classmethod
    def of_environment(cls, *, shared: bool = False) -> JobLimits:
        """Read them; a value that is no positive number raises ``UserError`` with the variable's name.

        ``shared`` says that others than this machine reach the server: a job has 30 minutes then, if nothing is set.
        """
        whole = {name: _whole(variable) for name, variable in {**NAMES, **WAITING_NAMES}.items() if name != "minutes"}
        minutes = _number(NAMES["minutes"])
        if minutes is None and shared:
            minutes = SHARED_MINUTES
        return cls(minutes=minutes, **{name: value for name, value in whole.items() if value is not None})

    def check_waiting(self, of_owner: int, of_address: int, in_all: int) -> None:
        """Raise ``UserError`` when one more job may not wait beside those that do."""
        if of_owner >= self.waiting:
            raise UserError(f"at most {self.waiting:,} jobs of one person may wait: {of_owner:,} of yours do")
        if of_address >= self.waiting_address:
            raise UserError(f"at most {self.waiting_address:,} jobs from one address may wait: {of_address:,} do")
        if in_all >= self.waiting_all:
            raise UserError(
                f"at most {self.waiting_all:,} jobs may wait on this server: {in_all:,} do; try again later"
            )

    def check_epochs(self, epochs: int) -> None:
        """Raise ``UserError`` when an order asks for more epochs than this server allows."""
        if self.epochs is not None and epochs > self.epochs:
            raise UserError(f"epochs must be at most {self.epochs:,} on this server: got {epochs:,}")

    def check_parameters(self, n_parameters: int) -> None:
        """Raise ``UserError`` when a network is larger than this server allows."""
        if self.parameters is not None and n_parameters > self.parameters:
            raise UserError(
                f"a network may have at most {self.parameters:,} parameters on this server: this one has "
                f"{n_parameters:,}"
            )

    @property
    def time_is_up(self) -> str:
        """What to say of a job that was stopped at the limit."""
        return f"stopped at this server's limit of {self.minutes:,g} minutes"

    @property
    def words(self) -> str:
        """The limits in one line for a form; "" when there are none.

        Examples
        --------
        >>> JobLimits(epochs=20, minutes=5).words
        'This server allows at most 20 epochs and 5 minutes a training.'
        """
        parts = [
            f"{value:,g} {name}" if name == "minutes" else f"{value:,} {name}"
            for name, value in (("epochs", self.epochs), ("parameters", self.parameters), ("minutes", self.minutes))
            if value is not None
        ]
        if not parts:
            return ""
        return (
            f"This server allows at most {' and '.join(filter(None, [', '.join(parts[:-1]), parts[-1]]))} a training."
        )


def _whole(variable: str) -> int | None:
    value = _number(variable)
    if value is not None and value != int(value):
        raise UserError(f"{variable} must be a whole number: got {value:g}")
    return None if value is None else int(value)


def _number(variable: str) -> float | None:
    text = os.environ.get(variable, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e15:
        raise UserError(f"{variable} must be a positive number: got '{text[:40]}'")
    return value
