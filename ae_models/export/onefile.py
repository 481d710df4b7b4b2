"""One HTML file that needs no server and no network: everything in it is text, unpacked by the browser."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

# Nothing is fetched, sent or framed: a browser holds the file to that. Decoders are WebAssembly.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; connect-src data: blob:; base-uri 'none'; form-action 'none'"
)
_NAME = re.compile(r"[a-z0-9-]{1,64}")
_SHELL = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>Latent Lab</title>
<style>
{style}
</style>
</head>
<body>
<main id="ll-file"><p id="ll-wait" role="status">Unpacking …</p>
<noscript>This file draws with JavaScript, which is off in this browser.</noscript></main>
<script type="application/json" id="ll-page">{page}</script>
{parts}
<script>
{opening}
</script>
</body>
</html>
"""


def pack(content: bytes) -> bytes:
    """Return bytes compressed, the same ones for the same content."""
    return gzip.compress(content, compresslevel=7, mtime=0)  # 9 takes ten times as long for half a percent


def as_json(page: Mapping[str, Any]) -> str:
    r"""Return JSON that may stand in a page: no letter of it begins a tag or a comment.

    Examples
    --------
    >>> as_json({"name": "</script><b>"})
    '{"name": "\\u003c/script\\u003e\\u003cb\\u003e"}'
    """
    text = json.dumps(page, allow_nan=False, ensure_ascii=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def onefile(page: Mapping[str, Any], packed: Mapping[str, bytes], *, style: str, opening: str) -> bytes:
    """Return the bytes of an HTML file.

    Parameters
    ----------
    page : mapping
        JSON values, names and titles of the data among them: they reach the page as JSON, never as markup.
    packed : mapping of str to bytes
        The parts by name, each gzipped (``pack``).
    style, opening : str
        The style sheet, and the script that unpacks the parts: texts of ours.
    """
    unknown = [name for name in packed if not _NAME.fullmatch(name)]
    if unknown:
        raise ValueError(f"a part's name must match {_NAME.pattern}: got {unknown[0]!r}")
    for text, end in ((style, "</style"), (opening, "</script")):
        if end in text.lower():
            raise ValueError(f"what stands between the tags must not hold {end!r}")
    parts = "\n".join(
        f'<script type="text/plain" data-part="{name}">{b64encode(content).decode("ascii")}</script>'
        for name, content in packed.items()
    )
    whole = _SHELL.format(policy=_POLICY, style=style, page=as_json(page), parts=parts, opening=opening)
    return whole.encode("utf-8")
