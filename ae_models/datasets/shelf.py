"""The table of data sets as it is used: the lines that ship and, after them, what was imported here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ae_models.base import UserError
from ae_models.base.registry import Entry, Registry
from ae_models.datasets import kept
from ae_models.datasets.card import Card


class Shelf(Registry):
    """A ``Registry`` that also knows the data sets that the user imported, by reading their cards."""

    def _own(self) -> list[str]:
        return [name for name in kept.names() if name not in self._table and _is_whole(name)]

    def __iter__(self) -> Iterator[str]:
        yield from self._table
        yield from self._own()

    def __len__(self) -> int:
        return len(self._table) + len(self._own())

    def __contains__(self, name: object) -> bool:
        return name in self._table or name in self._own()

    def ships(self, name: str) -> bool:
        """Say whether a name is in the literal table."""
        return name in self._table

    def entry(self, name: str) -> Entry:
        """Return the entry of ``name``; an unknown name raises ``UserError`` with the choices."""
        about = self._card(name)
        if about is None:
            return super().entry(name)
        return Entry("ae_models.datasets.kept:ImportedDataset", about.title, f"imported from {about.format or 'files'}")

    def load(self, name: str) -> Any:
        """Return the source behind ``name``."""
        about = self._card(name)
        return super().load(name) if about is None else kept.ImportedDataset(about)

    def _card(self, name: str) -> Card | None:
        """Return the card of an imported set by its name, or by the title that it was given."""
        own = [] if name in self._table else kept.names()
        return next((kept.card(known) for known in (name, kept.slug(str(name))) if known in own), None)


def _is_whole(name: str) -> bool:
    try:
        kept.card(name)
    except UserError:
        return False
    return True
