"""The commands that work: train, encode, decode, project, zoo."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ae_models.base import UserError
from ae_models.cli.terminal import Answer, Bar, out_file, settings_of, table, write_npz, write_png
from ae_models.kinds import kind_of


def train(arguments: argparse.Namespace) -> Answer:
    """Train, or go on with an interrupted training."""
    from ae_models.recipes import Interrupted, resume, train

    try:
        with Bar("training") as bar, _stop_on_interrupt() as should_stop:
            if arguments.resume:
                record = resume(arguments.resume, bar, should_stop=should_stop)
            else:
                record = train(_order(arguments), bar, should_stop=should_stop)
    except Interrupted as stopped:
        if not stopped.epochs:
            raise KeyboardInterrupt from None
        raise UserError(
            f"stopped after epoch {stopped.epochs}, which is kept: go on with "
            f"'python -m ae_models train --resume {stopped.run_id}'"
        ) from None
    found = {
        "run": record.id,
        "test": {"sse": record.test.sse, "mse": record.test.mse},
        "seconds": record.seconds,
        "images_per_second": record.images_per_second,
        "variant": record.dataset.variant,
    }
    words = (
        f"run {record.id}: SSE {record.test.sse:.3f} on {record.test.n:,} held-out "
        f"{kind_of(record.input_shape).samples} after training on "
        f"{record.dataset.fitted_on.n:,} ({record.dataset.variant}), {record.seconds:.1f} s"
    )
    return found, words


def _order(arguments: argparse.Namespace) -> Any:
    from ae_models.recipes import TrainRequest

    for name in ("model", "dataset"):
        if getattr(arguments, name) is None:
            raise UserError(f"train needs --{name} (or --resume RUN)")
    settings: dict[str, Any] = dict(settings_of(arguments.set))
    for name in ("latent_dim", "epochs", "seed"):
        if getattr(arguments, name) is not None:
            settings[name] = getattr(arguments, name)
    return TrainRequest.of(
        arguments.model,
        arguments.dataset,
        corruption=arguments.corruption,
        penalty=arguments.penalty,
        variant=arguments.variant,
        name=arguments.name,
        settings=settings,
    )


@contextmanager
def _stop_on_interrupt() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a question that training asks before each batch; a second one ends at once."""
    asked = False

    def ask(_signal: int, _frame: Any) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        sys.stderr.write("\nstopping after this batch; Ctrl-C again to end at once\n")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


def encode(arguments: argparse.Namespace) -> Answer:
    """Write the codes of a data set's images."""
    from ae_models import datasets
    from ae_models.recipes import codes_of, find_run

    out = out_file(arguments.out)
    datasets.source(arguments.dataset)
    store, record = find_run(arguments.run_id)
    variant = record.dataset.variant if arguments.dataset == record.dataset.name else "auto"
    if arguments.split == "test":
        rows = datasets.heldout(arguments.dataset, variant)
    else:
        rows = datasets.load(arguments.dataset, variant).train
    codes = codes_of(store, record, rows)
    write_npz(out, codes=codes, labels=rows.labels, ids=rows.ids)
    found = {"run": record.id, "n": len(codes), "latent_dim": record.latent_dim, "out": str(out)}
    return found, f"{len(codes):,} codes of {record.latent_dim} in {out}"


def decode(arguments: argparse.Namespace) -> Answer:
    """Draw the image of one code."""
    from ae_models.recipes import decode_point

    out = out_file(arguments.out) if arguments.out else None
    record, image = decode_point(arguments.run_id, arguments.at)
    if out:
        write_png(out, image)
    found = {"run": record.id, "at": arguments.at, "shape": list(image.shape), "pixels": image.ravel().tolist()}
    return found, f"drawn in {out}" if out else f"{' x '.join(map(str, image.shape))}: --out FILE.png to see it"


def project(arguments: argparse.Namespace) -> Answer:
    """Fit a baseline map, or find it fitted, and write its points."""
    from ae_models import datasets
    from ae_models.recipes import project

    out = out_file(arguments.out) if arguments.out else None
    with Bar(f"{arguments.method} of {arguments.dataset}") as bar:
        embedding = project(
            arguments.method,
            arguments.dataset,
            arguments.dim,
            variant=arguments.variant,
            settings=settings_of(arguments.set),
            progress=bar,
        )
    rows = datasets.heldout(arguments.dataset, arguments.variant)
    if out:
        write_npz(out, points=embedding.points, ids=embedding.ids, labels=rows.labels)
    found = {
        "method": embedding.method,
        "n": len(embedding.points),
        "dim": embedding.points.shape[1],
        "seconds": embedding.seconds,
        "out": str(out) if out else None,
        "fitted_on": embedding.fitted_on,
        "scored_on": embedding.scored_on,
        "version": embedding.version,
    }
    images = kind_of(datasets.source(embedding.dataset).shape).samples
    words = (
        f"{embedding.method}: {len(embedding.points):,} held-out {images} placed, fitted on "
        f"{embedding.fitted_on['n']:,} ({embedding.fitted_on['variant']}), {embedding.version}"
    )
    return found, words


def export(arguments: argparse.Namespace) -> Answer:
    """Write what a run gives in one form into a folder."""
    from ae_models.export import size_of
    from ae_models.recipes import exports

    files = exports.export(arguments.run_id, arguments.format)
    written = exports.write(files, arguments.out, overwrite=arguments.overwrite)
    sizes = {str(path): path.stat().st_size for path in written}
    found = {"run": arguments.run_id, "format": arguments.format, "files": list(sizes), "sizes": list(sizes.values())}
    return found, "\n".join(f"{path} ({size_of(size)})" for path, size in sizes.items())


def zoo(arguments: argparse.Namespace) -> Answer:
    """List or rebuild what ships."""
    from ae_models import zoo

    if arguments.action == "build":
        built = zoo.build(arguments.ids, Bar)
        return {"built": built}, f"built: {', '.join(built) or 'nothing, everything is there'}"
    rows = [
        {"id": entry.id, "dataset": entry.dataset, "purpose": entry.purpose, "here": zoo.is_built(entry)}
        for entry in zoo.ZOO
    ]
    words = [(str(row["id"]), "here" if row["here"] else "missing", str(row["purpose"])) for row in rows]
    return {"zoo": rows}, table(words)
