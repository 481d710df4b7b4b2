"""How good runs are, by the protocols of the published figures: SSE, MSE, nearest-neighbour accuracy of the code.

    python benchmarks/quality.py RUN [RUN ...] [--json]
    python benchmarks/quality.py --strangers [RUN ...] [--json]

SSE and MSE are on the 10,000 test images. The accuracies are Sainburg et al. 2021's: k nearest neighbours fitted on
the codes of the training rows (for a run trained on fewer than 60,000 rows: on those), scored on the codes of the
10,000 test images. They need the full data set (AE_MODELS_DATA, or a download).

``--strangers`` needs what ships only: of 1,000 images of each of six kinds that a model of digits has not learned, how
many read "unlike the data" (by code or by error), and how many of 1,000 digits do by mistake. What is usual is taken
from the other 9,000 test digits.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
from _common import BenchmarkError, Row, machine, report, run, say

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

PUBLISHED = {  # (data set, code size): figure: (value, where)
    ("mnist", 2): {"mse": (0.0369, "Sainburg 2021, AE"), "1nn": (0.7647, "Sainburg 2021, AE")},
    ("fashion-mnist", 2): {"mse": (0.0244, "Sainburg 2021, AE"), "1nn": (0.6816, "Sainburg 2021, AE")},
    ("mnist", 30): {"sse": (3.00, "Hinton & Salakhutdinov 2006")},
}


def measure(run_id: str) -> dict[str, Any]:
    """Return the figures of one run, computed from its graphs."""
    from sklearn.neighbors import KNeighborsClassifier

    from ae_models import datasets, recipes
    from ae_models.base import UserError
    from ae_models.base.squared_errors import sse
    from ae_models.runs import Graphs

    try:
        store, record = recipes.find_run(run_id)
        splits = datasets.load(record.dataset.name, "full")
    except UserError as mistake:
        raise BenchmarkError(str(mistake)) from None
    graphs = Graphs(store, record)
    test = splits.heldout
    found = {"run": run_id, "dataset": record.dataset.name, "latent_dim": record.latent_dim}
    images = test.images()
    codes = graphs.encode(images)
    found["sse"] = sse(images, graphs.decode(codes))
    found["mse"] = found["sse"] / float(np.prod(test.shape))
    n_train = record.dataset.fitted_on.n
    found["n_train"] = n_train
    train = splits.train.take(np.arange(n_train))
    train_codes = np.concatenate([graphs.encode(train.images(slice(i, i + 5000))) for i in range(0, n_train, 5000)])
    for k in (1, 5):
        classifier = KNeighborsClassifier(k).fit(train_codes, train.labels)
        found[f"{k}nn"] = float(classifier.score(codes, test.labels))
    return found


STRANGERS = ("mnist-dense-2d", "mnist-conv-30d", "mnist-ladder-64d")  # 2, 30 and 64 numbers


def measure_strangers(run_id: str, n: int = 1_000) -> dict[str, Any]:
    """Return the shares of strangers, by kind, and of the model's own images that read "unlike the data"."""
    from ae_models import datasets, recipes
    from ae_models.analysis.out_of_distribution import KINDS, MORE, are_unlike, foreign_images
    from ae_models.base import UserError
    from ae_models.base.squared_errors import squared_errors
    from ae_models.runs import Graphs

    try:
        store, record = recipes.find_run(run_id)
        every = recipes.heldout_of(record)
        other = datasets.heldout("fashion-mnist" if record.dataset.name == "mnist" else "mnist", "full")
    except UserError as mistake:
        raise BenchmarkError(str(mistake)) from None
    graphs, order = Graphs(store, record), np.random.default_rng(0).permutation(len(every))
    own, rest = every.take(np.sort(order[:n])), every.take(np.sort(order[n:]))
    codes = recipes.codes_of(store, record, rest)
    errors = np.concatenate(
        [squared_errors(rest.images(slice(i, i + n)), graphs.decode(codes[i : i + n])) for i in range(0, len(rest), n)]
    )
    found = {"run": run_id, "latent_dim": record.latent_dim, "n": n}
    found["own"] = float(are_unlike(graphs, codes, errors, own.images()).mean())
    for kind in (*KINDS, *MORE):
        images = foreign_images(kind, own, other)[:n]
        found[kind] = float(are_unlike(graphs, codes, errors, images).mean())
    return found


def strangers(runs: list[str], as_json: bool) -> None:
    """Measure and report how strangers are told."""
    from ae_models.analysis.out_of_distribution import KINDS, MORE

    figures = [measure_strangers(run_id) for run_id in runs]
    names = {"own": "held-out digits (false alarms)", **KINDS, **MORE, "other": "clothes"}
    rows = [
        Row(f"{found['run']}: {title}", round(100 * found[kind], 1), "", note="% unlike the data")
        for found in figures
        for kind, title in names.items()
    ]
    report("Strangers", rows, [machine(["onnxruntime"])], {"strangers": figures}, as_json)


def main() -> None:
    """Measure and report."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("runs", nargs="*", metavar="RUN")
    arguments.add_argument("--strangers", action="store_true", help="how many strangers read “unlike the data”")
    arguments.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    chosen = arguments.parse_args()
    if chosen.strangers:
        strangers(chosen.runs or list(STRANGERS), chosen.json)
        return
    if not chosen.runs:
        arguments.error("which runs? Name one at least")
    rows, figures = [], []
    for run_id in chosen.runs:
        say(run_id)
        found = measure(run_id)
        figures.append(found)
        published = PUBLISHED.get((found["dataset"], found["latent_dim"]), {})
        for name in ("sse", "mse", "1nn", "5nn"):
            value, where = published.get(name, (None, ""))
            higher = name.endswith("nn")
            digits = 2 if name == "sse" else 4
            rows.append(Row(f"{run_id}: {name}", round(found[name], digits), "", value, at_least=higher, note=where))
    report("Held-out quality", rows, [machine(["onnxruntime", "scikit-learn"])], {"runs": figures}, chosen.json)


if __name__ == "__main__":
    run(main)
