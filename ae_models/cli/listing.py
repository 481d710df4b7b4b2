"""The commands that list: data sets, models, projections, metrics, runs."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from ae_models.base import OPERATOR, UserError
from ae_models.cli.terminal import Answer, Bar, table
from ae_models.kinds import IMAGE


def datasets(arguments: argparse.Namespace) -> Answer:
    """List the data sets; first fetch one, put one away or bring one back, when asked; or show a card."""
    from ae_models import datasets
    from ae_models.datasets import kept
    from ae_models.datasets.card import PRIVATE
    from ae_models.datasets.readers.public import PUBLIC

    if arguments.show:
        card = kept.card(arguments.show).model_dump(mode="json", exclude=PRIVATE)
        return card, "\n".join(f"{key:18} {json.dumps(value, ensure_ascii=False)}" for key, value in card.items())
    if arguments.delete:
        kept.delete(arguments.delete, OPERATOR)
        sys.stderr.write(f"'{arguments.delete}' was put away: datasets --restore {arguments.delete} brings it back\n")
    if arguments.restore:
        kept.owned().restore(arguments.restore, OPERATOR)
    if arguments.download:
        from ae_models.recipes.fetching import fetch_set

        with Bar(arguments.download) as bar:
            fetch_set(arguments.download, bar, owner=arguments.owner)
    rows = [_dataset_row(name) for name in datasets.DATASETS]
    rows += [_public_row(each) for name, each in PUBLIC.items() if name not in datasets.DATASETS]
    damaged = [name for name in kept.names() if name not in datasets.DATASETS]
    for name in damaged:
        sys.stderr.write(f"data set '{name}' is damaged\n")
    head = ("name", "train", "held out", "here", "licence")
    words = [
        (
            row["name"],
            f"{row['n_train']:,}",
            f"{row['n_test']:,}",
            "imported" if row["origin"] == "imported" else row["variant"] or f"datasets --download {row['name']}",
            row["licence"],
        )
        for row in rows
    ]
    gone = sorted({gone.id for gone in kept.owned().trash.all()})
    return {"datasets": rows, "damaged": damaged, "deleted": gone}, table([head, *words])


def _dataset_row(name: str) -> dict[str, Any]:
    from ae_models import datasets

    source = datasets.source(name)
    n_train, n_test = source.sizes()
    return {
        "name": name,
        "n_train": n_train,
        "n_test": n_test,
        "shape": list(source.shape),
        "n_classes": len(source.class_names),
        "available": source.available(),
        "licence": source.licence,
        "variant": source.resolve("auto") if source.available() else None,
        "origin": "shipped" if datasets.DATASETS.ships(name) else "imported",
        "title": source.title,
    }


def _public_row(each: Any) -> dict[str, Any]:
    return {
        "name": each.name,
        "n_train": each.sizes[0],
        "n_test": each.sizes[1],
        "shape": list(each.shape),
        "n_classes": len(each.class_names),
        "available": False,
        "licence": each.licence,
        "variant": None,
        "origin": "public",
        "title": each.title,
    }


def _settings_of(config: Any) -> dict[str, Any]:
    return {
        key: {"default": field["default"], "description": IMAGE.say(field.get("description", ""))}
        for key, field in config.model_json_schema().get("properties", {}).items()
    }


def _list_registry(kind: str, registry: Any) -> Answer:
    rows = []
    for name in registry:
        entry = registry.entry(name)
        rows.append(
            {
                "name": name,
                "title": entry.title,
                "summary": IMAGE.say(entry.summary),
                "settings": _settings_of(entry.config),
            }
        )
    return {kind: rows}, table([(row["name"], row["title"], row["summary"]) for row in rows])


def models(_arguments: argparse.Namespace) -> Answer:
    """List the models with the corruptions and penalties they combine with, and every setting."""
    from ae_models.autoencoders import ARCHITECTURES, PENALTIES
    from ae_models.base.config import TrainConfig
    from ae_models.corruptions import CORRUPTIONS

    found, words = _list_registry("models", ARCHITECTURES)
    corruptions, corruption_words = _list_registry("corruptions", CORRUPTIONS)
    penalties, penalty_words = _list_registry("penalties", PENALTIES)
    training = {"training": _settings_of(TrainConfig)}
    text = f"{words}\n\n--corruption\n{corruption_words}\n\n--penalty\n{penalty_words}"
    return {**found, **corruptions, **penalties, **training}, text


def projections(_arguments: argparse.Namespace) -> Answer:
    """List the baseline maps."""
    from ae_models.projections import PROJECTIONS

    return _list_registry("projections", PROJECTIONS)


def metrics(_arguments: argparse.Namespace) -> Answer:
    """List the metrics with range, direction, chance level and reference."""
    from ae_models.metrics import METRICS, metric
    from ae_models.recipes import metrics_json

    head = ("name", "what it says", "range", "better", "chance", "reference")
    entries = [(name, metric(name)) for name in METRICS]
    words = [
        (name, entry.title, entry.range, entry.direction, entry.chance, entry.reference) for name, entry in entries
    ]
    return {"metrics": metrics_json()}, table([head, *words])


def _run_row(record: Any) -> dict[str, Any]:
    return {
        "id": record.id,
        "model": record.model.name,
        "dataset": record.dataset.name,
        "latent_dim": record.latent_dim,
        "origin": record.origin,
        "test": {"sse": record.test.sse, "mse": record.test.mse},
        "title": record.title,
        "fitted_on": {"variant": record.dataset.variant, "n": record.dataset.fitted_on.n},
    }


def _error(value: float, decimals: int) -> str:
    """Return an error with its decimals, or as a power of ten where those would all be noughts."""
    return f"{value:.{decimals}f}" if value == 0 or value >= 10**-decimals else f"{value:.1e}"


def _in_words(card: dict[str, Any]) -> str:
    figures = card["figures"]
    lines = [
        ("title", card["title"]),
        ("for", card["use"]),
        ("data", card["data"]),
        ("licence", card["licence"]),
        ("recipe", card["recipe"]),
        ("seconds", f"{card['seconds']:,.0f}"),
        (
            "held-out",
            f"SSE {_error(figures['sse'], 3)}, MSE {_error(figures['mse'], 5)} on {figures['n']:,} "
            f"({figures['input']} input)",
        ),
        *(("plainly", f"SSE {plain['sse']:.3f} by {plain['method']}") for plain in figures["plain"]),
        *(("limits", line) for line in card["limits"]),
    ]
    return "\n".join(f"{name:9} {text}" for name, text in lines)


def runs(arguments: argparse.Namespace) -> Answer:
    """List shipped, own, damaged and interrupted runs; or show one run's card."""
    from ae_models.recipes import card, find_run
    from ae_models.runs import PRIVATE, own_runs, shipped_runs, unfinished_runs

    if arguments.show:
        if not arguments.id:
            raise UserError("runs show takes the id of a run: see 'python -m ae_models runs'")
        record = find_run(arguments.id)[1]
        shown = card(record)
        return {**record.model_dump(mode="json", exclude=PRIVATE), "card": shown}, _in_words(shown)
    whole, damaged = [], []
    for store in (shipped_runs(), own_runs()):
        some_whole, some_damaged = store.list()
        whole += some_whole
        damaged += some_damaged
    for bad in damaged:
        sys.stderr.write(f"{bad.why}\n")
    rows = [_run_row(record) for record in whole]
    head = ("id", "model", "data", "code", "held-out SSE", "origin")
    words = [
        (row["id"], row["model"], row["dataset"], str(row["latent_dim"]), f"{row['test']['sse']:.2f}", row["origin"])
        for row in rows
    ]
    unfinished = unfinished_runs().ids()
    for run_id in unfinished:
        sys.stderr.write(f"run '{run_id}' was interrupted: go on with 'python -m ae_models train --resume {run_id}'\n")
    found = {"runs": rows, "damaged": [{"id": bad.id, "why": bad.why} for bad in damaged], "unfinished": unfinished}
    return found, table([head, *words])
