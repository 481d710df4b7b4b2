"""What a visit's files became is kept within bounds, of the visit and of all visits together."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from ae_models.ui.shared import visit_results
from ae_models.ui.shared.visit_results import VisitResults


def test_the_newest_of_each_kind_is_kept_by_what_it_was_made_of():
    results = VisitResults()
    results.put("look", ("a",), "one")
    assert results.get("look", ("a",)) == "one"
    assert results.get("look", ("b",)) is None
    results.put("look", ("b",), "two")
    assert results.get("look", ("a",)) is None
    assert VisitResults().get("look", ("b",)) is None


def test_all_visits_together_have_a_bound_and_the_oldest_go(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(visit_results, "MOST_BYTES", 1_000)
    first, second = VisitResults(), VisitResults()
    first.put("look", 1, np.zeros(600, np.uint8))
    second.put("look", 1, np.zeros(500, np.uint8))
    assert first.get("look", 1) is None
    assert second.get("look", 1) is not None
    second.put("tried", 1, np.zeros(2_000, np.uint8))
    assert second.get("tried", 1) is not None  # what just came is looked at, however large
    assert second.get("look", 1) is None


def test_what_nobody_looks_at_any_more_goes(monkeypatch: pytest.MonkeyPatch):
    old, new = VisitResults(), VisitResults()
    old.put("look", 1, "old")
    monkeypatch.setattr(visit_results, "SECONDS", -1.0)
    new.put("look", 1, "new")
    assert old.get("look", 1) is None
    assert new.get("look", 1) == "new"


def test_a_visit_that_ends_takes_its_results_along():
    results = VisitResults()
    results.put("look", 1, "kept")
    n = len(visit_results._all)
    del results
    gc.collect()
    assert len(visit_results._all) < n
