"""What the server's owner allows one job: epochs, parameters, minutes; set in the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ae_models.base import Mistake

NAMES = {
    "epochs": "AE_MODELS_MAX_EPOCHS",
    "parameters": "AE_MODELS_MAX_PARAMETERS",
    "minutes": "AE_MODELS_MAX_MINUTES",
}


@dataclass(frozen=True)
class Limits:
    """The most that one job may take; None where there is no limit.

    ``epochs`` counts those of one order (training on is a new order), ``parameters`` the network's numbers,
    ``minutes`` the time on a worker.
    """

    epochs: int | None = None
    parameters: int | None = None
    minutes: float | None = None

    @classmethod
    def of_environment(cls) -> Limits:
        """Read them; a value that is no positive number raises ``Mistake`` with the variable's name."""
        epochs, parameters, minutes = (_number(name) for name in NAMES.values())
        for name, value in (("epochs", epochs), ("parameters", parameters)):
            if value is not None and value != int(value):
                raise Mistake(f"{NAMES[name]} must be a whole number: got {value:g}")
        return cls(None if epochs is None else int(epochs), None if parameters is None else int(parameters), minutes)

    def check_epochs(self, epochs: int) -> None:
        """Raise ``Mistake`` when an order asks for more epochs than this server allows."""
        if self.epochs is not None and epochs > self.epochs:
            raise Mistake(f"epochs must be at most {self.epochs:,} on this server: got {epochs:,}")

    def check_parameters(self, n_parameters: int) -> None:
        """Raise ``Mistake`` when a network is larger than this server allows."""
        if self.parameters is not None and n_parameters > self.parameters:
            raise Mistake(
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
        >>> Limits(epochs=20, minutes=5).words
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


def _number(variable: str) -> float | None:
    text = os.environ.get(variable, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e15:
        raise Mistake(f"{variable} must be a positive number: got '{text[:40]}'")
    return value
