"""How own routes answer: below which path they live, which compression a browser takes, how long it may keep a file."""

from __future__ import annotations

from streamlit import config

IMMUTABLE = {  # of an address that names its content
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}


def rooted(prefix: str) -> str:
    """Return a prefix with one slash before it and none behind; the server's root is ``""``.

    Examples
    --------
    >>> rooted("lab/"), rooted("/"), rooted("")
    ('/lab', '', '')
    """
    stripped = prefix.strip("/")
    return f"/{stripped}" if stripped else ""


def base() -> str:
    """Return the prefix of this server (``server.baseUrlPath``), which own routes must put in front."""
    return rooted(str(config.get_option("server.baseUrlPath") or ""))


def takes(accepted: str, coding: str) -> bool:
    """Return whether an ``Accept-Encoding`` header names a coding, and not with a weight of nought.

    Examples
    --------
    >>> takes("br, gzip;q=0.5", "gzip"), takes("gzip;q=0", "gzip"), takes("br", "gzip")
    (True, False, False)
    """
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == coding:
            return weight.replace(" ", "").removeprefix("q=") not in ("0", "0.", "0.0", "0.00", "0.000")
    return False
