"""A run's card: what it is for, how it was made, how good it is, what it cannot do; and two runs side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ae_models import datasets
from ae_models.analysis.classical_baselines import plain_figures
from ae_models.autoencoders import ARCHITECTURES, PENALTIES
from ae_models.base import UserError
from ae_models.base.config import NoConfig, TrainConfig, label_of
from ae_models.base.registry import Registry
from ae_models.corruptions import CORRUPTIONS
from ae_models.kinds import Kind, kind_of
from ae_models.runs import ModelRecord, RunRecord


def card(record: RunRecord) -> dict[str, Any]:
    """Return a run's card as plain values, in words and figures.

    ``figures["plain"]`` holds what plain methods reach on the same task, computed now on the same held-out images.
    """
    rows = record.dataset
    return {
        "title": record.title,
        "use": record.purpose or "trained here",
        "data": f"{rows.name}: {_fitted_on(record)}",
        "licence": datasets.source(rows.name).licence if rows.name in datasets.DATASETS else "as its data",
        "recipe": recipe_of(record),
        "seconds": record.seconds,
        "figures": {
            "sse": record.test.sse,
            "mse": record.test.mse,
            "n": record.test.n,
            "input": record.test.input,
            "plain": [{"method": plain.method, "sse": plain.sse} for plain in _plain(record)],
        },
        "limits": limits_of(record),
    }


def _fitted_on(record: RunRecord) -> str:
    fitted, scored = record.dataset.fitted_on, record.dataset.scored_on
    samples = kind_of(record.input_shape).samples
    if "imported" in (record.model_extra or {}):
        return f"what it was fitted on is not known, scored on {scored.n:,} held-out {samples}"
    return f"fitted on {fitted.n:,} training {samples} ({record.dataset.variant}), scored on {scored.n:,} it never saw"


def _plain(record: RunRecord) -> list[Any]:
    try:
        return list(plain_figures(record))
    except UserError:  # the images it was scored on are not here: the card stands without
        return []


def recipe_of(record: RunRecord) -> str:
    """Return how a run was made, in one line."""
    if record.model.name == "pca":
        return f"exact PCA, {record.latent_dim} components, no seed"
    if record.model.name not in ARCHITECTURES:
        return f"imported as ONNX, {record.n_parameters:,} parameters; how it was trained is not known"
    parts = [f"{ARCHITECTURES.entry(record.model.name).title}, {_settings(record.model.config)}"]
    for registry, choice in ((CORRUPTIONS, record.corruption), (PENALTIES, record.penalty)):
        if choice.name != "none":
            settings = _settings(choice.config)
            parts.append(registry.entry(choice.name).title.lower() + (f" ({settings})" if settings else ""))
    training = record.training
    if training:
        parts.append(
            f"{training['epochs']} epochs of AdamW, batches of {training['batch_size']}, peak rate "
            f"{training['learning_rate']:g}, decay {training['weight_decay']:g}, loss {training['loss']}"
        )
    threads = counted(record.threads, "thread")
    parts.append(f"seed {record.seed}, {record.n_parameters:,} parameters, {threads} on {record.device}")
    return "; ".join(parts)


def counted(n: int, thing: str) -> str:
    """Return a number of things in words.

    Examples
    --------
    >>> counted(1, "thread"), counted(2, "thread")
    ('1 thread', '2 threads')
    """
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"


def limits_of(record: RunRecord) -> list[str]:
    """Return what a run cannot do, each in a sentence."""
    name = record.dataset.name
    limits = [f"It knows {name} only: what it draws of any other is a guess, seldom the nearest it could."]
    if record.latent_dim <= 3:
        limits.append("So few numbers lose most of a picture: for looking at maps, not for keeping pictures.")
    if record.latent_dim > _size(record.input_shape):
        limits.append("Its code is longer than the picture: a small error shows nothing learned.")
    if record.corruption.name != "none":
        title = CORRUPTIONS.entry(record.corruption.name).title.lower()
        limits.append(f"Made for pictures with {title}; where the picture does not say, it guesses.")
    if record.model.name not in ("pca", "linear", "variational"):
        limits.append("Its axes mean nothing and change with the seed; only what lies near what can be read.")
    if record.model.name == "variational" and float(record.model.config.get("beta", 1)) > 10:
        limits.append("beta is so large that the code carries next to nothing.")
    return limits


def _size(shape: tuple[int, int, int]) -> int:
    channels, height, width = shape
    return channels * height * width


def _settings(config: dict[str, Any]) -> str:
    return ", ".join(
        f"{key} {'-'.join(map(str, value)) if isinstance(value, list) else value}" for key, value in config.items()
    )


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
    old, new = _settings_of(before, kind), _settings_of(after, kind)
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


def _settings_of(record: RunRecord, kind: Kind) -> dict[str, str]:
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
