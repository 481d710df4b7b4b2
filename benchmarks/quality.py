"""How good runs are, by the protocols of the published figures: SSE, MSE, nearest-neighbour accuracy of the code.

    python benchmarks/quality.py RUN [RUN ...] [--json]

SSE and MSE are on the 10,000 test images. The accuracies are Sainburg et al. 2021's: k nearest neighbours fitted on
the codes of the training rows (for a run trained on fewer than 60,000 rows: on those), scored on the codes of the
10,000 test images. They need the full data set (AE_MODELS_DATA, or a download).
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
    from ae_models.base import Mistake
    from ae_models.errors import sse
    from ae_models.runs import Graphs

    try:
        store, record = recipes.find_run(run_id)
        splits = datasets.load(record.dataset.name, "full")
    except Mistake as mistake:
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


def main() -> None:
    """Measure and report."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("runs", nargs="+", metavar="RUN")
    arguments.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    chosen = arguments.parse_args()
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
