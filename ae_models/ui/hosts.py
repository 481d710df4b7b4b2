"""The names that this server answers to: ``AE_MODELS_HOSTS``, and what holds where nobody set it.

A page of another site can have its own name point at this server's address (DNS rebinding) and would then be of the
same origin. The ``Host`` header tells: it still holds the other name.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from streamlit import config

from ae_models.base import UserError
from ae_models.ui.desk import is_loopback

VARIABLE = "AE_MODELS_HOSTS"
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?(?::[0-9]{1,5})?")
_PATTERN = re.compile(r"\*|(?:\*?\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")


def name_in(host: str) -> str | None:
    """Return the name or address in a ``Host`` header, small letters and no port; None where it holds none.

    Examples
    --------
    >>> name_in("Lab.School.org:8501"), name_in("[::1]:80"), name_in("lab.org/x")
    ('lab.school.org', '::1', None)
    """
    found = _HOST.fullmatch(host.strip().lower())
    if found is None:
        return None
    name = found["name"]
    return _address(name[1:-1]) if name.startswith("[") else name


def _address(text: str) -> str | None:
    """Return an IPv6 address as it is usually written, or None."""
    try:
        return str(IPv6Address(text))
    except ValueError:
        return None


def is_address(name: str) -> bool:
    """Say whether a name is an IP address: no other site can make its pages bear one."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def listens_on_loopback() -> bool:
    """Say whether only this computer can reach the server: what ``server.address`` is set to."""
    return is_loopback(config.get_option("server.address"))


@dataclass(frozen=True)
class Hosts:
    """The names that are answered: patterns, or every loopback name, or any name at all.

    A pattern is a name or an address; ``*.lab.org`` stands for all names below lab.org, ``.lab.org`` for that one as
    well, ``*`` for any.
    """

    patterns: tuple[str, ...] = ()
    loopback: bool = False

    @classmethod
    def of_environment(cls) -> Hosts:
        """Read ``AE_MODELS_HOSTS``, or else Streamlit's ``server.allowedHosts``; ``UserError`` for what is no name.

        Where neither is set, a server that only this computer reaches answers to loopback names, another one to any.
        """
        if named := _named():
            return cls(tuple(_pattern(part) for part in named))
        return cls(loopback=True) if listens_on_loopback() else cls(("*",))

    def answers(self, name: str) -> bool:
        """Say whether this server answers to a name, as ``name_in`` returns it.

        Examples
        --------
        >>> hosts = Hosts(("lab.org", "*.school.org"))
        >>> hosts.answers("lab.org"), hosts.answers("a.school.org"), hosts.answers("school.org")
        (True, True, False)
        """
        if self.loopback and is_loopback(name):
            return True
        return any(_fits(name, pattern) for pattern in self.patterns)


def advice() -> str:
    """Return the line for whoever starts a server that others reach and names no hosts; "" for any other."""
    if _named() or listens_on_loopback():
        return ""
    return (
        f"{VARIABLE} is not set, so this server answers to any host name: set it to the names that visitors type, "
        "as lab.school.org, and pages of other sites cannot pose as its own"
    )


def _named() -> list[str]:
    """Return what the setting lists, or else what Streamlit's own setting does."""
    named = [part for part in os.environ.get(VARIABLE, "").split(",") if part.strip()]
    return named or list(config.get_option("server.allowedHosts") or ())


def _fits(name: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return name.endswith(pattern[1:])
    if pattern.startswith("."):
        return name == pattern[1:] or name.endswith(pattern)
    return pattern in ("*", name)


def _pattern(text: str) -> str:
    """Return one entry of the list without its port; ``UserError`` when it is no name."""
    entry = text.strip().lower()
    named = _address(entry.strip("[]")) or name_in(entry)
    if named is not None:
        return named
    bare = re.sub(r":[0-9]{1,5}$", "", entry).removesuffix(".")
    if not _PATTERN.fullmatch(bare):
        raise UserError(
            f"{VARIABLE} must be names or addresses with commas between, as 'lab.school.org, *.school.org': "
            f"got '{text.strip()[:60]}'"
        )
    return bare
