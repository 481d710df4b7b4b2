"""The command that takes work out."""

from __future__ import annotations

import argparse

from ae_models.cli.terminal import Answer
from ae_models.export import size_of


def export(arguments: argparse.Namespace) -> Answer:
    """Write what a run gives in one form into a folder."""
    from ae_models.recipes import exports

    files = exports.export(arguments.run_id, arguments.format)
    written = exports.write(files, arguments.out, overwrite=arguments.overwrite)
    sizes = {str(path): path.stat().st_size for path in written}
    found = {"run": arguments.run_id, "format": arguments.format, "files": list(sizes), "sizes": list(sizes.values())}
    return found, "\n".join(f"{path} ({size_of(size)})" for path, size in sizes.items())
