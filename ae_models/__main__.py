"""The command line: a thin face of the recipes, and the proof that computing needs no Streamlit.

``--json`` prints one JSON object on stdout and nothing else there; progress goes to stderr; a user's mistake is one
line on stderr and exit code 2.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from ae_models.base import UserError
from ae_models.cli import importing, listing, measuring, working
from ae_models.cli.terminal import Answer

# argparse knows "-1.5" for a number but takes "-1e-3", "-inf" and "-nan" for options.
_NEGATIVE_NUMBER = re.compile(r"^-(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$|^-(inf|infinity|nan)$", re.IGNORECASE)


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
    except UserError as mistake:
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


class _Commands:
    """The parsers of the commands, each with ``--json`` and the function that runs it."""

    def __init__(self, below: Any) -> None:
        self.below = below

    def add(self, name: str, run: Callable[[argparse.Namespace], Answer], text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = self.below.add_parser(name, help=text, description=text)
        made.add_argument("--json", action="store_true", help="print one JSON object")
        made.set_defaults(run=run)
        return made

    def group(self, name: str, text: str, metavar: str) -> _Commands:
        """Return the commands below a name, as those of ``import``."""
        made = self.below.add_parser(name, help=text, description=text)
        return _Commands(made.add_subparsers(required=True, metavar=metavar, parser_class=_Parser))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m ae_models", description=__doc__)
    commands = _Commands(parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser))
    _add_lists(commands)
    _add_train(commands)
    _add_uses(commands)
    _add_imports(commands.group("import", "take something in", "KIND"))
    _add_export(commands)
    _add_compare(commands)
    _add_checks(commands)
    return parser


def _add_lists(commands: _Commands) -> None:
    sets = commands.add("datasets", listing.datasets, "list the data sets, or fetch the full files of one")
    sets.add_argument("--download", metavar="NAME", help="fetch its full files from where they are published")
    sets.add_argument("--owner", default="", help=argparse.SUPPRESS)  # the visitor for whom a server fetches it
    sets.add_argument("--show", metavar="NAME", help="show the card of an imported set")
    sets.add_argument("--delete", metavar="NAME", help="put an imported set away")
    sets.add_argument("--restore", metavar="NAME", help="bring a deleted set back")
    commands.add("models", listing.models, "list the models that can be trained")
    commands.add("projections", listing.projections, "list the baseline maps")
    commands.add("metrics", listing.metrics, "list what is measured of models and maps")
    runs = commands.add("runs", listing.runs, "list the trained runs, or show one")
    runs.add_argument("show", nargs="?", choices=["show"], help="show one run's card")
    runs.add_argument("id", nargs="?", help="the run to show")


def _add_train(commands: _Commands) -> None:
    train = commands.add("train", working.train, "train a model and write a run")
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


def _add_uses(commands: _Commands) -> None:
    encode = commands.add("encode", working.encode, "write the codes of a data set's images")
    encode.add_argument("run_id", metavar="RUN")
    encode.add_argument("--dataset", required=True)
    encode.add_argument("--split", choices=["test", "train"], default="test", help="held-out or training images")
    encode.add_argument("--out", required=True, type=Path)

    decode = commands.add("decode", working.decode, "draw the image of one code")
    decode.add_argument("run_id", metavar="RUN")
    decode.add_argument("--at", required=True, nargs="+", type=float, metavar="Z")
    decode.add_argument("--out", type=Path, help="a PNG file")

    project = commands.add("project", working.project, "fit a baseline map, keep its points and write them")
    project.add_argument("method", metavar="METHOD")
    project.add_argument("--dataset", required=True)
    project.add_argument("--dim", default="2", help="dimensions of the map")
    project.add_argument("--out", type=Path, help="an NPZ file: points, ids, labels")
    _add_variant(project)
    _add_settings(project)


def _add_export(commands: _Commands) -> None:
    export = commands.add("export", working.export, "write codes, maps or the model of a run into a folder")
    export.add_argument("run_id", metavar="RUN")
    forms = ["onnx", "safetensors", "zip", "csv", "npz", "parquet", "projector", "html", "python", "notebook"]
    export.add_argument("--format", required=True, choices=forms)
    export.add_argument("--out", required=True, type=Path, metavar="DIR")
    export.add_argument("--overwrite", action="store_true", help="replace files of these names in DIR")


def _add_compare(commands: _Commands) -> None:
    compare = commands.add("compare", measuring.compare, "score runs and baseline maps on the same held-out images")
    compare.add_argument("--dataset", required=True)
    compare.add_argument("--run", dest="run_ids", nargs="+", action="extend", default=[], metavar="RUN", help="an id")
    compare.add_argument("--projection", nargs="+", action="extend", default=[], metavar="METHOD")
    compare.add_argument("--metrics", nargs="+", metavar="NAME", help="only these; see 'metrics'")
    compare.add_argument("--dim", default="2", help="dimensions of the projections")
    compare.add_argument("--k", default="5", help="neighbours that count as near")
    compare.add_argument("--seed", default="0", help="of samples, splits and shuffles")
    _add_variant(compare)


def _add_checks(commands: _Commands) -> None:
    zoo = commands.add("zoo", working.zoo, "list or rebuild what ships with the product")
    zoo.add_argument("action", choices=["list", "build"])
    zoo.add_argument("ids", nargs="*", help="only these entries")

    verify = commands.add(
        "verify", measuring.verify, "compute published figures here and hold them against their bands"
    )
    depth = verify.add_mutually_exclusive_group()
    depth.add_argument("--quick", action="store_true", help="from shipped runs and the images that are here (default)")
    depth.add_argument("--full", action="store_true", help="train what the papers trained too: hours")
    verify.add_argument("--only", nargs="+", default=[], metavar="ID", help="only these figures")


def _add_imports(commands: _Commands) -> None:
    data = commands.add("data", importing.data, "read images or vectors and keep them as a data set")
    data.add_argument("files", nargs="+", type=Path, metavar="FILE", help="files, a folder, or a zip")
    data.add_argument("--name", required=True, help="what to call the data set")
    data.add_argument("--licence", default="", help="a note of where it is from and what may be done with it")
    data.add_argument("--preview", action="store_true", help="only show what it is taken for, and why")
    data.add_argument("--sheet", type=Path, metavar="PNG", help="write a contact sheet")
    data.add_argument("--keep-good", action="store_true", help="leave bad files and rows out, and list them")
    _add_settings(data)
    onnx = commands.add("onnx", importing.onnx, "check a stranger's ONNX encoder and decoder and keep them as a run")
    onnx.add_argument("--encoder", required=True, type=Path, metavar="FILE")
    onnx.add_argument("--decoder", required=True, type=Path, metavar="FILE")
    onnx.add_argument("--dataset", required=True, help="whose images they are for; see 'datasets'")
    onnx.add_argument("--scale", choices=["0-1", "minus1-1", "0-255", "standardized"], help="what the encoder takes")
    onnx.add_argument("--name", required=True, help="what to call the run")
    _add_variant(onnx)
    weights = commands.add("safetensors", importing.safetensors, "keep weights of our own architectures as a run")
    weights.add_argument("file", type=Path, metavar="FILE")
    weights.add_argument("--config", required=True, type=Path, help="a run.json, or an order: model, dataset, settings")
    weights.add_argument("--dataset", default="", help="instead of the one in the configuration")
    weights.add_argument("--name", default="", help="what to call the run")
    points = commands.add("map", importing.points, "keep coordinates or codes from elsewhere as a map of a data set")
    points.add_argument("file", type=Path, metavar="FILE", help="NPY, NPZ or CSV: a row an image")
    points.add_argument("--dataset", required=True, help="whose held-out images they are")
    points.add_argument("--name", required=True, help="what to call the map")
    _add_variant(points)
    packed = commands.add("run", importing.run, "check a run's zip and keep it among the own runs")
    packed.add_argument("file", metavar="FILE.zip", type=Path)


def _add_variant(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--variant",
        choices=["auto", "full", "bundled"],
        default="auto",
        help="the full files, the bundled images, or (auto) the full files where they are",
    )


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--set", nargs="+", default=[], metavar="KEY=VALUE", help="any other setting")


if __name__ == "__main__":
    raise SystemExit(main())
