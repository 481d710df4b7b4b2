"""A run's card: what it is for, how it was made, how good it is, and what it cannot do."""

from __future__ import annotations

from typing import Any

from ae_models import datasets
from ae_models.analysis.classical_baselines import plain_figures
from ae_models.autoencoders import ARCHITECTURES, PENALTIES
from ae_models.base import UserError
from ae_models.corruptions import CORRUPTIONS
from ae_models.kinds import kind_of
from ae_models.runs import RunRecord


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
