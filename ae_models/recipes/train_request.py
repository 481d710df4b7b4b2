"""What to train: a design, its settings and its data, checked in full before anything heavy is imported."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Any

from ae_models import datasets
from ae_models.autoencoders import ARCHITECTURES, PENALTIES, Design, check
from ae_models.base import Shape, UserError, as_user_error
from ae_models.base.config import Config, NoConfig, TrainConfig, Variant
from ae_models.corruptions import CORRUPTIONS
from ae_models.corruptions import corruption as make_corruption
from ae_models.runs import ID_PATTERN, RunRecord
from ae_models.runs.serving import find_run


@dataclass(frozen=True)
class TrainRequest:
    """What to train: checked in full before anything heavy is imported."""

    design: Design
    training: TrainConfig
    dataset: str
    variant: Variant = "auto"
    name: str = ""
    start: str = ""  # a run whose weights to begin with

    @classmethod
    def of(
        cls,
        model: str,
        dataset: str,
        *,
        corruption: str = "none",
        penalty: str = "none",
        variant: Variant = "auto",
        name: str = "",
        settings: dict[str, Any] | None = None,
    ) -> TrainRequest:
        """Check names and settings, and whether they go together; a bad one raises ``UserError``.

        ``settings`` are those of the model, the corruption, the penalty and the training in one; where two of them
        share a name (``strength``, say), it goes to the first that has it, in this order.
        """
        kinds = ((ARCHITECTURES, model), (CORRUPTIONS, corruption), (PENALTIES, penalty))
        classes = [registry.entry(choice).config or NoConfig for registry, choice in kinds]
        parts = split_settings([*classes, TrainConfig], settings or {})
        return cls._checked(model, corruption, penalty, parts, dataset, variant, name)

    @classmethod
    def _checked(
        cls, model: str, corruption: str, penalty: str, parts: list[Any], dataset: str, variant: Variant, name: str
    ) -> TrainRequest:
        model_config, corruption_config, penalty_config, training = parts
        source = datasets.source(dataset)
        chosen = source.resolve(variant)
        if len(name) > 120:
            raise UserError(f"name must have at most 120 characters: got {len(name)}")
        design = Design(model, model_config, corruption, corruption_config, penalty, penalty_config)
        corrupted = make_corruption(corruption, corruption_config)
        check(design, training, corrupted.input_shape(source.shape), source.shape)
        return cls(design, training, dataset, chosen, name)

    @property
    def shapes(self) -> tuple[Shape, Shape]:
        """``(channels, height, width)`` of the images that go in and of those that come out."""
        shape = datasets.source(self.dataset).shape
        return make_corruption(self.design.corruption, self.design.corruption_config).input_shape(shape), shape

    @property
    def n_train(self) -> int | None:
        """How many images it learns from; None where that is only known when they are read."""
        source, some = datasets.source(self.dataset), self.training.n_images
        if some or self.variant != source.resolve("auto"):
            return some or None
        return source.sizes()[0]

    def with_threads(self, threads: int) -> TrainRequest:
        """Return the order with this number of threads where it leaves the number open."""
        if self.training.threads:
            return self
        return replace(self, training=self.training.model_copy(update={"threads": threads}))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values that ``from_dict`` reads."""
        design = self.design
        return {
            "model": design.model,
            "dataset": self.dataset,
            "corruption": design.corruption,
            "penalty": design.penalty,
            "variant": self.variant,
            "name": self.name,
            "start": self.start,
            "parts": [
                part.model_dump(mode="json")
                for part in (design.model_config, design.corruption_config, design.penalty_config, self.training)
            ],
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> TrainRequest:
        """Read what ``to_dict`` gave, with every check; ``UserError`` where it is none or not possible here."""
        try:
            return cls._read(values)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise as_user_error(error, "what was ordered cannot be read") from None

    @classmethod
    def _read(cls, values: dict[str, Any]) -> TrainRequest:
        names = [values["model"], values["corruption"], values["penalty"]]
        kinds = zip((ARCHITECTURES, CORRUPTIONS, PENALTIES), names, strict=True)
        classes = [*(registry.entry(name).config or NoConfig for registry, name in kinds), TrainConfig]
        parts = [config_class.of(**part) for config_class, part in zip(classes, values["parts"], strict=True)]
        order = cls._checked(names[0], names[1], names[2], parts, values["dataset"], values["variant"], values["name"])
        start = values.get("start", "")
        if start and not re.fullmatch(ID_PATTERN, start):
            raise UserError(f"start must be the id of a run: got '{start[:80]}'")
        return replace(order, start=start)


def order_of(record: RunRecord) -> TrainRequest:
    """Return the order that a run was trained by; ``UserError`` when it is none of ours (a PCA, an imported graph)."""
    if record.model.name not in ARCHITECTURES:
        raise UserError(f"run '{record.id}' was not trained here: it has no settings to train by")
    training = {key: value for key, value in record.training.items() if key in TrainConfig.model_fields}
    parts = [record.model.config, record.corruption.config, record.penalty.config, training]
    return TrainRequest.from_dict(
        {
            "model": record.model.name,
            "corruption": record.corruption.name,
            "penalty": record.penalty.name,
            "parts": parts,
            "dataset": record.dataset.name,
            "variant": record.dataset.variant,
            "name": record.title,
        }
    )


def split_settings(classes: list[type[Config]], settings: dict[str, Any]) -> list[Config]:
    """Return one config of each class from settings in one; an unknown one raises ``UserError`` with the choices."""
    shares: list[dict[str, Any]] = [{} for _ in classes]
    for key, value in settings.items():
        for share, config_class in zip(shares, classes, strict=True):
            if key in config_class.model_fields:
                share[key] = value
                break
        else:
            known = dict.fromkeys(field for config_class in classes for field in config_class.model_fields)
            raise UserError(f"unknown setting '{key}': choose from {', '.join(known)}")
    return [config_class.of(**share) for config_class, share in zip(classes, shares, strict=True)]


def order_on(run_id: str, epochs: int | None = None) -> TrainRequest:
    """Return the order that trains on from a finished run.

    Parameters
    ----------
    run_id : str
        A run with ``weights.safetensors``: own ones have it, shipped and imported ones mostly do not.
    epochs : int, optional
        How many more; by default as many as the run's own order had.

    Raises
    ------
    UserError
        When there is no such run, it has no weights, or it was not trained here.
    """
    _, record = find_run(run_id)
    if "weights.safetensors" not in record.files:
        raise UserError(
            f"run '{run_id}' has no weights to train on from (shipped runs leave them out): train a new one"
        )
    order = order_of(record)
    training = order.training
    if epochs is not None:
        training = type(training).of(**{**training.model_dump(), "epochs": epochs})
    return replace(order, training=training, start=run_id)


STEPS = 2_500  # below that, a dense network has not yet learned what PCA knows at once
_MOST_EPOCHS, _LEAST_BATCH, _BATCHES = 400, 16, 24


def first_order(dataset: str, code: int = 2, most_epochs: int | None = None) -> TrainRequest:
    """Return the order of a dense autoencoder with a code of ``code`` numbers.

    Of few images smaller batches are taken and more epochs, for about 2,500 steps in all; of many, the defaults.

    Parameters
    ----------
    most_epochs : int, optional
        What the server's owner allows.

    Raises
    ------
    UserError
        When the data set is unknown, or a dense network does not suit it.
    """
    usual = TrainConfig()
    n_train = datasets.source(dataset).sizes()[0]
    fitting = 2 ** max(0, math.floor(math.log2(max(1, n_train / _BATCHES))))  # so that an epoch has some 24 steps
    batch = min(usual.batch_size, max(_LEAST_BATCH, fitting))
    wanted = math.ceil(STEPS / math.ceil(n_train / batch))
    epochs = min(max(usual.epochs, min(wanted, _MOST_EPOCHS)), most_epochs or _MOST_EPOCHS)
    return TrainRequest.of("dense", dataset, settings={"latent_dim": code, "epochs": epochs, "batch_size": batch})
