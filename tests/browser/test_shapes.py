"""Decoders that give another size than the network sees, three channels, or values outside [0, 1]."""

import numpy as np
import pytest

from ae_models import datasets, recipes
from ae_models.runs import shipped_runs
from tests.browser import truth
from tests.browser.graphs import put, straight

pytestmark = pytest.mark.browser


def generator(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_another_size_than_the_network_sees(visit, home):
    """Super-resolution: 14 x 14 pixels in, 28 x 28 out, and values from -1 to 2."""
    encode = (generator(1).normal(size=(196, 2)) / 4, np.zeros(2))
    decode = (generator(2).normal(size=(2, 784)) / 4, np.linspace(-0.5, 1.5, 784))
    files = {
        "encoder.onnx": straight("image", (1, 14, 14), (2,), mean=encode),
        "decoder.onnx": straight("code", (2,), (1, 28, 28), image=decode),
    }
    shapes = {"input_shape": (1, 14, 14), "output_shape": (1, 28, 28)}
    put(home, "sharper-abcdef", "mnist", files, corruption={"name": "downsample", "config": {"factor": 2}}, **shapes)
    visit.open("/?data=mnist&run=sharper-abcdef&dim=2")
    images = datasets.heldout("mnist", "bundled").images()[:, 0]
    small = images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4))
    codes = small.reshape(-1, 196) @ encode[0]
    assert np.abs(visit.dots(0) - codes).max() < 1e-4
    row = visit.alone(0, 5)
    visit.touch(0, row)
    visit.shows("Original", images[row])
    visit.shows("It sees", small[row])
    wanted = (codes[row] @ decode[0] + decode[1]).reshape(28, 28)
    assert wanted.min() < -0.2
    assert wanted.max() > 1.2
    visit.shows("Autoencoder draws", wanted)  # clipped
    error = ((wanted - images[row]) ** 2).sum()  # but judged as it is
    assert float(visit.note("Autoencoder draws").removeprefix("error ")) == pytest.approx(error, rel=1e-4, abs=0.06)


def test_colours_are_colours(visit, home):
    encode = (generator(3).normal(size=(3 * 784, 2)) / 28, np.zeros(2))
    decode = (generator(4).normal(size=(2, 3 * 784)) / 4, np.full(3 * 784, 0.5))
    files = {
        "encoder.onnx": straight("image", (3, 28, 28), (2,), mean=encode),
        "decoder.onnx": straight("code", (2,), (3, 28, 28), image=decode),
    }
    shapes = {"input_shape": (3, 28, 28), "output_shape": (3, 28, 28)}
    put(home, "colours-abcdef", "mnist-tinted", files, **shapes)
    visit.open("/?data=mnist-tinted&run=colours-abcdef&dim=2")
    images = datasets.heldout("mnist-tinted", "bundled").images()
    row = visit.alone(0, 5)
    visit.touch(0, row)
    assert np.abs(visit.rgb("Original") - images[row].transpose(1, 2, 0)).max() <= 1.5 / 255
    code = images[row].reshape(-1).astype(float) @ encode[0]
    wanted = (code @ decode[0] + decode[1]).reshape(3, 28, 28).transpose(1, 2, 0)
    assert np.abs(visit.rgb("Autoencoder draws") - wanted.clip(0, 1)).max() <= 1.5 / 255
    assert len(np.unique(visit.rgb("Original").reshape(-1, 3), axis=0)) > 10


@pytest.mark.parametrize(
    ("run", "dataset", "pca"),
    [("mnist-colour-64d", "mnist-tinted", None), ("mnist-enlarge-64d", "mnist", "mnist-pca-64d")],
)
def test_what_ships_in_colour_or_larger_is_drawn_as_python_draws_it(visit, run, dataset, pca):
    visit.open(f"/?data={dataset}&run={run}&dim=2")
    record = truth.record(run)
    assert record.input_shape != record.output_shape or record.output_shape[0] == 3
    row = visit.alone(0, 5)
    visit.touch(0, row)
    levels = 1.5 / 255
    [code] = recipes.codes_of(shipped_runs(), record, recipes.heldout_of(record).take(np.array([row])))
    drawn = truth.graphs(run).decode(code[None])[0]  # (c, h, w)
    assert drawn.shape == record.output_shape
    picture = drawn.clip(0, 1).transpose(1, 2, 0)
    shown = visit.rgb("Autoencoder draws")
    assert shown.shape[:2] == record.output_shape[1:]
    assert np.abs(shown - (picture if len(drawn) == 3 else 1 - picture)).max() <= levels
    original = datasets.heldout(dataset, record.dataset.variant).images(slice(row, row + 1))[0]
    error = ((drawn.astype(float) - original) ** 2).sum()
    assert float(visit.note("Autoencoder draws").removeprefix("error ")) == pytest.approx(error, abs=0.06)
    if pca:  # leaves [0, 1]: clipped when shown
        straight = truth.drawn(pca, truth.graphs(pca).encode(original[None])[0])
        assert straight.min() < -0.05
        visit.shows("PCA draws", straight)
