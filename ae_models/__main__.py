"""The command line: a thin face of the recipes, and the proof that computing needs no Streamlit.

``--json`` prints one JSON object on stdout and nothing else there; progress goes to stderr; a user's mistake is one
line on stderr and exit code 2.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from ae_models.base import Mistake, Progress

# argparse knows "-1.5" for a number but takes "-1e-3", "-inf" and "-nan" for options.
_NEGATIVE_NUMBER = re.compile(r"^-(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$|^-(inf|infinity|nan)$", re.IGNORECASE)

Answer = tuple[dict[str, Any], str]
"""What a command found: for ``--json``, and in words."""


class _Parser(argparse.ArgumentParser):
    """One line an error, exit 2, and negative numbers that are numbers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "allow_abbrev": False})
        self._negative_number_matcher = _NEGATIVE_NUMBER

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}\n")
        raise SystemExit(2)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        found, words = arguments.run(arguments)
    except Mistake as mistake:
        sys.stderr.write(f"{' '.join(str(mistake).split())}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped; nothing was written\n")
        return 130
    try:
        sys.stdout.write((json.dumps(found, allow_nan=False) if arguments.json else words) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # "| head" closed the pipe: not an error
        sys.stderr.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m ae_models", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    def command(name: str, run: Callable[[argparse.Namespace], Answer], text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
        made.add_argument("--json", action="store_true", help="print one JSON object")
        made.set_defaults(run=run)
        return made

    listing = command("datasets", _datasets, "list the data sets, or fetch the full files of one")
    listing.add_argument("--download", metavar="NAME", help="fetch its full files from where they are published")
    command("models", _models, "list the models that can be trained")
    command("projections", _projections, "list the baseline maps")
    runs = command("runs", _runs, "list the trained runs, or show one")
    runs.add_argument("show", nargs="?", choices=["show"], help="show one run's card")
    runs.add_argument("id", nargs="?", help="the run to show")

    train = command("train", _train, "train a model and write a run")
    train.add_argument("--model", help="see 'models'")
    train.add_argument("--corruption", default="none", help="what is done to the input; see 'models'")
    train.add_argument("--penalty", default="none", help="what is added to the loss; see 'models'")
    train.add_argument("--dataset", help="see 'datasets'")
    train.add_argument("--resume", metavar="RUN", help="go on with an interrupted training")
    train.add_argument("--latent-dim", help="how many numbers the code has")
    train.add_argument("--epochs", help="times through the training images")
    train.add_argument("--seed")
    train.add_argument("--name", default="", help="what to call the run")
    _add_variant(train)
    _add_settings(train)

    encode = command("encode", _encode, "write the codes of a data set's images")
    encode.add_argument("run_id", metavar="RUN")
    encode.add_argument("--dataset", required=True)
    encode.add_argument("--split", choices=["test", "train"], default="test", help="held-out or training images")
    encode.add_argument("--out", required=True, type=Path)

    decode = command("decode", _decode, "draw the image of one code")
    decode.add_argument("run_id", metavar="RUN")
    decode.add_argument("--at", required=True, nargs="+", type=float, metavar="Z")
    decode.add_argument("--out", type=Path, help="a PNG file")

    project = command("project", _project, "fit a baseline map, keep its points and write them")
    project.add_argument("method", metavar="METHOD")
    project.add_argument("--dataset", required=True)
    project.add_argument("--dim", default="2", help="dimensions of the map")
    project.add_argument("--out", type=Path, help="an NPZ file: points, ids, labels")
    _add_variant(project)
    _add_settings(project)

    zoo = command("zoo", _zoo, "list or rebuild what ships with the product")
    zoo.add_argument("action", choices=["list", "build"])
    zoo.add_argument("ids", nargs="*", help="only these entries")
    return parser


def _add_variant(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--variant",
        choices=["auto", "full", "bundled"],
        default="auto",
        help="the full files, the bundled images, or (auto) the full files where they are",
    )


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--set", nargs="+", default=[], metavar="KEY=VALUE", help="any other setting")


def _settings(pairs: list[str]) -> dict[str, str]:
    settings = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise Mistake(f"--set takes KEY=VALUE: got '{pair}'")
        settings[key] = value
    return settings


def _progress_bar(title: str) -> Progress:
    from tqdm import tqdm

    bar = tqdm(total=100, desc=title, file=sys.stderr, bar_format="{desc} {percentage:3.0f}% |{bar:30}| {postfix}")

    def tell(share: float, line: str) -> None:
        bar.set_postfix_str(line, refresh=False)
        bar.n = round(100 * share)
        bar.refresh()
        if share >= 1:
            bar.close()

    return tell


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _out(path: Path) -> Path:
    if not path.resolve().parent.is_dir():
        raise Mistake(f"--out: the folder of {path} does not exist")
    if path.is_dir():
        raise Mistake(f"--out: {path} is a folder, not a file")
    return path


def _write_npz(path: Path, **arrays: Any) -> None:
    import numpy as np

    try:
        with path.open("wb") as stream:  # savez would add .npz to a name that lacks it
            np.savez(stream, **{name: array for name, array in arrays.items() if array is not None})
    except OSError as error:
        raise Mistake(f"--out: {path} cannot be written ({error.strerror})") from None


def _datasets(arguments: argparse.Namespace) -> Answer:
    from ae_models import datasets

    if arguments.download:
        datasets.source(arguments.download).download(_progress_bar(arguments.download))
    rows: list[dict[str, Any]] = []
    for name in datasets.DATASETS:
        source = datasets.source(name)
        n_train, n_test = source.sizes()
        rows.append(
            {
                "name": name,
                "n_train": n_train,
                "n_test": n_test,
                "shape": list(source.shape),
                "n_classes": len(source.class_names),
                "available": source.available(),
                "licence": source.licence,
                "variant": source.resolve("auto") if source.available() else None,
            }
        )
    head = ("name", "train", "held out", "here", "licence")
    words = [
        (
            row["name"],
            f"{row['n_train']:,}",
            f"{row['n_test']:,}",
            row["variant"] or "on request: datasets --download " + row["name"],
            row["licence"],
        )
        for row in rows
    ]
    return {"datasets": rows}, _table([head, *words])


def _settings_of(config: Any) -> dict[str, Any]:
    return {
        key: {"default": field["default"], "description": field.get("description", "")}
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
                "summary": entry.summary,
                "settings": _settings_of(entry.config),
            }
        )
    return {kind: rows}, _table([(row["name"], row["title"], row["summary"]) for row in rows])


def _models(_arguments: argparse.Namespace) -> Answer:
    from ae_models.autoencoders import ARCHITECTURES, PENALTIES
    from ae_models.config import TrainConfig
    from ae_models.corruptions import CORRUPTIONS

    found, words = _list_registry("models", ARCHITECTURES)
    corruptions, corruption_words = _list_registry("corruptions", CORRUPTIONS)
    penalties, penalty_words = _list_registry("penalties", PENALTIES)
    training = {"training": _settings_of(TrainConfig)}
    text = f"{words}\n\n--corruption\n{corruption_words}\n\n--penalty\n{penalty_words}"
    return {**found, **corruptions, **penalties, **training}, text


def _projections(_arguments: argparse.Namespace) -> Answer:
    from ae_models.projections import PROJECTIONS

    return _list_registry("projections", PROJECTIONS)


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


def _runs(arguments: argparse.Namespace) -> Answer:
    from ae_models.recipes import find_run
    from ae_models.runs import own_runs, shipped_runs, unfinished_runs

    if arguments.show:
        if not arguments.id:
            raise Mistake("runs show takes the id of a run: see 'python -m ae_models runs'")
        record = find_run(arguments.id)[1].model_dump(mode="json")
        return record, "\n".join(f"{key:18} {json.dumps(value)}" for key, value in record.items() if key != "files")
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
    return found, _table([head, *words])


def _train(arguments: argparse.Namespace) -> Answer:
    from ae_models.recipes import Interrupted, resume, train

    progress = _progress_bar("training")
    try:
        with _stop_on_interrupt() as should_stop:
            if arguments.resume:
                record = resume(arguments.resume, progress, should_stop=should_stop)
            else:
                record = train(_order(arguments), progress, should_stop=should_stop)
    except Interrupted as stopped:
        if not stopped.epochs:
            raise KeyboardInterrupt from None
        raise Mistake(
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
        f"run {record.id}: SSE {record.test.sse:.3f} on {record.test.n:,} held-out images after training on "
        f"{record.dataset.fitted_on.n:,} ({record.dataset.variant}), {record.seconds:.1f} s"
    )
    return found, words


def _order(arguments: argparse.Namespace) -> Any:
    from ae_models.recipes import TrainOrder

    for name in ("model", "dataset"):
        if getattr(arguments, name) is None:
            raise Mistake(f"train needs --{name} (or --resume RUN)")
    settings: dict[str, Any] = dict(_settings(arguments.set))
    for name in ("latent_dim", "epochs", "seed"):
        if getattr(arguments, name) is not None:
            settings[name] = getattr(arguments, name)
    return TrainOrder.of(
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


def _encode(arguments: argparse.Namespace) -> Answer:
    from ae_models import datasets
    from ae_models.recipes import codes_of, find_run

    out = _out(arguments.out)
    datasets.source(arguments.dataset)
    store, record = find_run(arguments.run_id)
    variant = record.dataset.variant if arguments.dataset == record.dataset.name else "auto"
    if arguments.split == "test":
        rows = datasets.heldout(arguments.dataset, variant)
    else:
        rows = datasets.load(arguments.dataset, variant).train
    codes = codes_of(store, record, rows)
    _write_npz(out, codes=codes, labels=rows.labels, ids=rows.ids)
    found = {"run": record.id, "n": len(codes), "latent_dim": record.latent_dim, "out": str(out)}
    return found, f"{len(codes):,} codes of {record.latent_dim} in {out}"


def _decode(arguments: argparse.Namespace) -> Answer:
    from ae_models.recipes import decode_point

    out = _out(arguments.out) if arguments.out else None
    record, image = decode_point(arguments.run_id, arguments.at)
    if out:
        _write_png(out, image)
    found = {"run": record.id, "at": arguments.at, "shape": list(image.shape), "pixels": image.ravel().tolist()}
    return found, f"drawn in {out}" if out else f"{' x '.join(map(str, image.shape))}: --out FILE.png to see it"


def _write_png(path: Path, image: Any) -> None:
    import numpy as np
    from PIL import Image

    pixels = np.clip(np.rint(image * 255), 0, 255).astype(np.uint8)  # (c, h, w)
    picture = Image.fromarray(pixels[0] if len(pixels) == 1 else np.moveaxis(pixels, 0, -1))
    try:
        picture.save(path, format="PNG")
    except OSError as error:
        raise Mistake(f"--out: {path} cannot be written ({error.strerror})") from None


def _project(arguments: argparse.Namespace) -> Answer:
    from ae_models import datasets
    from ae_models.recipes import project

    out = _out(arguments.out) if arguments.out else None
    embedding = project(
        arguments.method,
        arguments.dataset,
        arguments.dim,
        variant=arguments.variant,
        settings=_settings(arguments.set),
        progress=_progress_bar(f"{arguments.method} of {arguments.dataset}"),
    )
    rows = datasets.heldout(arguments.dataset, arguments.variant)
    if out:
        _write_npz(out, points=embedding.points, ids=embedding.ids, labels=rows.labels)
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
    words = (
        f"{embedding.method}: {len(embedding.points):,} held-out images placed, fitted on "
        f"{embedding.fitted_on['n']:,} ({embedding.fitted_on['variant']}), {embedding.version}"
    )
    return found, words


def _zoo(arguments: argparse.Namespace) -> Answer:
    from ae_models import zoo

    if arguments.action == "build":
        built = zoo.build(arguments.ids, _progress_bar)
        return {"built": built}, f"built: {', '.join(built) or 'nothing, everything is there'}"
    rows = [
        {"id": entry.id, "dataset": entry.dataset, "purpose": entry.purpose, "here": zoo.is_built(entry)}
        for entry in zoo.ZOO
    ]
    words = [(str(row["id"]), "here" if row["here"] else "missing", str(row["purpose"])) for row in rows]
    return {"zoo": rows}, _table(words)


if __name__ == "__main__":
    raise SystemExit(main())
