"""Registry: a literal table of names, each leading to a class that is imported only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from ae_models.base import UserError


@dataclass(frozen=True)
class Entry:
    """One line of a table: where the thing lives, what a person calls it, and where its settings are.

    ``target`` and ``settings`` are ``"module:Name"``; the second is empty where there are none. Its module imports
    nothing heavy: settings are read to fill a form. A summary is a template of the data's nouns.
    """

    target: str
    title: str
    summary: str
    settings: str = ""

    @property
    def config(self) -> type[Any] | None:
        """The class of its settings; None where there are none."""
        return None if not self.settings else _found(self.settings)


class Registry:
    """Names of one kind: ``kind`` is what they are, for messages: "model", "dataset"."""

    def __init__(self, kind: str, table: Mapping[str, Entry]) -> None:
        self.kind, self._table = kind, table

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def __contains__(self, name: object) -> bool:
        return name in self._table

    def entry(self, name: str) -> Entry:
        """Return the entry of ``name``; an unknown name raises ``UserError`` with the choices."""
        if name not in self._table:
            choices = list(self)
            near = get_close_matches(str(name), choices, n=1)
            hint = f" (did you mean '{near[0]}'?)" if near else ""
            raise UserError(f"unknown {self.kind} '{name}'{hint}: choose from {', '.join(choices)}")
        return self._table[name]

    def load(self, name: str) -> Any:
        """Import and return the class (or function) behind ``name``."""
        return _found(self.entry(name).target)


def _found(target: str) -> Any:
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)
