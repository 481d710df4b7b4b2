"""The commands that take something in: data, a run's zip."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ae_models.base import UserError
from ae_models.cli.terminal import Answer, Bar, out_file, settings_of, table, write_png_bytes
from ae_models.kinds import kind_of


def run(arguments: argparse.Namespace) -> Answer:
    """Check a run's zip and keep it among the own runs."""
    from ae_models.runs import MOST_ZIP_BYTES, unpack

    try:
        with arguments.file.open("rb") as stream:
            content = stream.read(MOST_ZIP_BYTES + 1)
    except OSError as error:
        raise UserError(f"{arguments.file} cannot be read ({error.strerror})") from None
    try:
        record = unpack(content)
    except UserError as mistake:
        raise UserError(f"{arguments.file.name}: {mistake}") from None
    found = {
        "run": record.id,
        "title": record.title,
        "dataset": record.dataset.name,
        "latent_dim": record.latent_dim,
        "test": {"sse": record.test.sse, "mse": record.test.mse},
    }
    return found, f"run {record.id}: {record.title}, trained on {record.dataset.name}"


def onnx(arguments: argparse.Namespace) -> Answer:
    """Check a stranger's encoder and decoder on real images and keep them as a run."""
    from ae_models import datasets
    from ae_models.recipes import imported_models

    datasets.source(arguments.dataset)
    files = imported_models.graph_file(arguments.encoder), imported_models.graph_file(arguments.decoder)
    record, pair = imported_models.import_onnx(
        *files, arguments.dataset, arguments.name, scale=arguments.scale, variant=arguments.variant
    )
    for warning in pair.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    return _run_answer(record, {**pair.found, "warnings": pair.warnings})


def safetensors(arguments: argparse.Namespace) -> Answer:
    """Keep weights of one of our own architectures as a run."""
    from ae_models.datasets.readers.limits import LIMITS
    from ae_models.recipes import imported_weights

    content, config = (_content(path, LIMITS.weights_bytes) for path in (arguments.file, arguments.config))
    order = imported_weights.read_config(config, arguments.config.name)
    try:
        record = imported_weights.import_safetensors(content, order, arguments.name, dataset=arguments.dataset)
    except UserError as mistake:
        if str(mistake).startswith("the weights"):
            raise UserError(f"{arguments.file.name}: {mistake}") from None
        raise
    return _run_answer(record, {})


def _content(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None
    if len(content) > most:
        raise UserError(f"{path}: more than {most:,} bytes, the most that is read")
    return content


def _run_answer(record: Any, more: dict[str, Any]) -> Answer:
    found = {
        "run": record.id,
        "title": record.title,
        "dataset": record.dataset.name,
        "latent_dim": record.latent_dim,
        "test": {"sse": record.test.sse, "mse": record.test.mse},
        **more,
    }
    words = f"run {record.id}: SSE {record.test.sse:.3f} on {record.test.n:,} held-out "
    words += f"{kind_of(record.input_shape).samples} of {record.dataset.name}"
    if "scale" in more:
        words += f"; takes {more['scale']} as {more['encoder']['layout']}, gives {more['output_scale']}"
    return found, words


def points(arguments: argparse.Namespace) -> Answer:
    """Keep ready-made coordinates or codes as a map of a data set."""
    from ae_models import datasets
    from ae_models.datasets import readers
    from ae_models.datasets.readers.items import Problems
    from ae_models.recipes.imported_maps import import_map

    items = readers.of_paths([arguments.file], readers.LIMITS, Problems())
    embedding = import_map(items, arguments.dataset, arguments.name, variant=arguments.variant)
    found = {
        "method": embedding.method,
        "dataset": embedding.dataset,
        "n": len(embedding.points),
        "dim": embedding.points.shape[1],
        "scored_on": embedding.scored_on,
    }
    n = f"{found['n']:,} held-out {kind_of(datasets.source(embedding.dataset).shape).samples}"
    return found, f"map '{embedding.method}': {n} of {embedding.dataset} in {found['dim']}-D"


def data(arguments: argparse.Namespace) -> Answer:
    """Read files or folders of images or vectors; show what they are taken for, or keep them as a data set."""
    from ae_models.base.config import ImportConfig
    from ae_models.datasets import readers
    from ae_models.datasets.readers.items import Problems
    from ae_models.recipes import import_data

    sheet = out_file(arguments.sheet) if arguments.sheet else None
    import_data.name_of(arguments.name)
    config = ImportConfig.of(**settings_of(arguments.set))
    problems = Problems(arguments.keep_good)
    items = readers.of_paths(arguments.files, readers.LIMITS, problems)
    with Bar("reading") as bar:
        incoming = import_data.look(items, config, problems=problems, progress=bar)
    found: dict[str, Any] = {"preview": bool(arguments.preview), **incoming.preview()}
    if sheet:
        write_png_bytes(sheet, incoming.sheet().pixels)
        found["sheet"] = str(sheet)
    if arguments.preview:
        return found, _preview(found) + "\n\nnothing was kept yet: the same command without --preview keeps it"
    card = import_data.keep(incoming, arguments.name, arguments.licence)
    found |= {"dataset": card.name, "title": card.title, "licence": card.licence, "digests": card.digests}
    for left in found["left_out"]:
        sys.stderr.write(f"left out {left['file']}: {left['why']}\n")
    told = f"data set {card.name}: {card.n_train:,} rows to train on, {card.n_heldout:,} held out"
    return found, f"{_preview(found)}\n\n{told}"


def _preview(found: dict[str, Any]) -> str:
    """Return in words what files are taken for."""
    values = found["values"]
    lines = [
        f"{found['format']}, {found['kind']} of {' x '.join(map(str, found['shape']))}, "
        f"values from {values['min']:g} to {values['max']:g} ({values['type']})",
        f"{found['n_train']:,} to train on, {found['n_heldout']:,} held out",
    ]
    guesses = [
        (guess["key"], guess["value"], guess["confidence"], guess["why"])
        for guess in found["guesses"]
        if guess["key"] != "layout"
    ]
    parts = ["\n".join(lines), table([("taken for", "", "how sure", "why"), *guesses])]
    if found["classes"]:
        counts = [(row["name"], f"{row['train']:,}", f"{row['heldout']:,}") for row in found["classes"]]
        parts.append(table([("class", "train", "held out"), *counts]))
    else:
        parts.append("no labels: measures that need classes will say so")
    if found["notes"]:
        parts.append("\n".join(f"note: {note}" for note in found["notes"]))
    return "\n\n".join(parts)
