"""The sentences of Walk and Draw, on runs that ship."""

import io

import numpy as np
import pytest
from PIL import Image

from ae_models import recipes
from ae_models.base import UserError
from ae_models.latent import code_bounds
from ae_models.runs import Graphs


@pytest.fixture(scope="module")
def dense():
    store, record = recipes.find_run("mnist-dense-2d")
    images = recipes.heldout_of(record)
    codes = recipes.codes_of(store, record, images)
    return Graphs(store, record), record, images, codes, code_bounds(codes)


def test_a_path_s_ends_are_the_reconstructions(dense):
    graphs, _, images, codes, _ = dense
    path, drawn = recipes.decode_path(graphs, codes[0], codes[7], 9)
    assert np.abs(drawn[[0, -1]] - graphs.reconstruct(images.images([0, 7]))).max() < 1e-4
    _, back = recipes.decode_path(graphs, codes[7], codes[0], 9)
    assert np.abs(back[::-1] - drawn).max() < 1e-5
    assert path.shape == (9, 2)


def test_pca_s_path_is_the_cross_fade_of_its_reconstructions():
    store, record = recipes.find_run("mnist-pca-2d")
    graphs, codes = Graphs(store, record), recipes.stored_codes(store, record)
    _, drawn = recipes.decode_path(graphs, codes[3], codes[8], 7)
    share = np.linspace(0, 1, 7)[:, None, None, None]
    assert np.abs(drawn - ((1 - share) * drawn[0] + share * drawn[-1])).max() < 1e-5


def test_grid_is_decoded_row_by_row_from_the_top(dense):
    graphs, _, _, codes, bounds = dense
    nodes, drawn = recipes.decode_grid(graphs, codes, bounds, base=codes[0], dims=(0, 1), n=5)
    assert np.allclose(nodes[0], [bounds[0].low, bounds[1].high])
    assert np.allclose(nodes[-1], [bounds[0].high, bounds[1].low])
    _, image = recipes.decode_point("mnist-dense-2d", [float(value) for value in nodes[7]])
    assert np.abs(drawn[7] - image).max() < 1e-5
    quantiles = recipes.grid_codes(codes, bounds, base=codes[0], dims=(0, 1), n=5, spacing="quantiles")
    assert np.allclose(quantiles[0], nodes[0], atol=1e-4)
    assert np.abs(quantiles[12] - np.median(codes, axis=0)).max() < 1e-4
    prior = recipes.grid_codes(codes, bounds, base=codes[0], dims=(0, 1), n=5, spacing="prior")
    assert prior[12].tolist() == [0, 0]


def test_effects_order_name_and_cost(dense):
    graphs, record, images, codes, bounds = dense
    found = recipes.effects_of(graphs, record, images, codes, bounds)
    assert found.weights[found.order[0]] >= found.weights[found.order[1]]
    assert found.kl is None
    assert found.n == 400
    assert (found.off.costs > 0).all()


def test_kl_of_a_variational_model(tmp_path, monkeypatch):
    from ae_models.runs import own_runs

    monkeypatch.setenv("AE_MODELS_HOME", str(tmp_path))
    settings = {"latent_dim": 3, "widths": "16", "epochs": 1, "threads": 1}
    record = recipes.train(recipes.TrainRequest.of("variational", "digits", settings=settings))
    graphs, images = Graphs(own_runs(), record), recipes.heldout_of(record)
    codes = recipes.codes_of(own_runs(), record, images)
    found = recipes.effects_of(graphs, record, images, codes, code_bounds(codes))
    assert found.kl is not None
    assert found.kl.shape == (3,)
    assert (found.kl >= 0).all()


def test_new_codes_from_prior_and_from_density(dense):
    _, _, images, codes, _ = dense
    drawn, classes = recipes.new_codes(codes, images.labels, from_prior=True, n=500, seed=0)
    assert classes is None
    assert np.abs(drawn.std(axis=0) - 1).max() < 0.1
    drawn, classes = recipes.new_codes(codes, images.labels, from_prior=False, n=2_000, seed=0)
    for label in (0, 1):
        theirs, mine = codes[images.labels == label], drawn[classes == label]
        assert np.abs(theirs.mean(0) - mine.mean(0)).max() < 0.35 * theirs.std(0).max()


def test_nearest_pictures_finds_the_picture_itself_and_leaves_it_out_when_told(dense):
    _, _, images, _, _ = dense
    rows, far = recipes.nearest_pictures(images.images([5, 9_000]), images)
    assert rows.tolist() == [5, 9_000]
    assert far.max() < 0.05
    others, further = recipes.nearest_pictures(images.images([5, 9_000]), images, not_equal=True)
    assert (others != [5, 9_000]).all()
    flat = images.images().reshape(len(images), -1)
    by_hand = np.linalg.norm(flat - flat[5], axis=1)
    by_hand[5] = np.inf
    assert others[0] == by_hand.argmin()
    assert further[0] == pytest.approx(by_hand.min(), abs=1e-3)


def test_stretch_of_pca_is_flat_and_of_the_net_is_not(dense):
    graphs, _, _, codes, bounds = dense
    found, middle = recipes.stretch_over(graphs, codes, bounds, base=codes[0], dims=(0, 1), n=16)
    assert found.log.shape == (256,)
    assert np.ptp(found.log) > 2
    assert found.log.min() < middle < found.log.max()
    store, record = recipes.find_run("mnist-pca-2d")
    own = recipes.stored_codes(store, record)
    flat, at = recipes.stretch_over(Graphs(store, record), own, code_bounds(own), base=own[0], dims=(0, 1), n=16)
    assert np.abs(flat.log - at).max() < 1e-3


def test_a_file_of_a_digit_lands_on_its_code(dense):
    graphs, _, images, codes, _ = dense
    digit = images.images([0])[0, 0]
    paper = np.rint(255 * (1 - np.kron(np.pad(digit, 20), np.ones((4, 4))))).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(paper).save(buffer, "PNG")
    found = recipes.picture_of_file(buffer.getvalue(), "seven.png", (1, 28, 28), 20)
    assert np.abs(found[0] - digit).max() < 0.02
    assert np.linalg.norm(graphs.encode(found[None]) - codes[:1]) < 0.05
    tinted = recipes.picture_of_file(buffer.getvalue(), "seven.png", (3, 28, 28), 20, (1.0, 0.5, 0.0))
    assert np.allclose(tinted[1], found[0] / 2)
    assert not tinted[2].any()


def test_a_blank_file_is_refused_by_name():
    buffer = io.BytesIO()
    Image.new("L", (30, 30), 255).save(buffer, "PNG")
    with pytest.raises(UserError, match=r"white\.png is blank"):
        recipes.picture_of_file(buffer.getvalue(), "white.png", (1, 28, 28), 20)
