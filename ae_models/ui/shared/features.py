"""What the numbers of a row are called, for a browser that points at one."""

from __future__ import annotations

import json

from ae_models import datasets
from ae_models.ui.cache import cached
from ae_models.ui.routes import Blob, blob_of_bytes, publish


def features_url(dataset: str) -> str | None:
    """Return the address of the names and ranges of a row's numbers; None where the data are images."""
    found = _features(dataset)
    return None if found is None else publish(found)


@cached()
def _features(dataset: str) -> Blob | None:
    known = datasets.features(dataset)
    return blob_of_bytes(json.dumps(known).encode()) if known else None
