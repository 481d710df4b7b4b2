"""The command that takes work out."""

from __future__ import annotations

import argparse

from ae_models.cli.terminal import Answer


def export(arguments: argparse.Namespace) -> Answer:
    """Write what a run gives in one form into a folder."""
    from ae_models.recipes import exports

    files = exports.export(arguments.run_id, arguments.format)
    written = exports.write(files, arguments.out)
    found = {"run": arguments.run_id, "format": arguments.format, "files": [str(path) for path in written]}
    return found, "\n".join(f"{path} ({path.stat().st_size:,} bytes)" for path in written)
