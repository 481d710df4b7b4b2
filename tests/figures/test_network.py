"""The sketch of a network says the widths that the network has."""

from __future__ import annotations

from typing import Any

import pytest

from ae_models.autoencoders import ARCHITECTURES, Design, layers_of
from ae_models.autoencoders.conv_config import ConvConfig
from ae_models.autoencoders.dense_config import DenseConfig
from ae_models.figures.look import ACCENT
from ae_models.figures.network import caption, heights, network_sketch


@pytest.mark.parametrize("model", list(ARCHITECTURES))
def test_every_layer_has_a_bar_and_its_number(checked: Any, model: str) -> None:
    config = ARCHITECTURES.entry(model).config
    assert config is not None
    layers = layers_of(Design(model, config()), (1, 28, 28), (3, 28, 28))
    spec = network_sketch(layers, height=200)
    figure = checked(spec)
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert len(bars) == 1
    assert len(bars[0].y) == len(layers)
    said = [note.text for note in figure.layout.annotations]
    assert [text for text in said if text.startswith("<b>")] == [f"<b>{layer.units:,}</b>" for layer in layers]
    assert figure.layout.height == 200
    accents = [colour == ACCENT for colour in spec["data"][-1]["marker"]["color"]]
    assert accents == [layer.role == "code" for layer in layers]


def test_bars_are_symmetric_and_as_high_as_the_logarithm_says(checked: Any) -> None:
    layers = layers_of(Design("dense", DenseConfig(latent_dim=1, widths=(28,))), (1, 28, 28), (1, 28, 28))
    bar = checked(network_sketch(layers)).data[-1]
    assert [base + height / 2 for base, height in zip(bar.base, bar.y, strict=True)] == pytest.approx([0.0] * 5)
    assert bar.y[0] == 1.0
    assert bar.y[2] == min(bar.y) > 0
    assert bar.y[1] == pytest.approx((bar.y[0] + bar.y[2]) / 2)  # 28 lies halfway between 1 and 784


def test_heights_keep_the_order_of_widths() -> None:
    units = [1, 2, 3, 10, 100, 784, 1000]
    found = heights(units)
    assert found == sorted(found)
    assert 0 < found[0] < found[-1] == 1.0
    assert heights([5]) == [1.0]


def test_captions_name_what_a_layer_is() -> None:
    layers = layers_of(Design("conv", ConvConfig(latent_dim=2, channels=(4, 8), dense=16)), (1, 14, 14), (3, 28, 28))
    assert [caption(layer) for layer in layers] == [
        "14 × 14", "4 × 7 × 7", "8 × 4 × 4", "dense", "code", "dense", "8 × 7 × 7", "4 × 14 × 14", "3 × 28 × 28",
    ]  # fmt: skip
