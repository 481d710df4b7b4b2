"""Two runs side by side: what was set otherwise, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ae_models import datasets
from ae_models.autoencoders import ARCHITECTURES, PENALTIES
from ae_models.base.config import NoConfig, TrainConfig, label_of
from ae_models.base.registry import Registry
from ae_models.corruptions import CORRUPTIONS
from ae_models.kinds import Kind, kind_of
from ae_models.runs import ModelRecord, RunRecord

_NO_EFFECT = ("threads", "snapshots", "seed")  # seed stands in the record itself


@dataclass(frozen=True)
class Setting:
    """A setting that differs; "" where one of the two has none of that name."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Figure:
    """A number of both runs. ``better`` is None where neither is better: equal, or not a matter of better."""

    name: str
    before: float
    after: float
    unit: str
    better: bool | None


@dataclass(frozen=True)
class Changes:
    """What differs from one run to the next; ``why_not`` says why their errors cannot be compared, "" where they can.

    ``settings`` holds only what differs, ``figures`` all that both have.
    """

    settings: tuple[Setting, ...]
    figures: tuple[Figure, ...]
    why_not: str


def changes(before: RunRecord, after: RunRecord) -> Changes:
    """Return what changed in the settings and in the figures from one run to another."""
    kind = kind_of(after.input_shape)
    old, new = _settings(before, kind), _settings(after, kind)
    settings = tuple(
        Setting(name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys([*old, *new])
        if old.get(name, "") != new.get(name, "")
    )
    why_not = _why_not(before, after, kind)
    errors_count = not why_not
    pairs = (
        ("Held-out error (SSE)", before.test.sse, after.test.sse, "", errors_count),
        (f"Held-out error {kind.a_part} (MSE)", before.test.mse, after.test.mse, "", errors_count),
        ("Parameters", before.n_parameters, after.n_parameters, "", False),
        ("Time to train", before.seconds, after.seconds, "s", False),
    )
    figures = tuple(
        Figure(name, float(a), float(b), unit, (b < a) if counts and a != b else None)
        for name, a, b, unit, counts in pairs
    )
    return Changes(settings, figures, why_not)


def run_before(record: RunRecord, others: Iterable[RunRecord]) -> RunRecord | None:
    """Return the newest of the other runs that was made before this one on the same data; None where there is none."""
    earlier = [
        other
        for other in others
        if other.id != record.id
        and other.origin != "shipped"
        and other.model.name != "pca"
        and other.dataset.name == record.dataset.name
        and other.created <= record.created
    ]
    return max(earlier, key=lambda other: (other.created, other.id), default=None)


def _why_not(before: RunRecord, after: RunRecord, kind: Kind) -> str:
    if before.dataset.scored_on.digest != after.dataset.scored_on.digest:
        return f"They were scored on other {kind.samples}, so their errors cannot be compared."
    if before.corruption != after.corruption:
        return f"They were scored on {kind.samples} spoilt in another way, so their errors cannot be compared."
    return ""


def _settings(record: RunRecord, kind: Kind) -> dict[str, str]:
    """Return everything that was set, by what a person calls it, as text."""
    name = record.dataset.name
    found = {
        "Data": datasets.source(name).title if name in datasets.DATASETS else name,
        kind.say("Training {samples}"): f"{record.dataset.fitted_on.n:,} ({record.dataset.variant})",
    }
    parts: tuple[tuple[str, Registry, ModelRecord], ...] = (
        ("Model", ARCHITECTURES, record.model),
        ("Corruption", CORRUPTIONS, record.corruption),
        ("Penalty", PENALTIES, record.penalty),
    )
    for part, registry, choice in parts:
        known = registry.entry(choice.name) if choice.name in registry else None
        found[part] = known.title if known else choice.name
        config = (known.config if known else None) or NoConfig
        for key, value in choice.config.items():
            label = kind.say(label_of(config, key))
            found[label if part == "Model" else f"{part}: {label.lower()}"] = _said(value)
    for key, value in record.training.items():
        if key not in _NO_EFFECT:
            found[kind.say(label_of(TrainConfig, key))] = _said(value)
    if record.stopped is not None:
        found[label_of(TrainConfig, "epochs")] = f"{record.stopped.epoch:.1f} of {record.stopped.of}, stopped"
    if record.parent is not None:
        found["Trained on from"] = record.parent.run
    return {**found, label_of(TrainConfig, "seed"): str(record.seed)}


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "-".join(_said(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
