"""Whose a kept folder is, and the secret with which its maker is known again from another browser."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from pathlib import Path

from ae_models.base.stored import plain_json, read_file

MOST_BYTES = 4_000_000  # of a record that is looked into


def new_secret() -> tuple[str, str]:
    """Return a random secret and the digest by which it is known again; only the digest is kept.

    Examples
    --------
    >>> secret, digest = new_secret()
    >>> fits(secret, digest), fits("another", digest), fits("", "")
    (True, False, False)
    """
    secret = secrets.token_urlsafe(24)
    return secret, _digest(secret)


def fits(secret: str, digest: str) -> bool:
    """Say whether a secret is the one of this digest; where there is no digest, none is."""
    return hmac.compare_digest(_digest(secret), digest or "-")


def _digest(secret: str) -> str:
    return sha256(f"recovery {secret}".encode("utf-8", "replace")).hexdigest()


def title_and_owner(record: Path) -> tuple[str, str]:
    """Return the title and the owner that a ``run.json`` or ``card.json`` names, also where it is damaged otherwise.

    Each is "" where it cannot be read.
    """
    try:
        values = plain_json(read_file(record, MOST_BYTES))
    except (OSError, ValueError):
        return "", ""
    if not isinstance(values, dict):
        return "", ""
    title, owner = values.get("title"), values.get("owner")
    return title[:120] if isinstance(title, str) else "", owner[:64] if isinstance(owner, str) else ""
