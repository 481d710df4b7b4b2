"""Scores are computed in a process of their own, kept, and read; the process ends with whoever asked."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from ae_models.base import UserError
from ae_models.jobs.scoring import ScoreRequest, score
from ae_models.recipes import Scoring, compare

pytestmark = pytest.mark.slow
REQUEST = ScoreRequest("digits", ("digits-dense-2d",), ("pca",), 2, ("trustworthiness",), 5)


def scoring_processes() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "ae_models.jobs.scoring" in one.cmdline()]


def test_what_another_process_scored_is_read_and_is_what_is_computed_here(bundled_only: Path) -> None:
    told: list[tuple[float, str]] = []
    score(REQUEST, lambda share, line: told.append((share, line)))
    assert told[-1][0] == 1.0
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert scoring_processes() == []

    def not_asked(_say: object) -> None:
        pytest.fail("all scores are kept")

    asked = Scoring(metrics=REQUEST.metrics)
    kept = compare("digits", REQUEST.runs, REQUEST.projections, asked, elsewhere=not_asked)
    for path in (bundled_only / "cache" / "scores").iterdir():
        path.unlink()
    here = compare("digits", REQUEST.runs, REQUEST.projections, asked)
    for one, other in zip(kept.rows, here.rows, strict=True):
        assert {name: value.value for name, value in one.values.items()} == {
            name: value.value for name, value in other.values.items()
        }


def test_it_ends_with_the_visit_that_asked(bundled_only: Path) -> None:
    def left(_share: float, _line: str) -> None:
        assert scoring_processes()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score(REQUEST, left)
    assert scoring_processes() == []


def test_its_mistake_is_ours(bundled_only: Path) -> None:
    with pytest.raises(UserError, match="unknown run 'nobody'"):
        score(ScoreRequest("digits", ("nobody",), (), 2, None, 5), lambda share, line: None)


def test_a_store_that_cannot_be_written_still_compares(bundled_only: Path) -> None:
    bundled_only.mkdir()
    (bundled_only / "cache").write_text("a file where a folder should be")
    score(REQUEST, lambda share, line: pytest.fail("it begins nothing"))
    assert (
        compare("digits", REQUEST.runs, scoring=Scoring(metrics=REQUEST.metrics))
        .rows[0]
        .values["trustworthiness"]
        .value
    )
