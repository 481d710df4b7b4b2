"""The size that is said before a file is made is about the size it has."""

from __future__ import annotations

from typing import Any

import pytest

from ae_models.export import zipped
from ae_models.recipes import exports, find_run, onefile
from ae_models.recipes.exports import page_size, projector_size

pytestmark = pytest.mark.slow

RUNS = ("digits-dense-2d", "digits-dense-3d", "mnist-dense-2d", "mnist-denoise-64d")


@pytest.mark.parametrize("run", RUNS)
def test_a_page_is_about_as_large_as_it_was_said(run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ae_models.recipes.exports.MOST_BYTES", 10**9)
    found = find_run(run)
    made: Any = onefile.page_of(*found, most=10**9)  # as large as it is: nothing rounded, nothing left out
    assert page_size(*found) == pytest.approx(len(made), rel=0.07)


def test_a_page_is_never_said_to_be_larger_than_it_may_be() -> None:
    found = find_run("mnist-denoise-64d")
    assert page_size(*found) <= onefile.MOST_BYTES


@pytest.mark.parametrize("run", RUNS)
def test_a_projector_folder_is_about_as_large_as_it_was_said(run: str) -> None:
    found = find_run(run)
    made = len(zipped(exports.export_of(*found, "projector")))
    assert projector_size(*found) == pytest.approx(made, rel=0.07)
