"""Whether a request comes from the very machine that serves it, and from whom it comes when it does not.

At one's own desk everything is one's own. A proxy on the same machine hands on what comes from anywhere: its requests
come from loopback too, so whatever shows that one stands between rules the desk out.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")
_HANDED_ON = ("forwarded", "via", "x-real-ip", "x-client-ip", "x-original-host", "true-client-ip", "cf-connecting-ip")
_KEY = secrets.token_bytes(32)  # of this process: addresses are told apart in memory and never written down
_PROXY = "behind a proxy"


def is_loopback(host: str | None) -> bool:
    """Say whether a name or an address is that of the machine itself. Browsers look up no name below ``localhost``.

    Examples
    --------
    >>> [is_loopback(host) for host in ("localhost", "lab.localhost.", "127.0.0.2", "[::1]", "::ffff:127.0.0.1")]
    [True, True, True, True, True]
    >>> [is_loopback(host) for host in (None, "", "0.0.0.0", "localhost.example.org", "192.168.1.5", "::")]
    [False, False, False, False, False, False]
    """
    name = (host or "").strip().strip("[]").rstrip(".").lower()
    address = _address(name)
    return name in _NAMES or name.endswith(".localhost") if address is None else address.is_loopback


def why_not_own_desk(listening: str | None, client: str | None, headers: Mapping[str, str]) -> str:
    """Return why a request is not from one's own desk, in words; "" where it is.

    Parameters
    ----------
    listening : str or None
        The address that the server is bound to; None or "" for all.
    client : str or None
        The address that the connection comes from.
    headers : mapping of str
        Those of the request, by their names in small letters.
    """
    if not is_loopback(listening):
        return "the server listens beyond this machine"
    handed_on = [name for name in headers if name in _HANDED_ON or name.startswith("x-forwarded")]
    if handed_on:
        return f"a proxy handed it on ({sorted(handed_on)[0]})"
    if not is_loopback(client):
        return "it comes from another machine"
    if not is_loopback(_host(f"//{headers.get('host', '')}")):
        return "it asks for another host"
    origin = headers.get("origin")
    if origin is not None and not is_loopback(_host(origin)):
        return "it comes from a page of another host"  # a proxy that hands on with this machine's name, and hides
    return ""


def address_key(client: str | None, headers: Mapping[str, str]) -> str:
    """Return a name for the address that a request comes from; nothing of the address can be read from it.

    The server takes an address out of ``X-Forwarded-For`` only where a proxy hands it on that ``FORWARDED_ALLOW_IPS``
    trusts. Where nobody has set that, all that proxies hand on counts as from one address. IPv6 addresses count as one
    where they are of one network (a /64).
    """
    if "x-forwarded-for" in headers and not os.environ.get("FORWARDED_ALLOW_IPS", "").strip():
        return _named(_PROXY)
    address = _address((client or "").strip())
    if address is None:
        return _named(client) if client else ""
    if address.version == 6 and not address.is_loopback:
        return _named(str(ipaddress.ip_network(f"{address}/64", strict=False)))
    return _named(str(address))


def _named(text: str) -> str:
    return hmac.digest(_KEY, text.encode(), "sha256").hex()[:16]


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
