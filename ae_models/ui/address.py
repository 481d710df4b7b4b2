"""Where the app lives on its server: Streamlit's ``server.baseUrlPath``, which own routes must put in front."""

from __future__ import annotations

from streamlit import config


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
    """Return the prefix that this server is configured with."""
    return rooted(str(config.get_option("server.baseUrlPath") or ""))
