"""Runs that differ in one thing only, found by what they say of themselves, never by their names."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ae_models.runs import RunRecord, RunStore

Run = tuple[RunStore, RunRecord]
Family = tuple[Run, ...]
_NO_MATTER = ("seed", "threads", "snapshots")  # nothing of these is in the design or in how it is trained


def ladders(runs: Iterable[Run]) -> tuple[Family, ...]:
    """Return the families of autoencoders that differ in the size of their code only, smallest code first.

    Same data, same design, same training settings, same seed. A ladder has two sizes at least; of two runs of one
    size the newer counts. The longest ladder comes first.
    """
    found = []
    for family in _alike(runs, "latent_dim").values():
        by_size: dict[int, Run] = {}
        for run in sorted(family, key=lambda run: run[1].created):
            by_size[run[1].latent_dim] = run
        if len(by_size) > 1:
            found.append(tuple(by_size[size] for size in sorted(by_size)))
    return tuple(sorted(found, key=len, reverse=True))


def seed_families(runs: Iterable[Run]) -> tuple[Family, ...]:
    """Return the families of autoencoders that differ in their seed only, by seed; two seeds at least."""
    found = []
    for family in _alike(runs, "seed").values():
        by_seed: dict[int, Run] = {}
        for run in sorted(family, key=lambda run: run[1].created):
            by_seed[run[1].seed] = run
        if len(by_seed) > 1:
            found.append(tuple(by_seed[seed] for seed in sorted(by_seed)))
    return tuple(sorted(found, key=len, reverse=True))


def same_data(one: RunRecord, other: RunRecord) -> bool:
    """Say whether two runs were fitted on the same rows and are scored on the same rows."""
    return (
        one.dataset.fitted_on.digest == other.dataset.fitted_on.digest
        and one.dataset.scored_on.digest == other.dataset.scored_on.digest
    )


def _alike(runs: Iterable[Run], but_for: str) -> dict[str, list[Run]]:
    families: dict[str, list[Run]] = {}
    for run in runs:
        if run[1].model.name != "pca":
            families.setdefault(_about(run[1], but_for), []).append(run)
    return families


def _about(record: RunRecord, but_for: str) -> str:
    model = {key: value for key, value in record.model.config.items() if key != "latent_dim"}
    training = {key: value for key, value in record.training.items() if key not in _NO_MATTER}
    said = {
        "dataset": [record.dataset.name, record.dataset.fitted_on.digest, record.dataset.scored_on.digest],
        "model": [record.model.name, model],
        "corruption": record.corruption.model_dump(),
        "penalty": record.penalty.model_dump(),
        "training": training,
        "shapes": [record.input_shape, record.output_shape],
        "latent_dim": record.latent_dim,
        "seed": record.seed,
    }
    said.pop(but_for)
    return json.dumps(said, sort_keys=True)
