"""The commands that take something in: a run's zip."""

from __future__ import annotations

import argparse

from ae_models.base import Mistake
from ae_models.cli.terminal import Answer


def run(arguments: argparse.Namespace) -> Answer:
    """Check a run's zip and keep it among the own runs."""
    from ae_models.runs import MOST_ZIP_BYTES, unpack

    try:
        with arguments.file.open("rb") as stream:
            content = stream.read(MOST_ZIP_BYTES + 1)
    except OSError as error:
        raise Mistake(f"{arguments.file} cannot be read ({error.strerror})") from None
    record = unpack(content)
    found = {
        "run": record.id,
        "title": record.title,
        "dataset": record.dataset.name,
        "latent_dim": record.latent_dim,
        "test": {"sse": record.test.sse, "mse": record.test.mse},
    }
    return found, f"run {record.id}: {record.title}, trained on {record.dataset.name}"
