"""What to train first on data that nobody has trained on: every default, and enough steps where images are few."""

from __future__ import annotations

import math

from ae_models import datasets
from ae_models.base.config import TrainConfig
from ae_models.recipes.train_request import TrainRequest

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
