"""What hangs on a package: PaCMAP that may be missing, and UMAP's own progress bar."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from ae_models.base import UserError
from ae_models.projections import PROJECTIONS
from ae_models.projections.pacmap import PaCMAP, PaCMAPConfig
from ae_models.projections.umap import _Epochs


@pytest.mark.skipif(find_spec("pacmap") is not None, reason="PaCMAP is installed here")
def test_pacmap_says_how_to_install_it() -> None:
    for ask in (lambda: PaCMAP(PaCMAPConfig()).check(1000, 64), PaCMAP.version):
        with pytest.raises(UserError, match=r"pip install pacmap==0\.9\.1"):
            ask()
    assert "pacmap==0.9.1" in PROJECTIONS.entry("pacmap").summary


@pytest.mark.skipif(find_spec("pacmap") is None, reason="PaCMAP is an extra: python -m pip install pacmap==0.9.1")
def test_pacmap_places_new_images() -> None:
    rows = np.random.default_rng(0).random((200, 30)).astype(np.float32)
    assert PaCMAP(PaCMAPConfig()).fit(rows[:150]).transform(rows[150:]).shape == (50, 2)


def test_umap_s_bar_becomes_calls() -> None:
    from tqdm.auto import tqdm

    told: list[tuple[float, str]] = []
    settings = _Epochs(lambda share, line: told.append((share, line)), "UMAP").settings() | {"mininterval": 0}
    for _ in tqdm(range(4), **settings):
        pass
    assert told[-1] == (1.0, "UMAP: epoch 4 of 4")
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert len(told) >= 4


def test_what_progress_raises_goes_up_through_umap_s_bar() -> None:
    from tqdm.auto import tqdm

    told: list[float] = []

    def stop(share: float, _line: str) -> None:
        told.append(share)
        if share >= 0.5:
            raise InterruptedError

    settings = _Epochs(stop, "UMAP").settings() | {"mininterval": 0}
    bar = iter(tqdm(range(4), **settings))
    assert [next(bar), next(bar)] == [0, 1]
    with pytest.raises(InterruptedError):
        next(bar)
    assert told[-1] == 0.5
