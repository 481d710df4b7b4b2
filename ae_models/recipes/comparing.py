"""Compare models and maps on the same images: every metric, its chance level, its spread, what it costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ae_models import datasets
from ae_models.base import FloatArray, ImageDataset, Progress, UserError
from ae_models.kinds import kind_of
from ae_models.metrics import METRICS, Material, measure, metric
from ae_models.metrics.ranks import Neighbourhood, neighbourhoods, pixel_ranks
from ae_models.projections import PROJECTIONS
from ae_models.recipes.comparison import Comparison, Row, Scoring
from ae_models.recipes.contestants import Contestant, of_projection, of_run, runs_of, scored_images, stored_map
from ae_models.recipes.stored_ranks import DamagedRanks, kept_ranks
from ae_models.recipes.stored_scores import StoredScores
from ae_models.runs.serving import codes_of, find_pca, find_run

MOST_FOREIGN = 2_000


def compare(
    dataset: str,
    runs: Sequence[str] = (),
    projections: Sequence[str] = (),
    scoring: Scoring | None = None,
    *,
    threads: int = 1,
    keep_in: Path | None = None,
    progress: Progress | None = None,
    elsewhere: Callable[[Progress], None] | None = None,
) -> Comparison:
    """Score runs and projections on the same held-out images.

    What was scored before is read, what is new is computed and kept.

    Parameters
    ----------
    dataset : str
        A name of ``DATASETS``; every run must be of it.
    runs, projections : sequences of str
        Ids of runs; names of ``PROJECTIONS``, each fitted or read where it was fitted before.
    scoring : Scoring, optional
        What is measured, and how.
    threads : int
        Processor threads for the pass over all neighbours.
    keep_in : Path, optional
        Where new scores are kept; by default in the cache.
    progress : callable, optional
        Told the share done and a line; what it raises stops the comparison.
    elsewhere : callable, optional
        Called where scores are missing, before they are computed here: it may have another process compute and keep
        them.

    Raises
    ------
    UserError
        For an unknown name, a run of another data set, a run that was fitted on the images to be scored.
    """
    say: Progress = progress or (lambda share, line: None)
    how, maps = scoring or Scoring(), tuple(dict.fromkeys(projections))
    order = _checked(dataset, maps, how)
    chosen = runs_of(runs, dataset)
    if not chosen and not maps:
        raise UserError("compare takes at least one run or one projection: got none")
    images, used, fitted = scored_images(dataset, [record for _, record in chosen], maps, how.dim, how.variant)
    here = [of_run(store, record, images) for store, record in chosen]
    for place, name in enumerate(maps):
        start, share = 0.5 * place / len(maps), 0.5 / len(maps)

        def told(done: float, line: str, start: float = start, share: float = share) -> None:
            say(start + share * done, line)

        made = of_projection(name, dataset, how.dim, images, fitted, told)
        if made.run_id not in [record.id for _, record in chosen]:  # a PCA asked for by both its names stands once
            here.append(made)
    kept = _kept(here, images, how, keep_in)
    if elsewhere is not None and any(set(order) - set(one.values) for one in kept):
        elsewhere(say)
        kept = _kept(here, images, how, keep_in)
    measures = replace(how, metrics=order)
    _score(here, kept, images, measures, threads, lambda share, line: say(0.5 + 0.5 * share, line))
    rows = _with_spread([_row(one, scores, order) for one, scores in zip(here, kept, strict=True)], here)
    say(1.0, "done")
    return Comparison(dataset, used, len(images), how.k, how.seed, tuple(rows), order)


def _checked(dataset: str, projections: Sequence[str], how: Scoring) -> tuple[str, ...]:
    """Return the names of the metrics, in the order of the table; ``UserError`` for an unknown name of anything."""
    wanted = tuple(how.metrics) if how.metrics else tuple(METRICS)
    for name in wanted:
        METRICS.entry(name)
    for name in projections:
        PROJECTIONS.entry(name)
    datasets.source(dataset)
    if not 1 <= how.k <= 1000:
        raise UserError(f"k must be from 1 to 1000 neighbours: got {how.k}")
    return tuple(name for name in METRICS if name in wanted)


def _kept(here: list[Contestant], images: ImageDataset, how: Scoring, keep_in: Path | None) -> list[StoredScores]:
    """Return what was scored before."""
    foreign = _foreign_images(images)  # asked for or not: scores are kept under one name
    name = "" if foreign is None else f"{foreign.name} {foreign.digest}"
    return [StoredScores(one, images, how.k, how.seed, name, keep_in) for one in here]


def _score(
    here: list[Contestant],
    kept: list[StoredScores],
    images: ImageDataset,
    how: Scoring,
    threads: int,
    say: Progress,
) -> None:
    """Compute the figures that are not kept: neighbours of all methods in one pass, then one by one."""
    foreign = _foreign_images(images)
    missing = [[metric_name for metric_name in how.metrics or () if metric_name not in one.values] for one in kept]
    ranked = _ranks(here, images, missing, how, threads, lambda share: say(0.6 * share, "ranking all neighbours"))
    for place, (one, scores, lacking) in enumerate(zip(here, kept, missing, strict=True)):
        seconds = one.timed() if scores.encode_seconds is None else None
        if not lacking and seconds is None:  # nothing new to keep
            continue
        scores.encode_seconds = scores.encode_seconds if seconds is None else seconds
        start = 0.6 + 0.4 * place / len(here)
        material = _material(one, images, lacking, foreign, ranked.get(place), how)
        for done, metric_name in enumerate(lacking):
            say(start + 0.4 / len(here) * done / len(lacking), f"{one.row.title}: {metric(metric_name).title}")
            scores.values[metric_name] = measure(metric_name, material)
        scores.write()


def _foreign_images(images: ImageDataset) -> ImageDataset | None:
    """Return images of another data set of the same shape that are here, up to 2,000 of its test file; or None."""
    for name in datasets.DATASETS:
        source = datasets.source(name)
        if name != images.name and source.shape == images.shape and source.available():
            try:
                others = datasets.heldout(name, "full")
            except UserError:
                continue
            return others.take(np.arange(min(MOST_FOREIGN, len(others))))
    return None


def _ranks(
    here: list[Contestant],
    images: ImageDataset,
    missing: list[list[str]],
    how: Scoring,
    threads: int,
    say: Callable[[float], None],
) -> dict[int, Neighbourhood]:
    """Return what the shared pass finds of each contestant that lacks a figure which needs it."""
    if not 1 <= how.k < len(images) / 2:
        return {}
    places = [
        place
        for place, one in enumerate(here)
        if any("ranks" in metric(name).needs for name in missing[place])
        and np.isfinite(one.points).all()
        and np.ptp(one.points, axis=0).any()
    ]
    if not places:
        return {}
    points = [here[place].points for place in places]
    try:
        with kept_ranks(images) as ranks:
            found = neighbourhoods(ranks, points, how.k, seed=how.seed, threads=threads, progress=say)
    except DamagedRanks:
        found = neighbourhoods(pixel_ranks(images.pixels), points, how.k, seed=how.seed, threads=threads, progress=say)
    return dict(zip(places, found, strict=True))


def _material(
    one: Contestant,
    images: ImageDataset,
    lacking: list[str],
    foreign: ImageDataset | None,
    ranks: Neighbourhood | None,
    how: Scoring,
) -> Material:
    """Return what the lacking metrics look at; what cannot be had is told in ``why_not``."""
    needs = {need for name in lacking for need in metric(name).needs}
    why_not = dict(one.why_not)
    drawn = one.draw() if one.draw and "reconstructions" in needs else None
    mine = pca = None
    if "directions" in needs and one.directions:
        try:
            mine, pca = one.directions()
        except UserError as mistake:
            why_not["directions"] = str(mistake)
    other_errors: FloatArray | None = None
    if "other_errors" in needs and one.errors_on:
        if foreign is None:
            shape = " x ".join(str(size) for size in images.shape)
            why_not["other_errors"] = (
                f"no other data set of {shape} {kind_of(images.shape).samples} is here to be strange"
            )
        else:
            other_errors = one.errors_on(foreign)
    return Material(
        images,
        one.points,
        drawn,
        ranks=ranks,
        other_errors=other_errors,
        other_name=datasets.source(foreign.name).title if foreign else "",
        directions=mine,
        pca_directions=pca,
        why_not=why_not,
        k=how.k,
        seed=how.seed,
    )


def _row(one: Contestant, kept: StoredScores, order: tuple[str, ...]) -> Row:
    costs = replace(one.row.costs, encode_seconds=kept.encode_seconds)
    return replace(one.row, costs=costs, values={name: kept.values[name] for name in order})


def _with_spread(rows: list[Row], here: list[Contestant]) -> list[Row]:
    """Return the rows with the spread of each figure over the runs that differ only in their seed."""
    families: dict[str, list[Row]] = {}
    for row, one in zip(rows, here, strict=True):
        families.setdefault(one.family or one.row.id, []).append(row)
    found = []
    for row, one in zip(rows, here, strict=True):
        family = families[one.family or one.row.id]
        if len({member.seed for member in family}) < 2:
            found.append(row)
            continue
        values = {}
        for name, value in row.values.items():
            known = [member.values[name].value for member in family]
            numbers = [number for number in known if number is not None]
            several = len(numbers) > 1 and value.value is not None
            spread = (min(numbers), max(numbers)) if several else None
            values[name] = replace(value, spread=spread, spread_n=len(numbers) if several else 1)
        siblings = tuple(member.id for member in family if member is not row)
        found.append(replace(row, values=values, siblings=siblings))
    return found


def points_of_row(row: Row, dataset: str, variant: str, images: ImageDataset) -> FloatArray:
    """Return the points ``(n, d)`` of one method of a comparison: its codes, or where its map puts the images.

    Raises
    ------
    UserError
        When the map is no longer here.
    """
    if row.kind == "run":
        return codes_of(*find_run(row.id), images)
    if row.method == "pca":
        found = find_pca(dataset, str(row.fitted_on.get("digest")), row.latent_dim)
        if found is not None:
            return codes_of(*found, images)
    else:
        embedding = stored_map(row.method, dataset, row.latent_dim, images, variant)
        if embedding is not None:
            return embedding.points
    raise UserError(f"the map '{row.id}' is no longer here: run 'python -m ae_models project {row.method}' again")
