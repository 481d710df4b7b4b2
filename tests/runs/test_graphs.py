"""Serving: the graphs of a linear map are that map, and wrong sizes are told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ae_models.base import UserError
from ae_models.runs import Graphs, InMemory, linear_graphs

SHAPE = (1, 4, 5)


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(1).random((7, *SHAPE), np.float32)


def test_linear_graphs_are_the_linear_map(small: Any, images: np.ndarray) -> None:
    graphs = InMemory(small.files["encoder.onnx"], small.files["decoder.onnx"])
    codes = (images.reshape(7, -1) - small.mean) @ small.components.T
    assert graphs.encode(images) == pytest.approx(codes, abs=1e-5)
    drawn = (codes @ small.components + small.mean).reshape(7, *SHAPE)
    assert graphs.decode(codes) == pytest.approx(drawn, abs=1e-5)
    assert graphs.reconstruct(images) == pytest.approx(drawn, abs=1e-5)
    assert graphs.reconstruct(drawn) == pytest.approx(drawn, abs=1e-5)  # a projection: once is enough


def test_an_image_of_three_channels_and_uneven_sides() -> None:
    shape = (3, 2, 5)
    components = np.eye(4, 30, dtype="f")
    graphs = InMemory(*linear_graphs(np.zeros(30, "f"), components, shape))
    images = np.random.default_rng(0).random((2, *shape), np.float32)
    assert graphs.encode(images) == pytest.approx(images.reshape(2, -1)[:, :4], abs=1e-6)
    assert graphs.decode(np.eye(4, dtype="f")).shape == (4, *shape)


@pytest.mark.parametrize("n", [1, 2, 499, 500, 501, 1001])
def test_batches_leave_no_seam(small: Any, n: int) -> None:
    record = small.write("one")
    images = np.random.default_rng(n).random((n, *SHAPE), np.float32)
    codes = Graphs(small.store, record).encode(images)
    assert codes.shape == (n, 2)
    assert codes == pytest.approx((images.reshape(n, -1) - small.mean) @ small.components.T, abs=1e-5)


def test_no_images_give_no_codes(small: Any) -> None:
    record = small.write("one")
    assert Graphs(small.store, record).encode(np.zeros((0, *SHAPE), "f")).shape == (0, 2)


def test_other_number_types_and_memory_orders_are_taken(small: Any, images: np.ndarray) -> None:
    graphs = Graphs(small.store, small.write("one"))
    expected = graphs.encode(images)
    assert graphs.encode(images.astype(np.float64)) == pytest.approx(expected, abs=1e-6)
    assert graphs.encode(np.asfortranarray(images)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("shape", [(3, 1, 5, 4), (3, 3, 4, 5), (3, 20), (1, 4, 5), (3, 1, 28, 28)])
def test_images_of_another_shape_are_a_mistake_that_tells_both(small: Any, shape: tuple[int, ...]) -> None:
    graphs = Graphs(small.store, small.write("one"))
    with pytest.raises(UserError, match="takes images of 1 x 4 x 5"):
        graphs.encode(np.zeros(shape, "f"))


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (2,), (1, 2, 1)])
def test_codes_of_another_size_are_a_mistake_that_tells_the_size(small: Any, shape: tuple[int, ...]) -> None:
    graphs = Graphs(small.store, small.write("one"))
    with pytest.raises(UserError, match="has a code of 2 numbers"):
        graphs.decode(np.zeros(shape, "f"))


def test_rubbish_in_place_of_a_graph_is_a_mistake_of_one_line(small: Any, images: np.ndarray) -> None:
    record = small.store.write(small.record("bad"), {**small.files, "encoder.onnx": b"not a graph at all"})
    with pytest.raises(UserError, match=r"encoder\.onnx of run 'bad' is no graph") as caught:
        Graphs(small.store, record).encode(images)
    assert "\n" not in str(caught.value)
    with pytest.raises(UserError, match="is no graph"):
        InMemory(b"", b"").decode(np.zeros((1, 2), "f"))
