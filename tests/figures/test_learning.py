"""The curves of a training: what is plotted is what was measured, and the line is where it belongs."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ae_models.figures.learning import domains, learning_curves, merged, plots_of, thinned

EPOCHS = [
    {
        "epoch": float(epoch),
        "train_reconstruction": 60.0 / epoch,
        "train_regulariser": 0.0,
        "heldout_reconstruction": 64.0 / epoch,
        "heldout_regulariser": 0.0,
        "heldout_sse": 64.0 / epoch,
        "seconds": 2.0 * epoch,
    }
    for epoch in range(1, 5)
]
STEPS = [
    {"step": 10.0 * n, "epoch": n / 2, "train_reconstruction": 90.0, "train_regulariser": 0.0, "heldout_sse": 80.0 / n}
    for n in range(1, 9)
]


def _trace(figure: Any, name: str) -> Any:
    return next(trace for trace in figure.data if trace.name == name)


def test_nothing_yet_is_an_empty_figure_with_its_axes(checked: Any) -> None:
    figure = checked(learning_curves([], [], n_epochs=20, loss="sse"))
    assert tuple(figure.layout.xaxis.range) == (0, 20)
    assert all(len(trace.x) == 0 for trace in figure.data)
    assert not figure.layout.shapes


def test_the_points_are_the_rows_in_order_of_time(checked: Any) -> None:
    figure = checked(learning_curves(EPOCHS, STEPS, n_epochs=4, loss="sse"))
    held = _trace(figure, "held out")
    assert list(held.x) == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0]
    at = dict(zip(held.x, held.y, strict=True))
    assert (at[0.5], at[1.0], at[4.0]) == (80.0, 64.0, 16.0)  # of two rows at one time, that on all images
    assert {trace.name for trace in figure.data} == {"held out", "training"}
    assert any(note.text == "held out 16.0" for note in figure.layout.annotations)


def test_a_training_error_over_a_whole_epoch_is_no_spike_among_finer_rows(checked: Any) -> None:
    train = _trace(checked(learning_curves(EPOCHS[:2], STEPS[:3], n_epochs=4, loss="sse")), "training")
    assert list(zip(train.x, train.y, strict=True)) == [(0.5, 90.0), (1.5, 90.0)]
    alone = _trace(checked(learning_curves(EPOCHS[:2], [], n_epochs=4, loss="sse")), "training")
    assert list(zip(alone.x, alone.y, strict=True)) == [(0.5, 60.0), (1.5, 30.0)]


def test_many_epochs_need_no_finer_rows_between_them() -> None:
    whole = [{"epoch": float(epoch)} for epoch in range(1, 21)]
    fine = [{"epoch": n / 4} for n in range(1, 83)]
    rows = [row["epoch"] for row in merged(whole, fine)]
    assert rows == [0.25, 0.5, 0.75, *(float(epoch) for epoch in range(1, 21)), 20.25, 20.5]


def test_the_floor_is_a_line_and_the_crossing_a_mark(checked: Any) -> None:
    figure = checked(learning_curves(EPOCHS, [], n_epochs=4, loss="sse", floor=40.0, crossed=2.0, floor_name="PCA"))
    (line,) = figure.layout.shapes
    assert line.y0 == line.y1 == 40.0
    assert any(note.text == "╌╌  PCA: 40.0" for note in figure.layout.annotations)
    mark = _trace(figure, "crossed")
    assert (list(mark.x), list(mark.y)) == ([2.0], [40.0])
    assert figure.layout.yaxis.range[1] > 40.0


def test_no_mark_where_nothing_crossed(checked: Any) -> None:
    figure = checked(learning_curves(EPOCHS, [], n_epochs=4, loss="sse", floor=40.0))
    assert all(trace.name != "crossed" for trace in figure.data)


def test_cross_entropy_and_a_regulariser_have_plots_of_their_own(checked: Any) -> None:
    assert len(plots_of(EPOCHS, "sse")) == 1
    costly = [{**row, "train_regulariser": 3.0, "heldout_regulariser": 4.0} for row in EPOCHS]
    assert len(plots_of(costly, "sse")) == 2
    figure = checked(learning_curves(costly, [], n_epochs=4, loss="bce", floor=40.0))
    assert len(plots_of(costly, "bce")) == 3
    by_axis = {}
    for trace in figure.data:
        by_axis.setdefault(trace.yaxis, []).append(trace.y[0])
    assert by_axis == {"y": [64.0], "y2": [60.0, 64.0], "y3": [3.0, 4.0]}
    assert figure.layout.shapes[0].yref == "y"


def test_wild_first_steps_leave_the_axis(checked: Any) -> None:
    wild = [{**STEPS[0], "epoch": 0.1, "heldout_sse": 1e6}, *STEPS]
    figure = checked(learning_curves(EPOCHS, wild, n_epochs=4, loss="sse", floor=40.0))
    assert 40.0 < figure.layout.yaxis.range[1] < 120.0


def test_plots_do_not_overlap_and_fill_the_height() -> None:
    for shares in ([1.0], [1.0, 0.5], [1.0, 0.6, 0.5]):
        found = domains(shares)
        assert found[0][1] == 1.0
        assert found[-1][0] == pytest.approx(0.0)
        assert all(upper[0] > lower[1] for upper, lower in pairwise(found))


@pytest.mark.parametrize("n", [0, 1, 399, 400, 401, 2_000])
def test_thinned_rows_are_few_and_end_with_the_last(n: int) -> None:
    rows = [{"epoch": float(place)} for place in range(n)]
    kept = thinned(rows)
    assert len(kept) <= 400
    assert len(kept) >= min(n, 200)
    assert kept[-1:] == rows[-1:]
    assert kept[:1] == rows[:1]
    assert kept == sorted(kept, key=lambda row: row["epoch"])
