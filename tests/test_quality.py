"""The targets of the shipped models, computed again from their graphs on the bundled test images."""

import numpy as np
import pytest

from ae_models import recipes
from ae_models.base import squared_errors
from ae_models.recipes import heldout_of
from ae_models.runs import Graphs


@pytest.mark.parametrize(
    ("run_id", "figure", "most"),
    [
        ("mnist-dense-2d", "mse", 0.0355),  # Sainburg et al. 2021: .0369
        ("fashion-dense-2d", "mse", 0.0240),  # Sainburg et al. 2021: .0244
        ("mnist-conv-30d", "sse", 2.60),  # Hinton & Salakhutdinov 2006: 3.00
    ],
)
def test_a_shipped_model_is_as_good_as_promised(run_id, figure, most):
    store, record = recipes.find_run(run_id)
    rows = heldout_of(record)
    assert len(rows) == 10_000
    assert record.dataset.fitted_on.n == 60_000
    graphs = Graphs(store, record)
    total = 0.0
    for start in range(0, 10_000, 1000):
        images = rows.images(slice(start, start + 1000))
        total += squared_errors.sse(images, graphs.decode(graphs.encode(images))) / 10
    found = total if figure == "sse" else total / float(np.prod(rows.shape))
    assert found <= most
    assert found == pytest.approx(getattr(record.test, figure), rel=1e-4)
