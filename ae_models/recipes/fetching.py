"""Fetch a public set by its name and keep it as an imported one."""

from __future__ import annotations

from dataclasses import replace

from ae_models import datasets
from ae_models.base import Progress, UserError, paths
from ae_models.base.config import ImportConfig
from ae_models.datasets import Card, kept
from ae_models.datasets.download import fetch
from ae_models.datasets.readers import LIMITS, of_paths
from ae_models.datasets.readers.items import Problems
from ae_models.datasets.readers.limits import MIB
from ae_models.datasets.readers.public import PUBLIC, PublicSet
from ae_models.recipes import import_data

_LIMITS = replace(LIMITS, unpacked_bytes=6 * 1024 * MIB)  # EMNIST's archive holds six sets; its checksum is known


def public_set(name: str) -> PublicSet:
    """Return a public set by its name; ``UserError`` with all names that can be fetched where there is none."""
    if name not in PUBLIC:
        known = [*(each for each in datasets.DATASETS if datasets.DATASETS.ships(each)), *PUBLIC]
        raise UserError(f"unknown dataset '{name}': choose from {', '.join(known)}")
    return PUBLIC[name]


def fetch_set(name: str, progress: Progress | None = None, *, owner: str = "") -> Card | None:
    """Fetch a set by name, checking every file's checksum, and keep it for ``owner``, a visitor; return its card.

    A set of ``DATASETS`` is fetched by its own source, and None is returned. A download that was cut off goes on.

    Raises ``UserError`` when the name is unknown, it is here already, or network or checksum fail.
    """
    if datasets.DATASETS.ships(name) or name in kept.names():
        datasets.source(name).download(progress)
        return None
    chosen = public_set(name)
    folder = paths.writable(paths.home() / "datasets" / ("emnist" if name.startswith("emnist-") else name))
    for file, address, md5 in chosen.files:
        fetch(address, f"md5:{md5}", folder / file, progress)
    items = of_paths([folder / file for file, _, _ in chosen.files], _LIMITS, Problems())
    incoming = import_data.look(items, ImportConfig.of(**chosen.settings), limits=_LIMITS)
    if incoming.rows.shape != chosen.shape:
        raise UserError(f"'{name}' came as images of {incoming.rows.shape}, where {chosen.shape} are published")
    return import_data.keep(incoming, chosen.title, chosen.licence, name=name, noun=chosen.noun, owner=owner)
