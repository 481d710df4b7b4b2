"""Settings: each default within its bounds, and a bad value told by name, rule and value."""

from __future__ import annotations

import pytest

from ae_models.autoencoders import ARCHITECTURES, PENALTIES
from ae_models.autoencoders.dense_config import DenseConfig
from ae_models.autoencoders.linear_config import LinearConfig
from ae_models.base import UserError
from ae_models.base.config import MAX_LATENT_DIM, Config, ImportConfig, TrainConfig
from ae_models.corruptions import CORRUPTIONS
from ae_models.projections import PROJECTIONS
from ae_models.projections.umap import UMAPConfig

TABLES = (ARCHITECTURES, CORRUPTIONS, PENALTIES, PROJECTIONS)
EVERY: list[type[Config]] = sorted(
    {TrainConfig, ImportConfig, *(cls for table in TABLES for name in table if (cls := table.entry(name).config))},
    key=lambda cls: cls.__name__,
)


@pytest.mark.parametrize("cls", EVERY, ids=lambda cls: cls.__name__)
def test_defaults_obey_their_own_bounds_and_survive_json(cls: type[Config]) -> None:
    default = cls()
    assert cls.of(**default.model_dump()) == default
    assert cls.model_validate_json(default.model_dump_json()) == default


@pytest.mark.parametrize("cls", EVERY, ids=lambda cls: cls.__name__)
def test_defaults_survive_being_typed_on_the_command_line(cls: type[Config]) -> None:
    typed = {
        name: ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
        for name, value in cls().model_dump().items()
    }
    assert cls.of(**typed) == cls()


@pytest.mark.parametrize("cls", EVERY, ids=lambda cls: cls.__name__)
def test_every_setting_says_what_it_is(cls: type[Config]) -> None:
    assert cls.__doc__
    for name, field in cls.model_fields.items():
        assert field.description, name


def test_values_may_be_text() -> None:
    made = TrainConfig.of(epochs="3", learning_rate="1e-3")
    assert made.epochs == 3
    assert made.learning_rate == 0.001
    assert DenseConfig.of(widths="64,32").widths == (64, 32)
    assert DenseConfig.of(widths="64").widths == (64,)
    assert DenseConfig.of(widths=(64, 32)).widths == (64, 32)


@pytest.mark.parametrize("value", [1, MAX_LATENT_DIM, "2"])
def test_code_sizes_from_one_number_to_the_bound(value: object) -> None:
    assert LinearConfig.of(latent_dim=value).latent_dim == int(str(value))


@pytest.mark.parametrize(
    ("cls", "name", "value"),
    [
        (LinearConfig, "latent_dim", 0),
        (LinearConfig, "latent_dim", -1),
        (LinearConfig, "latent_dim", MAX_LATENT_DIM + 1),
        (LinearConfig, "latent_dim", "2.5"),
        (LinearConfig, "latent_dim", "abc"),
        (LinearConfig, "latent_dim", ""),
        (LinearConfig, "latent_dim", None),
        (DenseConfig, "widths", ""),
        (DenseConfig, "widths", "512,,256"),
        (DenseConfig, "widths", "0"),
        (DenseConfig, "widths", ",".join(["8"] * 9)),
        (DenseConfig, "widths", 512),
        (TrainConfig, "epochs", 0),
        (TrainConfig, "epochs", 10**9),
        (TrainConfig, "epochs", "1" * 5000),
        (TrainConfig, "batch_size", 0),
        (TrainConfig, "learning_rate", 0),
        (TrainConfig, "learning_rate", "nan"),
        (TrainConfig, "learning_rate", "inf"),
        (TrainConfig, "learning_rate", float("nan")),
        (TrainConfig, "weight_decay", -0.1),
        (TrainConfig, "seed", -1),
        (TrainConfig, "seed", 2**31),
        (TrainConfig, "threads", -1),
        (UMAPConfig, "n_neighbors", 1),
        (UMAPConfig, "min_dist", 1.5),
    ],
)
def test_a_bad_value_is_a_mistake_that_names_it(cls: type[Config], name: str, value: object) -> None:
    with pytest.raises(UserError) as caught:
        cls.of(**{name: value})
    message = str(caught.value)
    assert name in message
    assert "\n" not in message
    assert "got" in message


def test_an_unknown_setting_lists_the_choices() -> None:
    with pytest.raises(UserError, match=r"unknown setting 'epoch': choose from .*epochs"):
        TrainConfig.of(epoch=3)


def test_the_rule_and_the_value_are_told() -> None:
    with pytest.raises(UserError, match=r"epochs must be greater than or equal to 1: got 0"):
        TrainConfig.of(epochs=0)


def test_configs_are_frozen_and_equal_by_value() -> None:
    made = TrainConfig()
    with pytest.raises(ValueError, match="frozen"):
        made.epochs = 3
    assert TrainConfig.of(epochs=5) == TrainConfig.of(epochs="5") != TrainConfig.of(epochs=6)
